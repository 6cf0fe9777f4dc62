// SPDX-License-Identifier: MIT
/// @file How well a table's hasher does, measured in one pass over the table.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slots.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace perturb::inline PERTURB_ABI {

/// What `stats()` gives. All figures are about finding each element of the table once.
struct TableStats {
  /// `probe_lengths[i]`: elements found in the (i + 1)-th group that a search looks at; the last: there or later.
  static constexpr std::size_t kLengths = 16;

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
    constexpr double kTags = 256.0 - kFirstTagValue;
    double absent = kTags;
    for (std::size_t i = 0; i < size && absent > 0.5; ++i) absent *= 1.0 - 1.0 / kTags;
    return size == 0 ? 0.0 : kTags - absent;
  }

  /// One sentence: what is wrong with the hasher, or the table, and what to do about it.
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
  static constexpr double kFirstTagValue = table::kFirstTag;
  // Fewer elements say nothing about a hasher.
  static constexpr std::size_t kEnough = 32;

  static std::string two_digits(double value) {
    const auto hundredths = static_cast<unsigned long long>(value * 100.0 + 0.5);
    const std::string digits = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + (digits.size() < 2 ? ".0" : ".") + digits;
  }
};

namespace table {

template <class Element, class Core>
TableStats stats_of(const Core& core) {
  using Slot = typename Core::Slot;
  const SlotArray<Slot> array = core.array();
  TableStats stats;
  stats.size = core.size();
  stats.capacity = core.capacity();
  stats.tombstones = core.tombstones();
  std::array<bool, 256> seen{};
  array.for_each_full([&](Position<Slot> place) {
    const std::uint64_t hash = core.hash(Element::key_of(place.slot->value)).value;
    const auto index = static_cast<std::size_t>(place.control - array.controls());
    const std::size_t group = index & array.home_mask();
    std::size_t length = 1;
    StridedProbeSequence<kGroupWidth> probe(hash, array.home_mask());
    for (; probe.position() != group; probe.advance(), ++length) {
      stats.tag_false_positives += array.group(probe.position()).match_tag(hash).count();
    }
    for (auto match = array.group(group).match_tag(hash); match.lowest() < index - group; match.drop_lowest()) {
      ++stats.tag_false_positives;
    }
    ++stats.probe_lengths[length < TableStats::kLengths ? length - 1 : TableStats::kLengths - 1];
    stats.groups_visited += length;
    if (length > stats.longest_probe) stats.longest_probe = length;
    seen[*place.control] = true;
  });
  for (const bool is_seen : seen) stats.distinct_tags += is_seen ? 1 : 0;
  return stats;
}

}  // namespace table
}  // namespace perturb::inline PERTURB_ABI
