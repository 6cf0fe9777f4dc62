// SPDX-License-Identifier: MIT
#include <perturb/ring/arc_map.hpp>
#include <perturb/ring/points.hpp>

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
  const auto arcs = perturb::detail::ring::points_of<std::uint64_t>(points);
  const perturb::detail::ring::ArcMap<std::uint64_t> map(arcs);
  ASSERT_EQ(map.size(), 2000u);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t token = random();
    ASSERT_EQ(map.find(token), arcs.first_at_or_after(token));
  }
}

TEST(ArcMapMemory, HasNoTokensOfItsOwn) {
  std::vector<std::uint64_t> tokens(600);
  for (std::uint64_t i = 0; i < tokens.size(); ++i) tokens[i] = i << 54;
  const perturb::detail::ring::TokenMap<std::uint64_t> arcs(tokens, std::vector<std::uint32_t>(600));
  EXPECT_EQ(perturb::detail::ring::ArcMap<std::uint64_t>(arcs).memory_bytes(), 600 * 4 + 600 / 6 * 64);
}

TEST(ArcMapFind, WithoutArcsGivesNone) {
  EXPECT_EQ(perturb::detail::ring::ArcMap<std::uint64_t>().find(1), perturb::detail::ring::kNoArc);
}

}  // namespace
