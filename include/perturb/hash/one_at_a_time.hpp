// SPDX-License-Identifier: MIT
/// @file Bob Jenkins' one-at-a-time hash, libmemcached's default key hash.
///
/// Source: B. Jenkins, "A hash function for hash table lookup", burtleburtle.net/bob/hash/doobs.html.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// One-at-a-time of `key`. `Byte` is the type as which a character is read: unsigned as published, but plain char by
/// libmemcached and twemproxy. Where that is signed (x86), the results differ for bytes from 0x80 on.
template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint32_t one_at_a_time(std::string_view key) noexcept {
  std::uint32_t hash = 0;
  for (const char character : key) {
    hash += static_cast<std::uint32_t>(static_cast<Byte>(character));
    hash += hash << 10;
    hash ^= hash >> 6;
  }
  hash += hash << 3;
  hash ^= hash >> 11;
  hash += hash << 15;
  return hash;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
