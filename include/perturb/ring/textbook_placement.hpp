// SPDX-License-Identifier: MIT
/// @file The placement of TextbookRing (textbook.hpp): one point a node, at the node's own number.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/placement.hpp>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The MD5 digest of `key` as a big-endian number, modulo `capacity`.
/// Pre: capacity > 0.
[[nodiscard]] constexpr std::uint64_t textbook_position(std::string_view key, std::uint64_t capacity) noexcept {
  std::uint64_t remainder = 0;
  for (const std::uint8_t byte : detail::hashing::md5(key)) {
    for (int bit = 7; bit >= 0; --bit) {
      // (2 * remainder + bit) mod capacity. remainder < capacity, and nothing here overflows 64 bits.
      const std::uint64_t room = capacity - remainder;
      remainder = remainder >= room ? remainder - room : remainder + remainder;
      if ((byte >> bit & 1) != 0 && ++remainder == capacity) remainder = 0;
    }
  }
  return remainder;
}

/// A node is a number between 0 and the capacity, and its point stands there.
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
  template <class AddPoint>
  void place(std::uint64_t node, double, AddPoint&& add_point) const {
    if (node > capacity_) {
      detail::raise<std::invalid_argument>("perturb::TextbookRing: the node " + std::to_string(node) +
                                           " is beyond the capacity " + std::to_string(capacity_));
    }
    add_point(token(node));
  }
  [[nodiscard]] std::string snapshot_name() const { return "Textbook<" + std::to_string(capacity_) + ">"; }
  template <class Hash>
  [[nodiscard]] std::uint64_t key_token(const Hash&, std::string_view key) const noexcept {
    return token(position(key));
  }

  friend constexpr bool operator==(const TextbookPlacement&, const TextbookPlacement&) noexcept = default;

 private:
  [[nodiscard]] std::uint64_t step() const noexcept {
    constexpr std::uint64_t kMax = (std::numeric_limits<std::uint64_t>::max)();
    return capacity_ == kMax ? 1 : kMax / (capacity_ + 1);
  }

  std::uint64_t capacity_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
