// SPDX-License-Identifier: MIT
/// @file What the library's own users of a ring (sharded table, picture, plans, snapshots) read beside its public
/// members.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring_members.hpp>

#include <cstdint>
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
  /// Gives a ring without nodes these RingMembers, and these points instead of those that its placement would choose.
  /// Of several members with one identity it takes the first.
  template <class Ring, class Listed, class Points>
  static void restore(Ring& ring, const Listed& members, Points points) {
    typename Ring::Edit edit(ring.members_);
    for (const auto& member : members) edit.add(member.node, member.weight, member.state.value_or(NodeState::up));
    auto changed = edit.finish();
    typename Ring::Layout layout({std::move(points), {}});
    ring.members_ = std::move(changed.members);
    ring.layout_ = std::move(layout);
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
