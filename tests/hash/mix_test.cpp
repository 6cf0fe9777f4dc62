// SPDX-License-Identifier: MIT
#include <perturb/hash/mix.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace perturb::detail::hashing {
namespace {

static_assert(fold_multiply(0, 12345) == 0);
static_assert(fold_multiply(3, 5) == 15);
static_assert(fold_multiply(UINT64_C(1) << 32, UINT64_C(1) << 32) == 1);
static_assert(fold_multiply(~UINT64_C(0), ~UINT64_C(0)) == ~UINT64_C(0));  // 2^128 - 2^65 + 1
static_assert(mix(1) != mix(2));

TEST(MixFold, PortableProductEqualsTheWideOne) {
  std::mt19937_64 random(1);
  const std::vector<std::uint64_t> corners = {
      0, 1, 2, 0xFFFFFFFF, 0x100000000, 0x100000001, UINT64_C(1) << 63, ~UINT64_C(0), ~UINT64_C(0) - 1};
  for (const std::uint64_t a : corners) {
    for (const std::uint64_t b : corners) EXPECT_EQ(fold_multiply_portable(a, b), fold_multiply(a, b)) << a << ' ' << b;
  }
  for (int i = 0; i < 10000; ++i) {
    const std::uint64_t a = random() >> (random() % 64);
    const std::uint64_t b = random() >> (random() % 64);
    ASSERT_EQ(fold_multiply_portable(a, b), fold_multiply(a, b)) << a << ' ' << b;
  }
}

TEST(MixFold, SeedIsKeptExactly) {
  std::mt19937_64 random(2);
  for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(1), UINT64_C(2), ~UINT64_C(0)}) {
    EXPECT_EQ(FoldSeed(seed).seed(), seed);
  }
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t seed = random();
    ASSERT_EQ(FoldSeed(seed).seed(), seed);
  }
}

TEST(MixFold, GoldenValuesStay) {
  EXPECT_EQ(mix(0), UINT64_C(0x03DF1E7F7166C9D2));
  EXPECT_EQ(mix(1), UINT64_C(0xD90D4A61D7EE3C0E));
  EXPECT_EQ(mix(~UINT64_C(0)), UINT64_C(0x20841D4AA316D2B6));
  EXPECT_EQ(fold_integer(0, FoldSeed(1)), UINT64_C(0x4217AEB3309F5DDF));
  EXPECT_EQ(fold_integer(UINT64_C(0x0123456789ABCDEF), FoldSeed(UINT64_C(0xFEDCBA9876543210))),
            UINT64_C(0xDD0161AD8223D276));
}

// The tests below look at the bits that are used: for the table's home slot (lowest), its tag (32 to 39) and the ring's
// token (highest). They are deterministic; the bounds are about twice what was measured.

struct Bits {
  const char* name;
  int shift;
  int count;
};
constexpr Bits kUsedBits[] = {
    {"16 low", 0, 16}, {"12 low of groups", 4, 12}, {"tag", 32, 8}, {"16 high", 48, 16}, {"10 high", 54, 10}};

using Key = std::function<std::uint64_t(std::uint64_t)>;

// The variance of the number of keys in a cell, relative to that of random hashes (1 is as even as chance).
double relative_variance(const Key& key, std::uint64_t keys, Bits bits, FoldSeed seed) {
  std::vector<std::uint32_t> cells(std::size_t{1} << bits.count);
  for (std::uint64_t i = 0; i < keys; ++i) {
    ++cells[static_cast<std::size_t>(fold_integer(key(i), seed) >> bits.shift) & (cells.size() - 1)];
  }
  const double mean = static_cast<double>(keys) / static_cast<double>(cells.size());
  double sum = 0;
  for (const std::uint32_t cell : cells) sum += (cell - mean) * (cell - mean);
  return sum / mean / static_cast<double>(cells.size() - 1);
}

void expect_even(const std::string& what, const Key& key, double bound, std::uint64_t seed = 0) {
  for (const Bits bits : kUsedBits) {
    EXPECT_LT(relative_variance(key, 1 << 16, bits, FoldSeed(seed)), bound) << what << ", " << bits.name;
  }
}

TEST(MixDistribution, DenseKeysSpreadEvenly) {
  expect_even("dense", [](std::uint64_t i) { return i; }, 1.3);
  expect_even("negative", [](std::uint64_t i) { return ~i; }, 1.3);
}

TEST(MixDistribution, MultiplesOfPowersOfTwoSpreadEvenly) {
  for (int shift = 1; shift <= 48; ++shift) {
    expect_even("i << " + std::to_string(shift), [shift](std::uint64_t i) { return i << shift; }, 1.3);
  }
}

TEST(MixDistribution, DecimalMultiplesSpreadEvenly) {
  for (const std::uint64_t step : {3u, 10u, 24u, 48u, 100u, 1000u, 3600u, 86400u, 1000000u, 1000000007u}) {
    expect_even("i * " + std::to_string(step), [step](std::uint64_t i) { return i * step; }, 1.5);
  }
}

TEST(MixDistribution, AddressesAndDoublesSpreadEvenly) {
  expect_even("addresses", [](std::uint64_t i) { return UINT64_C(0x7FFE12340000) + i * 64; }, 1.3);
  expect_even("doubles", [](std::uint64_t i) { return std::bit_cast<std::uint64_t>(static_cast<double>(i)); }, 1.5);
  expect_even("two halves", [](std::uint64_t i) { return (i & 255) | ((i >> 8) << 32); }, 1.5);
}

TEST(MixDistribution, OtherSeedsSpreadEvenlyToo) {
  for (const std::uint64_t seed : {UINT64_C(1), UINT64_C(2), UINT64_C(0xDEADBEEF), ~UINT64_C(0)}) {
    for (const int shift : {0, 6, 20, 32, 48}) {
      expect_even(
          "seed " + std::to_string(seed) + ", i << " + std::to_string(shift),
          [shift](std::uint64_t i) { return i << shift; }, 2.5, seed);
    }
  }
}

TEST(MixAvalanche, EveryInputBitFlipsEveryOutputBit) {
  constexpr int kSamples = 2000;
  std::vector<int> turned(64 * 64);
  std::mt19937_64 random(3);
  for (int sample = 0; sample < kSamples; ++sample) {
    const std::uint64_t x = random();
    for (std::size_t in = 0; in < 64; ++in) {
      const std::uint64_t difference = mix(x) ^ mix(x ^ (UINT64_C(1) << in));
      for (std::size_t out = 0; out < 64; ++out) turned[in * 64 + out] += static_cast<int>((difference >> out) & 1);
    }
  }
  double bias = 0;
  for (const int count : turned) {
    const double rate = static_cast<double>(count) / kSamples;
    EXPECT_GT(rate, 0.1);
    EXPECT_LT(rate, 0.9);
    bias += std::fabs(rate - 0.5) / static_cast<double>(turned.size());
  }
  EXPECT_LT(bias, 0.04);
}

TEST(MixAvalanche, SeedsGiveUnrelatedValues) {
  // Not only other values for the same keys, but other sets of values for the same set of keys.
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    for (std::uint64_t key = 0; key < 1024; ++key) seen.insert(fold_integer(key, FoldSeed(seed)));
  }
  EXPECT_EQ(seen.size(), 16u * 1024u);
}

}  // namespace
}  // namespace perturb::detail::hashing
