// SPDX-License-Identifier: MIT
/// @file How many points a weight makes.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/ring/exact_float.hpp>
#include <perturb/ring/weight.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// No node needs more: its share is then within 0.03 % of its weight. A larger number is a mistake of the unit.
inline constexpr std::uint64_t kNodePointLimit = std::uint64_t{1} << 24;

/// round(weight * points_per_weight), at least 1: the same number in every program.
/// Pre: the weight is positive and finite. Throws: std::invalid_argument if it is more than kNodePointLimit.
[[nodiscard]] inline std::uint64_t rounded_point_count(const char* placement, double weight,
                                                       std::uint32_t points_per_weight) {
  using Double = ExactFloat<53>;
  const std::uint64_t points = (Double::of_double(weight) * Double::of(points_per_weight)).nearest();
  if (points > kNodePointLimit) {
    detail::raise<std::invalid_argument>(std::string(placement) + ": the weight " + ring::text_of(weight) +
                                         " makes more than 16777216 points for one node; weights are absolute, and 1 "
                                         "makes " +
                                         std::to_string(points_per_weight) +
                                         " points: divide all weights by the smallest");
  }
  return points == 0 ? 1 : points;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
