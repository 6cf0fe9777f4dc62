// SPDX-License-Identifier: MIT
/// @file How a preference list is made: a walk along the arcs of a ring that takes each node once.
#pragma once

#include <perturb/config.hpp>
#include <perturb/preference_list.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A set of numbers, of which at most `limit` are inserted. Complexity: O(1) expected; memory in O(limit).
class NumberSet {
 public:
  explicit NumberSet(std::size_t limit) : slots_(std::bit_ceil(2 * limit), kNoValue) {}

  /// @returns whether it is new. Pre: the number is not kNoValue.
  bool insert(std::uint32_t number) noexcept {
    const std::size_t mask = slots_.size() - 1;
    // Numbers of neighbours differ in their low bits, so these are the hash.
    std::size_t i = number & mask;
    while (slots_[i] != kNoValue) {
      if (slots_[i] == number) return false;
      i = (i + 1) & mask;
    }
    slots_[i] = number;
    return true;
  }

 private:
  std::vector<std::uint32_t> slots_;
};

struct PreferenceWalk {
  /// The nodes met from arc number `start` of `arcs` onwards, once round the ring at most, `limit` of them at most.
  /// Complexity: with k arcs walked over, O(k) expected. Allocates O(limit), nothing for a limit of up to 8.
  template <class Node, TokenType Token>
  [[nodiscard]] static PreferenceList<Node> from(const TokenMap<Token>& arcs, std::size_t start,
                                                 std::span<const Node> nodes, std::size_t limit) {
    PreferenceList<Node> list;
    limit = (std::min)(limit, nodes.size());
    const std::size_t size = arcs.size();
    const NumberSpan values = arcs.values().span();
    const auto walk = [&](auto is_full, auto take) {
      for (std::size_t k = 0; k < size && !is_full(); ++k) {
        take(values[start]);
        start = start + 1 == size ? 0 : start + 1;
      }
    };
    if (limit <= PreferenceList<Node>::kInline) {
      walk([&] { return list.size_ == limit; },
           [&](std::uint32_t number) {
             const Node* const node = nodes.data() + number;
             if (std::find(list.begin(), list.end(), node) == list.end()) list.few_[list.size_++] = node;
           });
    } else {
      list.many_.reserve(limit);
      NumberSet listed(limit);
      walk([&] { return list.many_.size() == limit; },
           [&](std::uint32_t number) {
             if (listed.insert(number)) list.many_.push_back(nodes.data() + number);
           });
      list.size_ = list.many_.size();
    }
    return list;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
