// SPDX-License-Identifier: MIT
/// @file A ring's points, the ends of its arcs and the index over them, which always change together.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/placement.hpp>
#include <perturb/ring/points.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Immutable but for assignment as a whole: a change builds another one beside it.
template <TokenType Token, BoundRule kBound>
class Layout {
 public:
  Layout() = default;
  explicit Layout(PointArray<Token> points) : points_(std::move(points)), ends_(ends_of(points_)), index_(arcs()) {}

  [[nodiscard]] const PointArray<Token>& points() const noexcept { return points_; }

  /// The ends of the arcs, sorted, each with the number of its node.
  [[nodiscard]] const PointArray<Token>& arcs() const noexcept {
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

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = points_.memory_bytes() + index_.memory_bytes();
    if constexpr (kBound != BoundRule::at_or_after) bytes += ends_.memory_bytes();
    return bytes;
  }

 private:
  struct None {};
  using Ends = std::conditional_t<kBound == BoundRule::at_or_after, None, PointArray<Token>>;

  static Ends ends_of(const PointArray<Token>& points) {
    if constexpr (kBound == BoundRule::at_or_after) {
      return {};
    } else {
      return arc_ends<kBound>(points);
    }
  }

  PointArray<Token> points_;
  PERTURB_NO_UNIQUE_ADDRESS Ends ends_;
  DirectIndex<Token> index_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
