// SPDX-License-Identifier: MIT
/// @file What a checked build (PERTURB_CHECKED=1) keeps to notice misuse; in every other build it is empty and free.
///
/// A table's Watch counts its rehashes and its modifications. The counts live outside the table and are shared with
/// its iterators, which can so tell that their table has rehashed, has been destroyed or has given its elements away;
/// they go along with the elements when a table is moved or swapped.
#pragma once

#include <perturb/config.hpp>

#if PERTURB_CHECKED
#include <perturb/table/control_group.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#endif

namespace perturb::inline PERTURB_ABI::detail::table {

#if PERTURB_CHECKED

class Watch {
 public:
  Watch() : counts_(std::make_shared<Counts>()) {}
  Watch(const Watch&) : Watch() {}
  Watch(Watch&&) noexcept = default;
  Watch& operator=(const Watch&) = delete;
  Watch& operator=(Watch&&) noexcept = default;

  void modified() noexcept { ++counts_->modifications; }
  void rehashed() noexcept { ++counts_->rehashes; }
  void take(Watch& other) noexcept { std::swap(counts_, other.counts_); }

 private:
  friend class Unmodified;
  friend class IteratorCheck;
  struct Counts {
    std::uint64_t modifications = 0;
    std::uint64_t rehashes = 0;
  };
  std::shared_ptr<Counts> counts_;
};

/// Stops with `sentence` when the table is modified while the object lives: put around calls of the user's functions.
class Unmodified {
 public:
  Unmodified(const Watch& watch, const char* sentence)
      : counts_(watch.counts_), before_(counts_->modifications), sentence_(sentence) {}
  ~Unmodified() { PERTURB_ASSERT(counts_->modifications == before_, sentence_); }
  Unmodified(const Unmodified&) = delete;
  Unmodified& operator=(const Unmodified&) = delete;

 private:
  std::shared_ptr<const Watch::Counts> counts_;
  std::uint64_t before_;
  const char* sentence_;
};

/// What an iterator remembers of its table.
class IteratorCheck {
 public:
  IteratorCheck() noexcept = default;
  explicit IteratorCheck(const Watch& watch) noexcept : counts_(watch.counts_), rehashes_(counts_->rehashes) {}

  /// The iterator stands on `control` and is about to be used.
  void usable(const Control* control) const {
    PERTURB_ASSERT(control != nullptr, "an end iterator has no element: compare it with end() before using it");
    PERTURB_ASSERT(counts_->rehashes == rehashes_,
                   "the iterator is from before a rehash, a clear, a move or the end of its table: get a new one; "
                   "reserve(n) keeps iterators valid while insertions stay within n");
    PERTURB_ASSERT(*control >= kFirstTag, "the iterator's element was erased: go on with the iterator erase returned");
  }
  /// The iterator is given to a member of the table that `watch` belongs to.
  void belongs_to(const Watch& watch) const {
    PERTURB_ASSERT(counts_ == watch.counts_,
                   "the iterator belongs to another table, or its table's elements were moved away");
  }
  void comparable_with(const IteratorCheck& other) const {
    PERTURB_ASSERT(counts_ == nullptr || other.counts_ == nullptr || counts_ == other.counts_,
                   "two iterators of different tables are compared");
  }

 private:
  std::shared_ptr<const Watch::Counts> counts_;
  std::uint64_t rehashes_ = 0;
};

#else

struct Watch {
  constexpr void modified() const noexcept {}
  constexpr void rehashed() const noexcept {}
  constexpr void take(const Watch&) const noexcept {}
};

struct Unmodified {
  constexpr Unmodified(const Watch&, const char*) noexcept {}
};

struct IteratorCheck {
  constexpr IteratorCheck() noexcept = default;
  explicit constexpr IteratorCheck(const Watch&) noexcept {}
  constexpr void usable(const void*) const noexcept {}
  constexpr void belongs_to(const Watch&) const noexcept {}
  constexpr void comparable_with(const IteratorCheck&) const noexcept {}
};

#endif

}  // namespace perturb::inline PERTURB_ABI::detail::table
