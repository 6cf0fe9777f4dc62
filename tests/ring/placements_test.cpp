// SPDX-License-Identifier: MIT
/// @file Rings with placements of every kind: bound rules, tie rules, tokens of other types, points placed all at once.
#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::HashRing;
using perturb::TieRule;
template <class Ring>
using PointList = std::vector<std::pair<typename Ring::token_type, typename Ring::node_type>>;

template <class Ring>
PointList<Ring> point_list(const Ring& ring) {
  PointList<Ring> points;
  for (const auto& [token, node] : ring.points()) points.emplace_back(token, node);
  return points;
}

// Checks the owners around every point and every end of an arc against a scan by the bound rule.
template <class Ring>
void expect_owners_by_rule(const Ring& ring, const PointList<Ring>& points) {
  using Token = typename Ring::token_type;
  ASSERT_EQ(point_list(ring), points);
  std::vector<Token> tokens = {Token{}, perturb::detail::ring::before(Token{})};
  const Token one = Token{} - perturb::detail::ring::before(Token{});
  const auto arcs = ring.arcs();
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const Token base : {points[i].first, arcs[i].upto}) {
      for (const Token token : {perturb::detail::ring::before(base), base, static_cast<Token>(base + one)}) {
        tokens.push_back(token);
      }
    }
  }
  for (const Token token : tokens) {
    ASSERT_EQ(*ring.owner_of_token(token), kit::owner_by_scan(points, token, Ring::placement_type::kBound));
  }
}

// Points sorted by token, equal ones in the order of the list.
template <class Points>
Points sorted_by_token(const Points& points) {
  const std::multimap<typename Points::value_type::first_type, typename Points::value_type::second_type> sorted(
      points.begin(), points.end());
  return Points(sorted.begin(), sorted.end());
}

// The points of `nodes`, equal tokens as the tie rule says.
template <class Ring>
PointList<Ring> placed(const typename Ring::placement_type& placement,
                       const std::vector<std::pair<std::string, double>>& nodes) {
  PointList<Ring> points;
  for (const auto& [node, weight] : nodes) {
    placement.place(node, weight, [&](auto token) { points.emplace_back(token, node); });
  }
  constexpr TieRule kTies = Ring::placement_type::kTies;
  if constexpr (kTies == TieRule::identity) std::sort(points.begin(), points.end());
  if constexpr (kTies == TieRule::keep_last) std::reverse(points.begin(), points.end());
  points = sorted_by_token(points);
  if constexpr (perturb::detail::ring::keeps_one_v<typename Ring::placement_type>) {
    const auto same_token = [](const auto& a, const auto& b) { return a.first == b.first; };
    points.erase(std::unique(points.begin(), points.end(), same_token), points.end());
  }
  return points;
}

template <class Placement>
class HashRingPlacement : public testing::Test {};
using Placements = testing::Types<
    kit::Narrow<BoundRule::at_or_after, TieRule::insertion>, kit::Narrow<BoundRule::at_or_after, TieRule::keep_first>,
    kit::Narrow<BoundRule::nearest, TieRule::insertion>, kit::Narrow<BoundRule::nearest, TieRule::identity>,
    kit::Narrow<BoundRule::after, TieRule::keep_last>, kit::WholeDigest>;
TYPED_TEST_SUITE(HashRingPlacement, Placements);

TYPED_TEST(HashRingPlacement, OwnersFollowItsRulesThroughChanges) {
  using Ring = HashRing<std::string, kit::Fnv32, TypeParam>;
  for (const std::uint32_t mask : {0xFFFFFFFFu, 0xFF000000u, 0xFFu}) {  // with few bits many tokens are equal
    TypeParam placement;
    if constexpr (requires { placement.mask; }) placement.mask = mask;
    Ring ring(kit::Fnv32(), placement);
    std::vector<std::pair<std::string, double>> nodes;
    for (const char* node : {"delta", "alpha", "charlie", "echo", "bravo"}) {
      ring.add_node(node);
      nodes.push_back({node, 1.0});
      expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    }
    ring.set_weight("charlie", 2.0);
    nodes[2].second = 2.0;
    expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    ring.remove_node("alpha");
    nodes.erase(nodes.begin() + 1);
    expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    EXPECT_EQ(ring, Ring(nodes, kit::Fnv32(), placement));
  }
}

TYPED_TEST(HashRingPlacement, KeysFollowItsTokens) {
  using Ring = HashRing<std::string, kit::Fnv32, TypeParam>;
  const Ring ring({"a", "b", "c"});
  for (int i = 0; i < 200; ++i) {
    const std::string key = "key " + std::to_string(i);
    EXPECT_EQ(ring.token(key), TypeParam().key_token(kit::Fnv32(), key));
    EXPECT_EQ(ring.find_owner(key), ring.owner_of_token(ring.token(key)));
    EXPECT_EQ(ring.preference_list(key, 3).front(), ring.find_owner(key));
  }
}

TYPED_TEST(HashRingPlacement, SharesAddUpToOne) {
  const HashRing<std::string, kit::Fnv32, TypeParam> ring({"a", "b", "c", "d", "e"});
  double sum = 0;
  for (const double share : ring.shares()) sum += share;
  EXPECT_NEAR(sum, 1.0, 1e-12);
}

TEST(HashRingTies, WithInsertionOrderTheNodeAddedFirstOwnsAnEqualToken) {
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::insertion> ring;
  for (const char* name : {"b", "c", "a"}) ring.add_node({name, {500}});
  EXPECT_EQ(ring.owner_of_token(1)->name, "b");
  ring.remove_node("b");
  EXPECT_EQ(ring.owner_of_token(1)->name, "c");
}

TEST(HashRingTies, RemovingANodeExposesTheEqualPointThatItsOwnReplaced) {
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::keep_last> last;
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::keep_first> first;
  for (const char* name : {"b", "c", "a"}) {
    last.add_node({name, {500}});
    first.add_node({name, {500}});
  }
  EXPECT_EQ(last.points().size(), 1u);
  EXPECT_EQ(last.owner_of_token(1)->name, "a");
  EXPECT_EQ(first.owner_of_token(1)->name, "b");
  last.remove_node("a");
  first.remove_node("b");
  EXPECT_EQ(last.owner_of_token(1)->name, "c");
  EXPECT_EQ(first.owner_of_token(1)->name, "c");
}

TEST(HashRingWholePlacement, PlacesAllAgainAtEachChange) {
  using Ring = HashRing<std::string, perturb::XxHash<>, kit::RelativeWeights>;
  const auto expected = [](const std::vector<std::string>& nodes, const std::vector<double>& weights) {
    PointList<Ring> points;
    kit::RelativeWeights().place_all(
        nodes, weights, [&](std::size_t node, std::uint32_t token) { points.emplace_back(token, nodes[node]); });
    return sorted_by_token(points);
  };
  Ring ring;
  ring.add_node("b");
  expect_owners_by_rule(ring, expected({"b"}, {1}));
  ring.add_node("a", 3.0);
  expect_owners_by_rule(ring, expected({"b", "a"}, {1, 3}));
  ring.add_node("c");
  ring.set_weight("b", 5.0);
  expect_owners_by_rule(ring, expected({"b", "a", "c"}, {5, 3, 1}));
  ring.remove_node("b");
  expect_owners_by_rule(ring, expected({"a", "c"}, {3, 1}));
  EXPECT_EQ(ring.points().size(), 4u * (60 + 20));
}

TEST(HashRingWholePlacement, ANodeWithoutPointsOwnsNothing) {
  HashRing<std::string, perturb::XxHash<>, kit::RelativeWeights> ring;
  ring.add_node("large", 1e6);
  ring.add_node("small", 1.0);
  EXPECT_EQ(ring.share("small"), 0.0);
  EXPECT_EQ(ring.share("large"), 1.0);
  EXPECT_EQ(ring.preference_list("key", 2).size(), 1u);
}

// Puts all points into 5000 neighbouring tokens.
struct Together {
  using is_avalanching = void;
  std::uint64_t operator()(std::string_view text) const noexcept {
    return (std::uint64_t{1} << 63) + perturb::XxHash<>()(text) % 5000;
  }
};

TEST(HashRingCrowded, AHashThatPutsAllPointsTogetherStillFindsOwners) {
  HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<256, Together>> ring;
  for (int node = 0; node < 8; ++node) ring.add_node(node);
  const auto points = point_list(ring);
  for (std::uint64_t offset = 0; offset < 5100; ++offset) {
    const std::uint64_t token = (std::uint64_t{1} << 63) - 50 + offset;
    ASSERT_EQ(*ring.owner_of_token(token), kit::owner_by_scan(points, token, BoundRule::at_or_after));
  }
  EXPECT_EQ(*ring.owner_of_token(0), points.front().second);
  EXPECT_EQ(*ring.owner_of_token(std::numeric_limits<std::uint64_t>::max()), points.front().second);
}

}  // namespace
