// SPDX-License-Identifier: MIT
/// @file Checking the weight of a node, and printing it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The shortest text that reads back as `number`.
[[nodiscard]] inline std::string text_of(double number) {
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

// Numbers are judged by their bits, since with -ffast-math a compiler may take every number for finite: below the bits
// of infinity there are the positive numbers in order, and above them NaNs and negative ones.
inline constexpr std::uint64_t kInfinityBits = std::uint64_t{0x7FF} << 52;

/// Whether `weight` is positive and finite.
[[nodiscard]] inline bool is_weight(double weight) noexcept {
  const auto image = std::bit_cast<std::uint64_t>(weight);
  return image != 0 && image < kInfinityBits;
}

/// Whether two weights are equal.
[[nodiscard]] inline bool is_same_weight(double a, double b) noexcept {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

/// Whether `number` is at least `least` and not NaN. Pre: `least` is positive.
[[nodiscard]] inline bool is_at_least(double number, double least) noexcept {
  const auto image = std::bit_cast<std::uint64_t>(number);
  return image >= std::bit_cast<std::uint64_t>(least) && image <= kInfinityBits;
}

/// A sum of weights, which may be larger than a double holds, and the part of it that a weight is.
class WeightSum {
 public:
  constexpr void add(double weight) noexcept {
    total_ += weight;
    scaled_total_ += weight * kScale;
    is_huge_ = is_huge_ || weight > 0x1p500;
  }
  /// Pre: `weight` has been added, or all that have been are 0 and it is too.
  [[nodiscard]] constexpr double part_of(double weight) const noexcept {
    if (is_huge_) return weight * kScale / scaled_total_;
    return total_ > 0 ? weight / total_ : 0;
  }

 private:
  static constexpr double kScale = 0x1p-500;

  double total_ = 0;
  double scaled_total_ = 0;
  bool is_huge_ = false;
};

/// Throws: std::invalid_argument if `weight` is not positive and finite.
inline void check_weight(double weight) {
  if (!ring::is_weight(weight)) {
    detail::raise<std::invalid_argument>("perturb::HashRing: the weight " + text_of(weight) +
                                         " is not a positive finite number");
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
