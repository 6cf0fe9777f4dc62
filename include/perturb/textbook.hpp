// SPDX-License-Identifier: MIT
/// @file TextbookRing and TextbookStore: the hash ring as teaching texts have it, one point a node, as a placement of
/// HashRing. To learn from, and to follow such a text position for position; HashRing is the ring to use.
///
/// A node has one point, at the node's own number, between 0 and a capacity. A key stands at the MD5 digest of its
/// bytes, read as one big-endian number of 128 bits, modulo the capacity. The first node at or after that position owns
/// the key. Three faults that such texts often have are avoided: entries whose positions collide are all kept, the
/// highest node can be removed, and keys past the highest node belong to the lowest.
///
/// On a ring of 2^64 the position p becomes the token p * floor((2^64 - 1) / (capacity + 1)). That keeps the order,
/// keeps different positions different, and uses the whole ring, so that index, shares and pictures work as on any
/// ring.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hashers.hpp>
#include <perturb/move_report.hpp>
#include <perturb/ring/textbook_placement.hpp>
#include <perturb/sharded_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// A ring of numbered nodes: which of them owns a key.
class TextbookRing {
 public:
  using ring_type = HashRing<std::uint64_t, XxHash<>, detail::ring::TextbookPlacement>;

  /// Throws: std::invalid_argument for the capacity 0.
  explicit TextbookRing(std::uint64_t capacity) : ring_(detail::ring::TextbookPlacement(capacity)) {}

  /// Adds a node. @returns false if it is there already.
  /// Throws: std::invalid_argument for a node beyond the capacity. Strong guarantee.
  bool add_node(std::uint64_t node) { return ring_.add_node(node); }
  /// Removes a node. @returns false if it is not there. Strong guarantee.
  bool remove_node(std::uint64_t node) { return ring_.remove_node(node); }

  /// Where `key` stands, between 0 and capacity() - 1.
  [[nodiscard]] std::uint64_t position(std::string_view key) const noexcept { return ring_.placement().position(key); }
  /// The number of the node that owns `key`. Throws: EmptyRing if there are no nodes.
  [[nodiscard]] std::uint64_t owner(std::string_view key) const { return ring_.owner(key); }
  /// The node that owns `key`, or nullptr if there are no nodes.
  [[nodiscard]] const std::uint64_t* find_owner(std::string_view key) const noexcept { return ring_.find_owner(key); }

  [[nodiscard]] std::uint64_t capacity() const noexcept { return ring_.placement().capacity(); }
  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  /// The nodes, ascending.
  [[nodiscard]] std::span<const std::uint64_t> nodes() const noexcept { return ring_.nodes(); }
  /// The HashRing inside: points, arcs, shares, pictures.
  [[nodiscard]] const ring_type& ring() const noexcept { return ring_; }

 private:
  ring_type ring_;
};

/// A store of strings under strings, each on the node that owns its key.
class TextbookStore {
 public:
  using table_type = ShardedTable<std::string, std::string, std::uint64_t, XxHash<>, detail::ring::TextbookPlacement>;

  /// Throws: std::invalid_argument for the capacity 0.
  explicit TextbookStore(std::uint64_t capacity)
      : table_(table_type::ring_type(detail::ring::TextbookPlacement(capacity))) {}

  /// Adds a node, and moves to it the entries that it now owns.
  /// Throws: std::invalid_argument for a node beyond the capacity.
  MoveReport add_node(std::uint64_t node) { return table_.add_node(node); }
  /// Removes a node, whose entries move to those that now own them.
  /// Throws: std::logic_error if it is the last node and holds entries.
  MoveReport remove_node(std::uint64_t node) { return table_.remove_node(node); }

  /// Inserts or assigns. @returns whether the key is new. Throws: EmptyRing if there are no nodes.
  bool set(std::string_view key, std::string_view value) { return table_.set(key, value); }
  /// The value of `key`, or nullptr.
  [[nodiscard]] const std::string* get(std::string_view key) const { return table_.get(key); }
  /// Erases an entry. @returns whether there was one.
  bool erase(std::string_view key) { return table_.erase(key); }

  /// The number of the node that owns `key`. Throws: EmptyRing if there are no nodes.
  [[nodiscard]] std::uint64_t owner(std::string_view key) const { return table_.owner(key); }
  /// Where `key` stands, between 0 and capacity - 1.
  [[nodiscard]] std::uint64_t position(std::string_view key) const noexcept {
    return table_.ring().placement().position(key);
  }
  [[nodiscard]] std::size_t size() const noexcept { return table_.size(); }
  /// The number of entries on a node, 0 for one that is not there.
  [[nodiscard]] std::size_t node_size(std::uint64_t node) const { return table_.node_size(node); }
  /// The positions of the keys on a node, ascending, one for each key.
  /// Complexity: O(nodes + n log n) for n keys on the node.
  [[nodiscard]] std::vector<std::uint64_t> positions_on(std::uint64_t node) const {
    std::vector<std::uint64_t> positions;
    table_.for_each_on(node, [&](const std::string& key, const std::string&) { positions.push_back(position(key)); });
    std::sort(positions.begin(), positions.end());
    return positions;
  }
  /// The nodes, ascending.
  [[nodiscard]] std::span<const std::uint64_t> nodes() const noexcept { return table_.ring().nodes(); }
  /// The ShardedTable inside.
  [[nodiscard]] const table_type& table() const noexcept { return table_; }

 private:
  table_type table_;
};

}  // namespace perturb::inline PERTURB_ABI
