// SPDX-License-Identifier: MIT
/// @file A ring's points, the ends of its arcs, and the index over the ends: what changes together when a node does.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Never changed in place: a change of the ring builds a new layout and assigns it.
template <TokenType Token, BoundRule kBound>
class Layout {
 public:
  Layout() = default;
  explicit Layout(PointSet<Token> set, std::vector<PointRange> ranges = {})
      : set_(std::move(set)), ranges_(std::move(ranges)), ends_(ends_of(set_.points)), index_(arcs()) {
    stamp_.renew();
  }

  [[nodiscard]] const TokenMap<Token>& points() const noexcept { return set_.points; }
  /// The points with those that are hidden by equal ones.
  [[nodiscard]] const PointSet<Token>& all_points() const noexcept { return set_; }
  /// With a counted placement, the range of each node.
  [[nodiscard]] std::span<const PointRange> ranges() const noexcept { return ranges_; }
  /// For a view of this layout: by which it notices, in checked builds, that the layout has been replaced.
  [[nodiscard]] ChangeCheck change_check() const noexcept { return ChangeCheck(stamp_); }
  /// For a change that keeps the layout, but not the nodes. Strong guarantee.
  void invalidate_views() { stamp_.renew(); }

  /// The ends of the arcs, sorted, each with the number of its node.
  [[nodiscard]] const TokenMap<Token>& arcs() const noexcept {
    if constexpr (kBound == BoundRule::at_or_after) {
      return set_.points;
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
    std::size_t bytes = set_.points.token_bytes() + set_.points.value_bytes() + index_.memory_bytes() +
                        set_.hidden.capacity() * sizeof(PlacedPoint<Token>) + ranges_.capacity() * sizeof(PointRange);
    if constexpr (kBound != BoundRule::at_or_after) bytes += ends_.token_bytes() + ends_.value_bytes();
    return bytes;
  }

 private:
  struct NoEnds {};
  using Ends = std::conditional_t<kBound == BoundRule::at_or_after, NoEnds, TokenMap<Token>>;

  static Ends ends_of(const TokenMap<Token>& points) {
    if constexpr (kBound == BoundRule::at_or_after) {
      return {};
    } else {
      return ring::arc_ends<kBound>(points);
    }
  }

  PointSet<Token> set_;
  std::vector<PointRange> ranges_;
  PERTURB_NO_UNIQUE_ADDRESS Ends ends_;
  DirectIndex<Token> index_;
  PERTURB_NO_UNIQUE_ADDRESS ChangeStamp stamp_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
