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
/// Entries do not move in memory. They lie in many small hash tables, each for a part of the ring of fixed width
/// (sharded/shard_set.hpp), and the ring says which node an entry is on. So a look-up is one in a hash table, points
/// without entries cost nothing here, and a change reads the tables in which a node changes: O(moved) entries, and
/// O(arcs) words to make the new ring and to compare it with the old one.
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
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/node_range.hpp>
#include <perturb/ring_members.hpp>
#include <perturb/sharded/iterator.hpp>
#include <perturb/sharded/rebalance.hpp>
#include <perturb/sharded/shard_set.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// A hash table spread over the nodes of a ring.
///
/// `Node`, `Hash` and `Placement` are those of HashRing; `KeyEqual` and `Allocator` those of HashTable. Where hasher
/// and equality are transparent, as for strings by default, look-ups take other kinds of strings too. Pointers to
/// values and iterators stay valid until an entry is inserted or erased; changes of nodes and assigning to values leave
/// them valid.
///
/// Setting and erasing entries have the guarantees of HashTable. Changing nodes has the strong guarantee. Calling const
/// members from several threads is safe. Assigning and swapping take the allocator along; the memory of the ring comes
/// from operator new.
template <class Key, class T, class Node, class Hash, class Placement, class KeyEqual, class Allocator>
class ShardedTable {
  static_assert(is_value_hashed_v<Key>,
                "perturb::ShardedTable: the address of an object says nothing in another process, so a pointer cannot "
                "be a key; store the object, or an identity of it");
  static_assert((std::is_nothrow_move_constructible_v<Key> && std::is_nothrow_move_constructible_v<T>) ||
                    (std::copy_constructible<Key> && std::copy_constructible<T>),
                "perturb::ShardedTable: key and value must both be movable without throwing, or both be copyable");

  struct Ignore {
    void operator()(const Key&, T&, const Node&, const Node&) const noexcept {}
  };
  using ShardSet = detail::sharded::ShardSet<Key, T, HashRing<Node, Hash, Placement>, KeyEqual, Allocator>;
  using Table = typename ShardSet::Table;
  static constexpr bool kTransparent = is_transparent_v<Hash> && is_transparent_v<KeyEqual>;
  template <class K>
  using key_parameter = typename detail::facade::KeyParameter<kTransparent>::template type<K, Key>;

  // Whether a `K` can be inserted as a key without being converted first.
  template <class K>
  static constexpr bool inserts_as() noexcept {
    using Type = std::remove_cvref_t<K>;
    return kTransparent && !std::same_as<Type, Key> && detail::hashing::inserts_unconverted_v<Type, Key> &&
           std::constructible_from<Key, K>;
  }

 public:
  using key_type = Key;
  using mapped_type = T;
  using value_type = std::pair<const Key, T>;
  using size_type = std::size_t;
  using ring_type = HashRing<Node, Hash, Placement>;
  using identity_type = typename ring_type::identity_type;
  using key_equal = KeyEqual;
  using allocator_type = Allocator;
  using iterator = detail::sharded::ShardedIterator<Table>;
  using const_iterator = detail::sharded::ShardedIterator<const Table>;

  /// A table without nodes.
  ShardedTable() = default;
  explicit ShardedTable(const Allocator& allocator) : shards_(ring_type(), allocator) {}
  /// A table on the nodes of `ring`.
  explicit ShardedTable(ring_type ring, const Allocator& allocator = Allocator())
      : shards_(std::move(ring), allocator) {}

  friend void swap(ShardedTable& a, ShardedTable& b) noexcept { swap(a.shards_, b.shards_); }

  /// Whether both have equal rings and the same entries. Complexity: O(entries) expected, O(points).
  friend bool operator==(const ShardedTable& a, const ShardedTable& b) {
    if (a.size() != b.size() || !(a.ring() == b.ring())) return false;
    for (const auto& [key, value] : a) {
      const T* const other = b.get(key);
      if (other == nullptr || !(*other == value)) return false;
    }
    return true;
  }

  [[nodiscard]] Allocator get_allocator() const noexcept { return shards_.allocator; }

  // ---- Nodes --------------------------------------------------------------------------------------------------------

  /// Adds a node, and moves to it the entries that it now owns.
  /// Complexity: O(moved) entries expected, O(nodes + points + entries / 64). Invalidates: no pointer to a value.
  /// Throws: as HashRing::add_node; std::bad_alloc; what hashing throws. Strong guarantee.
  MoveReport add_node(const Node& node, double weight = 1.0) {
    return change([&](ring_type& ring) { return ring.add_node(node, weight); });
  }
  /// Adds the nodes, the (node, weight) pairs or the RingMembers of a range in one change. Otherwise as add_node.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  MoveReport add_nodes(Range&& nodes) {
    return change([&](ring_type& ring) { return ring.add_nodes(nodes); });
  }
  MoveReport add_nodes(std::initializer_list<RingMember<Node>> nodes) { return add_nodes(std::span(nodes)); }
  /// Removes a node, whose entries move to the nodes that now own them. Otherwise as add_node.
  /// Throws: also std::logic_error if no node would be up, and there are entries.
  MoveReport remove_node(identity_type id) {
    return change([&](ring_type& ring) { return ring.remove_node(id); });
  }
  /// Removes the nodes with these identities in one change: each entry moves at most once. Otherwise as remove_node.
  template <class Range = std::initializer_list<identity_type>>
    requires detail::ring::IdentityRange<Range, Node>
  MoveReport remove_nodes(Range&& ids) {
    return change([&](ring_type& ring) { return ring.remove_nodes(ids); });
  }
  /// Gives a node another weight. Otherwise as add_node.
  MoveReport set_weight(identity_type id, double weight) {
    return change([&](ring_type& ring) { return ring.set_weight(id, weight); });
  }
  /// Gives a node another state: the entries of one that is not up move as if it were removed. Otherwise as
  /// remove_node.
  MoveReport set_state(identity_type id, NodeState state) {
    return change([&](ring_type& ring) { return ring.set_state(id, state); });
  }
  /// Puts another node in the place of that with the same identity; nothing moves. Otherwise as add_node.
  MoveReport replace_node(const Node& node) {
    return change([&](ring_type& ring) { return ring.replace_node(node); });
  }
  /// Makes many changes in one (HashRing::apply): each entry moves at most once. Otherwise as remove_node.
  template <class Range = std::initializer_list<RingChange<Node>>>
  MoveReport apply(Range&& changes) {
    return change([&](ring_type& ring) { return ring.apply(changes); });
  }
  /// Makes these the nodes (HashRing::assign): each entry moves at most once. Calls on_move(key, value, from, to) for
  /// each entry that moves, before anything changes; if it throws, nothing does. Otherwise as remove_node.
  template <class Range, class OnMove = Ignore>
    requires detail::ring::NodeRange<Range, Node>
  MoveReport rebalance_to(Range&& nodes, OnMove&& on_move = OnMove()) {
    return change([&](ring_type& ring) { return ring.assign(nodes), true; }, on_move);
  }
  template <class OnMove = Ignore>
  MoveReport rebalance_to(std::initializer_list<RingMember<Node>> nodes, OnMove&& on_move = OnMove()) {
    return rebalance_to(std::span(nodes), on_move);
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
  /// Complexity: O(1) expected, amortized. Invalidates: all pointers to values, if the entry is new.
  /// Throws: EmptyRing if no node is up; what HashTable::insert_or_assign throws.
  template <class V = T>
  bool set(const Key& key, V&& value) {
    return set_at(key, std::forward<V>(value));
  }
  template <class V = T>
  bool set(Key&& key, V&& value) {
    return set_at(std::move(key), std::forward<V>(value));
  }
  template <class K, class V = T>
    requires(inserts_as<K>())
  bool set(K&& key, V&& value) {
    return set_at(std::forward<K>(key), std::forward<V>(value));
  }
  /// Inserts an entry with a value made of `args`, unless there is one.
  /// @returns a pointer to the value, and whether it is new. Otherwise as set.
  template <class... Args>
  std::pair<T*, bool> try_emplace(const Key& key, Args&&... args) {
    return try_emplace_at(key, std::forward<Args>(args)...);
  }
  template <class... Args>
  std::pair<T*, bool> try_emplace(Key&& key, Args&&... args) {
    return try_emplace_at(std::move(key), std::forward<Args>(args)...);
  }
  template <class K, class... Args>
    requires(inserts_as<K>())
  std::pair<T*, bool> try_emplace(K&& key, Args&&... args) {
    return try_emplace_at(std::forward<K>(key), std::forward<Args>(args)...);
  }

  /// The value of an entry, or nullptr. Complexity: O(1) expected.
  template <class K = Key>
  [[nodiscard]] T* get(const key_parameter<K>& key) {
    return const_cast<T*>(std::as_const(*this).template get<K>(key));
  }
  template <class K = Key>
  [[nodiscard]] const T* get(const key_parameter<K>& key) const {
    if (shards_.shards.empty()) return nullptr;
    const auto at = shards_.locate(key);
    return shards_.shard_of(at.token).get(key, at.hash);
  }
  /// A copy of the value of an entry, or `fallback` as a T. Complexity: O(1) expected.
  template <class K = Key, class U = T>
  [[nodiscard]] T get_or(const key_parameter<K>& key, U&& fallback) const {
    const T* const value = get<K>(key);
    return value == nullptr ? static_cast<T>(std::forward<U>(fallback)) : *value;
  }
  template <class K = Key>
  [[nodiscard]] bool contains(const key_parameter<K>& key) const {
    return get<K>(key) != nullptr;
  }

  /// Erases an entry. @returns whether there was one.
  /// Complexity: O(1) expected and amortized. Invalidates: all pointers to values, if there was an entry.
  template <class K = Key>
  bool erase(const key_parameter<K>& key) {
    if (shards_.shards.empty()) return false;
    const auto at = shards_.locate(key);
    const bool erased = shards_.shard_of(at.token).erase_counted(key, at.hash, [&] { count_out(at.token); });
    if (erased) shards_.shrink();
    return erased;
  }
  /// Erases an entry and gives its value, or nothing if there is none. Otherwise as erase.
  template <class K = Key>
  std::optional<T> pop(const key_parameter<K>& key) {
    if (shards_.shards.empty()) return {};
    return pop_at<K>(key, shards_.locate(key));
  }
  /// Makes room for `count` entries in all, so that inserting them costs no splitting of shards.
  /// Complexity: O(entries + count). Invalidates: all pointers to values. Throws: std::bad_alloc; what hashing and
  /// copying entries throw; std::length_error if so many entries cannot be addressed. Strong guarantee.
  void reserve(size_type count) {
    if (count > static_cast<std::size_t>((std::numeric_limits<std::ptrdiff_t>::max)()) / sizeof(value_type)) {
      detail::raise<std::length_error>(
          "perturb::ShardedTable: reserve(n): n entries do not fit into memory; reserve fewer");
    }
    unsigned depth = shards_.depth;
    while (depth < ShardSet::kMaxDepth && count > ShardSet::kEntriesPerShard << depth) ++depth;
    if (depth != shards_.depth || shards_.shards.empty()) shards_.split(depth);
    shards_.min_depth = depth;
  }

  /// The entries, in an order that depends on the history of the table: forward iterators over std::pair<const Key, T>.
  /// Complexity: O(1) amortized over all entries. Invalidated as pointers to values.
  [[nodiscard]] iterator begin() noexcept { return {tables(shards_), tables(shards_) + shards_.shards.size()}; }
  [[nodiscard]] iterator end() noexcept {
    return {tables(shards_) + shards_.shards.size(), tables(shards_) + shards_.shards.size()};
  }
  [[nodiscard]] const_iterator begin() const noexcept {
    return {tables(shards_), tables(shards_) + shards_.shards.size()};
  }
  [[nodiscard]] const_iterator end() const noexcept {
    return {tables(shards_) + shards_.shards.size(), tables(shards_) + shards_.shards.size()};
  }

  /// The number of entries.
  [[nodiscard]] std::size_t size() const noexcept { return shards_.size; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Erases all entries and frees their memory; the nodes stay. Complexity: O(entries).
  void clear() noexcept {
    shards_.shards = {};
    shards_.depth = 0;
    shards_.min_depth = 0;
    for (std::size_t& node_size : shards_.node_sizes) node_size = 0;
    shards_.size = 0;
  }

  /// Calls f(key, value) for all entries, in the order of iterators. `f` must not change the table but by assigning to
  /// values. Complexity: O(entries).
  template <class Function>
  void for_each(Function&& f) {
    for (auto& [key, value] : *this) f(key, value);
  }
  template <class Function>
  void for_each(Function&& f) const {
    for (const auto& [key, value] : *this) f(key, value);
  }
  /// Calls f(key, value) for the entries on a node, as for_each; for none if the identity is unknown.
  /// Complexity: O(arcs of all nodes + entries on the node + entries of the table / 64) expected.
  template <class Function>
  void for_each_on(identity_type id, Function&& f) {
    for_each_on_node(shards_, id, f);
  }
  template <class Function>
  void for_each_on(identity_type id, Function&& f) const {
    for_each_on_node(shards_, id, f);
  }

  /// The bytes allocated for the ring and the entries. Complexity: O(entries).
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return shards_.memory_bytes(); }

 private:
  static_assert(std::is_nothrow_swappable_v<ring_type>,
                "perturb::ShardedTable: hasher and placement must be copyable or movable without throwing");

  template <class Set>
  static auto* tables(Set& set) noexcept {
    return set.shards.data();
  }

  template <class K, class V>
  bool set_at(K&& key, V&& value) {
    return insert(key,
                  [&](Table& shard, HashValue hash) {
                    const auto [it, is_new] =
                        shard.insert_or_assign(hash, std::forward<K>(key), std::forward<V>(value));
                    return std::pair<T*, bool>(std::addressof(it->second), is_new);
                  })
        .second;
  }
  template <class K, class... Args>
  std::pair<T*, bool> try_emplace_at(K&& key, Args&&... args) {
    return insert(key, [&](Table& shard, HashValue hash) {
      const auto [it, is_new] = shard.try_emplace(hash, std::forward<K>(key), std::forward<Args>(args)...);
      return std::pair<T*, bool>(std::addressof(it->second), is_new);
    });
  }

  // Puts an entry into the shard of its key by `f`. Gives its value, and whether it is new.
  template <class K, class Function>
  std::pair<T*, bool> insert(const K& key, Function f) {
    const auto at = shards_.locate(key);
    const detail::ring::NodeNumber node = shards_.owner_of(at.token);
    if (node == detail::ring::kNoNode) {
      detail::raise<EmptyRing>("perturb::ShardedTable: no node is up to keep an entry on; add a node first");
    }
    shards_.make_first_shard();
    const std::pair<T*, bool> entry = f(shards_.shard_of(at.token), at.hash);
    if (!entry.second) return entry;
    ++shards_.size;
    ++shards_.node_sizes[node];
    return {shards_.grow(entry.first), true};  // only now, since the arguments may be parts of entries
  }
  // Counts an entry with this token out of its node.
  void count_out(typename ring_type::token_type token) noexcept {
    --shards_.size;
    --shards_.node_sizes[shards_.owner_of(token)];
  }

  // The value is constructed in the caller's object: a copy of it that throws would lose the entry.
  template <class K>
  std::optional<T> pop_at(const key_parameter<K>& key, const typename ShardSet::Location& at) {
    std::optional<T> value = shards_.shard_of(at.token).pop(key, at.hash);
    if (value.has_value()) {
      count_out(at.token);
      shards_.shrink();
    }
    return value;
  }

  template <class Set, class Function>
  static void for_each_on_node(Set& set, identity_type id, Function& f) {
    const detail::ring::NodeNumber number = set.number_of(id);
    if (number == detail::ring::kNoNode || set.shards.empty()) return;
    std::vector<char> is_marked(set.shards.size());
    for (const auto& arc : set.ring.arcs_of(id)) {
      set.for_shards_of_arc(arc.after, arc.upto, [&](std::size_t i) { is_marked[i] = 1; });
    }
    for (std::size_t i = 0; i < is_marked.size(); ++i) {
      if (is_marked[i] == 0) continue;
      for (auto& [key, value] : set.shards[i]) {
        if (set.owner_of(set.ring.token(key)) == number) f(key, value);
      }
    }
  }

  // `make` changes a copy of the ring and says whether it did.
  template <class Make, class OnMove = Ignore>
  MoveReport change(Make make, OnMove&& on_move = OnMove()) {
    ring_type next = shards_.ring;
    if (!make(next)) return {};
    if (!empty() && detail::ring::RingAccess::arcs(next).empty()) {
      detail::raise<std::logic_error>("perturb::ShardedTable: the last node that is up holds " +
                                      std::to_string(size()) +
                                      " entries, which have nowhere to go; add another node or clear() first");
    }
    return detail::sharded::Rebalance<ShardSet, ring_type>(shards_, std::move(next), on_move).commit();
  }

  ShardSet shards_;
};

}  // namespace perturb::inline PERTURB_ABI
