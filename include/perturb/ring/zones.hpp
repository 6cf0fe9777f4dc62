// SPDX-License-Identifier: MIT
/// @file A preference list of nodes in different zones.
#pragma once

#include <perturb/config.hpp>
#include <perturb/preference_list.hpp>
#include <perturb/ring/list_filler.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Calls f(node) for the owners of the arcs from the one of `token` onwards, once round the ring, until it is false.
template <class Node, TokenType Token, class Function>
void walk_arcs(const TokenMap<Token>& arcs, Token token, std::span<const Node> nodes, Function&& f) {
  std::size_t at = arcs.first_at_or_after(token);
  for (std::size_t k = 0; k < arcs.size(); ++k) {
    if (!f(nodes.data() + arcs.value(at))) return;
    at = at + 1 == arcs.size() ? 0 : at + 1;
  }
}

/// The nodes met from `token` onwards, `limit` at most: the first of each zone, then the others.
template <class Node, TokenType Token, class ZoneOf>
[[nodiscard]] PreferenceList<Node> zone_list(const TokenMap<Token>& arcs, Token token, std::span<const Node> nodes,
                                             std::span<const NodeState> states, std::size_t limit,
                                             const ZoneOf& zone_of) {
  const auto up = static_cast<std::size_t>(std::count(states.begin(), states.end(), NodeState::up));
  const std::size_t wanted = (std::min)(limit, up);
  auto list = ListFiller::list_for<Node>(wanted);
  if (arcs.empty() || wanted == 0) return list;
  const auto has_zone_of = [&](const PreferenceList<Node>& of, const Node* node) {
    return std::any_of(of.begin(), of.end(), [&](const Node* other) { return zone_of(*other) == zone_of(*node); });
  };
  // How many zones there are to be found: without it, the search for one more would go round the whole ring.
  auto zones = ListFiller::list_for<Node>(wanted);
  for (std::size_t i = 0; i < nodes.size() && zones.size() < wanted; ++i) {
    const Node* const node = nodes.data() + i;
    if (states[i] == NodeState::up && !has_zone_of(zones, node)) ListFiller::add(zones, node);
  }
  ring::walk_arcs(arcs, token, nodes, [&](const Node* node) {
    if (!ListFiller::contains(list, node) && !has_zone_of(list, node)) ListFiller::add(list, node);
    return list.size() < zones.size();
  });
  if (list.size() == wanted) return list;
  ring::walk_arcs(arcs, token, nodes, [&](const Node* node) {
    if (!ListFiller::contains(list, node)) ListFiller::add(list, node);
    return list.size() < wanted;
  });
  return list;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
