// SPDX-License-Identifier: MIT
// Layouts that are changed in place, beside layouts that are made anew of the same nodes.
#include <perturb/hash_ring.hpp>
#include <perturb/ring/layout.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::NodeState;
using perturb::TieRule;
using perturb::detail::ring::kNoNode;
using perturb::detail::ring::NodeNumber;
using perturb::detail::ring::RingAccess;
using Layout = perturb::detail::ring::Layout<std::uint64_t, BoundRule::at_or_after>;
using Point = perturb::detail::ring::PlacedPoint<std::uint64_t>;

template <class Ring>
Ring made_anew(const Ring& ring) {
  std::vector<perturb::RingMember<std::string>> members;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    members.emplace_back(ring.nodes()[i], RingAccess::weights(ring)[i], RingAccess::states(ring)[i]);
  }
  Ring result(ring.hash_function(), ring.placement());
  result.add_nodes(members);
  return result;
}

template <class Ring>
void expect_same_owners(const Ring& ring, const Ring& anew) {
  ASSERT_EQ(ring, anew);
  const auto expect = [&](typename Ring::token_type token) {
    ASSERT_EQ(RingAccess::owner_number(ring, token), RingAccess::owner_number(anew, token));
  };
  for (const auto& point : anew.points()) {
    expect(point.token - 1u);
    expect(point.token);
    expect(point.token + 1u);
  }
}

// A history of changes of single nodes. Copies of the ring, which share its tokens, must stay as they were.
template <class Ring>
void expect_history_as_made_anew(Ring ring, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::pair<Ring, Ring>> copies;
  for (int step = 0; step < 250; ++step) {
    const std::string name = "node" + std::to_string(random() % 60);
    switch (random() % 5) {
      case 0:
        ring.add_node(name, 1.0 + static_cast<double>(random() % 3));
        break;
      case 1:
        if (ring.size() > 20) ring.remove_node(name);
        break;
      case 2:
        ring.set_weight(name, 1.0 + static_cast<double>(random() % 3));
        break;
      case 3:
        ring.set_state(name, random() % 3 == 0 ? NodeState::down : NodeState::up);
        break;
      default:
        if (step % 10 == 0) copies.emplace_back(ring, made_anew(ring));
        break;
    }
    ASSERT_NO_FATAL_FAILURE(expect_same_owners(ring, made_anew(ring)));
  }
  for (const auto& [copy, anew] : copies) expect_same_owners(copy, anew);
}

template <class Ring>
Ring thirty_nodes(typename Ring::placement_type placement = {}) {
  Ring ring(perturb::XxHash<>(), placement);
  for (int i = 0; i < 30; ++i) ring.add_node("node" + std::to_string(2 * i));
  return ring;
}
template <TieRule ties>
using NarrowRing = perturb::HashRing<std::string, perturb::XxHash<>, kit::Narrow<BoundRule::at_or_after, ties>>;

TEST(LayoutPatch, OfRandomPointsIsAsMadeAnew) {
  using Ring = perturb::HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<16>>;
  expect_history_as_made_anew(thirty_nodes<Ring>(), 1);
}

TEST(LayoutPatch, OfEqualPointsIsAsMadeAnew) {
  expect_history_as_made_anew(thirty_nodes<NarrowRing<TieRule::identity>>({0xFF800000}), 2);
  expect_history_as_made_anew(thirty_nodes<NarrowRing<TieRule::insertion>>({0xFF800000}), 3);
}

TEST(LayoutPatch, OfPointsInFewBucketsIsAsMadeAnew) {
  expect_history_as_made_anew(thirty_nodes<NarrowRing<TieRule::identity>>({0x0000FFFF}), 4);
  expect_history_as_made_anew(thirty_nodes<NarrowRing<TieRule::identity>>({0xC000000F}), 5);
  expect_history_as_made_anew(thirty_nodes<NarrowRing<TieRule::insertion>>({0x0FFFFFFF}), 6);
}

// 1000 points whose nodes are the last of `nodes`.
std::vector<Point> points_of_last(NodeNumber nodes) {
  std::mt19937_64 random(7);
  std::vector<Point> points;
  for (NodeNumber i = 0; i < 1000; ++i) points.push_back({random(), nodes - 1 - i % 500});
  std::sort(points.begin(), points.end());
  return points;
}

TEST(LayoutPatch, KeepsNumbersThatPassSixteenBits) {
  for (const NodeNumber nodes : {65533u, 65534u, 65535u, 65536u, 70000u}) {
    std::vector<Point> points = points_of_last(nodes);
    Layout layout({perturb::detail::ring::points_of<std::uint64_t>(points), {}});
    // A node comes in the middle, so that all of these are renumbered.
    const NodeNumber joining = nodes / 2;
    std::vector<NodeNumber> new_number(nodes);
    std::iota(new_number.begin(), new_number.end(), NodeNumber{0});
    for (NodeNumber i = joining; i < nodes; ++i) ++new_number[i];
    const std::vector<Point> fresh = {{1000, joining}, {~std::uint64_t{0} - 5, joining}};
    const bool is_patched = layout.patch(new_number, fresh, nodes + 1);
    EXPECT_EQ(is_patched, nodes != 65535);
    if (!is_patched) continue;
    for (Point& point : points) point.node = new_number[point.node];
    points.insert(points.end(), fresh.begin(), fresh.end());
    std::sort(points.begin(), points.end());
    for (std::size_t i = 0; i < points.size(); ++i) {
      ASSERT_EQ(layout.points().token(i), points[i].token);
      ASSERT_EQ(layout.owner(points[i].token), points[i].node);
      ASSERT_EQ(layout.owner(points[i].token + 1), points[(i + 1) % points.size()].node);
    }
  }
}

TEST(LayoutPatch, OfManyNodesAtOnceIsNotDone) {
  std::vector<Point> points = points_of_last(500);
  Layout layout({perturb::detail::ring::points_of<std::uint64_t>(points), {}});
  std::vector<NodeNumber> new_number(500);
  std::iota(new_number.begin(), new_number.end(), NodeNumber{0});
  new_number[3] = new_number[8] = kNoNode;
  EXPECT_FALSE(layout.patch(new_number, {}, 500));
  EXPECT_EQ(layout.points().size(), 1000u);
}

}  // namespace
