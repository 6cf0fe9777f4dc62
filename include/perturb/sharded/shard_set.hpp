// SPDX-License-Identifier: MIT
/// @file The state of a sharded table: a ring, a table for each of its arcs, and the counts of entries.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arc_map.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/sharded/shard.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Ring>
struct ShardSet {
  using Node = typename Ring::node_type;
  using Hash = typename Ring::hasher;
  using Token = typename Ring::token_type;
  // With 64-bit tokens that come from the hasher alone, the hash is the token. Other tokens may be few or have regular
  // low bits (15 bits of a CRC, multiples of something), which would be bad hashes; keys are then hashed once more.
  static constexpr bool kTokenIsHash =
      std::same_as<Token, std::uint64_t> && !detail::ring::MakesKeyTokens<typename Ring::placement_type, Hash, Key>;
  using TableHash = std::conditional_t<kTokenIsHash, Hash, XxHash<>>;
  using Table = Shard<Key, T, TableHash>;

  /// A key's token, and its hash in the tables.
  struct Location {
    Token token;
    HashValue hash;
  };

  ShardSet() = default;
  /// Empty tables for the arcs of `ring`.
  explicit ShardSet(Ring of_ring)
      : ring(std::move(of_ring)),
        arcs(detail::ring::RingAccess::arcs(ring)),
        shards(empty_tables()),
        node_sizes(ring.size()) {}

  ShardSet(const ShardSet&) = default;
  ShardSet(ShardSet&& other) noexcept
      : ring(std::move(other.ring)),
        arcs(std::move(other.arcs)),
        shards(std::move(other.shards)),
        node_sizes(std::move(other.node_sizes)),
        size(std::exchange(other.size, 0)) {}
  ShardSet& operator=(ShardSet other) noexcept {
    swap(*this, other);
    return *this;
  }
  ~ShardSet() = default;

  friend void swap(ShardSet& a, ShardSet& b) noexcept {
    using std::swap;
    swap(a.ring, b.ring);
    swap(a.arcs, b.arcs);
    swap(a.shards, b.shards);
    swap(a.node_sizes, b.node_sizes);
    swap(a.size, b.size);
  }

  template <class K>
  [[nodiscard]] Location locate(const K& key) const {
    const Token token = ring.token(key);
    if constexpr (kTokenIsHash) {
      return {token, HashValue(token)};
    } else {
      return {token, perturb::hash_key(XxHash<>(), key)};
    }
  }

  /// The number of the node that owns an arc.
  [[nodiscard]] detail::ring::NodeNumber node_of(std::size_t arc) const noexcept {
    return detail::ring::RingAccess::arcs(ring).value(arc);
  }

  /// The number of the node with this identity, or kNoNode.
  [[nodiscard]] detail::ring::NodeNumber number_of(typename Ring::identity_type id) const {
    const Node* const node = ring.find_node(id);
    return node == nullptr ? detail::ring::kNoNode : static_cast<detail::ring::NodeNumber>(node - ring.nodes().data());
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = ring.memory_bytes() + arcs.memory_bytes() + shards.capacity() * sizeof(Table) +
                        node_sizes.capacity() * sizeof(std::size_t);
    for (const Table& shard : shards) bytes += shard.memory_bytes();
    return bytes;
  }

  Ring ring;
  detail::ring::ArcMap<Token> arcs;
  std::vector<Table> shards;            // one for each arc, in the order of the arcs
  std::vector<std::size_t> node_sizes;  // entries on each node, in the order of ring.nodes()
  std::size_t size = 0;

 private:
  std::vector<Table> empty_tables() const {
    std::vector<Table> tables;
    tables.reserve(arcs.size());
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      if constexpr (kTokenIsHash) {
        tables.emplace_back(0, ring.hash_function());
      } else {
        tables.emplace_back();
      }
    }
    return tables;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
