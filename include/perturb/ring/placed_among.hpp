// SPDX-License-Identifier: MIT
/// @file A change of a ring whose placement looks at the points that are there.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The points after `change`: those of `old` whose nodes stay, and the points that the placement gives the fresh ones.
/// A node that is not up is to the placement as one that is not there: it has no points, and weight 0.
template <class Placement, TokenType Token, class Change>
[[nodiscard]] PointSet<Token> placed_among(const Placement& placement, const PointSet<Token>& old,
                                           const Change& change) {
  const auto& members = change.members;
  PointSet<Token> kept = ring::merged_points<Placement::kTies, Token>(old, change.new_number, {});
  if (change.fresh.empty()) return kept;
  const std::vector<double> weights = members.weights_in_use();
  std::vector<NodeNumber> same(members.size());
  std::iota(same.begin(), same.end(), NodeNumber{0});
  if constexpr (KeepsReweighed<Placement, std::remove_cvref_t<decltype(members.nodes()[0])>>) {
    std::vector<PlacedPoint<Token>> gone;
    const auto [tokens, numbers] = kept.points.unpacked();
    placement.give_up(std::span<const Token>(tokens), std::span<const NodeNumber>(numbers), members.nodes(),
                      std::span<const double>(weights), std::span<const NodeNumber>(change.fresh),
                      [&](NodeNumber number, Token token) { gone.push_back({token, number}); });
    std::sort(gone.begin(), gone.end());
    if (!gone.empty()) kept = ring::merged_points<Placement::kTies, Token>(kept, same, {}, gone);
  }
  std::uint64_t count = 0;
  for (const NodeNumber number : change.fresh) count += placement.point_count(members.weights()[number]);
  ring::check_point_count(kept.points.size() + count);
  std::vector<PlacedPoint<Token>> fresh;
  fresh.reserve(hashing::integer_cast<std::size_t>(count));
  const auto [tokens, numbers] = kept.points.unpacked();
  placement.place_among(
      std::span<const Token>(tokens), std::span<const NodeNumber>(numbers), members.nodes(),
      std::span<const double>(weights), std::span<const NodeNumber>(change.fresh), [&](NodeNumber number, Token token) {
        PERTURB_ASSERT(std::binary_search(change.fresh.begin(), change.fresh.end(), number),
                       "HashRing: place_among of the placement emits a point of a node that does not join");
        ring::check_point_count(kept.points.size() + fresh.size() + 1);
        fresh.push_back({token, number});
      });
  std::sort(fresh.begin(), fresh.end());
  return ring::merged_points<Placement::kTies, Token>(kept, same, fresh);
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
