// SPDX-License-Identifier: MIT
/// @file The points of a ring in order, packed: each token with the number of its node, as two parallel arrays
/// (12 bytes a point on a ring of 2^64).
///
/// A change never sorts everything again: the points of one node are sorted and merged into the others.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// All points of a ring number less than this, so that their positions fit 31 bits.
inline constexpr std::uint64_t kPointLimit = std::uint64_t{1} << 31;

/// Refuses to let a ring have `count` points.
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

/// Sorted points, or sorted ends of arcs, with a number at each.
template <TokenType Token>
class PointArray {
 public:
  PointArray() = default;
  /// Pre: `sorted` is sorted.
  explicit PointArray(std::span<const PlacedPoint<Token>> sorted) {
    reserve(sorted.size());
    for (const PlacedPoint<Token>& point : sorted) append(point.token, point.node);
  }

  [[nodiscard]] std::size_t size() const noexcept { return tokens_.size(); }
  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }
  [[nodiscard]] const std::vector<Token>& tokens() const noexcept { return tokens_; }
  [[nodiscard]] Token token(std::size_t i) const noexcept { return tokens_[i]; }
  [[nodiscard]] NodeNumber node(std::size_t i) const noexcept { return nodes_[i]; }

  /// The first entry at or after `token`; past the last one, the first again.
  /// Pre: not empty. Complexity: O(log n).
  [[nodiscard]] std::size_t position(Token token) const noexcept {
    const auto it = std::lower_bound(tokens_.begin(), tokens_.end(), token);
    return it == tokens_.end() ? 0 : static_cast<std::size_t>(it - tokens_.begin());
  }

  /// The points of `old` under the new numbers of their nodes (kNoNode: left out) together with those of `fresh`.
  /// Pre: `new_number` keeps the order of the nodes that stay; `fresh` is sorted.
  [[nodiscard]] static PointArray merged(const PointArray& old, std::span<const NodeNumber> new_number,
                                         std::span<const PlacedPoint<Token>> fresh) {
    PointArray result;
    std::size_t staying = 0;
    for (const NodeNumber node : old.nodes_) staying += new_number[node] != kNoNode ? 1 : 0;
    check_point_count(staying + fresh.size());
    result.reserve(staying + fresh.size());
    auto next = fresh.begin();
    for (std::size_t i = 0; i < old.size(); ++i) {
      const PlacedPoint<Token> point{old.tokens_[i], new_number[old.nodes_[i]]};
      if (point.node == kNoNode) continue;
      for (; next != fresh.end() && *next < point; ++next) result.append(next->token, next->node);
      result.append(point.token, point.node);
    }
    for (; next != fresh.end(); ++next) result.append(next->token, next->node);
    return result;
  }

  void reserve(std::size_t count) {
    tokens_.reserve(count);
    nodes_.reserve(count);
  }
  void append(Token token, NodeNumber node) {
    tokens_.push_back(token);
    nodes_.push_back(node);
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return tokens_.capacity() * sizeof(Token) + nodes_.capacity() * sizeof(NodeNumber);
  }

  friend bool operator==(const PointArray&, const PointArray&) = default;

 private:
  std::vector<Token> tokens_;
  std::vector<NodeNumber> nodes_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
