// SPDX-License-Identifier: MIT
#include <perturb/ring/weight.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

TEST(NodeWeight, ThatIsNoPositiveFiniteNumberIsRefusedWithItsValue) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double weight : {0.0, -0.0, -1.5, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()}) {
    try {
      perturb::detail::ring::check_weight(weight);
      FAIL() << weight << " is not refused";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(" " + perturb::detail::ring::text_of(weight) + " "));
    }
  }
  EXPECT_NO_THROW(perturb::detail::ring::check_weight(std::numeric_limits<double>::denorm_min()));
}

TEST(NodeWeight, IsWrittenInItsShortestForm) {
  EXPECT_EQ(perturb::detail::ring::text_of(0.1), "0.1");
  EXPECT_EQ(perturb::detail::ring::text_of(-2), "-2");
  EXPECT_EQ(perturb::detail::ring::text_of(std::numeric_limits<double>::quiet_NaN()), "nan");
}

}  // namespace
