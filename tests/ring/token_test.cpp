// SPDX-License-Identifier: MIT
#include <perturb/ring/token.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace {

using perturb::Token128;
namespace ring = perturb::detail::ring;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Token128Arithmetic, WrapsAroundTheRing) {
  EXPECT_EQ((Token128{kMax, kMax} + Token128{0, 2}), (Token128{0, 1}));
  EXPECT_EQ(ring::before(Token128{0, 0}), (Token128{kMax, kMax}));
  EXPECT_EQ(ring::after(Token128{kMax, kMax}), (Token128{0, 0}));
  EXPECT_EQ(ring::after(Token128{7, kMax}), (Token128{8, 0}));
}

TEST(TokenHalf, RoundsDownInEachWidth) {
  EXPECT_EQ(ring::half(std::uint32_t{7}), 3u);
  EXPECT_EQ(ring::half(std::uint64_t{kMax}), kMax / 2);
  EXPECT_EQ(ring::half(Token128{3, 1}), (Token128{1, std::uint64_t{1} << 63}));
  EXPECT_EQ(ring::half(Token128{6, 15}), (Token128{3, 7}));
  EXPECT_EQ(ring::half(Token128{kMax, kMax}), (Token128{kMax / 2, kMax}));
}

TEST(TokenHalf, HalfTheRingTwiceIsTheWholeRing) {
  EXPECT_EQ(static_cast<std::uint32_t>(ring::half_ring<std::uint32_t>() * 2), 0u);
  EXPECT_EQ(ring::half_ring<std::uint64_t>() * 2, 0u);
  EXPECT_EQ(ring::half_ring<Token128>() + ring::half_ring<Token128>(), Token128{});
}

TEST(TokenWidth, EachWidthCountsTheSamePartOfTheRing) {
  EXPECT_EQ(ring::fraction_of_ring(ring::widened(std::uint32_t{1} << 30)), 0.25);
  EXPECT_EQ(ring::fraction_of_ring(ring::widened(std::uint64_t{1} << 62)), 0.25);
  EXPECT_EQ(ring::fraction_of_ring(Token128{std::uint64_t{1} << 62, 0}), 0.25);
  EXPECT_EQ(ring::fraction_of_ring(Token128{0, std::uint64_t{1} << 62}), 0.25 / 18446744073709551616.0);
}

TEST(TokenOfHash, TakesTheUpperBitsOfTheHash) {
  const perturb::HashValue hash(0x123456789ABCDEF0);
  EXPECT_EQ(ring::token_of_hash<std::uint32_t>(hash), 0x12345678u);
  EXPECT_EQ(ring::token_of_hash<std::uint64_t>(hash), 0x123456789ABCDEF0u);
  EXPECT_EQ(ring::token_of_hash<Token128>(hash).high, 0x123456789ABCDEF0u);
}

}  // namespace
