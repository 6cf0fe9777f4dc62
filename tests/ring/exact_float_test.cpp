// SPDX-License-Identifier: MIT
// Against the arithmetic of the processor, of which this file uses only what is exact or rounded once.
#include <perturb/ring/exact_float.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

namespace {

using Double = perturb::detail::ring::ExactFloat<53>;
using Float = perturb::detail::ring::ExactFloat<24>;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

template <class Number>
double value(Number number) {
  return std::ldexp(static_cast<double>(number.mantissa()), number.exponent());
}

// A double of any magnitude from 2^-100 to 2^100, some with few bits.
double random_double(std::mt19937_64& random) {
  const std::uint64_t mantissa = (random() >> 11) | (std::uint64_t{1} << 52);
  const auto dropped = static_cast<int>(random() % 53);
  return std::ldexp(static_cast<double>(mantissa >> dropped << dropped), static_cast<int>(random() % 200) - 152);
}

TEST(ExactFloat, ComputesAsADoubleThatRoundsOnce) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const double a = random_double(random);
    const double b = i % 2 == 0 ? random_double(random) : a * static_cast<double>(random() % 7 + 1);
    const Double x = Double::of_double(a);
    const Double y = Double::of_double(b);
    ASSERT_EQ(value(x), a);
    ASSERT_EQ(value(x + y), a + b) << a << " " << b;
    ASSERT_EQ(value(x * y), a * b) << a << " " << b;
    ASSERT_EQ(value(x / y), a / b) << a << " " << b;
    ASSERT_EQ(value(Float::of_double(a)), static_cast<double>(static_cast<float>(a)));
    ASSERT_EQ(value(Float::of_float(x)), static_cast<double>(static_cast<float>(a)));
    ASSERT_EQ(x < y, a < b);
    ASSERT_EQ(x == y, a == b);
  }
}

TEST(ExactFloat, AddsNumbersOfAnyDistance) {
  std::mt19937_64 random(2);
  for (int distance = 0; distance < 90; ++distance) {
    for (int i = 0; i < 200; ++i) {
      const double a = 1 + std::ldexp(static_cast<double>(random() >> 12), -52);
      const double b = std::ldexp(1 + std::ldexp(static_cast<double>(random() >> 12), -52), -distance);
      ASSERT_EQ(value(Double::of_double(a) + Double::of_double(b)), a + b) << a << " " << b;
      ASSERT_EQ(value(Double::of_double(b) + Double::of_double(a)), a + b) << a << " " << b;
    }
  }
}

TEST(ExactFloat, RoundsIntegersToEven) {
  for (const std::uint64_t number : {kMost, kMost - 1, kMost / 2, std::uint64_t{1} << 63, std::uint64_t{1},
                                     (std::uint64_t{1} << 53) + 1, (std::uint64_t{1} << 53) + 3}) {
    EXPECT_EQ(value(Double::of(number)), static_cast<double>(number)) << number;
  }
  EXPECT_EQ(value(Float::of(16'777'217)), 16'777'216.0);
  EXPECT_EQ(value(Float::of(16'777'219)), 16'777'220.0);
}

TEST(ExactFloat, AddsWhatIsTooSmallToCountAndZero) {
  const Double one = Double::of(1);
  const Double tiny = Double::of_double(0x1p-200);
  EXPECT_EQ(one + tiny, one);
  EXPECT_EQ(tiny + one, one);
  EXPECT_EQ(one + Double::of_double(0x1p-70), one);
  EXPECT_EQ(one + Double(), one);
  EXPECT_EQ(Double() + one, one);
  EXPECT_EQ(Double() + Double(), Double());
  // Half of the last bit, and a little more: away from the even neighbour.
  EXPECT_EQ(value(one + Double::of_double(0x1p-53)), 1.0);
  EXPECT_EQ(value(one + Double::of_double(0x1.0000000000001p-53)), 0x1.0000000000001p0);
}

TEST(ExactFloat, TakesSubnormalDoubles) {
  EXPECT_EQ(value(Double::of_double(0x1.8p-1070)), 0x1.8p-1070);
  EXPECT_LT(Double::of_double(0x1p-1074), Double::of_double(0x1p-1073));
}

TEST(ExactFloat, RoundsToIntegersThreeWays) {
  const auto rounded = [](double number) {
    const Double exact = Double::of_double(number);
    return std::array<std::uint64_t, 3>{exact.floor(), exact.ceil(), exact.nearest()};
  };
  using Integers = std::array<std::uint64_t, 3>;
  EXPECT_EQ(rounded(2.25), (Integers{2, 3, 2}));
  EXPECT_EQ(rounded(2.5), (Integers{2, 3, 3}));
  EXPECT_EQ(rounded(3), (Integers{3, 3, 3}));
  EXPECT_EQ(rounded(0x1p-80), (Integers{0, 1, 0}));
  EXPECT_EQ(rounded(0x1p60), (Integers{std::uint64_t{1} << 60, std::uint64_t{1} << 60, std::uint64_t{1} << 60}));
  EXPECT_EQ(rounded(0x1p64), (Integers{kMost, kMost, kMost}));
  EXPECT_EQ(Double().ceil(), 0u);
}

}  // namespace
