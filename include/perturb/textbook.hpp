// SPDX-License-Identifier: MIT
/// @file TextbookRing and TextbookStore: the ring of the notebook that the project began with, position for position,
/// as a placement of HashRing. Three faults of the notebook are not in it: entries whose positions collide are all
/// kept, the highest node can be removed, and keys past the highest node belong to the lowest.
///
/// The notebook's ring has one point a node, at the node's own number, between 0 and a capacity. A key stands at the
/// MD5 digest of its bytes, read as one big-endian number of 128 bits, modulo the capacity; the first node at or after
/// that position owns it.
///
/// On a ring of 2^64 the position p becomes the token p * floor((2^64 - 1) / (capacity + 1)): the order stays,
/// different positions stay different, and the whole ring is used, so that index, shares and pictures work as on any
/// ring.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/sharded_table.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// The MD5 digest of `key` as a big-endian number, modulo `capacity`.
/// Pre: capacity > 0.
[[nodiscard]] constexpr std::uint64_t textbook_position(std::string_view key, std::uint64_t capacity) noexcept {
  std::uint64_t remainder = 0;
  for (const std::uint8_t byte : detail::hashing::md5(key)) {
    for (int bit = 7; bit >= 0; --bit) {
      // 2 * remainder + bit, modulo capacity, without passing 64 bits: remainder < capacity.
      const std::uint64_t room = capacity - remainder;
      remainder = remainder >= room ? remainder - room : remainder + remainder;
      if ((byte >> bit & 1) != 0 && ++remainder == capacity) remainder = 0;
    }
  }
  return remainder;
}

/// The placement of the notebook: a node is a number between 0 and the capacity, and stands there.
class TextbookPlacement {
 public:
  using token_type = std::uint64_t;
  static constexpr BoundRule kBound = BoundRule::at_or_after;
  static constexpr TieRule kTies = TieRule::identity;

  /// Throws: std::invalid_argument for the capacity 0.
  explicit TextbookPlacement(std::uint64_t capacity = 100'000'000) : capacity_(capacity) {
    if (capacity == 0)
      detail::raise<std::invalid_argument>("perturb::TextbookRing: a ring of capacity 0 has no positions");
  }

  [[nodiscard]] std::uint64_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::uint64_t position(std::string_view key) const noexcept {
    return textbook_position(key, capacity_);
  }
  [[nodiscard]] std::uint64_t token(std::uint64_t position) const noexcept { return position * step(); }

  [[nodiscard]] static std::uint64_t point_count(double) noexcept { return 1; }
  template <class Emit>
  void place(std::uint64_t node, double, Emit&& emit) const {
    if (node > capacity_) {
      detail::raise<std::invalid_argument>("perturb::TextbookRing: the node " + std::to_string(node) +
                                           " is beyond the capacity " + std::to_string(capacity_));
    }
    emit(token(node));
  }
  template <class Hash>
  [[nodiscard]] std::uint64_t key_token(const Hash&, std::string_view key) const noexcept {
    return token(position(key));
  }

 private:
  [[nodiscard]] std::uint64_t step() const noexcept {
    constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
    return capacity_ == kMax ? 1 : kMax / (capacity_ + 1);
  }

  std::uint64_t capacity_;
};

/// The notebook's ring: which node owns a key.
class TextbookRing {
 public:
  using ring_type = HashRing<std::uint64_t, XxHash<>, TextbookPlacement>;

  /// Throws: std::invalid_argument for the capacity 0.
  explicit TextbookRing(std::uint64_t capacity) : ring_(TextbookPlacement(capacity)) {}

  /// @returns false if the node is there. Throws: std::invalid_argument for a node beyond the capacity.
  bool add_node(std::uint64_t node) { return ring_.add_node(node); }
  /// @returns false if the node is not there.
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
  /// The ring itself, for everything else that a ring can tell.
  [[nodiscard]] const ring_type& ring() const noexcept { return ring_; }

 private:
  ring_type ring_;
};

/// The notebook's store: strings under strings, each on the node that owns its key.
class TextbookStore {
 public:
  using table_type = ShardedTable<std::string, std::string, std::uint64_t, XxHash<>, TextbookPlacement>;

  /// Throws: std::invalid_argument for the capacity 0.
  explicit TextbookStore(std::uint64_t capacity) : table_(table_type::ring_type(TextbookPlacement(capacity))) {}

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
  /// @returns whether there was such an entry.
  bool erase(std::string_view key) { return table_.erase(key); }

  /// The number of the node that owns `key` (the notebook's get_identifier). Throws: EmptyRing if there are no nodes.
  [[nodiscard]] std::uint64_t owner(std::string_view key) const { return table_.owner(key); }
  /// Where `key` stands, between 0 and capacity - 1.
  [[nodiscard]] std::uint64_t position(std::string_view key) const noexcept {
    return table_.ring().placement().position(key);
  }
  [[nodiscard]] std::size_t size() const noexcept { return table_.size(); }
  /// The number of entries on a node, 0 for one that is not there.
  [[nodiscard]] std::size_t node_size(std::uint64_t node) const { return table_.node_size(node); }
  /// The positions of the keys on a node, ascending, one for each key. Complexity: O(nodes + n log n).
  [[nodiscard]] std::vector<std::uint64_t> positions_on(std::uint64_t node) const {
    std::vector<std::uint64_t> positions;
    table_.for_each_on(node, [&](const std::string& key, const std::string&) { positions.push_back(position(key)); });
    std::sort(positions.begin(), positions.end());
    return positions;
  }
  /// The nodes, ascending.
  [[nodiscard]] std::span<const std::uint64_t> nodes() const noexcept { return table_.ring().nodes(); }
  /// The table itself, for everything else that a table can do.
  [[nodiscard]] const table_type& table() const noexcept { return table_; }

 private:
  table_type table_;
};

}  // namespace perturb::inline PERTURB_ABI
