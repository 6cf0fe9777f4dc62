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

/// A table's capacity and floor, each as its binary logarithm; 0 stands for none.
struct CapacityLog2 {
  std::uint8_t log2 = 0;
  std::uint8_t floor = 0;

  [[nodiscard]] std::size_t capacity() const noexcept { return log2 != 0 ? capacity_of_array() : 0; }
  /// The same, where there is an array.
  [[nodiscard]] std::size_t capacity_of_array() const noexcept { return std::size_t{1} << log2; }
  void set_capacity(std::size_t capacity) noexcept { log2 = static_cast<std::uint8_t>(std::countr_zero(capacity)); }

  /// The capacity below which erasures do not shrink the table.
  [[nodiscard]] std::size_t least_capacity() const noexcept {
    const std::size_t least = std::size_t{1} << floor;
    return least < growth::kMinCapacity ? growth::kMinCapacity : least;
  }
  void raise_floor(std::size_t capacity) noexcept {
    const auto raised = static_cast<std::uint8_t>(capacity == 0 ? 0 : std::countr_zero(capacity));
    if (raised > floor) floor = raised;
  }
  /// The capacity after as many shrinks as the policy wants for `size` elements.
  template <class Growth>
  [[nodiscard]] std::size_t shrunk_for(std::size_t size) const noexcept {
    std::size_t smaller = capacity();
    while (smaller > growth::kMinCapacity) {
      const std::size_t next = Growth::shrink_to(size, smaller);
      if (next >= smaller || next < least_capacity()) break;
      smaller = next;
    }
    return smaller;
  }
};

/// Whether the policy ever makes a table smaller.
template <class Growth>
constexpr bool shrinks() noexcept {
  for (std::size_t capacity = growth::kMinCapacity; capacity != 0; capacity *= 2) {
    if (Growth::shrink_to(0, capacity) < capacity) return true;
  }
  return false;
}

/// `Pointer` is a kind of pointer of the table's allocator. Default-constructed: without an array.
template <class Pointer>
struct TableState {
  ControlsPointer<Pointer> controls;
  std::size_t home_mask = 0;
  std::size_t size = 0;
  // Between the two counts: if these are neighbours, g++ adds to both in one vector, which waits for earlier stores.
  FirstUsedGroup first_used;
  CapacityLog2 log2;
  std::uint8_t few_slots = 0;  // how many slots have memory, if not all
  std::size_t growth_left = 0;

  [[nodiscard]] bool has_array() const noexcept { return log2.log2 != 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return log2.capacity(); }
  template <class Slot>
  [[nodiscard]] SlotArray<Slot> array() const noexcept {
    return SlotArray<Slot>(controls.get(), capacity(), few_slots != 0 ? few_slots : capacity());
  }

  template <class Slot>
  void set_array(SlotArray<Slot> array) noexcept {
    controls.set(array.controls());
    home_mask = array.home_mask();
    log2.set_capacity(array.capacity());
    few_slots = static_cast<std::uint8_t>(array.allocated() < array.capacity() ? array.allocated() : 0);
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
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
