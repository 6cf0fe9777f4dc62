// SPDX-License-Identifier: MIT
/// @file The nodes of a ring with their weights, numbered in the order in which equal tokens are sorted.
///
/// A point refers to its node by the node's number. Numbers follow the order of identities, or the order of adding
/// where the tie rule needs that, so that sorting the points by (token, number) applies the tie rule. A change makes a
/// new list and a map from the old numbers to the new ones; the old list is untouched, which gives the ring its strong
/// guarantee.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/token_map.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
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

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::span<const double> weights() const noexcept { return weights_; }

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

  struct Change;

  /// A copy with those nodes of `joining` added whose identities are new; of several with one identity, the first.
  [[nodiscard]] Change with(std::vector<std::pair<Node, double>> joining) const;
  /// A copy without member `number`.
  [[nodiscard]] Change without(NodeNumber number) const;
  /// A copy with another weight for member `number`, whose points are to be placed again.
  [[nodiscard]] Change with_weight(NodeNumber number, double weight) const;

 private:
  void append(const Node& node, double weight) {
    nodes_.push_back(node);
    weights_.push_back(weight);
  }

  std::vector<Node> nodes_;
  std::vector<double> weights_;
};

/// A list of members that replaces another.
template <class Node, bool kByIdentity>
struct Members<Node, kByIdentity>::Change {
  Members members;
  std::vector<NodeNumber> new_number;  // of each old member; kNoNode: its points are dropped
  std::vector<NodeNumber> fresh;       // new members that need points, ascending
};

template <class Node, bool kByIdentity>
auto Members<Node, kByIdentity>::with(std::vector<std::pair<Node, double>> joining) const -> Change {
  const auto before = [](const auto& a, const auto& b) {
    return ring::with_identity(b.first, [&](Identity id) { return ring::is_before(a.first, id); });
  };
  // The joining nodes that are new, in the order of identities: of equal ones the first, and none that is a member.
  std::vector<std::size_t> order(joining.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return before(joining[a], joining[b]) || (a < b && !before(joining[b], joining[a]));
  });
  order.erase(std::unique(order.begin(), order.end(), [&](auto a, auto b) { return !before(joining[a], joining[b]); }),
              order.end());
  std::erase_if(order, [&](std::size_t i) {
    return ring::with_identity(joining[i].first, [&](Identity id) { return find(id) != kNoNode; });
  });
  if constexpr (!kByIdentity) std::sort(order.begin(), order.end());

  Change change;
  change.members.nodes_.reserve(size() + order.size());
  change.members.weights_.reserve(size() + order.size());
  change.new_number.reserve(size());
  change.fresh.reserve(order.size());
  auto next = order.begin();
  const auto take_joining = [&] {
    change.fresh.push_back(static_cast<NodeNumber>(change.members.size()));
    change.members.append(joining[*next].first, joining[*next].second);
    ++next;
  };
  for (std::size_t i = 0; i < size(); ++i) {
    if constexpr (kByIdentity) {
      const auto joins_before = [&] {
        return ring::with_identity(nodes_[i], [&](Identity id) { return ring::is_before(joining[*next].first, id); });
      };
      while (next != order.end() && joins_before()) take_joining();
    }
    change.new_number.push_back(static_cast<NodeNumber>(change.members.size()));
    change.members.append(nodes_[i], weights_[i]);
  }
  while (next != order.end()) take_joining();
  return change;
}

template <class Node, bool kByIdentity>
auto Members<Node, kByIdentity>::without(NodeNumber number) const -> Change {
  Change change;
  change.members.nodes_.reserve(size() - 1);
  change.members.weights_.reserve(size() - 1);
  change.new_number.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (i == number) {
      change.new_number.push_back(kNoNode);
    } else {
      change.new_number.push_back(static_cast<NodeNumber>(change.members.size()));
      change.members.append(nodes_[i], weights_[i]);
    }
  }
  return change;
}

template <class Node, bool kByIdentity>
auto Members<Node, kByIdentity>::with_weight(NodeNumber number, double weight) const -> Change {
  Change change{*this, std::vector<NodeNumber>(size()), {number}};
  std::iota(change.new_number.begin(), change.new_number.end(), NodeNumber{0});
  change.new_number[number] = kNoNode;
  change.members.weights_[number] = weight;
  return change;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
