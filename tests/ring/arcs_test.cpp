// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/points.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::detail::ring::NodeNumber;
using Points = perturb::detail::ring::TokenMap<std::uint32_t>;
using Placed = perturb::detail::ring::PlacedPoint<std::uint32_t>;
using Listed = std::vector<std::pair<std::uint32_t, NodeNumber>>;

Points points_of(const Listed& listed) {
  perturb::detail::ring::TokenMapBuilder<std::uint32_t> points(listed.size());
  for (const auto& [token, node] : listed) points.append(token, node);
  return std::move(points).finish();
}
Listed listed(const Points& points) {
  Listed list;
  for (std::size_t i = 0; i < points.size(); ++i) list.push_back({points.token(i), points.value(i)});
  return list;
}

constexpr std::uint32_t kMax = 0xFFFFFFFF;

TEST(ArcEndsAfter, AreOneBeforeTheirPoints) {
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::after>(points_of({{5, 0}, {5, 1}, {9, 2}}))),
            (Listed{{4, 0}, {4, 1}, {8, 2}}));
}

TEST(ArcEndsAfter, OfPointsAtZeroAreTheLargestTokens) {
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::after>(points_of({{0, 0}, {0, 1}, {9, 2}}))),
            (Listed{{8, 2}, {kMax, 0}, {kMax, 1}}));
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::after>(points_of({{0, 3}}))), (Listed{{kMax, 3}}));
}

TEST(ArcEndsNearest, AreHalfWayRoundedTowardsThePointBefore) {
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::nearest>(points_of({{10, 0}, {15, 1}, {0x80000000, 2}}))),
            (Listed{{12, 0}, {15 + (0x80000000 - 15) / 2, 1}, {0x80000000 + (0x80000000u + 10) / 2, 2}}));
}

TEST(ArcEndsNearest, PastZeroComesFirst) {
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::nearest>(points_of({{100, 0}, {kMax - 9, 1}}))),
            (Listed{{45, 1}, {100 + (kMax - 9 - 100) / 2, 0}}));
}

TEST(ArcEndsNearest, OfEqualPointsTheFirstOwnsBeforeAndTheLastAfter) {
  EXPECT_EQ(listed(perturb::detail::ring::arc_ends<BoundRule::nearest>(
                points_of({{10, 0}, {20, 1}, {20, 2}, {20, 3}, {30, 4}}))),
            (Listed{{15, 0}, {20, 1}, {20, 2}, {25, 3}, {kMax / 2 + 21, 4}}));
}

template <BoundRule bound>
void expect_as_scanned(const Listed& points) {
  const Points ends = perturb::detail::ring::arc_ends<bound>(points_of(points));
  for (std::size_t i = 1; i < ends.size(); ++i) ASSERT_LE(ends.token(i - 1), ends.token(i));
  std::vector<std::uint32_t> tokens = {0, 1, kMax / 2, kMax / 2 + 1, kMax - 1, kMax};
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const std::uint32_t base : {points[i].first, ends.token(i)}) {
      for (const std::uint32_t token : {base - 1, base, base + 1}) tokens.push_back(token);
    }
  }
  for (const std::uint32_t token : tokens) {
    ASSERT_EQ(ends.value(ends.first_at_or_after(token)), kit::owner_by_scan(points, token, bound)) << "token " << token;
  }
}

TEST(ArcEnds, GiveEveryTokenTheOwnerThatTheRuleDoes) {
  std::mt19937 random(21);
  for (int round = 0; round < 300; ++round) {
    // Few different tokens make equal points; tokens near zero make arcs that wrap.
    const std::uint32_t spread = round % 3 == 0 ? 20 : round % 3 == 1 ? kMax : 3000;
    const std::uint32_t shift = round % 2 == 0 ? 0 : kMax - spread / 2;
    std::vector<Placed> placed;
    for (std::uint32_t i = 0; i < 1 + random() % 40; ++i) {
      placed.push_back({shift + static_cast<std::uint32_t>(random() % (std::uint64_t{spread} + 1)), i});
    }
    std::sort(placed.begin(), placed.end());
    Listed points;
    for (const Placed& point : placed) points.push_back({point.token, point.node});
    expect_as_scanned<BoundRule::after>(points);
    // If all points are equal, each is nearest to every token, and the scan cannot tell which owns it.
    if (points.size() > 1 && points.front().first == points.back().first) continue;
    expect_as_scanned<BoundRule::nearest>(points);
  }
}

TEST(ArcsEmpty, AreThoseBehindAnEqualPoint) {
  const Points points = points_of({{5, 0}, {5, 1}, {9, 2}});
  EXPECT_FALSE(perturb::detail::ring::is_empty_arc(points, 0));
  EXPECT_TRUE(perturb::detail::ring::is_empty_arc(points, 1));
  EXPECT_FALSE(perturb::detail::ring::is_empty_arc(points, 2));
  EXPECT_EQ(perturb::detail::ring::arc_at(points, 0), (perturb::Arc<std::uint32_t>{9, 5}));
}

TEST(ArcsCommonSegments, CutTheRingAtTheEndsOfBoth) {
  const auto segments = perturb::detail::ring::common_segments(points_of({{10, 0}, {20, 0}, {20, 1}, {30, 0}}),
                                                               points_of({{5, 0}, {20, 0}, {40, 0}}));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& segment : segments) pairs.push_back({segment.old_arc, segment.new_arc});
  // Ends 5, 10, 20, 30, 40; what follows 40 belongs to the segment that ends at 5.
  EXPECT_THAT(pairs, testing::ElementsAre(testing::Pair(0, 0), testing::Pair(0, 1), testing::Pair(1, 1),
                                          testing::Pair(3, 2), testing::Pair(0, 2)));
}

TEST(ArcsCommonSegments, AgreeWithLookUpsForRandomRings) {
  std::mt19937 random(22);
  for (int round = 0; round < 200; ++round) {
    const auto random_points = [&] {
      std::vector<Placed> placed;
      for (std::uint32_t i = 0; i < 1 + random() % 30; ++i)
        placed.push_back({static_cast<std::uint32_t>(random() % 60), i});
      std::sort(placed.begin(), placed.end());
      return perturb::detail::ring::points_of<std::uint32_t>(placed);
    };
    const Points before = random_points();
    const Points after = random_points();
    using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
    Pairs expected;
    for (std::uint32_t token = 0; token < 61; ++token) {
      expected.push_back({before.first_at_or_after(token), after.first_at_or_after(token)});
    }
    Pairs found;
    for (const auto& segment : perturb::detail::ring::common_segments(before, after)) {
      found.push_back({segment.old_arc, segment.new_arc});
    }
    // Neighbouring tokens with equal pairs are one segment, also across zero.
    for (Pairs* pairs : {&expected, &found}) {
      pairs->erase(std::unique(pairs->begin(), pairs->end()), pairs->end());
      if (pairs->size() > 1 && pairs->front() == pairs->back()) pairs->pop_back();
    }
    EXPECT_EQ(found, expected);
  }
}

using Ring = perturb::HashRing<std::string>;

TEST(HashRingArcs, GiveTheOwnerOfEachTokenUpToTheirEnds) {
  const Ring ring({"a", "b", "c"});
  const auto arcs = ring.arcs();
  ASSERT_EQ(arcs.size(), ring.points().size());
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    const std::uint64_t after = arcs[i == 0 ? arcs.size() - 1 : i - 1].upto;
    EXPECT_EQ(ring.owner_of_token(arcs[i].upto), &arcs[i].node);
    EXPECT_EQ(ring.owner_of_token(after + 1), &arcs[i].node);
  }
}

TEST(HashRingArcs, WithoutNodesAreNone) { EXPECT_TRUE(Ring().arcs().empty()); }

}  // namespace
