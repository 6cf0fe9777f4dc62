// SPDX-License-Identifier: MIT
/// @file An element on its way out of the table: taken out of its slot first, destroyed last.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/slot_writer.hpp>

#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Whether an element may be put on the stack for a moment.
template <class Slot>
inline constexpr bool fits_on_stack_v = sizeof(Slot) <= 1024;

/// An element that leaves the table: it is destroyed at the end of the scope, when the table is as if it had never been
/// there. Its destructor may run code of the user's that calls back into the table, so it is moved out of its slot
/// first, unless no such code runs. An element that is large, or whose move may throw, stays in its slot; then such a
/// call back is misuse.
template <class Element, class Slot, class Allocator>
class DepartingElement {
 public:
  using Writer = SlotWriter<Element, Slot, Allocator>;

  static constexpr bool moves_out() noexcept {
    return !Element::is_destroyed_quietly() && !Writer::destroys_nothing() && moves_without_throwing<Element>() &&
           fits_on_stack_v<Slot>;
  }

  DepartingElement(Writer writer, Slot* slot) noexcept : writer_(writer), in_table_(slot) {
    if constexpr (moves_out()) writer_.relocate(std::addressof(own_), slot);
  }
  ~DepartingElement() {
    if constexpr (moves_out()) {
      writer_.destroy(std::addressof(own_));
    } else {
      writer_.destroy(in_table_);
    }
  }
  DepartingElement(const DepartingElement&) = delete;
  DepartingElement& operator=(const DepartingElement&) = delete;

 private:
  struct Nothing {};

  Writer writer_;
  Slot* in_table_;
  PERTURB_NO_UNIQUE_ADDRESS std::conditional_t<moves_out(), Slot, Nothing> own_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
