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

  [[nodiscard]] std::size_t capacity() const noexcept { return log2 != 0 ? std::size_t{1} << log2 : 0; }
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

/// `Pointer` is a kind of pointer of the table's allocator. Default-constructed: without an array.
template <class Pointer>
struct TableState {
  ControlsPointer<Pointer> controls;
  std::size_t home_mask = 0;
  std::size_t size = 0;
  // Between the two counts: if these are neighbours, g++ adds to both in one vector, which waits for earlier stores.
  FirstUsedGroup first_used;
  std::size_t growth_left = 0;
  FirstUsedGroup::Credit walk_credit = 0;
  CapacityLog2 log2;

  [[nodiscard]] bool has_array() const noexcept { return log2.log2 != 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return log2.capacity(); }

  template <class Slot>
  void set_array(SlotArray<Slot> array) noexcept {
    controls.set(array.controls());
    home_mask = array.home_mask();
    log2.set_capacity(array.capacity());
  }

  /// Counts the elements of an array without tombstones.
  template <class Growth>
  void set_counts(std::size_t elements) noexcept {
    size = elements;
    growth_left = (has_array() ? Growth::max_fill(capacity()) : 0) - elements;
    first_used.reset();
    walk_credit = FirstUsedGroup::initial_credit(home_mask / kGroupWidth + 1);
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
