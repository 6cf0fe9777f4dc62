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
/// the table of the arc that was cut is looked through, which holds on average twice what moves; a point that goes away
/// hands its whole table to the next one. So a change looks at O(moved) entries, and at O(arcs) words besides: to make
/// the new ring, and to line up the tables with its arcs.
///
/// That means many small tables. An empty one is a few words and allocates nothing; all keys of one arc agree in the
/// upper bits of their hash, which a table uses neither for its slots nor for its tags.
///
/// How a change is all or nothing. It prepares the new ring and, for each of its arcs, decides which of the old tables
/// becomes the arc's own, the one with the most entries that belong there. It makes room in it for the others, and
/// writes down where each of these goes. All of that may throw and has changed nothing that can be seen. Then it moves
/// the entries and the tables, which cannot throw: no memory is needed any more, hashes are at hand, and no key is
/// compared, since an entry that comes from another arc is known to be new (FreshKey). Keys or values whose moving may
/// throw are copied beforehand instead, and the copies taken back if a later one throws.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ring/arc_map.hpp>
#include <perturb/ring/arcs.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// What a change of a ShardedTable's nodes did.
struct MoveReport {
  std::size_t moved = 0;  ///< entries that are now on another node
  std::size_t arcs = 0;   ///< parts of the ring that are now another node's
  bool changed = false;   ///< false: the identity was present already, or is unknown, and nothing happened

  explicit operator bool() const noexcept { return changed; }
};

namespace sharding {

/// A key that is known not to be in the table that it goes to. Compares unequal to all keys there.
template <class Key, class Reference>
struct FreshKey {
  Reference key;

  operator Key() const { return static_cast<Reference>(key); }
};

template <class T>
inline constexpr bool is_fresh_key = false;
template <class Key, class Reference>
inline constexpr bool is_fresh_key<FreshKey<Key, Reference>> = true;

/// The tables' hasher: final hashes, of fresh keys as well.
template <class Hash>
struct ShardHash {
  using is_avalanching = void;
  using is_transparent = void;

  PERTURB_NO_UNIQUE_ADDRESS Hash hash;

  template <class K>
    requires is_fresh_key<K> || requires(const Hash& h, const K& key) { h(key); }
  std::uint64_t operator()(const K& key) const noexcept(noexcept(hash_key(hash, key))) {
    return hash_key(hash, key).value;
  }
  template <class Key, class Reference>
  std::uint64_t operator()(const FreshKey<Key, Reference>& fresh) const {
    return (*this)(static_cast<const Key&>(fresh.key));
  }
};

/// The tables' equality.
template <class Key>
struct ShardEqual {
  using is_transparent = void;

  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    if constexpr (is_fresh_key<A>) {
      return false;
    } else {
      return Equal<Key>()(a, b);
    }
  }
};

}  // namespace sharding

/// A hash table spread over the nodes of a ring.
///
/// `Node`, `Hash` and `Placement` are those of HashRing. Where hasher and equality take strings of any kind, so do the
/// members here. Pointers to values stay valid until the table is changed in any way but by assigning to other values.
///
/// Setting and erasing entries have the guarantees of HashTable. Changing nodes has the strong guarantee: when memory
/// runs out in the middle, or a key's copy throws, every entry is still there and on the right node.
template <class Key, class T, class Node, class Hash, class Placement>
class ShardedTable {
  static_assert(is_value_hashed_v<Key>,
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

  ShardedTable() = default;
  /// A table on the nodes of `ring`.
  explicit ShardedTable(ring_type ring)
      : ring_(std::move(ring)),
        arcs_(ring_.arcs()),
        shards_(empty_shards(arcs_.size(), ring_)),
        node_sizes_(ring_.size()) {}

  ShardedTable(const ShardedTable&) = default;
  ShardedTable(ShardedTable&& other) noexcept
      : ring_(std::move(other.ring_)),
        arcs_(std::move(other.arcs_)),
        shards_(std::move(other.shards_)),
        node_sizes_(std::move(other.node_sizes_)),
        size_(std::exchange(other.size_, 0)) {}
  ShardedTable& operator=(ShardedTable other) noexcept {
    swap(*this, other);
    return *this;
  }
  ~ShardedTable() = default;

  friend void swap(ShardedTable& a, ShardedTable& b) noexcept {
    using std::swap;
    swap(a.ring_, b.ring_);
    swap(a.arcs_, b.arcs_);
    swap(a.shards_, b.shards_);
    swap(a.node_sizes_, b.node_sizes_);
    swap(a.size_, b.size_);
  }

  // ---- Nodes --------------------------------------------------------------------------------------------------------

  /// Adds a node, and moves to it the entries that it now owns.
  /// Complexity: O(moved) entries expected, O(arcs) words. Throws: as HashRing::add_node, std::bad_alloc; strong.
  MoveReport add_node(const Node& node, double weight = 1.0) {
    ring_type next = ring_;
    return next.add_node(node, weight) ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Adds the nodes, or (node, weight) pairs, of a range in one go.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  MoveReport add_nodes(const Range& nodes) {
    ring_type next = ring_;
    return next.add_nodes(nodes) != 0 ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Removes a node, whose entries move to those that now own them.
  /// Throws: std::logic_error if it is the last node and there are entries; else as add_node.
  MoveReport remove_node(identity_type id) {
    ring_type next = ring_;
    return next.remove_node(id) ? rebalance(std::move(next)) : MoveReport{};
  }
  /// Gives a node another weight.
  MoveReport set_weight(identity_type id, double weight) {
    ring_type next = ring_;
    return next.set_weight(id, weight) ? rebalance(std::move(next)) : MoveReport{};
  }

  [[nodiscard]] const ring_type& ring() const noexcept { return ring_; }
  /// The node that owns `key`, whether or not there is an entry. Throws: EmptyRing if there are no nodes.
  template <class K = Key>
  [[nodiscard]] const Node& owner(const key_parameter<K>& key) const {
    return ring_.owner(key);
  }
  /// The number of entries on a node, 0 for an unknown identity.
  [[nodiscard]] std::size_t node_size(identity_type id) const {
    const Node* const node = ring_.find_node(id);
    return node == nullptr ? 0 : node_sizes_[number_of(ring_, node)];
  }

  // ---- Entries ------------------------------------------------------------------------------------------------------

  /// Inserts an entry, or assigns to the one that is there. @returns whether it is new.
  /// Throws: EmptyRing if there are no nodes; what HashTable::insert_or_assign throws.
  template <class K = Key, class V = T>
  bool set(K&& key, V&& value) {
    if constexpr (kTransparent || std::same_as<std::remove_cvref_t<K>, Key>) {
      const Location at = locate(key);
      const detail::ring::ArcNumber arc = arcs_.find(at.token);
      if (arc == detail::ring::kNoArc) {
        detail::raise<EmptyRing>("perturb::ShardedTable: there is no node to keep an entry on; add a node first");
      }
      const bool is_new = shards_[arc].insert_or_assign(at.hash, std::forward<K>(key), std::forward<V>(value)).second;
      if (is_new) ++size_, ++node_sizes_[ring_.arcs().node(arc)];
      return is_new;
    } else {
      return set(static_cast<Key>(std::forward<K>(key)), std::forward<V>(value));
    }
  }

  /// The value of an entry, or nullptr.
  template <class K = Key>
  [[nodiscard]] T* get(const key_parameter<K>& key) {
    return const_cast<T*>(std::as_const(*this).template get<K>(key));
  }
  template <class K = Key>
  [[nodiscard]] const T* get(const key_parameter<K>& key) const {
    const Location at = locate(key);
    const detail::ring::ArcNumber arc = arcs_.find(at.token);
    return arc == detail::ring::kNoArc ? nullptr : shards_[arc].get(key, at.hash);
  }
  template <class K = Key>
  [[nodiscard]] bool contains(const key_parameter<K>& key) const {
    return get<K>(key) != nullptr;
  }

  /// Erases an entry. @returns whether there was one.
  template <class K = Key>
  bool erase(const key_parameter<K>& key) {
    const Location at = locate(key);
    const detail::ring::ArcNumber arc = arcs_.find(at.token);
    if (arc == detail::ring::kNoArc || shards_[arc].erase(key, at.hash) == 0) return false;
    --size_;
    --node_sizes_[ring_.arcs().node(arc)];
    return true;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Erases all entries; the nodes stay.
  void clear() noexcept {
    for (Shard& shard : shards_) shard.clear();
    for (std::size_t& node_size : node_sizes_) node_size = 0;
    size_ = 0;
  }

  /// Calls f(key, value) for all entries, in an order that follows from the history of the table.
  template <class Function>
  void for_each(Function&& f) {
    for (Shard& shard : shards_) {
      for (auto& [key, value] : shard) f(key, value);
    }
  }
  template <class Function>
  void for_each(Function&& f) const {
    for (const Shard& shard : shards_) {
      for (const auto& [key, value] : shard) f(key, value);
    }
  }
  /// Calls f(key, value) for the entries on a node; for none if the identity is unknown.
  template <class Function>
  void for_each_on(identity_type id, Function&& f) {
    for_each_arc_of(*this, id, [&](Shard& shard) {
      for (auto& [key, value] : shard) f(key, value);
    });
  }
  template <class Function>
  void for_each_on(identity_type id, Function&& f) const {
    for_each_arc_of(*this, id, [&](const Shard& shard) {
      for (const auto& [key, value] : shard) f(key, value);
    });
  }

  /// The bytes allocated for the ring, the arcs and the entries.
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = ring_.memory_bytes() + arcs_.memory_bytes() + shards_.capacity() * sizeof(Shard) +
                        node_sizes_.capacity() * sizeof(std::size_t);
    for (const Shard& shard : shards_) bytes += shard.memory_bytes();
    return bytes;
  }

 private:
  using Token = typename ring_type::token_type;
  // With 64-bit tokens that come from the hasher alone, hash and token are one. Other tokens may be few or have regular
  // low bits (15 bits of a CRC, multiples of something), which would make bad hashes; then keys are hashed once more.
  static constexpr bool kTokenIsHash =
      std::same_as<Token, std::uint64_t> && !detail::ring::MakesKeyTokens<Placement, Hash, Key>;
  using TableHash = sharding::ShardHash<std::conditional_t<kTokenIsHash, Hash, XxHash<>>>;
  using Shard = HashTable<Key, T, TableHash, sharding::ShardEqual<Key>>;
  static_assert(std::is_nothrow_move_assignable_v<Shard> && std::is_nothrow_swappable_v<ring_type>,
                "perturb::ShardedTable: hasher and placement must be copyable or movable without throwing");

  struct Location {
    Token token;
    HashValue hash;
  };

  template <class K>
  Location locate(const K& key) const {
    const Token token = ring_.token(key);
    if constexpr (kTokenIsHash) {
      return {token, HashValue(token)};
    } else {
      return {token, hash_key(XxHash<>(), key)};
    }
  }

  static std::vector<Shard> empty_shards(std::size_t count, const ring_type& ring) {
    std::vector<Shard> shards;
    shards.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (kTokenIsHash) {
        shards.emplace_back(0, TableHash{ring.hash_function()});
      } else {
        shards.emplace_back();
      }
    }
    return shards;
  }

  static std::size_t number_of(const ring_type& ring, const Node* node) noexcept {
    return static_cast<std::size_t>(node - ring.nodes().data());
  }

  template <class Self, class Function>
  static void for_each_arc_of(Self& self, identity_type id, Function f) {
    const Node* const node = self.ring_.find_node(id);
    if (node == nullptr) return;
    const std::size_t number = number_of(self.ring_, node);
    for (std::size_t arc = 0; arc < self.shards_.size(); ++arc) {
      if (self.ring_.arcs().node(arc) == number) f(self.shards_[arc]);
    }
  }

  class Rebalance;

  MoveReport rebalance(ring_type next) {
    if (next.empty() && size_ != 0) {
      detail::raise<std::logic_error>("perturb::ShardedTable: the last node holds " + std::to_string(size_) +
                                      " entries, which have nowhere to go; add another node or clear() first");
    }
    return Rebalance(*this, std::move(next)).commit();
  }

  ring_type ring_;
  detail::ring::ArcMap<Token> arcs_;
  std::vector<Shard> shards_;            // one for each arc, in the order of the arcs
  std::vector<std::size_t> node_sizes_;  // entries on each node, in the order of ring_.nodes()
  std::size_t size_ = 0;
};

/// A change from one ring to another: the constructor prepares it and may throw, commit() carries it out and does not.
template <class Key, class T, class Node, class Hash, class Placement>
class ShardedTable<Key, T, Node, Hash, Placement>::Rebalance {
 public:
  Rebalance(ShardedTable& table, ring_type next)
      : table_(table),
        next_(std::move(next)),
        next_arcs_(next_.arcs()),
        next_shards_(empty_shards(next_arcs_.size(), next_)),
        node_sizes_(next_.size()),
        base_(next_arcs_.size(), detail::ring::kNoArc),
        arriving_(next_arcs_.size()),
        target_(table.arcs_.size(), detail::ring::kNoArc),
        stays_as_(table.arcs_.size(), detail::ring::kNoArc) {
    report_.changed = true;
    if (table.arcs_.size() == 0 || next_arcs_.size() == 0) return;  // without arcs there are no entries
    number_nodes();
    line_up();
    place_whole_tables();
    place_cut_tables();
    make_room();
    if constexpr (!kMovesNothrow) copy_entries();
  }

  MoveReport commit() noexcept {
    for (const Route& route : routes_) {
      Shard& from = table_.shards_[route.from];
      if constexpr (kMovesNothrow) {
        std::pair<Key, T> entry = from.extract(route.entry);
        insert(route, static_cast<Key&&>(entry.first), std::move(entry.second));
      } else {
        from.erase(route.entry);
      }
    }
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      if (base_[arc] != detail::ring::kNoArc) next_shards_[arc] = std::move(table_.shards_[base_[arc]]);
    }
    using std::swap;
    swap(table_.ring_, next_);
    swap(table_.arcs_, next_arcs_);
    table_.shards_.swap(next_shards_);
    table_.node_sizes_.swap(node_sizes_);
    fit_tables();
    return report_;
  }

 private:
  static constexpr bool kMovesNothrow =
      std::is_nothrow_move_constructible_v<Key> && std::is_nothrow_move_constructible_v<T>;
  static constexpr detail::ring::ArcNumber kCut = detail::ring::kNoArc - 1;  // a target: more than one arc

  using Iterator = typename Shard::const_iterator;

  // An entry that goes to the table of another arc.
  struct Route {
    Iterator entry;
    HashValue hash;
    detail::ring::ArcNumber from;  // an arc of the old ring
    detail::ring::ArcNumber to;    // an arc of the new ring
  };

  // The old nodes' numbers in the new ring.
  void number_nodes() {
    for (const Node& node : table_.ring_.nodes()) {
      const Node* const same = detail::ring::with_identity(node, [&](identity_type id) { return next_.find_node(id); });
      new_number_.push_back(same == nullptr ? detail::ring::kNoNode
                                            : static_cast<detail::ring::NodeNumber>(number_of(next_, same)));
    }
  }

  bool changes_node(std::size_t old_arc, std::size_t new_arc) const {
    return new_number_[table_.ring_.arcs().node(old_arc)] != next_.arcs().node(new_arc);
  }

  // Which old arc lies in which new one, or is cut.
  void line_up() {
    for (const detail::ring::Segment segment : detail::ring::common_segments(table_.ring_.arcs(), next_.arcs())) {
      detail::ring::ArcNumber& target = target_[segment.old_arc];
      target = target == detail::ring::kNoArc || target == segment.new_arc ? segment.new_arc : kCut;
      if (changes_node(segment.old_arc, segment.new_arc)) ++report_.arcs;
    }
  }

  // Counts entries of an old arc that belong to a new one.
  void count(std::size_t old_arc, detail::ring::ArcNumber new_arc, std::size_t entries) {
    node_sizes_[next_.arcs().node(new_arc)] += entries;
    if (changes_node(old_arc, new_arc)) report_.moved += entries;
    if (stays_as_[old_arc] != new_arc) arriving_[new_arc] += entries;
  }

  // Of the tables whose entries all belong to one new arc, the largest becomes that arc's.
  void place_whole_tables() {
    const auto is_whole = [&](std::size_t old_arc) {
      return target_[old_arc] != kCut && !table_.shards_[old_arc].empty();
    };
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (!is_whole(old_arc)) continue;
      detail::ring::ArcNumber& base = base_[target_[old_arc]];
      if (base == detail::ring::kNoArc || table_.shards_[base].size() < table_.shards_[old_arc].size()) {
        base = static_cast<detail::ring::ArcNumber>(old_arc);
      }
    }
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      if (base_[arc] != detail::ring::kNoArc) stays_as_[base_[arc]] = static_cast<detail::ring::ArcNumber>(arc);
    }
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (!is_whole(old_arc)) continue;
      count(old_arc, target_[old_arc], table_.shards_[old_arc].size());
      if (stays_as_[old_arc] == detail::ring::kNoArc) route(old_arc);
    }
  }

  // A table whose arc was cut becomes that of the part with the most entries, if that has none yet.
  void place_cut_tables() {
    std::vector<std::size_t> entries(base_.size());
    std::vector<detail::ring::ArcNumber> parts;
    for (std::size_t old_arc = 0; old_arc < target_.size(); ++old_arc) {
      if (target_[old_arc] != kCut) continue;
      const std::size_t first = routes_.size();
      route(old_arc);
      parts.clear();
      for (std::size_t i = first; i < routes_.size(); ++i) {
        if (entries[routes_[i].to]++ == 0) parts.push_back(routes_[i].to);
      }
      detail::ring::ArcNumber& best = stays_as_[old_arc];
      for (const detail::ring::ArcNumber part : parts) {
        if (base_[part] == detail::ring::kNoArc && (best == detail::ring::kNoArc || entries[part] > entries[best]))
          best = part;
      }
      if (best != detail::ring::kNoArc) base_[best] = static_cast<detail::ring::ArcNumber>(old_arc);
      for (const detail::ring::ArcNumber part : parts) count(old_arc, part, std::exchange(entries[part], 0));
      drop_staying(first);
    }
  }

  // Writes down where the entries of an old arc belong.
  void route(std::size_t old_arc) {
    const bool is_cut = target_[old_arc] == kCut;
    const Shard& shard = table_.shards_[old_arc];
    for (Iterator it = shard.begin(); it != shard.end(); ++it) {
      const Location at = table_.locate(it->first);
      const detail::ring::ArcNumber to = is_cut ? next_arcs_.find(at.token) : target_[old_arc];
      routes_.push_back({it, at.hash, static_cast<detail::ring::ArcNumber>(old_arc), to});
    }
  }

  // Of the routes from `first` on, keeps those of entries that leave their table.
  void drop_staying(std::size_t first) {
    routes_.erase(std::remove_if(routes_.begin() + static_cast<std::ptrdiff_t>(first), routes_.end(),
                                 [&](const Route& route) { return stays_as_[route.from] == route.to; }),
                  routes_.end());
  }

  // The table that arriving entries of a new arc are put into.
  Shard& receiver(detail::ring::ArcNumber new_arc) {
    return base_[new_arc] == detail::ring::kNoArc ? next_shards_[new_arc] : table_.shards_[base_[new_arc]];
  }

  // Making room may move the entries of a table. Where some of those leave, they are looked for again.
  void make_room() {
    std::vector<detail::ring::ArcNumber> disturbed;
    for (std::size_t arc = 0; arc < arriving_.size(); ++arc) {
      if (arriving_[arc] == 0) continue;
      Shard& shard = receiver(static_cast<detail::ring::ArcNumber>(arc));
      shard.reserve(shard.size() + arriving_[arc]);
      if (base_[arc] != detail::ring::kNoArc && target_[base_[arc]] == kCut) disturbed.push_back(base_[arc]);
    }
    if (disturbed.empty()) return;
    std::sort(disturbed.begin(), disturbed.end());
    std::erase_if(routes_, [&](const Route& route) {
      return std::binary_search(disturbed.begin(), disturbed.end(), route.from);
    });
    const std::size_t first = routes_.size();
    for (const detail::ring::ArcNumber old_arc : disturbed) route(old_arc);
    drop_staying(first);
  }

  template <class K, class V>
  Iterator insert(const Route& route, K&& key, V&& value) {
    const sharding::FreshKey<Key, K&&> fresh{std::forward<K>(key)};
    return receiver(route.to).try_emplace(route.hash, fresh, std::forward<V>(value)).first;
  }

  // Puts a copy of each entry where it goes, or none.
  void copy_entries() {
    struct Undo {
      Rebalance& rebalance;
      std::vector<Iterator> copies{};

      ~Undo() {
        for (std::size_t i = 0; i < copies.size(); ++i) rebalance.receiver(rebalance.routes_[i].to).erase(copies[i]);
      }
    } undo{*this};
    undo.copies.reserve(routes_.size());
    for (const Route& route : routes_) {
      undo.copies.push_back(insert(route, route.entry->first, route.entry->second));
    }
    undo.copies.clear();
  }

  // Gives back the room that make_room took beyond what a table of that size takes by itself, and that of tables which
  // lost most of their entries. Where memory runs out over that, a table stays as it is.
  void fit_tables() noexcept {
    for (std::size_t arc = 0; arc < base_.size(); ++arc) {
      Shard& shard = table_.shards_[arc];
      if (arriving_[arc] == 0 && 6 * shard.size() >= shard.bucket_count()) continue;
#if PERTURB_EXCEPTIONS
      try {
        shard.shrink_to_fit();
      } catch (...) {
        continue;
      }
#else
      shard.shrink_to_fit();
#endif
    }
  }

  ShardedTable& table_;
  ring_type next_;
  detail::ring::ArcMap<Token> next_arcs_;
  std::vector<Shard> next_shards_;
  std::vector<std::size_t> node_sizes_;
  std::vector<detail::ring::ArcNumber> base_;      // of each new arc: the old arc whose table it takes over, or kNoArc
  std::vector<std::size_t> arriving_;              // of each new arc: the entries that come from other tables
  std::vector<detail::ring::ArcNumber> target_;    // of each old arc: the new arc that it lies in, or kCut
  std::vector<detail::ring::ArcNumber> stays_as_;  // of each old arc: the new arc that takes over its table, or kNoArc
  std::vector<detail::ring::NodeNumber> new_number_;
  std::vector<Route> routes_;
  MoveReport report_;
};

}  // namespace perturb::inline PERTURB_ABI
