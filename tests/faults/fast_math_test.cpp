// SPDX-License-Identifier: MIT
/// @file Numbers that decide something are judged by their bits. This file is also compiled with -ffast-math, where a
/// compiler may take every number for finite and zeros for unsigned.
#include <perturb/bounded_assigner.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

/// A number that the compiler does not know.
template <class T = double>
T number(std::uint64_t bits) {
  volatile double hidden = std::bit_cast<double>(bits);
  return static_cast<T>(hidden);
}

constexpr std::uint64_t kZero = 0;
constexpr std::uint64_t kMinusZero = std::uint64_t{1} << 63;
constexpr std::uint64_t kInfinity = std::uint64_t{0x7FF} << 52;
constexpr std::uint64_t kNan = std::uint64_t{0x7FF8} << 48;

template <class T>
class FloatingKeys : public testing::Test {};
using FloatingTypes = testing::Types<float, double, long double>;
TYPED_TEST_SUITE(FloatingKeys, FloatingTypes);

TYPED_TEST(FloatingKeys, OfZeroAreOneKeyWithEitherSign) {
  for (const auto& [first, second] : {std::pair(kZero, kMinusZero), std::pair(kMinusZero, kZero)}) {
    perturb::HashTable<TypeParam, int> table;
    table[number<TypeParam>(first)] = 1;
    EXPECT_TRUE(table.contains(number<TypeParam>(second)));
    table[number<TypeParam>(second)] = 2;
    EXPECT_EQ(table.size(), 1u);

    perturb::HashSet<TypeParam, perturb::XxHash<>, perturb::Equal<>> set;
    set.insert(number<TypeParam>(first));
    EXPECT_TRUE(set.contains(number<TypeParam>(second)));
  }
}

TYPED_TEST(FloatingKeys, OfNanAreNeverFound) {
  const auto nan = number<TypeParam>(kNan);
  perturb::HashSet<TypeParam> set = {nan, nan, number<TypeParam>(kInfinity)};
  EXPECT_EQ(set.size(), 3u);
  EXPECT_FALSE(set.contains(nan));
  EXPECT_EQ(set.erase(nan), 0u);
  EXPECT_FALSE(perturb::Equal<>()(nan, nan));
  EXPECT_FALSE(perturb::Equal<>()(nan, TypeParam{1}));
}

TYPED_TEST(FloatingKeys, OfInfinityAreFoundByTheirSign) {
  perturb::HashSet<TypeParam> set = {number<TypeParam>(kInfinity)};
  EXPECT_TRUE(set.contains(number<TypeParam>(kInfinity)));
  EXPECT_FALSE(set.contains(number<TypeParam>(kInfinity | kMinusZero)));
}

TEST(FloatingParts, OfZeroAreOneKeyWithEitherSign) {
  perturb::HashSet<std::pair<double, int>> pairs = {{number(kZero), 1}};
  EXPECT_TRUE(pairs.contains({number(kMinusZero), 1}));
  perturb::HashSet<std::vector<double>> vectors = {{number(kMinusZero), 1}};
  EXPECT_TRUE(vectors.contains({number(kZero), 1}));
}

TEST(FloatingHashes, AreTheSameWhateverTheSwitches) {
  const double third = number(0x3FD5555555555555);
  EXPECT_EQ(perturb::XxHash<double>()(third), perturb::XxHash<>()(static_cast<long double>(third)));
  EXPECT_EQ(perturb::XxHash<double>()(third), UINT64_C(4558591558683571554));
  EXPECT_EQ(perturb::XxHash<float>()(number<float>(0x3FD5555540000000)), UINT64_C(17713253554189074922));
  EXPECT_EQ(perturb::XxHash<double>()(number(kMinusZero)), UINT64_C(278975234632501714));
  EXPECT_EQ(perturb::XxHash<double>()(number(kInfinity)), UINT64_C(5985097614536551521));
  EXPECT_EQ(perturb::XxHash<double>()(number(1)), UINT64_C(15640238865022598158));
}

TEST(FloatingHashes, OfLongDoublesCountTheBitsThatADoubleHasNot) {
  if (sizeof(long double) == sizeof(double)) GTEST_SKIP() << "long double is double here";
  const long double third = static_cast<long double>(number(0x3FD5555555555555));
  const long double next = third + static_cast<long double>(number(0x3BF0000000000000));  // 2^-64
  EXPECT_NE(perturb::XxHash<long double>()(third), perturb::XxHash<long double>()(next));
  EXPECT_FALSE(perturb::Equal<long double>()(third, next));
}

TEST(FloatingWeights, MustBePositiveAndFinite) {
  perturb::HashRing<std::string> ring = {"a"};
  for (const std::uint64_t bits : {kZero, kMinusZero, kInfinity, kInfinity | kMinusZero, kNan, kNan | kMinusZero}) {
    EXPECT_THROW(ring.add_node("b", number(bits)), std::invalid_argument) << bits;
    EXPECT_THROW(ring.set_weight("a", number(bits)), std::invalid_argument) << bits;
  }
  EXPECT_EQ(ring.size(), 1u);
}

TEST(FloatingBounds, MustBeAtLeastOne) {
  const perturb::HashRing<std::string> ring = {"a"};
  for (const std::uint64_t bits : {kZero, kMinusZero, kInfinity | kMinusZero, kNan, kNan | kMinusZero}) {
    EXPECT_THROW(perturb::BoundedAssigner<std::string>(ring, number(bits)), std::invalid_argument) << bits;
  }
  EXPECT_NO_THROW(perturb::BoundedAssigner<std::string>(ring, 1.0));
  EXPECT_NO_THROW(perturb::BoundedAssigner<std::string>(ring, number(kInfinity)));
}

}  // namespace
