// SPDX-License-Identifier: MIT
/// @file The forward iterator over a table's elements, in slot order.
///
/// It walks blocks of four groups: the full lanes of a block are found at once and kept as a set of 64 bits, of which
/// each step takes the lowest. So the end of a walk, which the processor predicts badly, comes once in 64 slots rather
/// than in 16: in a sparse table a group holds three elements. Elements ahead of an iterator may be erased, so a step
/// checks that the lane it takes is still full, and if not, reads the block's control bytes again. An iterator that
/// comes from a search does not know its block yet: it assumes that all later lanes are full, and reads the block at
/// the first that is not. Elements that are inserted while no rehash happens may be visited or not.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::table {

/// `Value` is the element as the user may see it: const or not. It comes first, as std::pointer_traits expects.
template <class Value, class Slot>
class TableIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = std::remove_const_t<Value>;
  using difference_type = std::ptrdiff_t;
  using pointer = Value*;
  using reference = Value&;

  /// An end iterator.
  constexpr TableIterator() noexcept = default;

  /// At `place`, or at the end if it is empty.
  TableIterator(Place<Slot> place, const Generation& generation) noexcept : slot_(place.slot), check_(generation) {
    const auto lane = reinterpret_cast<std::uintptr_t>(place.control) % kGroupWidth;
    block_ = place.control - lane;
    first_ = place.slot + lane;
    later_ = ~std::uint64_t{1} << lane;
  }

  /// From iterator to const_iterator.
  template <class Other>
    requires(std::is_same_v<const Other, Value> && !std::is_same_v<Other, Value>)
  constexpr TableIterator(const TableIterator<Other, Slot>& other) noexcept  // NOLINT(google-explicit-constructor)
      : block_(other.block_), first_(other.first_), slot_(other.slot_), later_(other.later_), check_(other.check_) {}

  /// For the table: an iterator at the position of `other`, const or not.
  template <class Other>
  static TableIterator at(const TableIterator<Other, Slot>& other) noexcept {
    TableIterator it;
    it.block_ = other.block_;
    it.first_ = other.first_;
    it.slot_ = other.slot_;
    it.later_ = other.later_;
    it.check_ = other.check_;
    return it;
  }

  /// The first full slot of `array` in or after the group from `start` on.
  static TableIterator first_from(SlotArray<Slot> array, std::size_t start, const Generation& generation) noexcept {
    TableIterator it;
    it.block_ = array.controls() + start;
    it.first_ = array.slot(start);
    it.later_ = full_lanes(it.block_);
    it.check_ = IteratorCheck(generation);
    it.step();
    return it;
  }

  [[nodiscard]] reference operator*() const noexcept {
    check_usable();
    return slot_->value;
  }
  [[nodiscard]] pointer operator->() const noexcept {
    check_usable();
    return std::addressof(slot_->value);
  }

  TableIterator& operator++() noexcept {
    check_usable();
    step();
    return *this;
  }
  TableIterator operator++(int) noexcept {
    TableIterator before = *this;
    ++*this;
    return before;
  }

  [[nodiscard]] friend bool operator==(const TableIterator& a, const TableIterator& b) noexcept {
    a.check_.comparable_with(b.check_);
    return a.slot_ == b.slot_;
  }

  /// For the table: goes on.
  void step() noexcept {
    for (;;) {
      while (later_ == 0) {
        block_ += kBlock;
        first_ -= kBlock;
        later_ = full_lanes(block_);
        if constexpr (!kPrefetchesEachSlot) prefetch_ahead();
      }
      const auto lane = static_cast<unsigned>(std::countr_zero(later_));
      if (block_[lane] >= kFirstTag) [[likely]] {
        later_ &= later_ - 1;
        slot_ = first_ - lane;
        if constexpr (kPrefetchesEachSlot) detail::prefetch(slot_ - kAhead);
        PERTURB_ASSUME(slot_ != nullptr);  // so that a loop's comparison with end() is left out
        return;
      }
      if (block_[lane] == kSentinel) {
        slot_ = nullptr;
        return;
      }
      later_ &= full_lanes(block_);
    }
  }

  /// For the table: its place; empty at the end.
  [[nodiscard]] Place<Slot> place() const noexcept { return {const_cast<Control*>(control()), slot_}; }
  /// The same for an iterator that a user gave: a checked build aborts if it does not belong to the table with this
  /// generation counter, or cannot be used any more.
  [[nodiscard]] Place<Slot> checked_place(const Generation& generation) const noexcept {
    check_usable();
    check_.belongs_to(generation);
    return place();
  }

 private:
  template <class, class>
  friend class TableIterator;
  static constexpr std::ptrdiff_t kBlock = 64;
  static constexpr std::ptrdiff_t kWidth = kGroupWidth;

  void check_usable() const noexcept {
    check_.usable(slot_ != nullptr, [this] { return *control() >= kFirstTag; });
  }

  [[nodiscard]] const Control* control() const noexcept {
    return slot_ == nullptr ? nullptr : block_ + (first_ - slot_);
  }

  // In a sparse table the processor does not see a stream by itself. What lies four blocks ahead is prefetched: the
  // first line of each group, or of large slots the one of the same lane, which is probably full too.
  static constexpr std::ptrdiff_t kAhead = 4 * kBlock;
  static constexpr bool kPrefetchesEachSlot = sizeof(Slot) > kCacheLine / 4;
  void prefetch_ahead() const noexcept {
    for (std::ptrdiff_t group = 0; group < kBlock; group += kWidth) {
      table::prefetch_end_of(first_ - kAhead - group);
    }
  }

  // The lanes of a block that are full or a sentinel, up to the table's last group, the only one whose last byte is a
  // sentinel. A walk ends at the first sentinel, so what lies behind it does not matter.
  static std::uint64_t full_lanes(const Control* block) noexcept {
    std::uint64_t lanes = 0;
    for (std::ptrdiff_t group = 0; group < kBlock; group += kWidth) {
      lanes |= std::uint64_t{ControlGroup(block + group).match_full_or_sentinel().packed()} << group;
      if (block[group + kWidth - 1] == kSentinel) break;
    }
    return lanes;
  }

  const Control* block_ = nullptr;  // the control byte of the block's first lane
  Slot* first_ = nullptr;           // and its slot
  Slot* slot_ = nullptr;
  std::uint64_t later_ = 0;
  PERTURB_NO_UNIQUE_ADDRESS IteratorCheck check_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
