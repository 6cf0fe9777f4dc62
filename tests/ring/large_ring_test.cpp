// SPDX-License-Identifier: MIT
// Rings of 2^21 points and more pack their tokens and have another index.
#include <perturb/hash_ring.hpp>
#include <perturb/virtual_nodes.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using Ring = perturb::HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<256>>;
constexpr int kNodes = 8400;
constexpr std::size_t kPoints = std::size_t{kNodes} * 256;
static_assert(kPoints > std::size_t{1} << 21);

const Ring& large_ring() {
  static const Ring ring = [] {
    std::vector<int> nodes;
    for (int i = 0; i < kNodes; ++i) nodes.push_back(i);
    Ring made;
    made.add_nodes(nodes);
    return made;
  }();
  return ring;
}

using Points = std::vector<std::pair<std::uint64_t, int>>;
Points points_of(const Ring& ring) {
  Points points;
  for (const auto& point : ring.points()) points.emplace_back(point.token, point.node);
  return points;
}

void expect_owners(const Ring& ring, const Points& points) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> keys(20'000);
  for (std::uint64_t& key : keys) key = random();
  std::vector<const int*> batch(keys.size());
  ring.find_owner_batch(keys, std::span<const int*>(batch));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto point = std::lower_bound(points.begin(), points.end(), std::pair(ring.token(keys[i]), 0));
    if (point == points.end()) point = points.begin();
    ASSERT_EQ(ring.owner(keys[i]), point->second) << keys[i];
    ASSERT_EQ(*batch[i], point->second) << keys[i];
    ASSERT_EQ(*ring.preference_list(keys[i], 2)[0], point->second) << keys[i];
  }
}

TEST(LargeRing, HasThePointsOfItsNodesInTwelveBytesEach) {
  const Points points = points_of(large_ring());
  EXPECT_EQ(points.size(), kPoints);
  EXPECT_TRUE(std::is_sorted(points.begin(), points.end()));
  EXPECT_LT(large_ring().memory_bytes(), 13 * kPoints);
  for (const int node : {0, 1, 999, kNodes - 1}) {
    Points mine;
    std::copy_if(points.begin(), points.end(), std::back_inserter(mine), [&](auto& p) { return p.second == node; });
    Ring alone;
    alone.add_node(node);
    EXPECT_EQ(mine, points_of(alone)) << node;
  }
  for (std::size_t i = 0; i < kPoints; i += 997) EXPECT_EQ(large_ring().points()[i].token, points[i].first);
}

TEST(LargeRing, FindsWhatASearchOfItsPointsFinds) { expect_owners(large_ring(), points_of(large_ring())); }

TEST(LargeRing, ChangesAsSmallRingsDo) {
  Points points = points_of(large_ring());
  Ring ring = large_ring();
  for (const int node : {0, 777, kNodes - 1}) {
    ring.remove_node(node);
    std::erase_if(points, [&](auto& point) { return point.second == node; });
  }
  EXPECT_EQ(points_of(ring), points);
  expect_owners(ring, points);
  for (const int node : {777, kNodes - 1, 0}) ring.add_node(node);
  EXPECT_EQ(points_of(ring), points_of(large_ring()));
  expect_owners(ring, points_of(ring));
  EXPECT_EQ(ring.fingerprint(), large_ring().fingerprint());
  // Below 2^21 points it is a small ring again, with the points that are left.
  std::vector<int> gone;
  for (int i = 0; i < kNodes; i += 2) gone.push_back(i);
  ring.remove_nodes(gone);
  points = points_of(large_ring());
  std::erase_if(points, [](auto& point) { return point.second % 2 == 0; });
  EXPECT_EQ(points_of(ring), points);
  expect_owners(ring, points);
}

}  // namespace
