// SPDX-License-Identifier: MIT
/// @file The state of a sharded table: a ring, tables that each hold the entries of one part of it, and the counts of
/// entries.
///
/// The ring is cut into 2^depth parts of equal width, and each has a table: a *shard*. Which node owns an entry is not
/// stored; the ring says it. A shard holds at most kEntriesPerShard entries on average, so a change of the ring reads
/// little more than the entries whose node changes, and moves none in memory.
///
/// Tokens of good hashes lie evenly. Where they do not, shards are of different sizes, which makes a change read more
/// and a look-up no slower: a shard is a hash table.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/sharded/shard.hpp>
#include <perturb/table/scope_guard.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Ring, class KeyEqual, class Allocator>
struct ShardSet {
  using Node = typename Ring::node_type;
  using Hash = typename Ring::hasher;
  using Token = typename Ring::token_type;
  // With 64-bit tokens that come from the hasher alone, the hash is the token. Other tokens may be few or have regular
  // low bits (15 bits of a CRC, multiples of something), which would be bad hashes; keys are then hashed once more. By
  // XxHash, unless keys have an equality of their own, with which only the hasher agrees.
  static constexpr bool kTokenIsHash =
      std::same_as<Token, std::uint64_t> && !detail::ring::MakesKeyTokens<typename Ring::placement_type, Hash, Key>;
  static constexpr bool kUsesHasher = kTokenIsHash || !std::same_as<KeyEqual, Equal<Key>>;
  using TableHash = std::conditional_t<kUsesHasher, Hash, XxHash<>>;
  using Table = Shard<Key, T, TableHash, KeyEqual, Allocator>;
  static constexpr std::size_t kEntriesPerShard = 64;
  static constexpr unsigned kMaxDepth = 26;

  /// A key's token, and its hash in the tables.
  struct Location {
    Token token;
    HashValue hash;
  };

  ShardSet() = default;
  explicit ShardSet(Ring of_ring, const Allocator& its_allocator = Allocator())
      : ring(std::move(of_ring)), node_sizes(ring.size()), allocator(its_allocator) {}

  ShardSet(const ShardSet&) = default;
  ShardSet(ShardSet&& other) noexcept
      : ring(std::move(other.ring)),
        shards(std::move(other.shards)),
        node_sizes(std::move(other.node_sizes)),
        size(std::exchange(other.size, 0)),
        depth(std::exchange(other.depth, 0)),
        min_depth(std::exchange(other.min_depth, 0)),
        allocator(other.allocator) {
    other.shards.clear();
    other.node_sizes.clear();
  }
  ShardSet& operator=(const ShardSet& other) {
    ShardSet copy(other);
    swap(*this, copy);
    return *this;
  }
  ShardSet& operator=(ShardSet&& other) noexcept {
    ShardSet moved(std::move(other));
    swap(*this, moved);
    return *this;
  }
  ~ShardSet() = default;

  friend void swap(ShardSet& a, ShardSet& b) noexcept {
    using std::swap;
    swap(a.ring, b.ring);
    swap(a.shards, b.shards);
    swap(a.node_sizes, b.node_sizes);
    swap(a.size, b.size);
    swap(a.depth, b.depth);
    swap(a.min_depth, b.min_depth);
    swap(a.allocator, b.allocator);
  }

  template <class K>
  [[nodiscard]] PERTURB_ALWAYS_INLINE Location locate(const K& key) const {
    const Token token = ring.token(key);
    if constexpr (kTokenIsHash) {
      return {token, HashValue(token)};
    } else if constexpr (kUsesHasher) {
      return {token, perturb::hash_key(ring.hash_function(), key)};
    } else {
      return {token, perturb::hash_key(XxHash<>(), key)};
    }
  }

  /// The number of the shard in which a token lies, with 2^its_depth of them.
  [[nodiscard]] static std::size_t shard_number(Token token, unsigned its_depth) noexcept {
    return static_cast<std::size_t>((detail::ring::high_bits(token) >> 1) >> (63 - its_depth));
  }
  /// Pre: there are shards, as there are once an entry was inserted.
  [[nodiscard]] Table& shard_of(Token token) noexcept { return shards[shard_number(token, depth)]; }
  [[nodiscard]] const Table& shard_of(Token token) const noexcept { return shards[shard_number(token, depth)]; }

  /// The number of the node that owns a token, or kNoNode.
  [[nodiscard]] detail::ring::NodeNumber owner_of(Token token) const noexcept {
    return detail::ring::RingAccess::owner_number(ring, token);
  }
  /// The number of the node with this identity, or kNoNode.
  [[nodiscard]] detail::ring::NodeNumber number_of(typename Ring::identity_type id) const {
    const Node* const node = ring.find_node(id);
    return node == nullptr ? detail::ring::kNoNode : static_cast<detail::ring::NodeNumber>(node - ring.nodes().data());
  }

  /// Makes one shard if there is none.
  void make_first_shard() {
    if (shards.empty()) shards = empty_shards(0);
  }
  /// After an insertion: splits the shards if they have become large. @returns where `value` is then.
  /// Memory or hashes that fail leave the shards as they are.
  T* grow(T* value) noexcept {
    return size > kEntriesPerShard << depth && depth < kMaxDepth ? try_split(depth + 2, value) : value;
  }
  /// After an erasure: joins shards that have become small.
  void shrink() noexcept {
    if (depth <= min_depth || size >= kEntriesPerShard << depth >> 4) return;
    unsigned new_depth = min_depth;
    while (size > kEntriesPerShard / 2 << new_depth) ++new_depth;
    try_split(new_depth, nullptr);
  }

  /// Makes 2^new_depth shards. @returns where `value`, a value of an entry or nullptr, is then. Strong guarantee.
  T* split(unsigned new_depth, const T* value = nullptr) {
    // What may throw comes first: memory, hashes, and copies where entries cannot be moved without throwing.
    std::vector<Table> next = empty_shards(new_depth);
    std::vector<std::size_t> counts(next.size());
    std::vector<Location> locations;
    locations.reserve(size);
    for (const Table& shard : shards) {
      for (const auto& entry : shard) {
        locations.push_back(locate(entry.first));
        ++counts[shard_number(locations.back().token, new_depth)];
      }
    }
    for (std::size_t i = 0; i < next.size(); ++i) next[i].reserve(counts[i]);
    struct Moved {
      typename Table::const_iterator from;
      typename Table::const_iterator made;
      Table* to;
    };
    std::vector<Moved> moved;
    // Where nothing can throw there is nothing to undo.
    constexpr bool kCanThrow = !table::moves_without_throwing<typename Table::Element>();
    if constexpr (kCanThrow) moved.reserve(size);
    table::ScopeGuard undo([&] {
      for (const Moved& entry : moved) entry.to->give_back(entry.from, entry.made);
    });
    T* result = nullptr;
    auto at = locations.begin();
    for (Table& shard : shards) {
      for (auto it = shard.cbegin(); it != shard.cend(); static_cast<void>(++it), ++at) {
        Table& to = next[shard_number(at->token, new_depth)];
        const auto made = to.insert_unique(at->hash, it);
        if constexpr (kCanThrow) moved.push_back({it, made, std::addressof(to)});
        if (Table::value_at(it) == value) result = Table::value_at(made);
      }
    }
    undo.dismiss();
    shards.swap(next);
    depth = new_depth;
    return result;
  }

  /// Calls f(number) for the shards that contain tokens of (after, upto], and possibly one more.
  template <class Function>
  void for_shards_of_arc(Token after, Token upto, Function f) const {
    const std::size_t first = shard_number(after, depth);
    const std::size_t last = shard_number(upto, depth);
    if (after < upto) {
      for (std::size_t i = first; i <= last; ++i) f(i);
    } else {
      for (std::size_t i = first; i < shards.size(); ++i) f(i);
      for (std::size_t i = 0; i <= last && i < first; ++i) f(i);
    }
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes =
        ring.memory_bytes() + shards.capacity() * sizeof(Table) + node_sizes.capacity() * sizeof(std::size_t);
    for (const Table& shard : shards) bytes += shard.memory_bytes();
    return bytes;
  }

  Ring ring;
  std::vector<Table> shards;            // none, or 2^depth
  std::vector<std::size_t> node_sizes;  // entries on each node, in the order of ring.nodes()
  std::size_t size = 0;
  unsigned depth = 0;
  unsigned min_depth = 0;  // as reserve() asked for
  PERTURB_NO_UNIQUE_ADDRESS Allocator allocator;

 private:
  T* try_split(unsigned new_depth, T* value) noexcept {
#if PERTURB_EXCEPTIONS
    try {
      return split(new_depth, value);
    } catch (...) {
      return value;
    }
#else
    return split(new_depth, value);
#endif
  }

  [[nodiscard]] std::vector<Table> empty_shards(unsigned its_depth) const {
    const std::size_t count = std::size_t{1} << its_depth;
    std::vector<Table> tables;
    tables.reserve(count);
    while (tables.size() < count) {
      if constexpr (kUsesHasher) {
        tables.emplace_back(0, ring.hash_function(), KeyEqual(), allocator);
      } else {
        tables.emplace_back(0, XxHash<>(), KeyEqual(), allocator);
      }
    }
    return tables;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
