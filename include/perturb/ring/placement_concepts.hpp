// SPDX-License-Identifier: MIT
/// @file What HashRing requires of a placement, as concepts; placement.hpp explains it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/token.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class P>
concept PlacementBase = std::copyable<P> && TokenType<typename P::token_type> && requires {
  { P::kBound } -> std::convertible_to<BoundRule>;
  { P::kTies } -> std::convertible_to<TieRule>;
};

/// Whether the points follow from all members together.
template <class P, class Node>
concept WholePlacement =
    PlacementBase<P> && requires(const P& placement, std::span<const Node> nodes, std::span<const double> weights) {
      placement.place_all(nodes, weights, [](std::size_t, typename P::token_type) {});
    };

/// Whether the points of a node follow from its identity and weight.
template <class P, class Node>
concept IncrementalPlacement = PlacementBase<P> && requires(const P& placement, const Node& node, double weight) {
  { placement.point_count(weight) } -> std::convertible_to<std::uint64_t>;
  placement.place(node, weight, [](typename P::token_type) {});
};

/// Whether the points of a node follow from the points that are there when it joins.
template <class P, class Node>
concept ContextPlacement =
    PlacementBase<P> &&
    requires(const P& placement, std::span<const typename P::token_type> tokens, std::span<const std::uint32_t> numbers,
             std::span<const Node> nodes, std::span<const double> weights) {
      placement.place_among(tokens, numbers, nodes, weights, numbers, [](std::uint32_t, typename P::token_type) {});
    };

/// Whether a placement keeps only one of several points with equal tokens.
template <class P>
inline constexpr bool keeps_one_v = P::kTies == TieRule::keep_first || P::kTies == TieRule::keep_last;

/// Whether a placement makes the tokens of keys itself.
template <class P, class Hash, class Key>
concept MakesKeyTokens = requires(const P& placement, const Hash& hash, const Key& key) {
  { placement.key_token(hash, key) } -> std::same_as<typename P::token_type>;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
