// SPDX-License-Identifier: MIT
/// @file What a checked build (PERTURB_CHECKED=1) keeps to notice misuse; in every other build it is empty and free.
///
/// A table's Generation counts its rehashes and its modifications. The counts live outside the table and are shared
/// with its iterators, which can tell by them that their table has rehashed, has been destroyed or has given its
/// elements away; they go along with the elements when a table is moved or swapped.
#pragma once

#include <perturb/config.hpp>

#if PERTURB_CHECKED
#include <cstdint>
#include <memory>
#include <utility>
#endif

namespace perturb::inline PERTURB_ABI::detail::table {

#if PERTURB_CHECKED

class Generation {
 public:
  Generation() : counts_(std::make_shared<Counts>()) {}
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  /// Before a member uses the table: aborts while all of its elements are destroyed or moved.
  void check_idle() const { PERTURB_ASSERT(counts_->busy_with == nullptr, counts_->busy_with); }
  void modified() noexcept { ++counts_->modifications; }
  void rehashed() noexcept { ++counts_->rehashes; }
  void swap(Generation& other) noexcept { std::swap(counts_, other.counts_); }

 private:
  friend class Busy;
  friend class Unmodified;
  friend class IteratorCheck;
  struct Counts {
    std::uint64_t modifications = 0;
    std::uint64_t rehashes = 0;
    const char* busy_with = nullptr;
  };
  std::shared_ptr<Counts> counts_;
};

/// While it lives, any use of the table aborts with `message`: put around the destruction or movement of all elements.
class Busy {
 public:
  Busy(const Generation& generation, const char* message) noexcept
      : counts_(generation.counts_), before_(std::exchange(counts_->busy_with, message)) {}
  ~Busy() { counts_->busy_with = before_; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  std::shared_ptr<Generation::Counts> counts_;
  const char* before_;
};

/// Aborts with `message` when the table is modified, or given other elements, while the object lives: put around calls
/// of the user's functions.
class Unmodified {
 public:
  Unmodified(const Generation& generation, const char* message)
      : generation_(generation), counts_(generation.counts_), before_(counts_->modifications), message_(message) {}
  ~Unmodified() { PERTURB_ASSERT(generation_.counts_ == counts_ && counts_->modifications == before_, message_); }
  Unmodified(const Unmodified&) = delete;
  Unmodified& operator=(const Unmodified&) = delete;

 private:
  const Generation& generation_;
  std::shared_ptr<const Generation::Counts> counts_;
  std::uint64_t before_;
  const char* message_;
};

/// What an iterator remembers of its table.
class IteratorCheck {
 public:
  IteratorCheck() noexcept = default;
  explicit IteratorCheck(const Generation& generation) noexcept
      : counts_(generation.counts_), rehashes_(counts_->rehashes) {
    generation.check_idle();
  }

  /// The iterator, which is not at the end if `has_element`, is about to be used; `is_full()`: its slot is not empty.
  template <class IsFull>
  void usable(bool has_element, IsFull is_full) const {
    PERTURB_ASSERT(
        has_element,
        "an end iterator has no element: compare it with end() before using it. If the key should be there, look for a "
        "reference or pointer into the table that was used after a rehash, and changed another element");
    is_recent();
    PERTURB_ASSERT(is_full(), "the iterator's element was erased: go on with the iterator erase returned");
  }
  /// The memory that the iterator points to, or, at the end, into, is about to be read.
  void is_recent() const {
    PERTURB_ASSERT(
        counts_ != nullptr && counts_->rehashes == rehashes_,
        "the iterator is from before a rehash, a clear or the end of its table, or an assignment to it: get a new one; "
        "reserve(n) keeps iterators valid while insertions stay within n");
  }
  /// The iterator is given to a member of the table that `generation` belongs to.
  void belongs_to(const Generation& generation) const {
    PERTURB_ASSERT(counts_ == generation.counts_,
                   "the iterator belongs to another table, or its table's elements were moved away");
  }
  void comparable_with(const IteratorCheck& other) const {
    PERTURB_ASSERT(counts_ == nullptr || other.counts_ == nullptr || counts_ == other.counts_,
                   "two iterators of different tables are compared");
  }

 private:
  std::shared_ptr<const Generation::Counts> counts_;
  std::uint64_t rehashes_ = 0;
};

#else

struct Generation {
  constexpr void check_idle() const noexcept {}
  constexpr void modified() const noexcept {}
  constexpr void rehashed() const noexcept {}
  constexpr void swap(const Generation&) const noexcept {}
};

struct Busy {
  constexpr Busy(const Generation&, const char*) noexcept {}
};

struct Unmodified {
  constexpr Unmodified(const Generation&, const char*) noexcept {}
};

struct IteratorCheck {
  constexpr IteratorCheck() noexcept = default;
  explicit constexpr IteratorCheck(const Generation&) noexcept {}
  template <class IsFull>
  constexpr void usable(bool, IsFull) const noexcept {}
  constexpr void is_recent() const noexcept {}
  constexpr void belongs_to(const Generation&) const noexcept {}
  constexpr void comparable_with(const IteratorCheck&) const noexcept {}
};

#endif

}  // namespace perturb::inline PERTURB_ABI::detail::table
