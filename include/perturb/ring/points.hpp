// SPDX-License-Identifier: MIT
/// @file Making the points of a ring: sorted by token, equal tokens by node, 12 bytes a point with 64-bit tokens.
///
/// A change sorts only the points of the nodes that change and merges them into the others.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// All points of a ring number less than this, so that their indices fit 31 bits.
inline constexpr std::uint64_t kPointLimit = std::uint64_t{1} << 31;

/// Throws: std::invalid_argument if a ring cannot have `count` points.
inline void check_point_count(std::uint64_t count) {
  if (count >= kPointLimit) {
    detail::raise<std::invalid_argument>(
        "perturb::HashRing: these weights make " + std::to_string(count) +
        " points, the limit is 2147483647; use smaller weights or fewer points a node");
  }
}

/// A point that is not yet among the others. The order is that of the ring: by token, equal tokens by node.
template <TokenType Token>
struct PlacedPoint {
  Token token;
  NodeNumber node;

  friend constexpr auto operator<=>(const PlacedPoint&, const PlacedPoint&) noexcept = default;
};

/// Pre: `sorted` is sorted.
template <TokenType Token>
[[nodiscard]] TokenMap<Token> points_of(std::span<const PlacedPoint<Token>> sorted) {
  TokenMapBuilder<Token> points(sorted.size());
  for (const PlacedPoint<Token>& point : sorted) points.append(point.token, point.node);
  return std::move(points).finish();
}

/// The points of `old` under the new numbers of their nodes (kNoNode: dropped), merged with those of `fresh`.
/// Pre: `new_number` keeps the order of the nodes that stay; `fresh` is sorted.
template <TokenType Token>
[[nodiscard]] TokenMap<Token> merged_points(const TokenMap<Token>& old, std::span<const NodeNumber> new_number,
                                            std::span<const PlacedPoint<Token>> fresh) {
  std::size_t staying = 0;
  for (const NodeNumber node : old.values()) staying += new_number[node] != kNoNode ? 1 : 0;
  ring::check_point_count(staying + fresh.size());
  TokenMapBuilder<Token> points(staying + fresh.size());
  const std::span<const Token> tokens = old.tokens();
  auto next = fresh.begin();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const PlacedPoint<Token> point{tokens[i], new_number[old.value(i)]};
    if (point.node == kNoNode) continue;
    for (; next != fresh.end() && *next < point; ++next) points.append(next->token, next->node);
    points.append(point.token, point.node);
  }
  for (; next != fresh.end(); ++next) points.append(next->token, next->node);
  return std::move(points).finish();
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
