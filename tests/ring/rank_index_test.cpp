// SPDX-License-Identifier: MIT
#include <perturb/ring/rank_index.hpp>
#include <perturb/ring/token_map.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using perturb::detail::ring::RankIndex;
using Map = perturb::detail::ring::TokenMap<std::uint64_t>;

void expect_finds(const RankIndex& index, const Map& map, std::uint64_t token) {
  const std::size_t wanted = map.tokens().lower_bound(token, 0, map.size());
  ASSERT_EQ(index.search(map, token), wanted);
  const std::size_t found = index.reader().find(token);
  if (found != RankIndex::kUnsure) {
    ASSERT_EQ(found, wanted);
    ASSERT_LT(found, map.size());
  }
}

void expect_exact(const RankIndex& index, const Map& map) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    for (const std::uint64_t token : {map.token(i) - 1, map.token(i), map.token(i) + 1}) {
      ASSERT_NO_FATAL_FAILURE(expect_finds(index, map, token));
    }
  }
  expect_finds(index, map, 0);
  expect_finds(index, map, ~std::uint64_t{0});
}

Map map_of(std::vector<std::uint64_t> tokens) {
  std::sort(tokens.begin(), tokens.end());
  return {tokens, std::vector<std::uint32_t>(tokens.size())};
}
Map random_map(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> tokens(count);
  for (std::uint64_t& token : tokens) token = random();
  return map_of(tokens);
}

TEST(RankIndex, FindsTheFirstAtOrAfter) {
  for (const std::size_t count : {1u, 2u, 9u, 10u, 11u, 1000u, 30000u}) {
    const Map map = random_map(count, count);
    expect_exact(RankIndex(map.tokens()), map);
  }
}

TEST(RankIndex, HasFiveToTenTokensABucketAndTwoBucketsAtLeast) {
  for (const std::size_t count : {1u, 9u, 10u, 19u}) EXPECT_EQ(RankIndex(random_map(count, 5).tokens()).buckets(), 2u);
  for (std::size_t count = 20; count < 700; ++count) {
    const std::size_t buckets = RankIndex(random_map(count, 5).tokens()).buckets();
    ASSERT_LE(5 * buckets, count);
    ASSERT_GT(10 * buckets, count);
  }
}

TEST(RankIndex, IsSureOfAlmostAllRandomTokens) {
  const Map map = random_map(40000, 1);
  const RankIndex index(map.tokens());
  std::mt19937_64 random(2);
  int unsure = 0;
  for (int i = 0; i < 100000; ++i) unsure += index.reader().find(random()) == RankIndex::kUnsure ? 1 : 0;
  EXPECT_LT(unsure, 1500);
}

TEST(RankIndex, SearchesCrowdedBucketsAndEqualFractions) {
  std::vector<std::uint64_t> tokens;
  for (std::uint64_t i = 0; i < 500; ++i) tokens.push_back((std::uint64_t{1} << 63) + i / 3);      // one fraction
  for (std::uint64_t i = 0; i < 500; ++i) tokens.push_back((std::uint64_t{7} << 60) + (i << 46));  // some buckets
  tokens.push_back(~std::uint64_t{0});
  const Map map = map_of(tokens);
  expect_exact(RankIndex(map.tokens()), map);
}

TEST(RankIndex, IsFilledAnewWithAsManyBuckets) {
  const Map first = random_map(2000, 3);
  RankIndex index(first.tokens());
  const std::size_t buckets = index.buckets();
  EXPECT_FALSE(index.has_room(3 * buckets));
  EXPECT_FALSE(index.has_room(12 * buckets));
  for (const std::size_t count : {4 * buckets, 11 * buckets}) {
    EXPECT_TRUE(index.has_room(count));
    const Map map = random_map(count, count);
    index.reserve(count);
    index.fill(map.tokens());
    EXPECT_EQ(index.buckets(), buckets);
    expect_exact(index, map);
  }
}

TEST(RankIndex, TakesLessThanThreeBytesAToken) {
  const Map map = random_map(81919, 4);  // ten a bucket, less one
  EXPECT_LT(RankIndex(map.tokens()).memory_bytes(), 3 * map.size());
}

}  // namespace
