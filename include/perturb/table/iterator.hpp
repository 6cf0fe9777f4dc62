// SPDX-License-Identifier: MIT
/// @file The forward iterator over a table's elements, in slot order.
///
/// It remembers its group, its slot, and the lanes of the group that are still to come. To step, it takes the lowest of
/// those lanes that is full *now*: the control bytes are read anew, since other elements may have been erased, but
/// neither their address nor anything else that has to be waited for depends on the step before. Only the set of
/// lanes to come does, by two instructions. Elements that are inserted while no rehash happens may be met or not.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/checked.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::table {

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
  TableIterator(Position<Slot> place, [[maybe_unused]] const Watch& watch) noexcept : slot_(place.slot), check_(watch) {
    if (place) {
      lane_ = static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(place.control) % kGroupWidth);
      group_ = place.control - lane_;
      to_come_ = Mask::above(lane_);
    }
  }

  /// From iterator to const_iterator.
  template <class Other>
    requires(std::is_same_v<const Other, Value> && !std::is_same_v<Other, Value>)
  constexpr TableIterator(const TableIterator<Other, Slot>& other) noexcept  // NOLINT(google-explicit-constructor)
      : group_(other.group_), slot_(other.slot_), to_come_(other.to_come_), lane_(other.lane_), check_(other.check_) {}

  /// The first full slot at or after the group that starts at `group` in `array`.
  static TableIterator first_from(SlotArray<Slot> array, std::size_t group, const Watch& watch) noexcept {
    TableIterator it;
    it.group_ = array.controls() + group;
    it.slot_ = array.slot(group);
    it.to_come_ = ControlGroup(it.group_).match_full();
    it.check_ = IteratorCheck(watch);
    it.settle();
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

  /// For the table: goes on from an element that was just erased.
  void step() noexcept {
    to_come_ = to_come_ & ControlGroup(group_).match_full();
    settle();
  }

  /// For the table: where it stands; empty at the end. Stops a checked build if it is not an iterator of the table
  /// that `watch` belongs to.
  [[nodiscard]] Position<Slot> position(const Watch& watch) const noexcept {
    check_.usable(control());
    check_.belongs_to(watch);
    return {const_cast<Control*>(control()), slot_};
  }

 private:
  template <class, class>
  friend class TableIterator;
  using Mask = typename ControlGroup::Mask;

  [[nodiscard]] const Control* control() const noexcept { return slot_ == nullptr ? nullptr : group_ + lane_; }

  // Goes to the lowest lane to come, in this group or the next that has one.
  void settle() noexcept {
    while (!to_come_) {
      group_ += kGroupWidth;
      slot_ -= static_cast<std::ptrdiff_t>(kGroupWidth) - static_cast<std::ptrdiff_t>(lane_);
      lane_ = 0;
      if (*group_ == kSentinel) {
        *this = TableIterator();
        return;
      }
      to_come_ = ControlGroup(group_).match_full();
    }
    const unsigned lane = to_come_.lowest();
    slot_ -= static_cast<std::ptrdiff_t>(lane) - static_cast<std::ptrdiff_t>(lane_);
    lane_ = lane;
    to_come_.drop_lowest();
  }

  const Control* group_ = nullptr;
  Slot* slot_ = nullptr;
  Mask to_come_;
  unsigned lane_ = 0;
  PERTURB_NO_UNIQUE_ADDRESS IteratorCheck check_;
};

}  // namespace perturb::inline PERTURB_ABI::table
