// SPDX-License-Identifier: MIT
/// @file What a table knows of its array, and what changes hands together with it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/growth.hpp>
#include <perturb/table/first_used_group.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::table {

/// `Pointer` is a kind of pointer of the table's allocator. Default-constructed: without an array.
template <class Pointer>
struct TableState {
  ControlsPointer<Pointer> controls;
  std::size_t home_mask = 0;
  std::size_t size = 0;
  // Between the two counts: if these are neighbours, g++ adds to both in one vector, which waits for earlier stores.
  FirstUsedGroup first_used;
  std::uint8_t capacity_log2 = 0;
  std::uint8_t floor_log2 = 0;
  std::uint8_t few_slots = 0;  // how many slots have memory, if not all
  std::size_t growth_left = 0;

  [[nodiscard]] bool has_array() const noexcept { return capacity_log2 != 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return has_array() ? std::size_t{1} << capacity_log2 : 0; }
  template <class Slot>
  [[nodiscard]] SlotArray<Slot> array() const noexcept {
    return SlotArray<Slot>(controls.get(), capacity(), few_slots != 0 ? few_slots : capacity());
  }

  template <class Slot>
  void set_array(SlotArray<Slot> array) noexcept {
    controls.set(array.controls());
    home_mask = array.home_mask();
    capacity_log2 = static_cast<std::uint8_t>(std::countr_zero(array.capacity()));
    few_slots = static_cast<std::uint8_t>(array.slots() < array.capacity() ? array.slots() : 0);
  }

  /// What fill may become before the next rehash. Pre: has_array().
  template <class Growth>
  [[nodiscard]] std::size_t fill_limit() const noexcept {
    const std::size_t most = Growth::max_fill(capacity());
    return few_slots != 0 && few_slots < most ? few_slots : most;
  }

  /// Counts the elements of an array without tombstones. Pre: has_array().
  template <class Slot, class Growth>
  void set_counts(std::size_t elements) noexcept {
    size = elements;
    growth_left = fill_limit<Growth>() - elements;
    first_used.reset(array<Slot>());
  }

  /// The capacity below which erasures do not shrink the table.
  [[nodiscard]] std::size_t least_capacity() const noexcept {
    const std::size_t floor = std::size_t{1} << floor_log2;
    return floor < growth::kMinCapacity ? growth::kMinCapacity : floor;
  }
  void raise_floor(std::size_t capacity) noexcept {
    const auto log2 = static_cast<std::uint8_t>(capacity == 0 ? 0 : std::countr_zero(capacity));
    if (log2 > floor_log2) floor_log2 = log2;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
