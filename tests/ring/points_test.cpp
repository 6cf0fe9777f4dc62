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
using Points = perturb::detail::ring::TokenMap<std::uint64_t>;
using Placed = perturb::detail::ring::PlacedPoint<std::uint64_t>;

Points points_of(const std::vector<Placed>& placed) { return perturb::detail::ring::points_of<std::uint64_t>(placed); }
Points merged(const Points& old, const std::vector<NodeNumber>& new_number, const std::vector<Placed>& fresh) {
  return perturb::detail::ring::merged_points<perturb::TieRule::identity, std::uint64_t>({old, {}}, new_number, fresh)
      .points;
}

TEST(MergedPoints, BringsNewPointsIntoOrder) {
  const Points old = points_of({{10, 0}, {20, 1}, {30, 0}});
  const std::vector<NodeNumber> numbers = {0, 2};
  const std::vector<Placed> fresh = {{5, 1}, {20, 1}, {25, 1}, {40, 1}};
  EXPECT_EQ(merged(old, numbers, fresh), points_of({{5, 1}, {10, 0}, {20, 1}, {20, 2}, {25, 1}, {30, 0}, {40, 1}}));
}

TEST(MergedPoints, EqualTokensAreOrderedByNode) {
  const std::vector<NodeNumber> numbers = {1};
  EXPECT_EQ(merged(points_of({{7, 0}}), numbers, std::vector<Placed>{{7, 0}, {7, 2}}),
            points_of({{7, 0}, {7, 1}, {7, 2}}));
}

TEST(MergedPoints, LeavesOutPointsOfANodeThatGoes) {
  const Points old = points_of({{10, 0}, {20, 1}, {30, 0}, {40, 2}});
  const std::vector<NodeNumber> numbers = {kNoNode, 0, 1};
  EXPECT_EQ(merged(old, numbers, {}), points_of({{20, 0}, {40, 1}}));
}

TEST(MergedPoints, TakeTenBytesAPoint) {
  std::vector<Placed> fresh;
  for (std::uint64_t i = 0; i < 1000; ++i) fresh.push_back({i, 0});
  const Points points = merged(Points(), {}, fresh);
  EXPECT_EQ(points.memory_bytes(), 10u * 1000);
}

TEST(MergedPoints, TakeNoMoreAfterNodesHaveGoneOrChangedPlaces) {
  const Points old = points_of({{10, 0}, {20, 1}, {30, 0}, {40, 2}});
  for (const std::vector<NodeNumber>& numbers :
       std::vector<std::vector<NodeNumber>>{{0, 1, 2}, {kNoNode, 0, 1}, {2, 1, 0}, {1, kNoNode, 0}}) {
    const Points points = merged(old, numbers, std::vector<Placed>{{25, 3}});
    EXPECT_EQ(points.memory_bytes(), 10u * points.size());
  }
}

TEST(MergedPoints, OfNodesInAnotherOrderAreSortedByTheirNewNumbers) {
  const Points old = points_of({{10, 0}, {10, 1}, {10, 2}, {20, 2}, {30, 1}});
  EXPECT_EQ(merged(old, {2, 1, 0}, std::vector<Placed>{{10, 3}, {20, 3}}),
            points_of({{10, 0}, {10, 1}, {10, 2}, {10, 3}, {20, 0}, {20, 3}, {30, 1}}));
}

TEST(MergedPoints, LoseTheGivenPointsAlone) {
  const perturb::detail::ring::PointSet<std::uint64_t> old{points_of({{10, 0}, {20, 1}, {20, 2}, {30, 0}}), {}};
  const std::vector<NodeNumber> numbers = {0, 1, 2};
  const std::vector<Placed> gone = {{20, 1}, {30, 0}};
  EXPECT_EQ((perturb::detail::ring::merged_points<perturb::TieRule::identity, std::uint64_t>(
                 old, numbers, std::vector<Placed>{{5, 3}}, gone)
                 .points),
            points_of({{5, 3}, {10, 0}, {20, 2}}));
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
