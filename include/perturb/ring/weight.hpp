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

/// Whether `weight` is positive and finite. By its bits, since with -ffast-math a compiler may take every number for
/// finite: below those of infinity there are the positive numbers in order, and above them NaNs and negative ones.
[[nodiscard]] inline bool is_weight(double weight) noexcept {
  constexpr std::uint64_t kInfinity = std::uint64_t{0x7FF} << 52;
  const auto image = std::bit_cast<std::uint64_t>(weight);
  return image != 0 && image < kInfinity;
}

/// Throws: std::invalid_argument if `weight` is not positive and finite.
inline void check_weight(double weight) {
  if (!ring::is_weight(weight)) {
    detail::raise<std::invalid_argument>("perturb::HashRing: the weight " + text_of(weight) +
                                         " is not a positive finite number");
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
