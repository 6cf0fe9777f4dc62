// SPDX-License-Identifier: MIT
#include <perturb/ring/preference_walk.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::PreferenceList;
using Points = perturb::detail::ring::TokenMap<std::uint64_t>;
using Builder = perturb::detail::ring::TokenMapBuilder<std::uint64_t>;
using perturb::detail::ring::PreferenceWalk;

// Point i of node i % nodes, at token 10 * i.
Points points_of(std::size_t count, std::size_t nodes) {
  Builder points(count);
  for (std::size_t i = 0; i < count; ++i) points.append(10 * i, static_cast<std::uint32_t>(i % nodes));
  return std::move(points).finish();
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

TEST(NumberSet, KeepsNumbersApartThatFallOnTheSameSlot) {
  perturb::detail::ring::NumberSet set(9);  // 32 slots
  for (std::uint32_t i = 0; i < 9; ++i) EXPECT_TRUE(set.insert(31 + 32 * i)) << i;
  for (std::uint32_t i = 0; i < 9; ++i) EXPECT_FALSE(set.insert(31 + 32 * i)) << i;
  EXPECT_TRUE(set.insert(0)) << "the slot after the last is the first";
}

TEST(PreferenceWalk, TakesDistinctNodesInRingOrderAndWraps) {
  const std::vector<std::string> nodes = numbered(3);
  const Points points({0, 1, 2, 3, 4}, {2, 1, 1, 2, 0});
  EXPECT_THAT(names(PreferenceWalk::from<std::string>(points, 1, nodes, 3)), testing::ElementsAre("1", "2", "0"));
  EXPECT_THAT(names(PreferenceWalk::from<std::string>(points, 4, nodes, 2)), testing::ElementsAre("0", "2"));
}

TEST(PreferenceWalk, HasNoMoreNodesThanThereAre) {
  const std::vector<std::string> nodes = numbered(3);
  EXPECT_EQ(PreferenceWalk::from<std::string>(points_of(30, 3), 0, nodes, 100).size(), 3u);
  EXPECT_TRUE(PreferenceWalk::from<std::string>(points_of(30, 3), 0, nodes, 0).empty());
}

TEST(PreferenceWalk, EndsAfterOneRoundWhereANodeHasNoPoint) {
  const std::vector<std::string> nodes = numbered(12);
  EXPECT_EQ(PreferenceWalk::from<std::string>(points_of(20, 5), 3, nodes, 8).size(), 5u);
  EXPECT_EQ(PreferenceWalk::from<std::string>(points_of(20, 5), 3, nodes, 12).size(), 5u);
}

TEST(PreferenceListLong, AgreesWithAShortOneAsFarAsThatGoes) {
  const std::vector<std::string> nodes = numbered(40);
  const Points points = points_of(77, 40);
  const auto far = names(PreferenceWalk::from<std::string>(points, 30, nodes, 40));
  const auto near = names(PreferenceWalk::from<std::string>(points, 30, nodes, 8));
  ASSERT_EQ(far.size(), 40u);
  EXPECT_EQ(std::vector<std::string>(far.begin(), far.begin() + 8), near);
}

TEST(PreferenceListCopy, IsIndependentOfItsOrigin) {
  const std::vector<std::string> nodes = numbered(20);
  for (const std::size_t limit : {4u, 20u}) {
    auto list = PreferenceWalk::from<std::string>(points_of(60, 20), 0, nodes, limit);
    const auto expected = names(list);
    const auto copy = list;
    list = PreferenceWalk::from<std::string>(points_of(60, 20), 7, nodes, 2);
    EXPECT_EQ(names(copy), expected);
    EXPECT_EQ(copy.front(), copy[0]);
  }
}

}  // namespace
