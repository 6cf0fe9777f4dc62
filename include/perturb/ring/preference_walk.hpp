// SPDX-License-Identifier: MIT
/// @file How a preference list is made: a walk along the arcs of a ring that takes each node once.
#pragma once

#include <perturb/config.hpp>
#include <perturb/preference_list.hpp>
#include <perturb/ring/token_map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

struct PreferenceWalk {
  /// The nodes met from arc number `start` of `arcs` onwards, once round the ring at most, `limit` of them at most.
  /// Complexity: with k arcs walked over, O(k) for a limit of up to 8, else O(k + number of nodes).
  template <class Node, TokenType Token>
  [[nodiscard]] static PreferenceList<Node> from(const TokenMap<Token>& arcs, std::size_t start,
                                                 std::span<const Node> nodes, std::size_t limit) {
    PreferenceList<Node> list;
    const std::size_t wanted = std::min(limit, nodes.size());
    const bool is_long = wanted > PreferenceList<Node>::kInline;
    std::vector<char> is_listed;
    if (is_long) {
      list.many_.reserve(wanted);
      is_listed.resize(nodes.size());
    }
    for (std::size_t k = 0; k < arcs.size() && list.size_ < wanted; ++k) {
      const std::uint32_t number = arcs.value(start);
      start = start + 1 == arcs.size() ? 0 : start + 1;
      const Node* const node = std::addressof(nodes[number]);
      if (is_long) {
        if (is_listed[number] == 0) list.many_.push_back(node);
        is_listed[number] = 1;
        list.size_ = list.many_.size();
      } else if (std::find(list.begin(), list.end(), node) == list.end()) {
        list.few_[list.size_++] = node;
      }
    }
    return list;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
