// SPDX-License-Identifier: MIT
#include <perturb/ring/arc_map.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

TEST(ArcMapFind, GivesTheArcAndNotItsOwner) {
  std::mt19937_64 random(41);
  std::vector<perturb::detail::ring::PlacedPoint<std::uint64_t>> points;
  for (std::uint32_t i = 0; i < 2000; ++i) points.push_back({random(), i % 3});
  std::sort(points.begin(), points.end());
  const perturb::detail::ring::PointArray<std::uint64_t> arcs(points);
  const perturb::detail::ring::ArcMap<std::uint64_t> map(arcs);
  ASSERT_EQ(map.size(), 2000u);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t token = random();
    ASSERT_EQ(map.find(token), arcs.position(token));
  }
}

TEST(ArcMapFind, WithoutArcsGivesNone) {
  EXPECT_EQ(perturb::detail::ring::ArcMap<std::uint64_t>().find(1), perturb::detail::ring::kNoArc);
}

}  // namespace
