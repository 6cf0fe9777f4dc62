// SPDX-License-Identifier: MIT
#include <perturb/ring/token_spreader.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <vector>

namespace {

using perturb::detail::ring::multiply_divide;
using perturb::detail::ring::TokenSpreader;

static_assert(multiply_divide(std::numeric_limits<std::uint64_t>::max(), 1, 3) == 0x5555555555555555);
static_assert(multiply_divide(10, 7, 7) == 10);
static_assert(multiply_divide(1'000'000, 333, 1000) == 333'000);

std::vector<std::uint64_t> tokens_of(TokenSpreader& spreader, std::uint32_t node, std::size_t count) {
  std::vector<std::uint64_t> tokens;
  spreader.add(node, count, [&](std::uint64_t token) { tokens.push_back(token); });
  return tokens;
}

TEST(TokenSpreader, GivesEveryNodeItsNumberOfDifferentTokens) {
  const std::vector<double> weights = {1.0, 0.01, 100.0, 1e-9, 3.0};
  TokenSpreader spreader({}, {}, weights);
  std::set<std::uint64_t> seen;
  for (std::uint32_t node = 0; node < weights.size(); ++node) {
    const std::size_t count = node == 2 ? 25'600 : 16 * (node + 1);
    const auto tokens = tokens_of(spreader, node, count);
    EXPECT_EQ(tokens.size(), count);
    seen.insert(tokens.begin(), tokens.end());
  }
  EXPECT_EQ(seen.size(), 25'600u + 16 + 32 + 64 + 80);
}

TEST(TokenSpreader, StartsFromPointsThatAreThereAsIfItHadPlacedThem) {
  const std::vector<double> weights(5, 1.0);
  TokenSpreader all({}, {}, weights);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> points;
  for (std::uint32_t node = 0; node < 4; ++node)
    for (const std::uint64_t token : tokens_of(all, node, 32)) points.emplace_back(token, node);
  std::sort(points.begin(), points.end());
  std::vector<std::uint64_t> tokens;
  std::vector<std::uint32_t> owners;
  for (const auto& [token, owner] : points) {
    tokens.push_back(token);
    owners.push_back(owner);
  }
  TokenSpreader later(tokens, owners, weights);
  EXPECT_EQ(tokens_of(later, 4, 32).size(), 32u);
}

TEST(TokenSpreader, WorksWithOnePointANode) {
  const std::vector<double> weights(9, 1.0);
  TokenSpreader spreader({}, {}, weights);
  std::set<std::uint64_t> seen;
  for (std::uint32_t node = 0; node < 9; ++node) seen.insert(tokens_of(spreader, node, 1).at(0));
  EXPECT_EQ(seen.size(), 9u);
}

TEST(TokenSpreader, LeavesOneTokenOfAnArcThatIsNarrowerThanIsWanted) {
  // All arcs are a quarter of the ring, and node 0 lacks three eighths.
  constexpr std::uint64_t kEighth = std::uint64_t{1} << 61;
  const std::vector<std::uint64_t> tokens = {kEighth, 3 * kEighth, 5 * kEighth, 7 * kEighth};
  const std::vector<std::uint32_t> owners = {0, 1, 0, 1};
  const std::vector<double> weights = {7.0, 1.0};
  TokenSpreader spreader(tokens, owners, weights);
  EXPECT_EQ(tokens_of(spreader, 0, 1), std::vector<std::uint64_t>{3 * kEighth - 1});
}

TEST(TokenSpreader, BeginsAgainWithTheFirstArcOfALoneNodeWhenTheLastIsTooNarrow) {
  const std::vector<std::uint64_t> tokens = {0, 1};
  const std::vector<std::uint32_t> owners = {0, 0};
  const std::vector<double> weights = {1.0};
  TokenSpreader spreader(tokens, owners, weights);
  // Every new arc but the first is half of the one before it, until one is of a single token.
  const std::vector<std::uint64_t> added = tokens_of(spreader, 0, 64);
  EXPECT_EQ(added[0], std::uint64_t{1} << 63);
  EXPECT_EQ(added[62], 2u);
  EXPECT_EQ(added[63], std::uint64_t{3} << 62);
}

TEST(TokenSpreader, AboveTheLimitOfItsTableStillEvensTheShares) {
  constexpr std::size_t kNodes = perturb::detail::ring::Inheritance::kLimit + 6;
  const std::vector<double> weights(kNodes, 1.0);
  TokenSpreader spreader({}, {}, weights);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> points;
  for (std::uint32_t node = 0; node < kNodes; ++node)
    for (const std::uint64_t token : tokens_of(spreader, node, 16)) points.emplace_back(token, node);
  std::sort(points.begin(), points.end());
  std::vector<double> shares(kNodes);
  std::uint64_t before = points.back().first;
  for (const auto& [token, owner] : points) {
    shares[owner] += static_cast<double>(token - before) / 0x1p64 * kNodes;
    before = token;
  }
  EXPECT_LT(*std::max_element(shares.begin(), shares.end()), 1.1);
}

}  // namespace
