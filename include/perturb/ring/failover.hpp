// SPDX-License-Identifier: MIT
/// @file Which nodes take over a key when its owners leave one after the other.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/preference_list.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/list_filler.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring/zones.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// With the bound rule `nearest`: the nodes of the points from the nearest to `token` to the farthest. Of two points as
/// near, the one before comes first; of equal points before, the last, and of equal points after, the first.
template <class Node, TokenType Token>
void fill_outwards(PreferenceList<Node>& list, std::size_t wanted, const TokenMap<Token>& points, Token token,
                   std::span<const Node> nodes) {
  std::size_t next = points.first_at_or_after(token);
  std::size_t previous = next == 0 ? points.size() - 1 : next - 1;
  for (std::size_t k = 0; k < points.size() && list.size() < wanted; ++k) {
    // A distance of 0 back is the whole ring, since a point at the token itself counts as after it: minus one, it is
    // the largest.
    const Token back_less_one = before(static_cast<Token>(token - points.token(previous)));
    const Token forth = points.token(next) - token;
    const Node* const node = nodes.data() + points.value(back_less_one < forth ? previous : next);
    if (back_less_one < forth) {
      previous = previous == 0 ? points.size() - 1 : previous - 1;
    } else {
      next = next + 1 == points.size() ? 0 : next + 1;
    }
    if (!ListFiller::contains(list, node)) ListFiller::add(list, node);
  }
}

/// `rebuilds`: whether the points of the others can change when a node leaves.
template <bool rebuilds, class Ring>
[[nodiscard]] auto failover_list(const Ring& ring, typename Ring::token_type token, std::size_t limit) {
  using Node = typename Ring::node_type;
  const std::span<const Node> nodes = ring.nodes();
  const std::size_t wanted = (std::min)(limit, nodes.size());
  auto list = ListFiller::list_for<Node>(wanted);
  if (wanted == 0 || ring.points().empty()) return list;
  if constexpr (rebuilds) {
    // The only sure way is to take the owners off.
    for (Ring rest = ring; const Node* const owner = rest.owner_of_token(token);) {
      ring::with_identity(*owner, [&](auto id) { ListFiller::add(list, ring.find_node(id)); });
      if (list.size() == wanted) break;
      ring::with_identity(*list[list.size() - 1], [&](auto id) { rest.remove_node(id); });
    }
  } else if constexpr (Ring::placement_type::kBound == BoundRule::nearest) {
    ring::fill_outwards(list, wanted, RingAccess::points(ring), token, nodes);
  } else {
    ring::walk_arcs(RingAccess::arcs(ring), token, nodes, [&](const Node* node) {
      if (!ListFiller::contains(list, node)) ListFiller::add(list, node);
      return list.size() < wanted;
    });
  }
  return list;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
