// SPDX-License-Identifier: MIT
/// @file What the library's own users of a ring (sharded table, picture, plans, snapshots) read beside its public
/// members.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::ring {

struct RingAccess {
  /// The ends of the ring's arcs, sorted, each with the number of its node: its index in ring.nodes().
  template <class Ring>
  [[nodiscard]] static const auto& arcs(const Ring& ring) noexcept {
    return ring.layout_.arcs();
  }
  /// The points of the ring in ring order, each with the number of its node.
  template <class Ring>
  [[nodiscard]] static const auto& points(const Ring& ring) noexcept {
    return ring.layout_.points();
  }
  /// The weights of ring.nodes().
  template <class Ring>
  [[nodiscard]] static auto weights(const Ring& ring) noexcept {
    return ring.members_.weights();
  }
  /// The states of ring.nodes().
  template <class Ring>
  [[nodiscard]] static auto states(const Ring& ring) noexcept {
    return ring.members_.states();
  }
  /// The number of the node that owns `token`, or kNoNode.
  template <class Ring>
  [[nodiscard]] static std::uint32_t owner_number(const Ring& ring, typename Ring::token_type token) noexcept {
    return ring.layout_.owner(token);
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
