// SPDX-License-Identifier: MIT
#include <perturb/ring/number_shift.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace {

using perturb::detail::ring::indices_of;
using perturb::detail::ring::kNoNode;
using perturb::detail::ring::NodeNumber;
using perturb::detail::ring::NumberArray;
using perturb::detail::ring::shift_of;

TEST(NumberShift, IsWhatOneNodeThatComesGoesOrStaysDoes) {
  const auto same = shift_of(std::vector<NodeNumber>{0, 1, 2});
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->by, 0u);
  EXPECT_EQ(same->gone, kNoNode);
  const auto comes = shift_of(std::vector<NodeNumber>{0, 2, 3});
  ASSERT_TRUE(comes.has_value());
  EXPECT_EQ(comes->from, 1u);
  EXPECT_EQ(comes->by, 1u);
  const auto goes = shift_of(std::vector<NodeNumber>{0, kNoNode, 1, 2});
  ASSERT_TRUE(goes.has_value());
  EXPECT_EQ(goes->gone, 1u);
  EXPECT_EQ(goes->from, 2u);
  EXPECT_EQ(goes->by, NodeNumber{0} - 1);
}

TEST(NumberShift, IsNotWhatSeveralOrAReorderingDo) {
  EXPECT_FALSE(shift_of(std::vector<NodeNumber>{kNoNode, kNoNode, 0}).has_value());
  EXPECT_FALSE(shift_of(std::vector<NodeNumber>{1, 2, 5}).has_value());
  EXPECT_FALSE(shift_of(std::vector<NodeNumber>{1, 0}).has_value());
  // The second node is placed anew at the end, and the last takes its number.
  EXPECT_FALSE(shift_of(std::vector<NodeNumber>{0, kNoNode, 2, 1}).has_value());
}

TEST(IndicesOf, AreThoseOfTheValueInAnyBlock) {
  std::vector<NodeNumber> numbers(50, 1);
  for (const std::uint32_t i : {0u, 15u, 16u, 47u, 49u}) numbers[i] = 7;
  const NumberArray values(numbers);
  EXPECT_THAT(indices_of(values, 7), testing::ElementsAre(0, 15, 16, 47, 49));
  EXPECT_THAT(indices_of(values, 2), testing::IsEmpty());
  EXPECT_THAT(indices_of(values, kNoNode), testing::IsEmpty());
}

}  // namespace
