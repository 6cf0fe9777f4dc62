// SPDX-License-Identifier: MIT
#include <perturb/ring/token_map.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace {

using Map = perturb::detail::ring::TokenMap<std::uint64_t>;

TEST(TokenMapSearch, FindsTheFirstAtOrAfterAndWraps) {
  const Map map({10, 20, 20, 30}, {0, 1, 2, 0});
  EXPECT_EQ(map.first_at_or_after(0), 0u);
  EXPECT_EQ(map.first_at_or_after(10), 0u);
  EXPECT_EQ(map.first_at_or_after(11), 1u);
  EXPECT_EQ(map.first_at_or_after(20), 1u);
  EXPECT_EQ(map.first_at_or_after(21), 3u);
  EXPECT_EQ(map.first_at_or_after(30), 3u);
  EXPECT_EQ(map.first_at_or_after(31), 0u);
}

TEST(TokenMapWithValues, SharesTheTokens) {
  const Map map({10, 20}, {7, 8});
  const Map other = map.with_values({0, 1});
  EXPECT_EQ(other.tokens().data(), map.tokens().data());
  EXPECT_EQ(other.value(1), 1u);
  EXPECT_EQ(map.value(1), 8u);
}

TEST(TokenMapWithValues, KeepsTheTokensOfAMapThatIsGone) {
  Map map({10, 20}, {7, 8});
  const Map other = map.with_values({0, 1});
  map = Map();
  EXPECT_EQ(other.token(1), 20u);
}

TEST(TokenMapEquality, ComparesTokensAndValuesAndNotWhoSharesThem) {
  EXPECT_EQ(Map({1, 2}, {3, 4}), Map({1, 2}, {3, 4}));
  EXPECT_NE(Map({1, 2}, {3, 4}), Map({1, 3}, {3, 4}));
  EXPECT_NE(Map({1, 2}, {3, 4}), Map({1, 2}, {3, 5}));
  EXPECT_EQ(Map(), Map({}, {}));
}

TEST(TokenMapMove, LeavesAnEmptyMap) {
  Map map({10}, {7});
  const Map moved = std::move(map);
  EXPECT_EQ(moved.size(), 1u);
  EXPECT_TRUE(map.empty());           // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(map.tokens().empty());  // NOLINT(bugprone-use-after-move)
}

}  // namespace
