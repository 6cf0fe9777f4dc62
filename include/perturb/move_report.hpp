// SPDX-License-Identifier: MIT
/// @file MoveReport: what a change of a ShardedTable's nodes did.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>

namespace perturb::inline PERTURB_ABI {

/// What a change of nodes moved. Converts to true if anything changed.
struct MoveReport {
  std::size_t moved = 0;  ///< entries that are now on another node
  std::size_t arcs = 0;   ///< parts of the ring that are now another node's
  bool changed = false;   ///< false: the identity was present already, or is unknown, and nothing happened

  explicit operator bool() const noexcept { return changed; }
};

}  // namespace perturb::inline PERTURB_ABI
