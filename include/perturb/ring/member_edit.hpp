// SPDX-License-Identifier: MIT
/// @file Changing the members of a ring, one by one or many together: a list of members to be, which is edited and then
/// made into the new list.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring_members.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The nodes that are given to an edit must outlive it; it copies them once, in finish().
template <class Node, bool kByIdentity>
class MemberEdit {
  using List = Members<Node, kByIdentity>;

 public:
  using Identity = IdentityOf<Node>;

  /// Begins with `members`, which must outlive the edit. Complexity: O(n).
  explicit MemberEdit(const List& members) : members_(members), entries_(members.size()) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      entries_[i] = {members.nodes().data() + i, members.weights()[i], members.states()[i],
                     hashing::integer_cast<NodeNumber>(i), true};
    }
  }

  /// Whether anything differs from the members at the beginning.
  [[nodiscard]] bool has_changed() const noexcept { return has_changed_; }

  /// Each of these says whether it had an effect that its caller asked for: false for a node that is present already,
  /// or unknown. Those with a weight throw std::invalid_argument if it is not positive and finite.
  /// Complexity: that of Members::find, and O(log k) among k nodes that were added.
  bool add(const Node& node, double weight, NodeState state = NodeState::up) {
    check_weight(weight);
    if (ring::with_identity(node, [&](Identity id) { return find(id) != nullptr; })) return false;
    append(node, weight, state);
    return true;
  }
  bool remove(Identity id) {
    Entry* const entry = find(id);
    if (entry == nullptr) return false;
    entry->is_present = false;
    if (entry->old == kNoNode) joined_.erase(joined_.find(OwnedIdentity<Node>(id)));
    has_changed_ = true;
    return true;
  }
  bool set_weight(Identity id, double weight) {
    check_weight(weight);
    Entry* const entry = find(id);
    if (entry == nullptr) return false;
    has_changed_ = has_changed_ || !ring::is_same_weight(entry->weight, weight);
    entry->weight = weight;
    return true;
  }
  bool set_state(Identity id, NodeState state) {
    Entry* const entry = find(id);
    if (entry == nullptr) return false;
    has_changed_ = has_changed_ || entry->state != state;
    entry->state = state;
    return true;
  }
  bool replace(const Node& node) {
    Entry* const entry = ring::with_identity(node, [&](Identity id) { return find(id); });
    if (entry == nullptr) return false;
    entry->node = std::addressof(node);
    has_changed_ = true;
    return true;
  }

  /// Removes all nodes, in order to list the members anew: list() then gives a node that was a member its old number.
  void begin_list() {
    for (Entry& entry : entries_) entry.is_present = false;
    has_changed_ = !entries_.empty();
  }
  /// Appends a node to the list. Without a state it keeps the one that it had; a new node is up.
  /// @returns false if the list has a node with this identity.
  bool list(const Node& node, double weight, std::optional<NodeState> state) {
    check_weight(weight);
    const NodeNumber old = ring::with_identity(node, [&](Identity id) { return members_.find(id); });
    if (ring::with_identity(node, [&](Identity id) { return joined_.contains(OwnedIdentity<Node>(id)); })) return false;
    append(node, weight, state.value_or(old == kNoNode ? NodeState::up : members_.states()[old]), old);
    return true;
  }

  /// The new members. A node that has another weight keeps its points, if `keeps_reweighed`, and is fresh too.
  /// Complexity: O(n + k), copies all nodes.
  [[nodiscard]] MemberChange<Node, kByIdentity> finish(bool keeps_reweighed = false) const;

 private:
  struct Entry {
    const Node* node;
    double weight;
    NodeState state;
    NodeNumber old;  // its number before, or kNoNode
    bool is_present;
  };

  [[nodiscard]] Entry* find(Identity id) {
    if (const NodeNumber old = members_.find(id); old != kNoNode && entries_[old].is_present) return &entries_[old];
    if (joined_.empty()) return nullptr;
    const auto it = joined_.find(OwnedIdentity<Node>(id));
    return it == joined_.end() ? nullptr : &entries_[it->second];
  }
  void append(const Node& node, double weight, NodeState state, NodeNumber old = kNoNode) {
    ring::with_identity(node, [&](Identity id) { joined_.emplace(OwnedIdentity<Node>(id), entries_.size()); });
    entries_.push_back({std::addressof(node), weight, state, old, true});
    has_changed_ = true;
  }

  struct Before {
    bool operator()(const OwnedIdentity<Node>& a, const OwnedIdentity<Node>& b) const noexcept {
      return ring::is_identity_before<Identity>(a, b);
    }
  };

  const List& members_;
  std::vector<Entry> entries_;  // the members at the beginning, then those that were added
  std::map<OwnedIdentity<Node>, std::size_t, Before> joined_;
  bool has_changed_ = false;
};

template <class Node, bool kByIdentity>
auto MemberEdit<Node, kByIdentity>::finish(bool keeps_reweighed) const -> MemberChange<Node, kByIdentity> {
  MemberChange<Node, kByIdentity> change;
  change.members.reserve(members_.size() + joined_.size());
  change.new_number.resize(members_.size(), kNoNode);
  change.keeps_points = true;
  const auto take = [&](const Entry& entry) {
    if (!entry.is_present) return;
    const auto number = static_cast<NodeNumber>(change.members.size());
    const bool is_up = entry.state == NodeState::up;
    const bool is_old = entry.old != kNoNode;
    const bool was_up = is_old && members_.is_up(entry.old);
    const bool is_reweighed = is_old && !ring::is_same_weight(members_.weights()[entry.old], entry.weight);
    const bool stays = is_old && was_up == is_up && (!is_up || !is_reweighed);
    if (stays || (keeps_reweighed && is_reweighed && was_up && is_up)) change.new_number[entry.old] = number;
    if (is_up && !stays) change.fresh.push_back(number);
    change.keeps_points = change.keeps_points && stays && entry.old == number;
    change.members.append(*entry.node, entry.weight, entry.state);
  };
  if constexpr (kByIdentity) {
    auto next = joined_.begin();
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const auto joins_before = [&] {
        return ring::with_identity(*entries_[i].node,
                                   [&](Identity id) { return ring::is_identity_before<Identity>(next->first, id); });
      };
      for (; next != joined_.end() && joins_before(); ++next) take(entries_[next->second]);
      take(entries_[i]);
    }
    for (; next != joined_.end(); ++next) take(entries_[next->second]);
  } else {
    for (const Entry& entry : entries_) take(entry);
  }
  change.keeps_points = change.keeps_points && change.members.size() == members_.size();
  return change;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
