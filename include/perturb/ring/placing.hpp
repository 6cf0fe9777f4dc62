// SPDX-License-Identifier: MIT
/// @file Where the points of changed members stand: asks the placement for as few points as its kind allows.
///
///   incremental   only the points of members that are fresh;
///   counted       of each member only the part of its sequence by which its range grows or shrinks;
///   in context    only the points of members that are fresh, which it places among those that stay;
///   whole         all points.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/layout.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/placed_among.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/points.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class Node, class Placement>
class Placing {
  using Token = typename Placement::token_type;
  using Placed = PlacedPoint<Token>;
  using LayoutType = Layout<Token, Placement::kBound>;
  using Change = MemberChange<Node, Placement::kTies == TieRule::identity>;

 public:
  /// Makes `layout` that of the changed members.
  /// Complexity: O(nodes + points), and sorting those that are placed. Throws: what the placement throws;
  /// std::bad_alloc; std::invalid_argument for too many points. Strong guarantee.
  static void apply(const Placement& placement, LayoutType& layout, const Change& change) {
    if constexpr (IncrementalPlacement<Placement, Node>) {
      const std::vector<Placed> fresh = fresh_points(placement, change);
      if constexpr (LayoutType::template kCanPatch<Placement::kTies>) {
        if (layout.patch(change.new_number, fresh, change.members.size())) return;
      }
      layout = LayoutType(merged(layout, change, fresh, {}));
    } else {
      layout = changed(placement, layout, change);
    }
  }

 private:
  static LayoutType changed(const Placement& placement, const LayoutType& old, const Change& change) {
    if constexpr (CountedPlacement<Placement, Node>) {
      return counted(placement, old, change);
    } else if constexpr (ContextPlacement<Placement, Node>) {
      return LayoutType(ring::placed_among(placement, old.all_points(), change));
    } else {
      return whole(placement, change);
    }
  }

  static PointSet<Token> merged(const LayoutType& old, const Change& change, const std::vector<Placed>& fresh,
                                const std::vector<Placed>& gone) {
    return ring::merged_points<Placement::kTies, Token>(old.all_points(), change.new_number, fresh, gone);
  }

  static std::vector<Placed> fresh_points(const Placement& placement, const Change& change) {
    const auto& members = change.members;
    std::uint64_t count = 0;
    for (const NodeNumber number : change.fresh) count += placement.point_count(members.weights()[number]);
    ring::check_point_count(count);
    std::vector<Placed> points;
    points.reserve(hashing::integer_cast<std::size_t>(count));
    for (const NodeNumber number : change.fresh) {
      placement.place(members.nodes()[number], members.weights()[number],
                      [&](Token token) { points.push_back({token, number}); });
    }
    std::sort(points.begin(), points.end());
    return points;
  }

  // Calls f(nodes, weights, number) with the members that are up, and the number of each as a function of its index.
  template <class Members, class Function>
  static auto with_those_up(const Members& members, Function f) {
    if (members.up_count() == members.size()) {
      return f(members.nodes(), members.weights(), [](std::size_t i) { return i; });
    }
    std::vector<Node> nodes;
    std::vector<double> weights;
    std::vector<std::size_t> numbers;
    for (std::size_t number = 0; number < members.size(); ++number) {
      if (!members.is_up(number)) continue;
      nodes.push_back(members.nodes()[number]);
      weights.push_back(members.weights()[number]);
      numbers.push_back(number);
    }
    return f(std::span<const Node>(nodes), std::span<const double>(weights), [&](std::size_t i) { return numbers[i]; });
  }

  static LayoutType counted(const Placement& placement, const LayoutType& old, const Change& change) {
    const auto& members = change.members;
    std::vector<PointRange> ranges(members.size());
    if (members.up_count() != 0) {
      with_those_up(members, [&](std::span<const Node> nodes, std::span<const double> weights, auto number_of) {
        const std::vector<PointRange> of_those = placement.point_ranges(nodes, weights);
        PERTURB_ASSERT(of_those.size() == nodes.size(),
                       "HashRing: point_ranges of the placement must give one range "
                       "for each node");
        for (std::size_t i = 0; i < nodes.size(); ++i) ranges[number_of(i)] = of_those[i];
      });
    }
    std::vector<PointRange> before(members.size());
    for (std::size_t i = 0; i < change.new_number.size(); ++i) {
      if (change.new_number[i] != kNoNode) before[change.new_number[i]] = old.ranges()[i];
    }
    std::vector<Placed> fresh;
    std::vector<Placed> gone;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto place = [&](PointRange range, std::vector<Placed>& points) {
        if (range.first >= range.last) return;
        placement.place_range(members.nodes()[i], range, [&](Token token) {
          ring::check_point_count(points.size() + 1);
          points.push_back({token, hashing::integer_cast<NodeNumber>(i)});
        });
      };
      if (before[i].first == ranges[i].first) {
        place({before[i].last, ranges[i].last}, fresh);
        place({ranges[i].last, before[i].last}, gone);
      } else {
        place(before[i], gone);
        place(ranges[i], fresh);
      }
    }
    std::sort(fresh.begin(), fresh.end());
    std::sort(gone.begin(), gone.end());
    return LayoutType(merged(old, change, fresh, gone), std::move(ranges));
  }

  static LayoutType whole(const Placement& placement, const Change& change) {
    const auto& members = change.members;
    std::vector<Placed> points;
    const auto place = [&](std::span<const Node> nodes, std::span<const double> weights, auto number_of) {
      placement.place_all(nodes, weights, [&](std::size_t i, Token token) {
        PERTURB_ASSERT(i < nodes.size(),
                       "HashRing: place_all of the placement emits a point of a node that is not there");
        ring::check_point_count(points.size() + 1);
        const std::size_t number = number_of(i);
        if (members.is_up(number)) points.push_back({token, static_cast<NodeNumber>(number)});
      });
    };
    if constexpr (PlacesAllMembers<Placement>) {
      place(members.nodes(), members.weights(), [](std::size_t i) { return i; });
    } else {
      with_those_up(members, place);
    }
    if (!std::is_sorted(points.begin(), points.end())) std::sort(points.begin(), points.end());
    PointSet<Token> set = ring::point_set_of<Placement::kTies, Token>(points);
    set.hidden = {};  // nothing is ever exposed, since all is placed again
    return LayoutType(std::move(set));
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
