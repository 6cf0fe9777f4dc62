// SPDX-License-Identifier: MIT
#include <perturb/hashers.hpp>
#include <perturb/ring/token_array.hpp>
#include <perturb/ring_types.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

using perturb::detail::ring::kLeastPacked;
using perturb::detail::ring::NumberArray;
using Tokens = perturb::detail::ring::TokenArray<std::uint64_t>;

std::vector<std::uint64_t> random_tokens(std::size_t count) {
  std::vector<std::uint64_t> tokens(count);
  for (std::size_t i = 0; i < count; ++i) tokens[i] = perturb::detail::hashing::mix(i + 1);
  std::sort(tokens.begin(), tokens.end());
  return tokens;
}

void expect_equal(const Tokens& packed, const std::vector<std::uint64_t>& tokens) {
  const auto span = packed.span();
  ASSERT_EQ(span.size(), tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) ASSERT_EQ(span[i], tokens[i]);
  EXPECT_EQ(span.back(), tokens.back());
  EXPECT_EQ(span, Tokens(tokens, false).span());
}

TEST(TokenArray, PacksManyTokensIntoSevenBytes) {
  std::vector<std::uint64_t> tokens = random_tokens(kLeastPacked + 3);
  Tokens packed(tokens, true);
  EXPECT_EQ(packed.unpacked(), nullptr);
  EXPECT_LE(packed.memory_bytes(), tokens.size() * 7 + 8);
  expect_equal(packed, tokens);
  for (const std::size_t i : {std::size_t{0}, std::size_t{77}, tokens.size() - 1}) {
    EXPECT_EQ(packed.span().lower_bound(tokens[i], 0, tokens.size()), i);
    EXPECT_EQ(packed.span().lower_bound(tokens[i] + 1, 0, tokens.size()), i + 1);
  }
}

TEST(TokenArray, KeepsFewOrDistantTokensAsTheyAre) {
  EXPECT_NE(Tokens(random_tokens(1000), true).unpacked(), nullptr);
  std::vector<std::uint64_t> tokens(kLeastPacked);
  std::iota(tokens.begin(), tokens.end(), std::uint64_t{0});
  EXPECT_EQ(Tokens(tokens, true).unpacked(), nullptr);
  tokens.back() = tokens[tokens.size() - 8] + (std::uint64_t{1} << 48) - 1;
  expect_equal(Tokens(tokens, true), tokens);
  EXPECT_EQ(Tokens(tokens, true).unpacked(), nullptr);
  ++tokens.back();
  expect_equal(Tokens(tokens, true), tokens);
  EXPECT_NE(Tokens(tokens, true).unpacked(), nullptr);
}

TEST(TokenArray, ViewsOfFewerTokensDiffer) {
  const Tokens two({1, 2}, false);
  const Tokens three({1, 2, 3}, false);
  EXPECT_FALSE(two.span() == three.span());
}

TEST(NumberArray, HasSixteenBitsWhereAllNumbersFit) {
  const NumberArray narrow({0, 65534});
  const NumberArray wide({0, 65535});
  EXPECT_EQ(narrow.memory_bytes(), 2u * 2);
  EXPECT_EQ(wide.memory_bytes(), 2u * 4);
  EXPECT_EQ(narrow[1], 65534u);
  EXPECT_EQ(wide[1], 65535u);
  EXPECT_EQ(wide.span()[1], 65535u);
  wide.span().prefetch(1);
  EXPECT_TRUE(narrow.has_room(65535));
  EXPECT_FALSE(narrow.has_room(65536));
  EXPECT_TRUE(wide.has_room(70000));
}

TEST(NumberArray, ComparesNumbersAndNotTheirWidths) {
  NumberArray wide({0, 65535});
  wide.visit([](auto& numbers) { numbers[1] = 7; });
  EXPECT_FALSE(wide.is_narrow());
  EXPECT_EQ(wide, NumberArray({0, 7}));
  EXPECT_FALSE(wide == NumberArray({0, 8}));
}

}  // namespace
