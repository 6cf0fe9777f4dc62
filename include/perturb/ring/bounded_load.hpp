// SPDX-License-Identifier: MIT
/// @file Consistent hashing with bounded loads: no node has more keys than `bound` times its share of them, rounded up;
/// the keys for which an owner has no room go on along the preference list.
///
/// Source: Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring/zones.hpp>
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Throws: std::invalid_argument if `bound` is less than 1 or not a number: not all keys would have room.
inline void check_bound(double bound) {
  if (!ring::is_at_least(bound, 1)) {
    detail::raise<std::invalid_argument>("perturb: the bound " + text_of(bound) +
                                         " of the load is not at least 1, so the nodes cannot hold all keys");
  }
}

/// How many of `keys` keys a node may have: ceil(bound * keys * part) for a node with this part of the sum of weights.
[[nodiscard]] inline std::uint64_t bounded_capacity(std::uint64_t keys, double bound, double part) noexcept {
  const double exact = bound * static_cast<double>(keys) * part;
  if (!(exact < 9e18)) return std::uint64_t{9'000'000'000'000'000'000};
  // A product that is a whole number but for rounding counts as that number. Were all capacities rounded down so, their
  // sum would still not be under `keys`, since it is a whole number itself: for up to a million nodes.
  const double nearest = std::nearbyint(exact);
  const double rounding = (std::min)(exact * 1e-12, 1e-6);
  return static_cast<std::uint64_t>((std::abs)(exact - nearest) <= rounding ? nearest : std::ceil(exact));
}

/// The first node from `token` onwards that may take one key more, or nullptr. Only nodes that are up count.
template <class Members, TokenType Token, class LoadOf>
[[nodiscard]] auto pick_bounded(const TokenMap<Token>& arcs, Token token, const Members& members, const LoadOf& load_of,
                                double bound) {
  ring::check_bound(bound);
  const auto nodes = members.nodes();
  using Node = typename decltype(nodes)::value_type;
  std::uint64_t keys = 1;
  WeightSum total;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (members.states()[i] != NodeState::up) continue;
    keys += static_cast<std::uint64_t>(load_of(nodes[i]));
    total.add(members.weights()[i]);
  }
  const auto has_room = [&](const Node& node) {
    const double part = total.part_of(members.weights()[static_cast<std::size_t>(std::addressof(node) - nodes.data())]);
    return static_cast<std::uint64_t>(load_of(node)) < ring::bounded_capacity(keys, bound, part);
  };
  const Node* picked = nullptr;
  if (arcs.empty()) return picked;
  ring::walk_arcs(arcs, token, nodes, [&](const Node* node) {
    if (has_room(*node)) picked = node;
    return picked == nullptr;
  });
  return picked;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
