// SPDX-License-Identifier: MIT
#include <perturb/ring/points.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using perturb::detail::ring::kNoNode;
using perturb::detail::ring::NodeNumber;
using Points = perturb::detail::ring::PointArray<std::uint64_t>;
using Placed = perturb::detail::ring::PlacedPoint<std::uint64_t>;

Points points_of(const std::vector<Placed>& placed) { return Points(placed); }

TEST(PointArrayPosition, IsTheFirstAtOrAfterAndWraps) {
  const Points points = points_of({{10, 0}, {20, 1}, {20, 2}, {30, 0}});
  EXPECT_EQ(points.position(0), 0u);
  EXPECT_EQ(points.position(10), 0u);
  EXPECT_EQ(points.position(11), 1u);
  EXPECT_EQ(points.position(20), 1u);
  EXPECT_EQ(points.position(21), 3u);
  EXPECT_EQ(points.position(30), 3u);
  EXPECT_EQ(points.position(31), 0u);
}

TEST(PointArrayMerged, BringsNewPointsIntoOrder) {
  const Points old = points_of({{10, 0}, {20, 1}, {30, 0}});
  const std::vector<NodeNumber> numbers = {0, 2};
  const std::vector<Placed> fresh = {{5, 1}, {20, 1}, {25, 1}, {40, 1}};
  EXPECT_EQ(Points::merged(old, numbers, fresh),
            points_of({{5, 1}, {10, 0}, {20, 1}, {20, 2}, {25, 1}, {30, 0}, {40, 1}}));
}

TEST(PointArrayMerged, EqualTokensAreOrderedByNode) {
  const std::vector<NodeNumber> numbers = {1};
  EXPECT_EQ(Points::merged(points_of({{7, 0}}), numbers, std::vector<Placed>{{7, 0}, {7, 2}}),
            points_of({{7, 0}, {7, 1}, {7, 2}}));
}

TEST(PointArrayMerged, LeavesOutPointsOfANodeThatGoes) {
  const Points old = points_of({{10, 0}, {20, 1}, {30, 0}, {40, 2}});
  const std::vector<NodeNumber> numbers = {kNoNode, 0, 1};
  EXPECT_EQ(Points::merged(old, numbers, {}), points_of({{20, 0}, {40, 1}}));
}

TEST(PointArrayMemory, IsTwelveBytesAPoint) {
  const std::vector<NodeNumber> none;
  std::vector<Placed> fresh;
  for (std::uint64_t i = 0; i < 1000; ++i) fresh.push_back({i, 0});
  EXPECT_EQ(Points::merged(Points(), none, fresh).memory_bytes(), 12u * 1000);
}

TEST(PointCount, IsRefusedFromTwoToThe31WithItsNumber) {
  EXPECT_NO_THROW(perturb::detail::ring::check_point_count(2147483647));
  try {
    perturb::detail::ring::check_point_count(2147483648);
    FAIL() << "not refused";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("2147483648"));
  }
}

}  // namespace
