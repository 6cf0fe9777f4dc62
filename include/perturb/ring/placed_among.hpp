// SPDX-License-Identifier: MIT
/// @file A change of a ring whose placement looks at the points that are there.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token_map.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The points after `change`: those of `old` whose nodes stay, and the points that the placement gives the fresh ones.
template <class Placement, TokenType Token, class Change>
[[nodiscard]] TokenMap<Token> placed_among(const Placement& placement, const TokenMap<Token>& old,
                                           const Change& change) {
  TokenMap<Token> kept = merged_points<Token>(old, change.new_number, {});
  if (change.fresh.empty()) return kept;
  std::uint64_t count = kept.size();
  for (const NodeNumber number : change.fresh) count += placement.point_count(change.members.weights()[number]);
  check_point_count(count);
  std::vector<PlacedPoint<Token>> fresh;
  fresh.reserve(static_cast<std::size_t>(count) - kept.size());
  placement.place_among(kept.tokens(), kept.values(), change.members.nodes(), change.members.weights(),
                        std::span<const NodeNumber>(change.fresh),
                        [&](NodeNumber number, Token token) { fresh.push_back({token, number}); });
  std::sort(fresh.begin(), fresh.end());
  std::vector<NodeNumber> same(change.members.size());
  std::iota(same.begin(), same.end(), NodeNumber{0});
  return merged_points<Token>(kept, same, fresh);
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
