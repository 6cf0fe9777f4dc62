// SPDX-License-Identifier: MIT
/// @file A ring's points, the ends of its arcs, and the index over the ends: what changes together when a node does.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/number_shift.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A change of one node patches the layout; others make a new one.
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

  /// Whether patch() is for layouts of this kind: the points are the ends of the arcs, and none of them is hidden.
  template <TieRule ties>
  static constexpr bool kCanPatch =
      kBound == BoundRule::at_or_after && (ties == TieRule::identity || ties == TieRule::insertion);

  /// Makes this, in place, the layout of the points under the new numbers of their nodes and the points `fresh`, if
  /// that is a change of few points, for instance those of one node. @returns whether it is; else nothing changes.
  /// Pre: kCanPatch; `fresh` is sorted, of nodes that have no other points; `nodes` is the number of nodes. Strong.
  bool patch(std::span<const NodeNumber> new_number, std::span<const PlacedPoint<Token>> fresh, std::size_t nodes) {
    const std::optional<NumberShift> shift = ring::shift_of(new_number);
    if (!shift.has_value()) return false;
    TokenMap<Token>& points = set_.points;
    const std::vector<std::uint32_t> gone = ring::indices_of(points.values(), shift->gone);
    const std::size_t count = points.size() - gone.size() + fresh.size();
    const std::size_t few = index_.buckets() / 4;
    if (gone.size() > few || fresh.size() > few) return false;
    if (!index_.has_room(count) || !points.values().has_room((std::max)(nodes, new_number.size()))) return false;
    // All that may throw comes first.
    std::vector<char> is_marked(index_.buckets());
    for (const std::uint32_t index : gone) is_marked[index_.bucket_of(points.token(index))] = 1;
    for (const PlacedPoint<Token>& point : fresh) is_marked[index_.bucket_of(point.token)] = 1;
    ChangeStamp stamp;
    stamp.renew();
    index_.reserve(count);
    points.reserve_own((std::max)(count, points.size()));
    stamp_ = stamp;
    points.erase(gone);
    if (shift->by != 0) points.shift_values(shift->from, shift->by);
    points.insert(fresh);
    index_.change(points, is_marked, shift->from, shift->by);
    return true;
  }

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

  /// For loops over many tokens; see DirectIndex.
  template <class Function>
  void read_many(Function f) const {
    index_.read_many(arcs(), f);
  }

  /// The index in arcs() of the arc in which `token` lies. Pre: there are points.
  [[nodiscard]] std::size_t arc_of(Token token) const noexcept { return index_.find_index(arcs(), token); }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = set_.points.memory_bytes() + index_.memory_bytes() +
                        set_.hidden.capacity() * sizeof(PlacedPoint<Token>) + ranges_.capacity() * sizeof(PointRange);
    if constexpr (kBound != BoundRule::at_or_after) bytes += ends_.memory_bytes();
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
