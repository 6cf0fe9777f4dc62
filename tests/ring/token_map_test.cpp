// SPDX-License-Identifier: MIT
#include <perturb/ring/token_map.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <utility>
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

TEST(TokenMapSearch, FindsTokensThatAreNotEvenlySpaced) {
  // All in the first or in the last part of the ring, where a search that guesses must go on.
  for (const std::uint64_t first : {std::uint64_t{5}, ~std::uint64_t{0} - 5000}) {
    std::vector<std::uint64_t> tokens(1000);
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = first + 5 * i;
    const Map map(tokens, std::vector<std::uint32_t>(1000));
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      ASSERT_EQ(map.first_at_or_after(tokens[i] - 1), i);
      ASSERT_EQ(map.first_at_or_after(tokens[i]), i);
      ASSERT_EQ(map.first_at_or_after(tokens[i] + 1), i == 999 ? 0 : i + 1);
    }
    EXPECT_EQ(map.first_at_or_after(std::uint64_t{1} << 63), 0u);
  }
}

TEST(TokenMapSearch, BeginsInAFewPlacesThatHaveThatOfARandomToken) {
  for (const std::size_t size : {1u, 7u, 64u, 1024u, 4096u}) {
    std::mt19937_64 random(size);
    std::vector<std::uint64_t> tokens(size);
    for (std::uint64_t& token : tokens) token = random();
    std::sort(tokens.begin(), tokens.end());
    const Map map(tokens, std::vector<std::uint32_t>(size));
    for (int i = 0; i < 1000; ++i) {
      const std::uint64_t token = i == 0 ? 0 : i == 1 ? ~std::uint64_t{0} : random();
      const auto [first, last] = map.likely_range(token);
      const auto place =
          static_cast<std::size_t>(std::lower_bound(tokens.begin(), tokens.end(), token) - tokens.begin());
      ASSERT_LE(first, place);
      ASSERT_LE(place, last);
      ASSERT_LE(last, size);
      ASSERT_LE((last - first) * (last - first), 16 * size);
    }
  }
}

const void* address_of(const Map& map) {
  return map.tokens().visit([](const auto& tokens) -> const void* {
    if constexpr (requires { tokens.data(); }) return tokens.data();
    return nullptr;
  });
}

TEST(TokenMapCopy, SharesTheTokensUntilOneChanges) {
  using Point = std::pair<std::uint64_t, std::uint32_t>;
  Map map({10, 20}, {7, 8});
  const Map copy = map;
  EXPECT_EQ(address_of(copy), address_of(map));
  map.reserve_own(3);
  EXPECT_NE(address_of(copy), address_of(map));
  map.insert(std::span<const Point>(std::vector<Point>{{15, 1}}));
  EXPECT_EQ(map, Map({10, 15, 20}, {7, 1, 8}));
  EXPECT_EQ(copy, Map({10, 20}, {7, 8}));
}

TEST(TokenMapCopy, KeepsTheTokensOfAMapThatIsGone) {
  Map map({10, 20}, {7, 8});
  const Map other = map;
  map = Map();
  EXPECT_EQ(other.token(1), 20u);
}

TEST(TokenMapCopy, HasRoomWhereverItsTokensCameFrom) {
  using Point = std::pair<std::uint64_t, std::uint32_t>;
  const auto expect_room = [](Map& map) {
    const std::size_t before = map.size();
    std::vector<Point> points;
    for (std::uint32_t i = 0; i < 20; ++i) points.emplace_back(100 + i, i);
    map.reserve_own(before + points.size());
    map.insert(std::span<const Point>(points));
    EXPECT_EQ(map.size(), before + 20);
    EXPECT_EQ(map.token(before + 19), 119U);
  };
  Map empty;
  expect_room(empty);
  // The tokens of a map that is gone have room; the copied values have none.
  Map map({10, 20}, {7, 8});
  map.reserve_own(50);
  Map copy = map;
  map = Map();
  const void* const tokens = address_of(copy);
  expect_room(copy);
  EXPECT_EQ(address_of(copy), tokens);
}

TEST(TokenMapRoom, IsOfTokensThatAreNotPacked) {
  std::vector<std::uint64_t> tokens(perturb::detail::ring::kLeastPacked);
  std::iota(tokens.begin(), tokens.end(), std::uint64_t{1});
  Map map(tokens, std::vector<std::uint32_t>(tokens.size()));
  EXPECT_EQ(address_of(map), nullptr);
  map.reserve_own(tokens.size());
  EXPECT_NE(address_of(map), nullptr);
  EXPECT_EQ(map.token(77), 78u);
}

TEST(TokenMapRoom, IsForAnEighthMore) {
  Map map({10, 20}, {7, 8});
  map.reserve_own(800);
  EXPECT_EQ(map.memory_bytes(), 10u * 900);
  map.reserve_own(900);
  EXPECT_EQ(map.memory_bytes(), 10u * 900);
  map.reserve_own(901);
  EXPECT_EQ(map.memory_bytes(), 10u * (901 + 112));
}

// Of many equal tokens too.
TEST(TokenMapChanges, KeepTheOrderByTokenAndValue) {
  using Point = std::pair<std::uint64_t, std::uint32_t>;
  std::mt19937_64 random(1);
  std::vector<Point> expected;
  Map map;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> gone;
    for (std::uint32_t i = 0; i < expected.size(); ++i) {
      if (random() % 8 == 0) gone.push_back(i);
    }
    std::vector<Point> fresh;
    for (std::uint64_t i = random() % 8; i-- > 0;) {
      fresh.emplace_back(random() % 20, static_cast<std::uint32_t>(random() % 20));
    }
    std::sort(fresh.begin(), fresh.end());
    const auto from = static_cast<std::uint32_t>(random() % 20);
    map.reserve_own(expected.size() + fresh.size());
    map.erase(gone);
    map.shift_values(from, 1);
    map.insert(std::span<const Point>(fresh));
    for (std::size_t k = gone.size(); k-- > 0;) expected.erase(expected.begin() + gone[k]);
    for (Point& point : expected) point.second += point.second >= from ? 1 : 0;
    expected.insert(expected.end(), fresh.begin(), fresh.end());
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(map.size(), expected.size());
    for (std::size_t i = 0; i < map.size(); ++i) ASSERT_EQ(Point(map.token(i), map.value(i)), expected[i]);
  }
}

TEST(TokenMapEquality, ComparesTokensAndValuesAndNotWhoSharesThem) {
  EXPECT_EQ(Map({1, 2}, {3, 4}), Map({1, 2}, {3, 4}));
  EXPECT_NE(Map({1, 2}, {3, 4}), Map({1, 3}, {3, 4}));
  EXPECT_NE(Map({1, 2}, {3, 4}), Map({1, 2}, {3, 5}));
  EXPECT_NE(Map({1, 2}, {3, 4}), Map({1}, {3}));
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
