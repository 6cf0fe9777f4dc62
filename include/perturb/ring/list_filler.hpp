// SPDX-License-Identifier: MIT
/// @file Filling a preference list node by node.
#pragma once

#include <perturb/config.hpp>
#include <perturb/preference_list.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

struct ListFiller {
  /// A list with room for `wanted` nodes. Allocates only for more than eight.
  template <class Node>
  [[nodiscard]] static PreferenceList<Node> list_for(std::size_t wanted) {
    PreferenceList<Node> list;
    if (wanted > PreferenceList<Node>::kInline) list.many_.reserve(wanted);
    return list;
  }
  /// Pre: the list has fewer nodes than it was made for, and not this one.
  template <class Node>
  static void add(PreferenceList<Node>& list, const Node* node) {
    if (list.many_.capacity() == 0) {
      list.few_[list.size_] = node;
    } else {
      list.many_.push_back(node);
    }
    ++list.size_;
  }
  template <class Node>
  [[nodiscard]] static bool contains(const PreferenceList<Node>& list, const Node* node) {
    return std::find(list.begin(), list.end(), node) != list.end();
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
