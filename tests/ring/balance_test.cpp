// SPDX-License-Identifier: MIT
#include <perturb/ring/balance.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using perturb::Token128;
using perturb::detail::ring::exact_shares;
using perturb::detail::ring::ExactShare;
template <class Token>
using PointArray = perturb::detail::ring::PointArray<Token>;

constexpr std::uint64_t kQuarter = std::uint64_t{1} << 62;

TEST(ExactShares, CountTheArcBeforeEachEnd) {
  PointArray<std::uint64_t> ends;
  ends.append(kQuarter, 0);
  ends.append(kQuarter + kQuarter / 2, 1);
  ends.append(3 * kQuarter, 0);
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[0].fraction(), 0.875);
  EXPECT_EQ(shares[1].fraction(), 0.125);
}

TEST(ExactShares, OneNodeOwnsAllAndAHiddenOneNothing) {
  PointArray<std::uint32_t> ends;
  ends.append(77, 0);
  ends.append(77, 1);
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[0].fraction(), 1.0);
  EXPECT_EQ(shares[1].fraction(), 0.0);
}

TEST(ExactShares, KeepTheLastBitThatADoubleWouldLose) {
  PointArray<std::uint64_t> ends;
  ends.append(0, 0);
  ends.append(1, 1);
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[1].width, (Token128{1, 0}));
  EXPECT_EQ(shares[0].width, (Token128{~std::uint64_t{0}, 0}));
}

TEST(ExactShares, OfEachWidthAddUpToExactlyOneRing) {
  std::mt19937_64 random(31);
  std::vector<std::uint64_t> tokens(5000);
  for (std::uint64_t& token : tokens) token = random();
  std::sort(tokens.begin(), tokens.end());
  PointArray<std::uint32_t> narrow;
  PointArray<std::uint64_t> middle;
  PointArray<Token128> wide;
  for (const std::uint64_t token : tokens) {
    const auto node = static_cast<perturb::detail::ring::NodeNumber>(random() % 7);
    narrow.append(static_cast<std::uint32_t>(token >> 32), node);
    middle.append(token, node);
    wide.append({token, random()}, node);
  }
  const auto sum = [](const std::vector<ExactShare>& shares) {
    Token128 total;
    for (const ExactShare& share : shares) total = total + share.width;
    return total;
  };
  EXPECT_EQ(sum(exact_shares(narrow, 7)), Token128{});
  EXPECT_EQ(sum(exact_shares(middle, 7)), Token128{});
  EXPECT_EQ(sum(exact_shares(wide, 7)), Token128{});
}

TEST(BalanceOf, ComparesSharesWithWeights) {
  const std::vector<ExactShare> shares = {{{kQuarter, 0}, true}, {{3 * kQuarter, 0}, true}};
  const std::vector<double> fair = {1, 3};
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, fair).peak, 1.0);
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, fair).min, 1.0);
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, fair).deviation, 0.0);
  const std::vector<double> equal = {1, 1};
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, equal).peak, 1.5);
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, equal).min, 0.5);
  EXPECT_EQ(perturb::detail::ring::balance_of(shares, equal).deviation, 0.5);
}

TEST(BalanceOf, NothingIsZero) { EXPECT_EQ(perturb::detail::ring::balance_of({}, {}).peak, 0.0); }

}  // namespace
