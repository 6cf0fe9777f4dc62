// SPDX-License-Identifier: MIT
/// @file TableStats: how well a table's hasher does, as `stats()` of a table measures it.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <cstddef>
#include <string>

namespace perturb::inline PERTURB_ABI {

/// What `stats()` gives. All figures are about finding each element of the table once.
struct TableStats {
  /// `probe_lengths[i]`: elements found in the (i + 1)-th group that a search looks at; the last: there or later.
  static constexpr std::size_t kLengths = 16;
  /// The values that a tag can have.
  static constexpr std::size_t kPossibleTags = 253;

  std::size_t size = 0;
  std::size_t capacity = 0;
  std::size_t tombstones = 0;
  std::array<std::size_t, kLengths> probe_lengths{};
  /// Groups looked at for the element that takes most, and for all elements together.
  std::size_t longest_probe = 0;
  std::size_t groups_visited = 0;
  /// Keys compared in vain, because a tag was equal and the key was not.
  std::size_t tag_false_positives = 0;
  /// How many of the possible tags occur.
  std::size_t distinct_tags = 0;

  [[nodiscard]] double mean_probe_length() const noexcept {
    return size == 0 ? 0.0 : static_cast<double>(groups_visited) / static_cast<double>(size);
  }

  /// The distinct tags that as many random hashes have, on average.
  [[nodiscard]] double expected_distinct_tags() const noexcept {
    constexpr double kTags = static_cast<double>(kPossibleTags);
    double absent = kTags;
    for (std::size_t i = 0; i < size && absent > 0.5; ++i) absent *= 1.0 - 1.0 / kTags;
    return size == 0 ? 0.0 : kTags - absent;
  }

  /// A message: what is wrong with the hasher, or the table, and what to do about it.
  [[nodiscard]] std::string verdict() const {
    if (size == 0) return "the table is empty: there is nothing to judge";
    if (size >= kEnough && static_cast<double>(distinct_tags) < 0.5 * expected_distinct_tags()) {
      return "the hasher gives " + std::to_string(distinct_tags) +
             " distinct tags in 256: mark it not avalanching or use XxHash";
    }
    // Random hashes at the fullest that a table gets need about 1.2 groups.
    if (size >= kEnough && mean_probe_length() > 1.5) {
      return "a search looks at " + two_digits(mean_probe_length()) +
             " groups on average where random hashes need less than 1.2: the hasher's values share their low bits; "
             "mark it not avalanching or use XxHash";
    }
    if (tombstones > size) {
      return std::to_string(tombstones) + " tombstones lie between " + std::to_string(size) +
             " elements: rehash(bucket_count()) removes them";
    }
    return "the hasher spreads the keys well: " + two_digits(mean_probe_length()) + " groups a search";
  }

 private:
  // Fewer elements say nothing about a hasher.
  static constexpr std::size_t kEnough = 32;

  static std::string two_digits(double value) {
    const auto hundredths = static_cast<unsigned long long>(value * 100.0 + 0.5);
    const std::string digits = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + (digits.size() < 2 ? ".0" : ".") + digits;
  }
};

}  // namespace perturb::inline PERTURB_ABI
