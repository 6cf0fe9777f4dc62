// SPDX-License-Identifier: MIT
/// @file The preference list of a key: its owner and the next distinct nodes along the ring.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/points.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// Distinct nodes in ring order, the owner first. The pointers are valid as long as those that the ring gives out.
/// Up to eight nodes are held without allocating.
template <class Node>
class PreferenceList {
 public:
  using value_type = const Node*;
  using const_iterator = const value_type*;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Pre: i < size().
  [[nodiscard]] const Node* operator[](std::size_t i) const noexcept { return data()[i]; }
  /// Pre: not empty.
  [[nodiscard]] const Node* front() const noexcept { return data()[0]; }
  [[nodiscard]] const_iterator begin() const noexcept { return data(); }
  [[nodiscard]] const_iterator end() const noexcept { return data() + size_; }

  /// The nodes met from entry `start` of `arcs` onwards, once round the ring at most, `limit` of them at most.
  /// Complexity: the entries walked over, times min(limit, 8) or, with a longer list, plus the number of nodes.
  template <class Token>
  static PreferenceList walk(const detail::ring::PointArray<Token>& arcs, std::size_t start,
                             std::span<const Node> nodes, std::size_t limit) {
    PreferenceList list;
    const std::size_t wanted = std::min(limit, nodes.size());
    std::vector<char> is_listed;
    if (wanted > kInline) {
      list.far_.reserve(wanted);
      is_listed.resize(nodes.size());
    }
    for (std::size_t k = 0; k < arcs.size() && list.size_ < wanted; ++k) {
      const detail::ring::NodeNumber number = arcs.node(start);
      start = start + 1 == arcs.size() ? 0 : start + 1;
      const Node* const node = &nodes[number];
      if (wanted > kInline) {
        if (is_listed[number] == 0) list.far_.push_back(node);
        is_listed[number] = 1;
        list.size_ = list.far_.size();
      } else if (std::find(list.begin(), list.end(), node) == list.end()) {
        list.near_[list.size_++] = node;
      }
    }
    return list;
  }

 private:
  static constexpr std::size_t kInline = 8;

  [[nodiscard]] const value_type* data() const noexcept { return far_.empty() ? near_.data() : far_.data(); }

  std::size_t size_ = 0;
  std::array<value_type, kInline> near_{};
  std::vector<value_type> far_;
};

}  // namespace perturb::inline PERTURB_ABI
