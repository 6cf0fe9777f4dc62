// SPDX-License-Identifier: MIT
/// @file Moving many elements to new slots where something may throw: then nothing has happened, or, where elements
/// cannot be rolled back, those that had moved are lost.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/scope_guard.hpp>

#include <cstddef>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Moves `size` elements as their Transfer says. `visit_first(count, visit)` calls `visit(Place from, Slot* to)` for
/// the first `count` of them, each time in the same order. Originals are destroyed through `source` when nothing can
/// throw any more. For Transfer::moved_at_risk, `lose(Place)` is called for each element that is lost.
template <class Element, class VisitFirst, class Writer, class Lose>
void move_carefully(std::size_t size, VisitFirst visit_first, const Writer& writer, const Writer& source,
                    [[maybe_unused]] Lose lose) {
  std::size_t moved = 0;
  ScopeGuard undo([&] {
    visit_first(moved, [&](auto from, auto* to) {
      if constexpr (can_roll_back<Element>()) {
        Element::undo_transfer(from.slot->value, to->value);
      } else {
        writer.destroy(to);
      }
    });
    if constexpr (!can_roll_back<Element>()) visit_first(moved + 1, [&](auto from, auto*) { lose(from); });
  });
  visit_first(size, [&](auto from, auto* to) {
    if constexpr (can_roll_back<Element>()) {
      Element::transfer_undoable(writer.allocator(), to->value, from.slot->value);
    } else {
      Element::move_construct(writer.allocator(), std::addressof(to->value), from.slot->value);
    }
    ++moved;
  });
  undo.dismiss();
  visit_first(size, [&](auto from, auto* to) {
    if constexpr (moves_without_throwing<Element>()) {
      writer.move(to, from.slot);
    } else if constexpr (can_roll_back<Element>()) {
      Element::transfer_rest(writer.allocator(), to->value, from.slot->value);
    }
    source.destroy(from.slot);
  });
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
