// SPDX-License-Identifier: MIT
/// @file ShardedTable: the entries of a table, kept on the nodes of a ring. When a node comes or goes, the entries that
/// change their owner move, and no others.
///
///   perturb::ShardedTable<std::string, int, std::string> table;
///   table.add_node("a");
///   table.add_node("b");
///   table.set("key", 1);
///   perturb::MoveReport report = table.add_node("c");   // report.moved entries went from "a" and "b" to "c"
///
/// Why one HashTable for each arc. A new point cuts one arc in two, and the entries to move are those of one part. With
/// one table a node, or one for all, they would have to be searched for among all entries. With one table an arc only
/// the table of the arc that is cut is searched, which holds on average twice what moves; where a point is removed, its
/// whole table goes to the next one. So a change reads O(moved) entries, and O(arcs) words besides: to make the new
/// ring, and to match the tables with its arcs.
///
/// That means many small tables. An empty one is a few words and allocates nothing. All keys of one arc agree in the
/// upper bits of their hash; a table uses these neither for its slots nor for its tags.
///
/// How a change is all or nothing: sharded/rebalance.hpp.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/move_report.hpp>
#include <perturb/ring/arc_map.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/node_range.hpp>
#include <perturb/sharded/rebalance.hpp>
#include <perturb/sharded/shard_set.hpp>

#include <concepts>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// A hash table spread over the nodes of a ring.
///
/// `Node`, `Hash` and `Placement` are those of HashRing. Where hasher and equality are transparent, as for strings by
/// default, look-ups take other kinds of strings too. Pointers to values stay valid until an entry is inserted or
/// erased, or the nodes change; assigning to values is no such change.
///
/// Setting and erasing entries have the guarantees of HashTable. Changing nodes has the strong guarantee: when memory
/// runs out in the middle, or copying a key throws, every entry is still there and on the right node. Calling const
/// members from several threads is safe.
template <class Key, class T, class Node, class Hash, class Placement>
class ShardedTable {
  static_assert(!detail::hashing::key_traits<Key>().by_address,
                "perturb::ShardedTable: the address of an object says nothing in another process, so a pointer cannot "
                "be a key; store the object, or an identity of it");
  static_assert(std::copy_constructible<Key> || std::is_nothrow_move_constructible_v<Key>,
                "perturb::ShardedTable: a key must be copyable, or movable without throwing");
  static_assert(std::copy_constructible<T> || std::is_nothrow_move_constructible_v<T>,
                "perturb::ShardedTable: a value must be copyable, or movable without throwing");

  static constexpr bool kTransparent = is_transparent_v<Hash> && is_transparent_v<Equal<Key>>;
  template <class K>
  using key_parameter = typename detail::table::KeyParameter<kTransparent>::template type<K, Key>;

 public:
  using key_type = Key;
  using mapped_type = T;
  using ring_type = HashRing<Node, Hash, Placement>;
  using identity_type = typename ring_type::identity_type;

  /// A table without nodes.
  ShardedTable() = default;
  /// A table on the nodes of `ring`.
  explicit ShardedTable(ring_type ring) : shards_(std::move(ring)) {}

  friend void swap(ShardedTable& a, ShardedTable& b) noexcept { swap(a.shards_, b.shards_); }

  // ---- Nodes --------------------------------------------------------------------------------------------------------

  /// Adds a node, and moves to it the entries that it now owns.
  /// Complexity: O(moved) entries expected, O(nodes + arcs). Invalidates: pointers to values, unless nothing changed.
  /// Throws: as HashRing::add_node; std::bad_alloc; where keys or values cannot be moved without throwing, what copying
  /// them throws. Strong guarantee.
  MoveReport add_node(const Node& node, double weight = 1.0) {
    ring_type next = shards_.ring;
    return next.add_node(node, weight) ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Adds the nodes, or (node, weight) pairs, of a range in one change. Otherwise as add_node.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  MoveReport add_nodes(const Range& nodes) {
    ring_type next = shards_.ring;
    return next.add_nodes(nodes) != 0 ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Removes a node, whose entries move to the nodes that now own them. Otherwise as add_node.
  /// Throws: also std::logic_error if it is the last node and there are entries.
  MoveReport remove_node(identity_type id) {
    ring_type next = shards_.ring;
    return next.remove_node(id) ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Gives a node another weight. Otherwise as add_node.
  MoveReport set_weight(identity_type id, double weight) {
    ring_type next = shards_.ring;
    return next.set_weight(id, weight) ? rebalance(std::move(next)) : MoveReport{};
  }

  /// The ring: everything that can be asked about nodes, weights and shares.
  [[nodiscard]] const ring_type& ring() const noexcept { return shards_.ring; }
  /// The node that owns `key`, whether or not there is an entry. Throws: EmptyRing if there are no nodes.
  template <class K = Key>
  [[nodiscard]] const Node& owner(const key_parameter<K>& key) const {
    return shards_.ring.owner(key);
  }
  /// The number of entries on a node, 0 for an unknown identity. Complexity: as HashRing::contains.
  [[nodiscard]] std::size_t node_size(identity_type id) const {
    const detail::ring::NodeNumber number = shards_.number_of(id);
    return number == detail::ring::kNoNode ? 0 : shards_.node_sizes[number];
  }

  // ---- Entries ------------------------------------------------------------------------------------------------------

  /// Inserts an entry, or assigns to the one that is there. @returns whether it is new.
  /// Complexity: O(1) expected. Invalidates: pointers to values, if the entry is new.
  /// Throws: EmptyRing if there are no nodes; what HashTable::insert_or_assign throws.
  template <class V = T>
  bool set(const Key& key, V&& value) {
    return set_at(key, std::forward<V>(value));
  }
  template <class V = T>
  bool set(Key&& key, V&& value) {
    return set_at(std::move(key), std::forward<V>(value));
  }
  template <class K, class V = T>
    requires(kTransparent && !std::same_as<std::remove_cvref_t<K>, Key> && std::constructible_from<Key, K>)
  bool set(K&& key, V&& value) {
    return set_at(std::forward<K>(key), std::forward<V>(value));
  }

  /// The value of an entry, or nullptr. Complexity: O(1) expected.
  template <class K = Key>
  [[nodiscard]] T* get(const key_parameter<K>& key) {
    return const_cast<T*>(std::as_const(*this).template get<K>(key));
  }
  template <class K = Key>
  [[nodiscard]] const T* get(const key_parameter<K>& key) const {
    const auto at = shards_.locate(key);
    const detail::ring::ArcNumber arc = shards_.arcs.find(at.token);
    return arc == detail::ring::kNoArc ? nullptr : shards_.shards[arc].get(key, at.hash);
  }
  template <class K = Key>
  [[nodiscard]] bool contains(const key_parameter<K>& key) const {
    return get<K>(key) != nullptr;
  }

  /// Erases an entry. @returns whether there was one.
  /// Complexity: O(1) expected. Invalidates: pointers to values, if there was an entry.
  template <class K = Key>
  bool erase(const key_parameter<K>& key) {
    const auto at = shards_.locate(key);
    const detail::ring::ArcNumber arc = shards_.arcs.find(at.token);
    return arc != detail::ring::kNoArc && shards_.shards[arc].erase_counted(key, at.hash, [&] {
      --shards_.size;
      --shards_.node_sizes[shards_.node_of(arc)];
    });
  }

  /// The number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return shards_.size; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Erases all entries; the nodes stay. Complexity: O(arcs + entries).
  void clear() noexcept {
    for (auto& shard : shards_.shards) shard.clear();
    for (std::size_t& node_size : shards_.node_sizes) node_size = 0;
    shards_.size = 0;
  }

  /// Calls f(key, value) for all entries, in an order that depends on the history of the table. `f` must not change
  /// the table but by assigning to values. Complexity: O(arcs + entries).
  template <class Function>
  void for_each(Function&& f) {
    for (auto& shard : shards_.shards) {
      for (auto& [key, value] : shard) f(key, value);
    }
  }
  template <class Function>
  void for_each(Function&& f) const {
    for (const auto& shard : shards_.shards) {
      for (const auto& [key, value] : shard) f(key, value);
    }
  }
  /// Calls f(key, value) for the entries on a node, as for_each; for none if the identity is unknown.
  /// Complexity: O(arcs of all nodes + entries on the node).
  template <class Function>
  void for_each_on(identity_type id, Function&& f) {
    for_each_arc_of(shards_, id, [&](auto& shard) {
      for (auto& [key, value] : shard) f(key, value);
    });
  }
  template <class Function>
  void for_each_on(identity_type id, Function&& f) const {
    for_each_arc_of(shards_, id, [&](const auto& shard) {
      for (const auto& [key, value] : shard) f(key, value);
    });
  }

  /// The bytes allocated for the ring, the arcs and the entries. Complexity: O(arcs).
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return shards_.memory_bytes(); }

 private:
  template <class K, class V>
  bool set_at(K&& key, V&& value) {
    const auto at = shards_.locate(key);
    const detail::ring::ArcNumber arc = shards_.arcs.find(at.token);
    if (arc == detail::ring::kNoArc) {
      detail::raise<EmptyRing>("perturb::ShardedTable: there is no node to keep an entry on; add a node first");
    }
    const bool is_new =
        shards_.shards[arc].insert_or_assign(at.hash, std::forward<K>(key), std::forward<V>(value)).second;
    if (is_new) ++shards_.size, ++shards_.node_sizes[shards_.node_of(arc)];
    return is_new;
  }

  using ShardSet = detail::sharded::ShardSet<Key, T, ring_type>;
  static_assert(std::is_nothrow_move_assignable_v<typename ShardSet::Table> && std::is_nothrow_swappable_v<ring_type>,
                "perturb::ShardedTable: hasher and placement must be copyable or movable without throwing");

  template <class Set, class Function>
  static void for_each_arc_of(Set& set, identity_type id, Function f) {
    const detail::ring::NodeNumber number = set.number_of(id);
    if (number == detail::ring::kNoNode) return;
    for (std::size_t arc = 0; arc < set.shards.size(); ++arc) {
      if (set.node_of(arc) == number) f(set.shards[arc]);
    }
  }

  MoveReport rebalance(ring_type next) {
    if (next.empty() && !empty()) {
      detail::raise<std::logic_error>("perturb::ShardedTable: the last node holds " + std::to_string(size()) +
                                      " entries, which have nowhere to go; add another node or clear() first");
    }
    return detail::sharded::Rebalance<Key, T, ring_type>(shards_, std::move(next)).commit();
  }

  ShardSet shards_;
};

}  // namespace perturb::inline PERTURB_ABI
