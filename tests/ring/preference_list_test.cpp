// SPDX-License-Identifier: MIT
#include <perturb/ring/preference_list.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::PreferenceList;
using Points = perturb::detail::ring::PointArray<std::uint64_t>;

// Point i of node i % nodes, at token 10 * i.
Points points_of(std::size_t count, std::size_t nodes) {
  Points points;
  for (std::size_t i = 0; i < count; ++i)
    points.append(10 * i, static_cast<perturb::detail::ring::NodeNumber>(i % nodes));
  return points;
}
std::vector<std::string> names(const PreferenceList<std::string>& list) {
  std::vector<std::string> result;
  for (const std::string* node : list) result.push_back(*node);
  return result;
}
std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> nodes;
  for (std::size_t i = 0; i < count; ++i) nodes.push_back(std::to_string(i));
  return nodes;
}

TEST(PreferenceListWalk, TakesDistinctNodesInRingOrderAndWraps) {
  const std::vector<std::string> nodes = numbered(3);
  Points points;
  for (const perturb::detail::ring::NodeNumber node : {2u, 1u, 1u, 2u, 0u}) points.append(points.size(), node);
  EXPECT_THAT(names(PreferenceList<std::string>::walk(points, 1, nodes, 3)), testing::ElementsAre("1", "2", "0"));
  EXPECT_THAT(names(PreferenceList<std::string>::walk(points, 4, nodes, 2)), testing::ElementsAre("0", "2"));
}

TEST(PreferenceListWalk, HasNoMoreNodesThanThereAre) {
  const std::vector<std::string> nodes = numbered(3);
  EXPECT_EQ(PreferenceList<std::string>::walk(points_of(30, 3), 0, nodes, 100).size(), 3u);
  EXPECT_TRUE(PreferenceList<std::string>::walk(points_of(30, 3), 0, nodes, 0).empty());
}

TEST(PreferenceListWalk, EndsAfterOneRoundWhereANodeHasNoPoint) {
  const std::vector<std::string> nodes = numbered(12);
  EXPECT_EQ(PreferenceList<std::string>::walk(points_of(20, 5), 3, nodes, 8).size(), 5u);
  EXPECT_EQ(PreferenceList<std::string>::walk(points_of(20, 5), 3, nodes, 12).size(), 5u);
}

TEST(PreferenceListLong, AgreesWithAShortOneAsFarAsThatGoes) {
  const std::vector<std::string> nodes = numbered(40);
  const Points points = points_of(77, 40);
  const auto far = names(PreferenceList<std::string>::walk(points, 30, nodes, 40));
  const auto near = names(PreferenceList<std::string>::walk(points, 30, nodes, 8));
  ASSERT_EQ(far.size(), 40u);
  EXPECT_EQ(std::vector<std::string>(far.begin(), far.begin() + 8), near);
}

TEST(PreferenceListCopy, IsIndependentOfItsOrigin) {
  const std::vector<std::string> nodes = numbered(20);
  for (const std::size_t limit : {4u, 20u}) {
    auto list = PreferenceList<std::string>::walk(points_of(60, 20), 0, nodes, limit);
    const auto expected = names(list);
    const auto copy = list;
    list = PreferenceList<std::string>::walk(points_of(60, 20), 7, nodes, 2);
    EXPECT_EQ(names(copy), expected);
    EXPECT_EQ(copy.front(), copy[0]);
  }
}

}  // namespace
