// SPDX-License-Identifier: MIT
/// @file How TableStats are measured: one pass over the table.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slots.hpp>
#include <perturb/table_stats.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::table {

static_assert(TableStats::kPossibleTags == 256 - kFirstTag);

template <class Element, class Core>
TableStats stats_of(const Core& core) {
  const auto array = core.array();
  TableStats stats;
  stats.size = core.size();
  stats.capacity = core.capacity();
  stats.tombstones = core.tombstones();
  std::array<bool, 256> seen{};
  array.for_each_full([&](auto place) {
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

}  // namespace perturb::inline PERTURB_ABI::detail::table
