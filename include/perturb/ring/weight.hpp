// SPDX-License-Identifier: MIT
/// @file Checking the weight of a node, and printing it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The shortest text that reads back as `number`.
[[nodiscard]] inline std::string text_of(double number) {
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

/// Throws: std::invalid_argument if `weight` is not positive and finite.
inline void check_weight(double weight) {
  if (!(std::isfinite(weight) && weight > 0)) {
    detail::raise<std::invalid_argument>("perturb::HashRing: the weight " + text_of(weight) +
                                         " is not a positive finite number");
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
