// SPDX-License-Identifier: MIT
#include <perturb/ring/balance.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using perturb::Token128;
using perturb::detail::ring::exact_shares;
using perturb::detail::ring::ExactShare;
template <class Token>
using Map = perturb::detail::ring::TokenMap<Token>;

constexpr std::uint64_t kQuarter = std::uint64_t{1} << 62;

TEST(ExactShares, CountTheArcBeforeEachEnd) {
  const Map<std::uint64_t> ends({kQuarter, kQuarter + kQuarter / 2, 3 * kQuarter}, {0, 1, 0});
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[0].fraction(), 0.875);
  EXPECT_EQ(shares[1].fraction(), 0.125);
}

TEST(ExactShares, OfTwoEqualEndsTheFirstOwnsAllAndTheSecondNothing) {
  const Map<std::uint32_t> ends({77, 77}, {0, 1});
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[0].fraction(), 1.0);
  EXPECT_EQ(shares[1].fraction(), 0.0);
}

TEST(ExactShares, KeepTheLastBitThatADoubleWouldLose) {
  const Map<std::uint64_t> ends({0, 1}, {0, 1});
  const std::vector<ExactShare> shares = exact_shares(ends, 2);
  EXPECT_EQ(shares[1].width, (Token128{1, 0}));
  EXPECT_EQ(shares[0].width, (Token128{~std::uint64_t{0}, 0}));
}

TEST(ExactShares, OfEachWidthAddUpToExactlyOneRing) {
  std::mt19937_64 random(31);
  std::vector<std::uint64_t> tokens(5000);
  for (std::uint64_t& token : tokens) token = random();
  std::sort(tokens.begin(), tokens.end());
  std::vector<std::uint32_t> nodes;
  std::vector<std::uint32_t> narrow_tokens;
  std::vector<Token128> wide_tokens;
  for (const std::uint64_t token : tokens) {
    nodes.push_back(static_cast<std::uint32_t>(random() % 7));
    narrow_tokens.push_back(static_cast<std::uint32_t>(token >> 32));
    wide_tokens.push_back({token, random()});
  }
  const Map<std::uint32_t> narrow(narrow_tokens, nodes);
  const Map<std::uint64_t> middle(tokens, nodes);
  const Map<Token128> wide(wide_tokens, nodes);
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
  const std::vector<ExactShare> three = {{{kQuarter, 0}, true}, {{kQuarter, 0}, true}, {{2 * kQuarter, 0}, true}};
  const auto balance = perturb::detail::ring::balance_of(three, std::vector<double>{2, 2, 2});
  EXPECT_DOUBLE_EQ(balance.peak, 1.5);
  EXPECT_DOUBLE_EQ(balance.min, 0.75);
  EXPECT_DOUBLE_EQ(balance.deviation, std::sqrt((0.0625 + 0.0625 + 0.25) / 3));
  const std::vector<ExactShare> halves = {{{2 * kQuarter, 0}, true}, {{2 * kQuarter, 0}, true}};
  EXPECT_DOUBLE_EQ(perturb::detail::ring::balance_of(halves, fair).deviation, std::sqrt((1 + 1.0 / 9) / 2));
}

TEST(BalanceOf, ANodeThatOwnsNothingHasNoneOfItsPart) {
  const std::vector<ExactShare> shares = {{{}, true}, {}};
  const auto balance = perturb::detail::ring::balance_of(shares, std::vector<double>{1, 1});
  EXPECT_EQ(balance.peak, 2.0);
  EXPECT_EQ(balance.min, 0.0);
  EXPECT_EQ(balance.deviation, 1.0);
}

TEST(BalanceOf, NothingIsZero) { EXPECT_EQ(perturb::detail::ring::balance_of({}, {}).peak, 0.0); }

}  // namespace
