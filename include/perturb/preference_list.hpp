// SPDX-License-Identifier: MIT
/// @file PreferenceList: the nodes for a key in the order of preference, the owner first.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace perturb::inline PERTURB_ABI {

namespace detail::ring {
struct PreferenceWalk;
struct ListFiller;
}  // namespace detail::ring

/// Distinct nodes, the owner first: what HashRing::preference_list and failover_list give. The pointers are valid until
/// the ring changes. Up to eight nodes are held without allocating.
template <class Node>
class PreferenceList {
 public:
  using value_type = const Node*;
  using const_iterator = const value_type*;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Pre: i < size().
  [[nodiscard]] const Node* operator[](std::size_t i) const noexcept {
    PERTURB_ASSERT(i < size_,
                   "PreferenceList: there is no node at this index; the ring has fewer nodes than were asked for");
    return data()[i];
  }
  /// Pre: not empty.
  [[nodiscard]] const Node* front() const noexcept {
    PERTURB_ASSERT(size_ != 0, "PreferenceList: front() of an empty list; the ring has no node that is up");
    return data()[0];
  }
  [[nodiscard]] const_iterator begin() const noexcept { return data(); }
  [[nodiscard]] const_iterator end() const noexcept { return data() + size_; }

 private:
  friend struct detail::ring::PreferenceWalk;  // fills the list
  friend struct detail::ring::ListFiller;      // fills the list
  static constexpr std::size_t kInline = 8;

  [[nodiscard]] const value_type* data() const noexcept { return many_.empty() ? few_.data() : many_.data(); }

  std::size_t size_ = 0;
  std::array<value_type, kInline> few_{};  // the nodes of a list of up to kInline nodes
  std::vector<value_type> many_;           // those of a longer one
};

}  // namespace perturb::inline PERTURB_ABI
