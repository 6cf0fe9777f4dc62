// SPDX-License-Identifier: MIT
/// @file Floating point numbers in integers: every operation rounds once, to the nearest and then to even, as IEEE 754
/// says, whatever the compiler's switches (-ffast-math, -mfpmath=387) make of float and double. Where numbers of points
/// follow from floating point, they must be the same in every program.
#pragma once

#include <perturb/config.hpp>

#include <bit>
#include <compare>
#include <cstdint>
#include <limits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A number that is not negative, with `bits` bits of precision: 24 as float, 53 as double. Exponents do not end, so
/// nothing overflows or becomes subnormal.
template <int bits>
class ExactFloat {
  static_assert(bits >= 2 && bits <= 53);

 public:
  constexpr ExactFloat() = default;
  /// The integer, rounded.
  [[nodiscard]] static constexpr ExactFloat of(std::uint64_t number) noexcept { return rounded(0, number, 0); }
  /// A double, rounded. Pre: positive and finite.
  [[nodiscard]] static constexpr ExactFloat of_double(double number) noexcept {
    const auto image = std::bit_cast<std::uint64_t>(number);
    const int exponent = static_cast<int>(image >> 52);
    const std::uint64_t fraction = image & ((std::uint64_t{1} << 52) - 1);
    return exponent == 0 ? rounded(0, fraction, -1074)
                         : rounded(0, fraction | (std::uint64_t{1} << 52), exponent - 1075);
  }
  /// A number of another precision, rounded.
  template <int other>
  [[nodiscard]] static constexpr ExactFloat of_float(const ExactFloat<other>& number) noexcept {
    return rounded(0, number.mantissa(), number.exponent());
  }

  /// The number is mantissa() * 2^exponent().
  [[nodiscard]] constexpr std::uint64_t mantissa() const noexcept { return mantissa_; }
  [[nodiscard]] constexpr int exponent() const noexcept { return exponent_; }

  /// The largest integer that is not larger; at most 2^64 - 1.
  [[nodiscard]] constexpr std::uint64_t floor() const noexcept { return shifted(0); }
  /// The smallest integer that is not smaller.
  [[nodiscard]] constexpr std::uint64_t ceil() const noexcept {
    const std::uint64_t below = floor();
    return of(below) < *this ? below + 1 : below;
  }
  /// The nearest integer; of two the larger.
  [[nodiscard]] constexpr std::uint64_t nearest() const noexcept {
    const std::uint64_t halves = shifted(1);
    return halves == (std::numeric_limits<std::uint64_t>::max)() ? halves : (halves + 1) / 2;
  }

  friend constexpr ExactFloat operator*(ExactFloat a, ExactFloat b) noexcept {
    const std::uint64_t a_high = a.mantissa_ >> 32, a_low = a.mantissa_ & 0xFFFFFFFF;
    const std::uint64_t b_high = b.mantissa_ >> 32, b_low = b.mantissa_ & 0xFFFFFFFF;
    const std::uint64_t middle = (a_low * b_low >> 32) + a_high * b_low;
    const std::uint64_t sum = (middle & 0xFFFFFFFF) + a_low * b_high;
    return rounded(a_high * b_high + (middle >> 32) + (sum >> 32), a.mantissa_ * b.mantissa_,
                   a.exponent_ + b.exponent_);
  }
  /// Pre: `b` is not 0.
  friend constexpr ExactFloat operator/(ExactFloat a, ExactFloat b) noexcept {
    std::uint64_t quotient = 0;
    std::uint64_t rest = a.mantissa_;
    for (int i = 0; i < bits + 2; ++i) {
      quotient = quotient << 1 | (rest >= b.mantissa_ ? 1 : 0);
      if (rest >= b.mantissa_) rest -= b.mantissa_;
      rest <<= 1;
    }
    return rounded(0, quotient << 1 | (rest != 0 ? 1 : 0), a.exponent_ - b.exponent_ - (bits + 2));
  }
  friend constexpr ExactFloat operator+(ExactFloat a, ExactFloat b) noexcept {
    if (a.mantissa_ == 0 || b.mantissa_ == 0) return a.mantissa_ == 0 ? b : a;
    if (a.exponent_ < b.exponent_) std::swap(a, b);
    const int distance = a.exponent_ - b.exponent_;
    if (distance >= 64) return a;  // to the last bit of a, b is less than 2^-11
    // b shifted right by the distance, from the upper half of 128 bits.
    const std::uint64_t upper = b.mantissa_ >> distance;
    const std::uint64_t lower = distance == 0 ? 0 : b.mantissa_ << (64 - distance);
    return rounded(a.mantissa_ + upper, lower, a.exponent_ - 64);
  }
  friend constexpr std::strong_ordering operator<=>(const ExactFloat& a, const ExactFloat& b) noexcept {
    if (a.mantissa_ == 0 || b.mantissa_ == 0) return a.mantissa_ <=> b.mantissa_;
    if (a.exponent_ != b.exponent_) return a.exponent_ <=> b.exponent_;
    return a.mantissa_ <=> b.mantissa_;
  }
  friend constexpr bool operator==(const ExactFloat&, const ExactFloat&) noexcept = default;

 private:
  // (high * 2^64 + low) * 2^exponent, rounded. A low bit that stands for smaller ones must lie below the last that
  // stays.
  static constexpr ExactFloat rounded(std::uint64_t high, std::uint64_t low, int exponent) noexcept {
    ExactFloat result;
    if (high == 0) {
      if (low == 0) return result;
      high = low;
      low = 0;
      exponent -= 64;
    }
    const int zeros = std::countl_zero(high);
    if (zeros > 0) {
      high = high << zeros | low >> (64 - zeros);
      low <<= zeros;
      exponent -= zeros;
    }
    constexpr int kDropped = 64 - bits;
    constexpr std::uint64_t kHalf = std::uint64_t{1} << (kDropped - 1);
    result.mantissa_ = high >> kDropped;
    result.exponent_ = exponent + 64 + kDropped;
    const std::uint64_t dropped = high & (2 * kHalf - 1);
    const bool is_odd = (result.mantissa_ & 1) != 0;
    if (dropped > kHalf || (dropped == kHalf && (low != 0 || is_odd))) ++result.mantissa_;
    if (result.mantissa_ >> bits != 0) {
      result.mantissa_ >>= 1;
      ++result.exponent_;
    }
    return result;
  }

  // floor(number * 2^more), at most 2^64 - 1.
  [[nodiscard]] constexpr std::uint64_t shifted(int more) const noexcept {
    const int shift = exponent_ + more;
    if (mantissa_ == 0 || shift <= -64) return 0;
    if (shift <= 0) return mantissa_ >> -shift;
    return shift > 64 - bits ? (std::numeric_limits<std::uint64_t>::max)() : mantissa_ << shift;
  }

  std::uint64_t mantissa_ = 0;  // 0, or `bits` bits of which the first is set
  int exponent_ = 0;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
