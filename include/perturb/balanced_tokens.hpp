// SPDX-License-Identifier: MIT
/// @file BalancedTokens: a placement whose shares are within one percent of the weights.
///
///   perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<>> ring({"a", "b", "c"});
///
/// VirtualNodes hashes points without looking at the others, so the busiest of 100 equal nodes has 1.16 times the mean
/// share. Here a node that joins puts each of its points where it takes most from the node that has most too much, and
/// no point of another node moves.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/point_count.hpp>
#include <perturb/ring/token_spreader.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace perturb::inline PERTURB_ABI {

/// A placement that evens the shares: round(weight * PointsPerWeight) points a node, at least one, and a share as the
/// weights say: for 5 to 100 nodes of weights from 0.5 to 4 and 256 points at most 1.005 times that.
///
/// A joining node takes keys from all others and moves no key between them. When a node leaves, its arcs fall to the
/// nodes behind them, which belong to all others in proportion to their weights: the largest share is then at most 1.05
/// times what its weight deserves; 1.3 times where one node has most of the weights or a node has few points. Nodes
/// that join later even that out. A node that gets more weight takes the difference of its shares from all others, one
/// that gets less gives it to all others.
///
/// A node that is not up (NodeState) has left as far as points go. When it is up again it joins anew: it gets its share
/// back from all others, and not the keys that it had.
///
/// Where the points stand depends on the nodes that were there: rings are equal if they had the same changes in the
/// same order. To give a ring to another process, send a snapshot (HashRing::serialize), which has the points. Nodes
/// that join in one call (add_nodes, assign, apply, the constructors) are placed in the order of identities, after
/// those that leave in that call are gone.
///
/// Complexity of adding a node of k points to n nodes of p points, those that are not up left out: O(p + n^2 + k log
/// n); 100 nodes of 256 points take 50 times as long as with VirtualNodes. Memory while it does: 8 n^2 bytes for up to
/// 1024 nodes.
template <std::uint32_t PointsPerWeight>
class BalancedTokens {
  static_assert(PointsPerWeight >= 1, "perturb::BalancedTokens: a node needs at least one point");

 public:
  using token_type = std::uint64_t;
  static constexpr BoundRule kBound = BoundRule::at_or_after;
  static constexpr TieRule kTies = TieRule::identity;

  /// The number of points of a node. Throws: std::invalid_argument if it is more than 2^24.
  [[nodiscard]] std::uint64_t point_count(double weight) const {
    return detail::ring::rounded_point_count("perturb::BalancedTokens", weight, PointsPerWeight);
  }

  /// Calls add_point(number, token) for each point of the nodes with the numbers `joining`, in that order. `tokens` are
  /// sorted, `owners` are the numbers of their nodes. Throws: as point_count.
  template <class Node, class AddPoint>
  void place_among(std::span<const std::uint64_t> tokens, std::span<const std::uint32_t> owners, std::span<const Node>,
                   std::span<const double> weights, std::span<const std::uint32_t> joining,
                   AddPoint&& add_point) const {
    detail::ring::TokenSpreader spreader(tokens, owners, weights);
    for (const std::uint32_t node : joining) {
      const auto count = static_cast<std::size_t>(point_count(weights[node]));
      if (count <= spreader.count_of(node)) continue;
      spreader.add(node, count - spreader.count_of(node), [&](std::uint64_t token) { add_point(node, token); });
    }
  }
  /// Calls take_point(number, token) for the points that the nodes with the numbers `reweighed`, whose weights have
  /// changed, no longer have. Otherwise as place_among.
  template <class Node, class TakePoint>
  void give_up(std::span<const std::uint64_t> tokens, std::span<const std::uint32_t> owners, std::span<const Node>,
               std::span<const double> weights, std::span<const std::uint32_t> reweighed,
               TakePoint&& take_point) const {
    detail::ring::TokenSpreader spreader(tokens, owners, weights);
    for (const std::uint32_t node : reweighed) {
      const auto count = static_cast<std::size_t>(point_count(weights[node]));
      if (count >= spreader.count_of(node)) continue;
      spreader.remove(node, spreader.count_of(node) - count, [&](std::uint64_t token) { take_point(node, token); });
    }
  }

  /// What snapshots of rings call this placement.
  [[nodiscard]] std::string snapshot_name() const { return "BalancedTokens<" + std::to_string(PointsPerWeight) + ">"; }
};

}  // namespace perturb::inline PERTURB_ABI
