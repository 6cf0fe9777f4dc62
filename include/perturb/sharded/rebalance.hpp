// SPDX-License-Identifier: MIT
/// @file The change of a sharded table from one ring to another, all or nothing.
///
/// Which node owns an entry follows from the ring, so no entry moves in memory. The constructor compares the arcs of
/// both rings and reads the shards in which a node changes, to count what moves; all that may throw is there, and
/// changes nothing. commit() puts the ring and the counts in place and cannot throw.
#pragma once

#include <perturb/config.hpp>
#include <perturb/move_report.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Set, class Ring>
class Rebalance {
  using Node = typename Set::Node;
  using NodeNumber = ring::NodeNumber;

 public:
  /// Calls on_move(key, value, from, to) for each entry that changes its node.
  /// Guarantee: strong. Complexity: O(moved + nodes + arcs + shards) expected.
  template <class OnMove>
  Rebalance(Set& table, Ring next, OnMove&& on_move) : table_(table), next_(std::move(next)), sizes_(next_.size()) {
    report_.changed = true;
    new_number_.reserve(table_.ring.size());
    for (std::size_t i = 0; i < table_.ring.size(); ++i) {
      const NodeNumber number = number_in_next(table_.ring.nodes()[i]);
      new_number_.push_back(number);
      if (number != ring::kNoNode) sizes_[number] = table_.node_sizes[i];
    }
    mark_shards();
    for (std::size_t i = 0; i < is_marked_.size(); ++i) {
      if (is_marked_[i] != 0) count(table_.shards[i], on_move);
    }
  }

  MoveReport commit() noexcept {
    using std::swap;
    swap(table_.ring, next_);
    swap(table_.node_sizes, sizes_);
    return report_;
  }

 private:
  [[nodiscard]] NodeNumber number_in_next(const Node& node) const {
    const Node* const found = ring::with_identity(node, [&](auto id) { return next_.find_node(id); });
    return found == nullptr ? ring::kNoNode : static_cast<NodeNumber>(found - next_.nodes().data());
  }

  // Marks the shards in which some token changes its node, and counts the arcs.
  void mark_shards() {
    const auto& old_arcs = ring::RingAccess::arcs(table_.ring);
    const auto& new_arcs = ring::RingAccess::arcs(next_);
    if (old_arcs.empty() || new_arcs.empty()) return;  // without arcs there are no entries
    is_marked_.resize(table_.shards.size());
    const auto compare = [&](const auto& old_nodes, const auto& new_nodes) {
      ring::for_each_segment(old_arcs, new_arcs, [&](std::uint32_t old_arc, std::uint32_t new_arc, const auto& arc) {
        if (new_number_[old_nodes[old_arc]] == new_nodes[new_arc]) [[likely]]
          return;
        ++report_.arcs;
        if (!is_marked_.empty())
          table_.for_shards_of_arc(arc.after, arc.upto, [&](std::size_t i) { is_marked_[i] = 1; });
      });
    };
    old_arcs.values().visit([&](const auto& a) { new_arcs.values().visit([&](const auto& b) { compare(a, b); }); });
  }

  template <class Shard, class OnMove>
  void count(Shard& shard, OnMove& on_move) {
    for (auto& entry : shard) {
      const auto token = table_.ring.token(entry.first);
      const NodeNumber from = ring::RingAccess::owner_number(table_.ring, token);
      const NodeNumber to = ring::RingAccess::owner_number(next_, token);
      if (new_number_[from] == to) continue;
      on_move(std::as_const(entry.first), entry.second, table_.ring.nodes()[from], next_.nodes()[to]);
      ++report_.moved;
      ++sizes_[to];
      if (new_number_[from] != ring::kNoNode) --sizes_[new_number_[from]];
    }
  }

  Set& table_;
  Ring next_;
  std::vector<NodeNumber> new_number_;  // of each old node
  std::vector<std::size_t> sizes_;      // entries on each new node
  std::vector<char> is_marked_;         // of each shard
  MoveReport report_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
