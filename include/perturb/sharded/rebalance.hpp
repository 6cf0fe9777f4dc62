// SPDX-License-Identifier: MIT
/// @file The change of a sharded table from one ring to another, all or nothing.
///
/// The constructor prepares it. For each arc of the new ring it decides which of the old tables becomes the arc's own:
/// the one with the most entries that belong there, the *base*. It makes room in the base for the entries that come
/// from other tables, and records where each of these goes, its *route*. All of that may throw, and nothing that it has
/// changed can be seen.
///
/// commit() then moves the entries and the tables, and cannot throw: memory is allocated, hashes are known, and no key
/// is compared, since an entry that comes from another arc is not in the table that it goes to. Where moving a key or a
/// value may throw, the constructor moves or copies the entries, and gives them back if a later one throws.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/move_report.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arc_map.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/sharded/shard_set.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/scope_guard.hpp>

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Ring>
class Rebalance {
  using Set = ShardSet<Key, T, Ring>;
  using Table = typename Set::Table;
  using Node = typename Set::Node;
  using ArcNumber = ring::ArcNumber;
  static constexpr ArcNumber kNoArc = ring::kNoArc;
  static constexpr ArcNumber kCut = kNoArc - 1;  // a target: parts of the old arc lie in several new arcs
  static constexpr bool kMovesNothrow = table::moves_without_throwing<typename Table::Element>();

 public:
  /// Guarantee: strong. Complexity: O(entries that move) expected, O(nodes + arcs).
  Rebalance(Set& table, Ring next_ring)
      : table_(table),
        next_(std::move(next_ring)),
        base_(next_.arcs.size(), kNoArc),
        arriving_(next_.arcs.size()),
        target_(table.arcs.size(), kNoArc),
        stays_as_(table.arcs.size(), kNoArc) {
    next_.size = table.size;
    report_.changed = true;
    if (table.arcs.size() == 0 || next_.arcs.size() == 0) return;  // without arcs there are no entries
    number_nodes();
    find_targets();
    place_whole_tables();
    place_cut_tables();
    make_room();
    if constexpr (!kMovesNothrow) transfer_entries();
  }

  MoveReport commit() noexcept {
    for (const Route& route : routes_) {
      Table& from = table_.shards[route.from];
      if constexpr (kMovesNothrow) insert(route);
      from.erase(route.entry);
    }
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      if (base_[arc] != kNoArc) next_.shards[arc] = std::move(table_.shards[base_[arc]]);
    }
    swap(table_, next_);
    fit_tables();
    return report_;
  }

 private:
  using Iterator = typename Table::const_iterator;

  // An entry that goes to the table of another arc.
  struct Route {
    Iterator entry;
    HashValue hash;
    ArcNumber from;  // an arc of the old ring
    ArcNumber to;    // an arc of the new ring
  };

  // The old nodes' numbers in the new ring.
  void number_nodes() {
    new_number_.reserve(table_.ring.size());
    for (const Node& node : table_.ring.nodes()) {
      new_number_.push_back(ring::with_identity(node, [&](auto id) { return next_.number_of(id); }));
    }
  }

  bool changes_node(std::size_t old_arc, std::size_t new_arc) const {
    return new_number_[table_.node_of(old_arc)] != next_.node_of(new_arc);
  }

  // Which new arc each old arc lies in, or that it is cut.
  void find_targets() {
    for (const ring::Segment segment :
         ring::common_segments(ring::RingAccess::arcs(table_.ring), ring::RingAccess::arcs(next_.ring))) {
      ArcNumber& target = target_[segment.old_arc];
      target = target == kNoArc || target == segment.new_arc ? segment.new_arc : kCut;
      if (changes_node(segment.old_arc, segment.new_arc)) ++report_.arcs;
    }
  }

  // Counts entries of an old arc that belong to a new one.
  void count(std::size_t old_arc, ArcNumber new_arc, std::size_t entries) {
    next_.node_sizes[next_.node_of(new_arc)] += entries;
    if (changes_node(old_arc, new_arc)) report_.moved += entries;
    if (stays_as_[old_arc] != new_arc) arriving_[new_arc] += entries;
  }

  // Of the tables whose entries all belong to one new arc, the largest becomes that arc's.
  void place_whole_tables() {
    const auto is_whole = [&](std::size_t old_arc) {
      return target_[old_arc] != kCut && !table_.shards[old_arc].empty();
    };
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (!is_whole(old_arc)) continue;
      ArcNumber& base = base_[target_[old_arc]];
      if (base == kNoArc || table_.shards[base].size() < table_.shards[old_arc].size()) {
        base = static_cast<ArcNumber>(old_arc);
      }
    }
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      if (base_[arc] != kNoArc) stays_as_[base_[arc]] = static_cast<ArcNumber>(arc);
    }
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (!is_whole(old_arc)) continue;
      count(old_arc, target_[old_arc], table_.shards[old_arc].size());
      if (stays_as_[old_arc] == kNoArc) route(old_arc);
    }
  }

  // A table whose arc is cut becomes that of the part with the most entries, among the parts that have none yet.
  void place_cut_tables() {
    std::vector<std::size_t> entries(base_.size());
    std::vector<ArcNumber> parts;
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (target_[old_arc] != kCut) continue;
      const std::size_t first = routes_.size();
      route(old_arc);
      parts.clear();
      for (std::size_t i = first; i < routes_.size(); ++i) {
        if (entries[routes_[i].to]++ == 0) parts.push_back(routes_[i].to);
      }
      ArcNumber& best = stays_as_[old_arc];
      for (const ArcNumber part : parts) {
        if (base_[part] == kNoArc && (best == kNoArc || entries[part] > entries[best])) best = part;
      }
      if (best != kNoArc) base_[best] = static_cast<ArcNumber>(old_arc);
      for (const ArcNumber part : parts) count(old_arc, part, std::exchange(entries[part], 0));
      drop_staying(first);
    }
  }

  // Records where the entries of an old arc belong.
  void route(std::size_t old_arc) {
    const bool is_cut = target_[old_arc] == kCut;
    const Table& shard = table_.shards[old_arc];
    for (Iterator it = shard.begin(); it != shard.end(); ++it) {
      const auto at = table_.locate(it->first);
      const ArcNumber to = is_cut ? next_.arcs.find(at.token) : target_[old_arc];
      routes_.push_back({it, at.hash, static_cast<ArcNumber>(old_arc), to});
    }
  }

  // Of the routes from `first` on, keeps those of entries that leave their table.
  void drop_staying(std::size_t first) {
    routes_.erase(std::remove_if(routes_.begin() + static_cast<std::ptrdiff_t>(first), routes_.end(),
                                 [&](const Route& route) { return stays_as_[route.from] == route.to; }),
                  routes_.end());
  }

  // The table that the entries arriving in a new arc are put into.
  Table& receiver(ArcNumber new_arc) {
    return base_[new_arc] == kNoArc ? next_.shards[new_arc] : table_.shards[base_[new_arc]];
  }

  // Making room may move the entries of a table. Where some of these leave, their routes are made again.
  void make_room() {
    std::vector<ArcNumber> disturbed;
    for (std::size_t arc = 0; arc < arriving_.size(); ++arc) {
      if (arriving_[arc] == 0) continue;
      Table& shard = receiver(static_cast<ArcNumber>(arc));
      shard.reserve(shard.size() + arriving_[arc]);
      if (base_[arc] != kNoArc && target_[base_[arc]] == kCut) disturbed.push_back(base_[arc]);
    }
    if (disturbed.empty()) return;
    std::sort(disturbed.begin(), disturbed.end());
    std::erase_if(routes_, [&](const Route& route) {
      return std::binary_search(disturbed.begin(), disturbed.end(), route.from);
    });
    const std::size_t first = routes_.size();
    for (const ArcNumber old_arc : disturbed) route(old_arc);
    drop_staying(first);
  }

  Iterator insert(const Route& route) { return receiver(route.to).insert_unique(route.hash, route.entry); }

  // Moves or copies each entry to where it goes, or none. What is left of them is erased by commit().
  void transfer_entries() {
    std::vector<Iterator> made;
    made.reserve(routes_.size());
    table::ScopeGuard undo([&] {
      for (std::size_t i = 0; i < made.size(); ++i) receiver(routes_[i].to).give_back(routes_[i].entry, made[i]);
    });
    for (const Route& route : routes_) made.push_back(insert(route));
    undo.dismiss();
  }

  // Shrinks the tables for which make_room allocated more than their size needs, and those that lost most of their
  // entries. A table whose smaller array cannot be allocated keeps the larger one.
  void fit_tables() noexcept {
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      Table& shard = table_.shards[arc];
      if (arriving_[arc] == 0 && !shard.is_oversized()) continue;
#if PERTURB_EXCEPTIONS
      try {
        shard.shrink_to_fit();
      } catch (...) {
        continue;
      }
#else
      shard.shrink_to_fit();
#endif
    }
  }

  Set& table_;
  Set next_;
  std::vector<ArcNumber> base_;        // of each new arc: the old arc whose table it takes over, or kNoArc
  std::vector<std::size_t> arriving_;  // of each new arc: the entries that come from other tables
  std::vector<ArcNumber> target_;      // of each old arc: the new arc that it lies in, or kCut
  std::vector<ArcNumber> stays_as_;    // of each old arc: the new arc that takes over its table, or kNoArc
  std::vector<ring::NodeNumber> new_number_;
  std::vector<Route> routes_;
  MoveReport report_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
