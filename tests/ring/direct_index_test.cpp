// SPDX-License-Identifier: MIT
#include <perturb/hashers.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/points.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace {

using perturb::Token128;
using perturb::detail::ring::kNoNode;
using perturb::detail::ring::NodeNumber;
using perturb::detail::ring::TokenMap;

template <class Token>
TokenMap<Token> sorted_points(std::vector<perturb::detail::ring::PlacedPoint<Token>> points) {
  std::sort(points.begin(), points.end());
  return perturb::detail::ring::points_of<Token>(points);
}

template <class Token>
NodeNumber by_binary_search(const TokenMap<Token>& points, Token token) {
  const std::size_t first = points.tokens().lower_bound(token, 0, points.size());
  return points.value(first == points.size() ? 0 : first);
}

// Compares look-ups with binary search for the tokens next to each point, and for `more`.
template <class Token>
void expect_exact(const TokenMap<Token>& points, const std::vector<Token>& more) {
  const perturb::detail::ring::DirectIndex<Token> index(points);
  const auto expect = [&](Token token) {
    ASSERT_EQ(index.find(points, token), by_binary_search(points, token));
    ASSERT_EQ(points.value(index.find_index(points, token)), by_binary_search(points, token));
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Token token = points.token(i);
    expect(perturb::detail::ring::before(token));
    expect(token);
    expect(perturb::detail::ring::after(token));
  }
  for (const Token token : more) expect(token);
  expect(Token{});
  expect(perturb::detail::ring::before(Token{}));
}

template <class Token>
Token random_token(std::mt19937_64& random) {
  if constexpr (std::same_as<Token, Token128>) {
    const std::uint64_t high = random();
    return {high, random()};
  } else {
    return static_cast<Token>(random());
  }
}

template <class Token>
class DirectIndexOf : public testing::Test {};
using Widths = testing::Types<std::uint32_t, std::uint64_t, Token128>;
TYPED_TEST_SUITE(DirectIndexOf, Widths);

TYPED_TEST(DirectIndexOf, RandomPointsAgreesWithBinarySearchAroundEachPoint) {
  std::mt19937_64 random(11);
  for (const std::size_t size : {1u, 2u, 3u, 11u, 12u, 13u, 100u, 5000u, 60000u}) {
    std::vector<perturb::detail::ring::PlacedPoint<TypeParam>> points;
    for (std::size_t i = 0; i < size; ++i) {
      points.push_back({random_token<TypeParam>(random), static_cast<NodeNumber>(i % 300)});
    }
    std::vector<TypeParam> more(20000);
    for (TypeParam& token : more) token = random_token<TypeParam>(random);
    expect_exact(sorted_points(points), more);
  }
}

TYPED_TEST(DirectIndexOf, EqualAndClusteredPointsAgreesWithBinarySearch) {
  std::mt19937_64 random(12);
  std::vector<perturb::detail::ring::PlacedPoint<TypeParam>> points;
  std::vector<TypeParam> more;
  for (NodeNumber cluster = 0; cluster < 40; ++cluster) {
    TypeParam token = random_token<TypeParam>(random);
    for (NodeNumber i = 0; i < 30; ++i) {
      points.push_back({token, cluster});
      if (i % 3 != 0) token = perturb::detail::ring::after(token);
      more.push_back(token);
    }
  }
  expect_exact(sorted_points(points), more);
}

TYPED_TEST(DirectIndexOf, NumbersBeyond16BitsAreKept) {
  std::mt19937_64 random(13);
  for (const NodeNumber largest : {65534u, 65535u, 65536u, 2000000000u}) {
    std::vector<perturb::detail::ring::PlacedPoint<TypeParam>> points;
    for (NodeNumber i = 0; i < 500; ++i) points.push_back({random_token<TypeParam>(random), largest - i});
    expect_exact(sorted_points(points), {});
  }
}

TEST(DirectIndexCrowded, AllPointsInOneBucketStillAgree) {
  std::vector<perturb::detail::ring::PlacedPoint<std::uint64_t>> points;
  for (NodeNumber i = 0; i < 3000; ++i) points.push_back({(std::uint64_t{1} << 40) + 7 * i, i});
  std::vector<std::uint64_t> more;
  for (std::uint64_t token = std::uint64_t{1} << 40; token < (std::uint64_t{1} << 40) + 22000; ++token) {
    more.push_back(token);
  }
  expect_exact(sorted_points(points), more);
}

TEST(DirectIndexCrowded, SevenFifteenAndSixteenPointsInABucketAgree) {
  // 96 points make 16 buckets; the first holds `count` of them, the last one the others.
  for (const NodeNumber count : {1u, 7u, 14u, 15u, 16u, 17u}) {
    std::vector<perturb::detail::ring::PlacedPoint<std::uint64_t>> points;
    for (NodeNumber i = 0; i < count; ++i) points.push_back({(std::uint64_t{i} << 54) + 3, i});
    for (NodeNumber i = count; i < 96; ++i) points.push_back({~std::uint64_t{0} - 1000 * i, i});
    expect_exact(sorted_points(points), {});
  }
}

using Point = perturb::detail::ring::PlacedPoint<std::uint64_t>;
using Index = perturb::detail::ring::DirectIndex<std::uint64_t>;

// 600 points of 30 nodes; of the 100 buckets some are empty, full or crowded.
std::vector<Point> uneven_points(std::mt19937_64& random) {
  const std::uint64_t width = ~std::uint64_t{0} / 100;
  std::vector<Point> points;
  for (std::uint64_t bucket = 0; bucket < 100; ++bucket) {
    constexpr std::size_t kCounts[] = {0, 6, 15, 0, 2, 16, 14, 0, 1, 6};
    for (std::size_t i = 0; i < kCounts[bucket % 10]; ++i) {
      points.push_back({bucket * width + 100 + random() % (width - 100), static_cast<NodeNumber>(points.size() % 30)});
    }
  }
  return points;
}

// A look-up is answered by its cell alone, unless more than fifteen points are in the bucket, or one with the token's
// fraction, or that is the largest. It is noticed by numbers that only the points have in which it searches.
void expect_few_searches(const Index& index, const std::vector<Point>& points, std::mt19937_64& random) {
  constexpr NodeNumber kSearched = 50000;
  const TokenMap<std::uint64_t> map = sorted_points(points);
  std::vector<Point> marked = points;
  for (Point& point : marked) point.node = kSearched;
  const TokenMap<std::uint64_t> marked_map = sorted_points(marked);
  std::vector<std::vector<std::uint16_t>> fractions(index.buckets());
  for (const Point& point : points) {
    const auto at = perturb::detail::ring::bucket_offset(point.token, index.buckets());
    fractions[at.bucket].push_back(at.fraction);
  }
  for (int i = 0; i < 3000; ++i) {
    const std::uint64_t token = i % 30 == 0 ? points[random() % points.size()].token + random() % 3 - 1 : random();
    ASSERT_EQ(index.find(map, token), by_binary_search(map, token));
    const auto at = perturb::detail::ring::bucket_offset(token, index.buckets());
    const std::vector<std::uint16_t>& known = fractions[at.bucket];
    const bool is_equal = std::find(known.begin(), known.end(), at.fraction) != known.end();
    ASSERT_EQ(index.find(marked_map, token) == kSearched, known.size() > 15 || is_equal || at.fraction == 32767);
  }
}

TEST(DirectIndexSearch, IsForCrowdedBucketsAndEqualFractionsAlone) {
  std::mt19937_64 random(16);
  const std::vector<Point> points = uneven_points(random);
  const Index index(sorted_points(points));
  ASSERT_EQ(index.buckets(), 100u);
  for (int i = 0; i < 10; ++i) expect_few_searches(index, points, random);
}

TEST(DirectIndexSearch, IsForNoMoreAfterChanges) {
  std::mt19937_64 random(17);
  std::vector<Point> points = uneven_points(random);
  Index index(sorted_points(points));
  for (int round = 0; round < 60; ++round) {
    std::vector<char> is_marked(index.buckets());
    const auto node = static_cast<NodeNumber>(random() % 29);
    if (round % 2 == 0) {
      for (const Point& point : points) {
        if (point.node == node) is_marked[index.bucket_of(point.token)] = 1;
      }
      std::erase_if(points, [&](const Point& point) { return point.node == node; });
      for (Point& point : points) point.node -= point.node > node ? 1 : 0;
      index.change(sorted_points(points), is_marked, node + 1, ~std::uint32_t{0});
    } else {
      for (Point& point : points) point.node += point.node >= node ? 1 : 0;
      for (int i = 0; i < 20; ++i) {  // many of them where many are already
        const std::uint64_t token = points[random() % points.size()].token + (random() >> 8);
        points.push_back({token, node});
        is_marked[index.bucket_of(token)] = 1;
      }
      index.change(sorted_points(points), is_marked, node, 1);
    }
    ASSERT_NO_FATAL_FAILURE(expect_few_searches(index, points, random));
  }
}

TEST(DirectIndexFraction, OrdersTokensOfABucket) {
  std::mt19937_64 random(14);
  for (const std::uint64_t buckets : {1u, 2u, 3u, 1000u, 357913941u}) {
    for (int i = 0; i < 2000; ++i) {
      std::uint64_t a = random();
      std::uint64_t b = i % 2 == 0 ? random() : a + random() % 1000;
      if (b < a) std::swap(a, b);
      const auto first = perturb::detail::ring::bucket_offset(a, buckets);
      const auto second = perturb::detail::ring::bucket_offset(b, buckets);
      EXPECT_LT(second.bucket, buckets);
      EXPECT_LE(first.bucket, second.bucket);
      EXPECT_TRUE(first.bucket < second.bucket || first.fraction <= second.fraction);
      // Tokens that are apart by 2^-15 of the bucket or more have different fractions.
      EXPECT_LT(second.fraction, 1U << 15);
      if (first.bucket == second.bucket && (b - a) * buckets >= std::uint64_t{1} << 49) {
        EXPECT_LT(first.fraction, second.fraction);
      }
    }
  }
}

TEST(DirectIndexEmpty, FindsNothing) {
  const TokenMap<std::uint64_t> none;
  EXPECT_EQ(perturb::detail::ring::DirectIndex<std::uint64_t>(none).find(none, 5), kNoNode);
  EXPECT_EQ(perturb::detail::ring::DirectIndex<std::uint64_t>().find(none, 5), kNoNode);
}

TEST(DirectIndexMove, LeavesAnEmptyOneBehind) {
  const auto points = sorted_points<std::uint64_t>({{1, 0}, {2, 1}, {3, 2}});
  perturb::detail::ring::DirectIndex<std::uint64_t> index(points);
  const perturb::detail::ring::DirectIndex<std::uint64_t> moved(std::move(index));
  EXPECT_EQ(moved.find(points, 2), 1u);
  EXPECT_EQ(index.find({}, 2), kNoNode);
  index = moved;
  EXPECT_EQ(index.find(points, 3), 2u);
}

TEST(DirectIndexRoom, IsForFiveToSevenPointsABucketUnlessThereAreFewBuckets) {
  const auto index_of = [](NodeNumber size) {
    std::vector<perturb::detail::ring::PlacedPoint<std::uint64_t>> points;
    for (NodeNumber i = 0; i < size; ++i) points.push_back({~std::uint64_t{0} / size * i, 0});
    return perturb::detail::ring::DirectIndex<std::uint64_t>(sorted_points(points));
  };
  const auto index = index_of(6000);
  ASSERT_EQ(index.buckets(), 1000u);
  EXPECT_TRUE(index.has_room(5000) && index.has_room(6000) && index.has_room(7000));
  EXPECT_FALSE(index.has_room(4999) || index.has_room(7001));
  EXPECT_FALSE(index_of(95).has_room(95));
  EXPECT_TRUE(index_of(96).has_room(96));
  EXPECT_FALSE(perturb::detail::ring::DirectIndex<std::uint64_t>().has_room(0));
}

TEST(DirectIndexRoom, IsMadeWhereAnIndexOfRanksNeedsMemory) {
  std::mt19937_64 random(18);
  std::vector<Point> points(6000);
  for (Point& point : points) point = {random(), 0};
  Index cells(sorted_points(points));
  const std::size_t before = cells.memory_bytes();
  cells.reserve(7000);
  EXPECT_EQ(cells.memory_bytes(), before);
  points[0].node = 70000;  // which no lane can hold
  Index ranks(sorted_points(points));
  ASSERT_TRUE(ranks.has_room(7000));
  ranks.reserve(7000);
  const std::size_t reserved = ranks.memory_bytes();
  for (NodeNumber i = 0; i < 1000; ++i) points.push_back({random(), i});
  const auto map = sorted_points(points);
  ranks.change(map, {}, 0, 0);
  EXPECT_EQ(ranks.memory_bytes(), reserved);
  for (const Point& point : points) ASSERT_EQ(ranks.find(map, point.token), by_binary_search(map, point.token));
}

TEST(DirectIndexMemory, StaysBelowTwentyBytesAPoint) {
  std::mt19937_64 random(15);
  std::vector<perturb::detail::ring::PlacedPoint<std::uint64_t>> points;
  for (NodeNumber i = 0; i < 100000; ++i) points.push_back({random(), i % 1000});
  EXPECT_LT(perturb::detail::ring::DirectIndex<std::uint64_t>(sorted_points(points)).memory_bytes(),
            20u * points.size());
}

}  // namespace
