// SPDX-License-Identifier: MIT
/// @file The loop that every search is made of: the groups of an array in the order of a hash's probe sequence.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Calls `visit(ControlGroup, std::size_t start)` for one group after another, until it returns true. `start` is the
/// group's first slot.
template <class Visit>
PERTURB_ALWAYS_INLINE void probe_groups(const Control* controls, std::size_t home_mask, std::uint64_t hash,
                                        Visit visit) {
  StridedProbeSequence<kGroupWidth> sequence(hash, home_mask);
  while (!visit(ControlGroup(controls + sequence.position()), sequence.position())) sequence.advance();
}

/// Where a key that is not in the array is inserted, if there are no tombstones.
template <class Slot>
Place<Slot> first_free(SlotArray<Slot> array, std::uint64_t hash) noexcept {
  Place<Slot> free;
  probe_groups(array.controls(), array.home_mask(), hash, [&](ControlGroup group, std::size_t start) {
    const auto empty = group.match_empty();
    if (empty) free = array.at(start + empty.lowest());
    return static_cast<bool>(empty);
  });
  return free;
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
