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

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Throws: std::invalid_argument if `bound` is less than 1 or not a number: not all keys would have room.
inline void check_bound(double bound) {
  if (!(bound >= 1)) {
    detail::raise<std::invalid_argument>("perturb: the bound " + text_of(bound) +
                                         " of the load is not at least 1, so the nodes cannot hold all keys");
  }
}

/// How many of `keys` keys a node may have: ceil(bound * keys * part) for a node with this part of the sum of weights.
[[nodiscard]] inline std::uint64_t bounded_capacity(std::uint64_t keys, double bound, double part) noexcept {
  const double exact = bound * static_cast<double>(keys) * part;
  if (!(exact < 9e18)) return std::uint64_t{9'000'000'000'000'000'000};
  // A product that is a whole number but for rounding counts as that number. Were all capacities rounded down so, their
  // sum would still not be under `keys`, since it is a whole number itself.
  const double nearest = std::nearbyint(exact);
  return static_cast<std::uint64_t>(std::abs(exact - nearest) <= exact * 1e-12 ? nearest : std::ceil(exact));
}

/// The first node from `token` onwards that may take one key more, or nullptr.
template <class Node, TokenType Token, class LoadOf>
[[nodiscard]] const Node* pick_bounded(const TokenMap<Token>& arcs, Token token, std::span<const Node> nodes,
                                       std::span<const double> weights, const LoadOf& load_of, double bound) {
  check_bound(bound);
  // Every member counts here. Member states have their effect through the arcs; a node that owns none is never picked,
  // and where it should not count for the mean either, this is the place to leave it out.
  std::uint64_t keys = 1;
  for (const Node& node : nodes) keys += static_cast<std::uint64_t>(load_of(node));
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  const auto has_room = [&](const Node& node) {
    const double part = weights[static_cast<std::size_t>(&node - nodes.data())] / total;
    return static_cast<std::uint64_t>(load_of(node)) < bounded_capacity(keys, bound, part);
  };
  const Node* picked = nullptr;
  if (arcs.empty()) return picked;
  walk_arcs(arcs, token, nodes, [&](const Node* node) {
    if (has_room(*node)) picked = node;
    return picked == nullptr;
  });
  return picked;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
