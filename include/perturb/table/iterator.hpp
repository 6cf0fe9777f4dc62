// SPDX-License-Identifier: MIT
/// @file The forward iterator over a table's elements, in slot order.
///
/// It walks blocks of four groups: the full lanes of a block are found at once and kept as a set of 64 bits, of which
/// each step takes the lowest. So the end of a walk, which the processor predicts badly, comes once in 64 slots rather
/// than in 16: in a thin table a group holds three elements. Elements may be erased while an iterator stands before
/// them, so a step looks whether the lane that it takes is still full, and if not, looks at the whole block again.
/// An iterator that comes from a search does not know its block yet: all lanes after its own are to come, until a step
/// meets one that is not full. Elements that are inserted while no rehash happens may be met or not.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/checked.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
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
  TableIterator(Position<Slot> place, const Watch& watch) noexcept : slot_(place.slot), check_(watch) {
    const auto lane = reinterpret_cast<std::uintptr_t>(place.control) % kGroupWidth;
    block_ = place.control - lane;
    first_ = place.slot + lane;
    to_come_ = ~std::uint64_t{1} << lane;
  }

  /// From iterator to const_iterator.
  template <class Other>
    requires(std::is_same_v<const Other, Value> && !std::is_same_v<Other, Value>)
  constexpr TableIterator(const TableIterator<Other, Slot>& other) noexcept  // NOLINT(google-explicit-constructor)
      : block_(other.block_),
        first_(other.first_),
        slot_(other.slot_),
        to_come_(other.to_come_),
        check_(other.check_) {}

  /// For the table: the iterator that stands where `other`, const or not, does.
  template <class Other>
  static TableIterator at(const TableIterator<Other, Slot>& other) noexcept {
    TableIterator it;
    it.block_ = other.block_;
    it.first_ = other.first_;
    it.slot_ = other.slot_;
    it.to_come_ = other.to_come_;
    it.check_ = other.check_;
    return it;
  }

  /// The first full slot at or after the group that starts at `group` in `array`.
  static TableIterator first_from(SlotArray<Slot> array, std::size_t group, const Watch& watch) noexcept {
    TableIterator it;
    it.block_ = array.controls() + group;
    it.first_ = array.slot(group);
    it.to_come_ = full_lanes(it.block_);
    it.check_ = IteratorCheck(watch);
    it.step();
    return it;
  }

  [[nodiscard]] reference operator*() const noexcept {
    check_.usable(control());
    return slot_->value;
  }
  [[nodiscard]] pointer operator->() const noexcept {
    check_.usable(control());
    return std::addressof(slot_->value);
  }

  TableIterator& operator++() noexcept {
    check_.usable(control());
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
      while (to_come_ == 0) {
        block_ += kBlock;
        first_ -= kBlock;
        to_come_ = full_lanes(block_);
        prefetch_ahead();
      }
      const auto lane = static_cast<unsigned>(std::countr_zero(to_come_));
      if (block_[lane] >= kFirstTag) [[likely]] {
        to_come_ &= to_come_ - 1;
        slot_ = first_ - lane;
        PERTURB_ASSUME(slot_ != nullptr);  // so that a loop's comparison with end() is left out
        return;
      }
      if (block_[lane] == kSentinel) {
        slot_ = nullptr;
        return;
      }
      to_come_ &= full_lanes(block_);
    }
  }

  /// For the table: where it stands; empty at the end.
  [[nodiscard]] Position<Slot> place() const noexcept { return {const_cast<Control*>(control()), slot_}; }
  /// The same for an iterator that a user gave: stops a checked build if it is not one of the table that `watch`
  /// belongs to, or not usable.
  [[nodiscard]] Position<Slot> position(const Watch& watch) const noexcept {
    check_.usable(control());
    check_.belongs_to(watch);
    return place();
  }

 private:
  template <class, class>
  friend class TableIterator;
  static constexpr std::ptrdiff_t kBlock = 64;

  [[nodiscard]] const Control* control() const noexcept {
    return slot_ == nullptr ? nullptr : block_ + (first_ - slot_);
  }

  // Asks for the first slots of the groups that lie kAhead blocks further on. Where a group is thin, the processor does
  // not see a stream by itself.
  void prefetch_ahead() const noexcept {
    constexpr std::ptrdiff_t kAhead = 4 * kBlock;
    for (std::size_t group = 0; group < kBlock; group += kGroupWidth) {
      prefetch_from(first_ - kAhead - group);
    }
  }

  // The lanes of a block that are full, or the sentinel, behind which nothing is read.
  static std::uint64_t full_lanes(const Control* block) noexcept {
    std::uint64_t lanes = 0;
    for (std::ptrdiff_t group = 0; group < kBlock; group += kGroupWidth) {
      lanes |= std::uint64_t{ControlGroup(block + group).match_full().packed()} << group;
      if (block[group] == kSentinel) break;
    }
    return lanes;
  }

  const Control* block_ = nullptr;  // the control byte of the block's first lane
  Slot* first_ = nullptr;           // and its slot
  Slot* slot_ = nullptr;
  std::uint64_t to_come_ = 0;
  PERTURB_NO_UNIQUE_ADDRESS IteratorCheck check_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
