// SPDX-License-Identifier: MIT
/// @file What the library's own users of a ring (sharded table, picture, plans, snapshots) read beside its public
/// members.
#pragma once

#include <perturb/config.hpp>

#include <utility>

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
  /// Gives a ring without nodes these members, and these points instead of those that its placement would choose.
  template <class Ring, class Members, class Points>
  static void restore(Ring& ring, Members members, Points points) {
    typename Ring::Layout layout(std::move(points));
    ring.members_ = std::move(ring.members_.with(std::move(members)).members);
    ring.layout_ = std::move(layout);
  }
  /// The weights of ring.nodes().
  template <class Ring>
  [[nodiscard]] static auto weights(const Ring& ring) noexcept {
    return ring.members_.weights();
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
