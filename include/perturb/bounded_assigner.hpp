// SPDX-License-Identifier: MIT
/// @file BoundedAssigner: which key is on which node, with bounded loads.
///
///   perturb::BoundedAssigner<std::string> sessions(ring, 1.25);
///   const std::string& node = sessions.assign("user:42");           // and the same node from now on
///   sessions.update([](auto& ring) { ring.remove_node("b"); });     // moves the keys of b and no others
///
/// HashRing::pick_bounded chooses a node for one key and remembers nothing; this class remembers.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/bounded_load.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring/zones.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// Keys assigned to the nodes of a ring. Except after a release() that throws, a node never has more than ceil(bound *
/// size() * weight / sum of weights) of them, where the weights are those of the nodes that own a part of the ring;
/// others have none.
///
/// Assignments are sticky. A key moves only if its node leaves or would have more keys than it may, which can also come
/// of a release, as the mean sinks; then the keys that were assigned last move. A key goes to the first node of its
/// preference list that has room; if any node is up, there is one.
template <class Key, class Ring = HashRing<std::string>>
class BoundedAssigner {
 public:
  using key_type = Key;
  using ring_type = Ring;
  using node_type = typename Ring::node_type;
  using identity_type = typename Ring::identity_type;

  /// Throws: std::invalid_argument for a bound below 1; what copying the ring throws.
  explicit BoundedAssigner(Ring ring, double bound = 1.25) : bound_(bound) {
    detail::ring::check_bound(bound);
    take(std::move(ring));
  }

  /// The node of `key`, which is assigned if it has none. The reference is valid until the next update.
  /// Complexity: O(1) for an assigned key; else one look-up, and more nodes of the preference list the closer the bound
  /// is to 1, O(points) at worst. Throws: EmptyRing if no node is up; std::bad_alloc; what hashing and copying a key
  /// throw; nothing then changes.
  const node_type& assign(const Key& key) {
    if (const Item* const item = keys_.get(key)) return ring_.nodes()[item->node];
    if (detail::ring::RingAccess::arcs(ring_).empty())
      detail::raise<EmptyRing>("perturb::BoundedAssigner: no node is up for a key; add a node first");
    const auto token = ring_.token(key);
    const detail::ring::NodeNumber node = first_with_room(token, keys_.size() + 1);
    std::vector<Key>& list = keys_on_[node];
    list.push_back(key);
    try_insert(key, Item{token, node, list.size() - 1}, list);
    return ring_.nodes()[node];
  }

  /// The node of `key`, or nullptr if it has none. Complexity: O(1).
  [[nodiscard]] const node_type* find(const Key& key) const {
    const Item* const item = keys_.get(key);
    return item == nullptr ? nullptr : &ring_.nodes()[item->node];
  }

  /// Takes `key` off its node. @returns false if it has none. on_move(key, from, to) is called for each key that has to
  /// move because the mean load sinks.
  /// Complexity: O(nodes), and a search for each key that moves. Throws: what hashing and copying a key and on_move
  /// throw, and std::bad_alloc; keys may then be left on a node that has more than it may.
  template <class OnMove>
  bool release(const Key& key, OnMove&& on_move) {
    const Item* const item = keys_.get(key);
    if (item == nullptr) return false;
    take_off(*item);
    keys_.erase(key);
    shed(ring_, on_move);
    return true;
  }
  bool release(const Key& key) {
    return release(key, [](const Key&, const node_type&, const node_type&) {});
  }

  /// Calls f(copy of the ring), and moves the keys that must move then: those of the nodes that left, and of every node
  /// as many as it has too many. on_move(key, from, to) is called for each, before the change is made. @returns how
  /// many. Complexity: O(keys + points). Throws: std::logic_error if no node would be left for the keys; what f,
  /// on_move and copying throw. Strong guarantee. Invalidates: references to nodes.
  template <class Function, class OnMove>
  std::size_t update(Function&& f, OnMove&& on_move) {
    BoundedAssigner next(*this);
    Ring ring = ring_;
    f(ring);
    const std::size_t moved = next.change_to(std::move(ring), ring_, on_move);
    *this = std::move(next);
    return moved;
  }
  template <class Function>
  std::size_t update(Function&& f) {
    return update(std::forward<Function>(f), [](const Key&, const node_type&, const node_type&) {});
  }

  /// The number of assigned keys.
  [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
  /// The number of keys on a node, 0 for an unknown identity.
  [[nodiscard]] std::size_t load(identity_type id) const {
    const detail::ring::NodeNumber node = number_of(id);
    return node == detail::ring::kNoNode ? 0 : keys_on_[node].size();
  }
  /// The number of keys that a node may have now, 0 for an unknown identity.
  [[nodiscard]] std::uint64_t capacity(identity_type id) const {
    const detail::ring::NodeNumber node = number_of(id);
    return node == detail::ring::kNoNode ? 0 : capacity_of(node, keys_.size());
  }
  [[nodiscard]] double bound() const noexcept { return bound_; }
  [[nodiscard]] const Ring& ring() const noexcept { return ring_; }

 private:
  using Token = typename Ring::token_type;
  struct Item {
    Token token;
    detail::ring::NodeNumber node;
    std::size_t position;  // in the list of the node
  };

  void take(Ring ring) {
    ring_ = std::move(ring);
    keys_on_.assign(ring_.size(), {});
    parts_.assign(ring_.size(), 0.0);
    // Only nodes that own a part of the ring can be found, so the others count for nothing.
    const auto& arcs = detail::ring::RingAccess::arcs(ring_);
    const auto weights = detail::ring::RingAccess::weights(ring_);
    for (std::size_t i = 0; i < arcs.size(); ++i) parts_[arcs.value(i)] = weights[arcs.value(i)];
    detail::ring::WeightSum total;
    for (const double weight : parts_) total.add(weight);
    for (double& part : parts_) part = total.part_of(part);
  }

  [[nodiscard]] detail::ring::NodeNumber number_of(identity_type id) const {
    const node_type* const node = ring_.find_node(id);
    return node == nullptr ? detail::ring::kNoNode : static_cast<detail::ring::NodeNumber>(node - ring_.nodes().data());
  }
  [[nodiscard]] std::uint64_t capacity_of(detail::ring::NodeNumber node, std::size_t keys) const noexcept {
    return detail::ring::bounded_capacity(keys, bound_, parts_[node]);
  }

  // Pre: one of the nodes has room, as always when `keys` counts a key that is on none.
  [[nodiscard]] detail::ring::NodeNumber first_with_room(Token token, std::size_t keys) const {
    detail::ring::NodeNumber found = detail::ring::kNoNode;
    detail::ring::walk_arcs(detail::ring::RingAccess::arcs(ring_), token, ring_.nodes(), [&](const node_type* node) {
      const auto number = static_cast<detail::ring::NodeNumber>(node - ring_.nodes().data());
      if (keys_on_[number].size() < capacity_of(number, keys)) found = number;
      return found == detail::ring::kNoNode;
    });
    return found;
  }

  void try_insert(const Key& key, Item item, std::vector<Key>& list) {
#if PERTURB_EXCEPTIONS
    try {
#endif
      keys_.try_emplace(key, item);
#if PERTURB_EXCEPTIONS
    } catch (...) {
      list.pop_back();
      throw;
    }
#else
    static_cast<void>(list);
#endif
  }

  // Takes a key out of the list of its node; the last key of the list takes its position.
  void take_off(const Item& item) {
    std::vector<Key>& list = keys_on_[item.node];
    if (item.position + 1 != list.size()) {
      keys_.get(list.back())->position = item.position;
      list[item.position] = std::move(list.back());
    }
    list.pop_back();
  }

  // Puts a key, which is on no node, on the first one with room.
  detail::ring::NodeNumber put(const Key& key) {
    Item& item = *keys_.get(key);
    item.node = first_with_room(item.token, keys_.size());
    item.position = keys_on_[item.node].size();
    keys_on_[item.node].push_back(key);
    return item.node;
  }

  // Moves keys away from the nodes that have more than they may. `old_ring` has the nodes that `from` names.
  template <class OnMove>
  std::size_t shed(const Ring& old_ring, OnMove& on_move) {
    std::size_t moved = 0;
    for (detail::ring::NodeNumber node = 0; node < keys_on_.size(); ++node) {
      while (keys_on_[node].size() > capacity_of(node, keys_.size())) {
        const Key key = keys_on_[node].back();
        keys_on_[node].pop_back();
        const detail::ring::NodeNumber to = put(key);
        // A node that has just joined has no more than it may.
        const node_type* const from =
            detail::ring::with_identity(ring_.nodes()[node], [&](identity_type id) { return old_ring.find_node(id); });
        on_move(key, *from, ring_.nodes()[to]);
        ++moved;
      }
    }
    return moved;
  }

  template <class OnMove>
  std::size_t change_to(Ring ring, const Ring& old_ring, OnMove& on_move) {
    std::vector<std::vector<Key>> lists = std::move(keys_on_);
    take(std::move(ring));
    if (detail::ring::RingAccess::arcs(ring_).empty() && !keys_.empty()) {
      detail::raise<std::logic_error>(
          "perturb::BoundedAssigner: the last node cannot leave while there are keys; "
          "release them first");
    }
    std::vector<std::pair<Key, detail::ring::NodeNumber>> homeless;
    for (detail::ring::NodeNumber old_number = 0; old_number < lists.size(); ++old_number) {
      const detail::ring::NodeNumber number =
          detail::ring::with_identity(old_ring.nodes()[old_number], [&](identity_type id) { return number_of(id); });
      for (Key& key : lists[old_number]) {
        if (number == detail::ring::kNoNode) {
          homeless.emplace_back(std::move(key), old_number);
        } else {
          keys_.get(key)->node = number;
        }
      }
      if (number != detail::ring::kNoNode) keys_on_[number] = std::move(lists[old_number]);
    }
    for (const auto& [key, from] : homeless) on_move(key, old_ring.nodes()[from], ring_.nodes()[put(key)]);
    return homeless.size() + shed(old_ring, on_move);
  }

  Ring ring_;
  double bound_;
  std::vector<double> parts_;              // each node's part of the weights, 0 for one that owns nothing
  std::vector<std::vector<Key>> keys_on_;  // of each node
  HashTable<Key, Item> keys_;
};

}  // namespace perturb::inline PERTURB_ABI
