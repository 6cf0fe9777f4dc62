// SPDX-License-Identifier: MIT
/// @file Md5Hash: a hasher that agrees with programs which hash by MD5.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/key_traits.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/std_parts.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace perturb::inline PERTURB_ABI {

/// The first eight bytes of the MD5 digest, little-endian: of the characters (of one byte) of a string, of the bytes of
/// a contiguous range of bytes, of an integer as eight little-endian bytes. For equal results with other programs;
/// XxHash is far faster. Complexity: linear. Throws: nothing.
struct Md5Hash {
  using is_avalanching = void;
  using is_transparent = void;

  template <detail::hashing::Integer Key>
  [[nodiscard]] constexpr std::uint64_t operator()(const Key& key) const noexcept {
    return first_eight(detail::hashing::md5(
        std::span<const std::byte>(detail::hashing::little_endian_bytes(static_cast<std::uint64_t>(key)))));
  }
  template <detail::hashing::StringLike Key>
    requires(sizeof(detail::hashing::CharacterOf<Key>) == 1)
  [[nodiscard]] constexpr std::uint64_t operator()(const Key& key) const noexcept {
    const auto characters = detail::hashing::text(key);
    if constexpr (std::is_same_v<detail::hashing::CharacterOf<Key>, char>) {
      return first_eight(detail::hashing::md5(characters));
    } else {
      return first_eight(detail::hashing::md5(std::as_bytes(std::span(characters.data(), characters.size()))));
    }
  }
  template <detail::hashing::IntegerRange Key>
    requires(!detail::hashing::StringLike<Key> && sizeof(detail::hashing::ElementOf<Key>) == 1)
  [[nodiscard]] std::uint64_t operator()(const Key& key) const noexcept {
    return first_eight(detail::hashing::md5(std::as_bytes(std::span(std::ranges::data(key), std::ranges::size(key)))));
  }

 private:
  static constexpr std::uint64_t first_eight(const detail::hashing::Md5Digest& digest) noexcept {
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < 8; ++i) result |= static_cast<std::uint64_t>(digest[i]) << (8 * i);
    return result;
  }
};

}  // namespace perturb::inline PERTURB_ABI
