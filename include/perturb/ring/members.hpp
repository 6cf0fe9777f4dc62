// SPDX-License-Identifier: MIT
/// @file The nodes of a ring with their weights and states, numbered in the order in which equal tokens are sorted.
///
/// A point refers to its node by the node's number. Numbers follow the order of identities, or the order of adding
/// where the tie rule needs that, so that sorting the points by (token, number) applies the tie rule. A change
/// (member_edit.hpp) makes a new list and a map from the old numbers to the new ones; the old list is untouched, which
/// gives the ring its strong guarantee.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The number of a node, which is its index in nodes(), and the number that stands for no node.
using NodeNumber = std::uint32_t;
inline constexpr NodeNumber kNoNode = kNoValue;

template <class Node, bool kByIdentity>
class Members {
 public:
  using Identity = IdentityOf<Node>;

  Members() = default;
  Members(const Members&) = default;
  Members(Members&& other) noexcept
      : nodes_(std::move(other.nodes_)),
        weights_(std::move(other.weights_)),
        states_(std::move(other.states_)),
        up_count_(std::exchange(other.up_count_, 0)) {}
  Members& operator=(const Members& other) { return *this = Members(other); }
  Members& operator=(Members&& other) noexcept {
    Members moved(std::move(other));
    nodes_.swap(moved.nodes_);
    weights_.swap(moved.weights_);
    states_.swap(moved.states_);
    std::swap(up_count_, moved.up_count_);
    return *this;
  }
  ~Members() = default;

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::span<const double> weights() const noexcept { return weights_; }
  [[nodiscard]] std::span<const NodeState> states() const noexcept { return states_; }
  /// How many nodes are up.
  [[nodiscard]] std::size_t up_count() const noexcept { return up_count_; }
  [[nodiscard]] bool is_up(std::size_t number) const noexcept { return states_[number] == NodeState::up; }

  /// The weights of the nodes that are up, 0 for the others.
  [[nodiscard]] std::vector<double> weights_in_use() const {
    std::vector<double> result = weights_;
    for (std::size_t i = 0; i < size(); ++i) {
      if (!is_up(i)) result[i] = 0;
    }
    return result;
  }

  /// The number of the node with this identity, or kNoNode.
  /// Complexity: O(log n) by identity, O(n) in the order of adding.
  [[nodiscard]] NodeNumber find(Identity id) const {
    auto it = nodes_.begin();
    if constexpr (kByIdentity) {
      it = std::lower_bound(nodes_.begin(), nodes_.end(), id,
                            [](const Node& a, Identity b) { return ring::is_before(a, b); });
      if (it != nodes_.end() && !ring::is_named(*it, id)) it = nodes_.end();
    } else {
      it = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) { return ring::is_named(node, id); });
    }
    return it == nodes_.end() ? kNoNode : static_cast<NodeNumber>(it - nodes_.begin());
  }

  /// Whether both have nodes with the same identities, weights and states.
  friend bool operator==(const Members& a, const Members& b) {
    return std::ranges::equal(a.nodes_, b.nodes_,
                              [](const Node& x, const Node& y) {
                                return ring::with_identity(y, [&](Identity id) { return ring::is_named(x, id); });
                              }) &&
           a.weights_ == b.weights_ && a.states_ == b.states_;
  }

  void reserve(std::size_t count) {
    nodes_.reserve(count);
    weights_.reserve(count);
    states_.reserve(count);
  }
  /// Pre: the node comes after all others in the order.
  void append(const Node& node, double weight, NodeState state) {
    nodes_.push_back(node);
    weights_.push_back(weight);
    states_.push_back(state);
    if (state == NodeState::up) ++up_count_;
  }

 private:
  std::vector<Node> nodes_;
  std::vector<double> weights_;
  std::vector<NodeState> states_;
  std::size_t up_count_ = 0;
};

/// A list of members that replaces another.
template <class Node, bool kByIdentity>
struct MemberChange {
  Members<Node, kByIdentity> members;
  std::vector<NodeNumber> new_number;  // of each old member; kNoNode: it has no points any more that could be kept
  std::vector<NodeNumber> fresh;       // new members whose points are to be placed, ascending
  bool keeps_points = false;           // every point stays, and its node keeps its number
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
