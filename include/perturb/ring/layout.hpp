// SPDX-License-Identifier: MIT
/// @file A ring's points, the ends of its arcs, and the index over the ends: what changes together when a node does.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Never changed in place: a change of the ring builds a new layout and assigns it.
template <TokenType Token, BoundRule kBound>
class Layout {
 public:
  Layout() = default;
  explicit Layout(TokenMap<Token> points) : points_(std::move(points)), ends_(ends_of(points_)), index_(arcs()) {}

  [[nodiscard]] const TokenMap<Token>& points() const noexcept { return points_; }

  /// The ends of the arcs, sorted, each with the number of its node.
  [[nodiscard]] const TokenMap<Token>& arcs() const noexcept {
    if constexpr (kBound == BoundRule::at_or_after) {
      return points_;
    } else {
      return ends_;
    }
  }

  /// The node that owns `token`, or kNoNode if there are no points.
  [[nodiscard]] PERTURB_ALWAYS_INLINE NodeNumber owner(Token token) const noexcept {
    return index_.find(arcs(), token);
  }

  /// Loads what owner(token) reads first into the cache.
  PERTURB_ALWAYS_INLINE void prefetch(Token token) const noexcept { index_.prefetch(token); }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = points_.token_bytes() + points_.value_bytes() + index_.memory_bytes();
    if constexpr (kBound != BoundRule::at_or_after) bytes += ends_.token_bytes() + ends_.value_bytes();
    return bytes;
  }

 private:
  struct None {};
  using Ends = std::conditional_t<kBound == BoundRule::at_or_after, None, TokenMap<Token>>;

  static Ends ends_of(const TokenMap<Token>& points) {
    if constexpr (kBound == BoundRule::at_or_after) {
      return {};
    } else {
      return arc_ends<kBound>(points);
    }
  }

  TokenMap<Token> points_;
  PERTURB_NO_UNIQUE_ADDRESS Ends ends_;
  DirectIndex<Token> index_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
