// SPDX-License-Identifier: MIT
/// @file Paul Hsieh's SuperFastHash in the form of libmemcached and twemproxy (`hsieh`), which starts from 0 where the
/// published one starts from the length. Debian's libmemcached is built without it.
///
/// Source: P. Hsieh, "Hash functions", azillionmonkeys.com/qed/hash.html; twemproxy, nc_hsieh.c, for the differences.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>

#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// `Byte` is the type as which the last character is read if the length modulo 4 is 3: `signed char` where plain char
/// is signed (x86).
template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint32_t hsieh(std::string_view key) noexcept {
  if (key.empty()) return 0;
  std::uint32_t hash = 0;
  while (key.size() >= 4) {
    hash += load_little_endian<std::uint16_t>(key, 0);
    hash = (hash << 16) ^ (static_cast<std::uint32_t>(load_little_endian<std::uint16_t>(key, 2)) << 11) ^ hash;
    hash += hash >> 11;
    key.remove_prefix(4);
  }
  if (key.size() == 3) {
    hash += load_little_endian<std::uint16_t>(key, 0);
    hash ^= hash << 16;
    hash ^= static_cast<std::uint32_t>(static_cast<Byte>(key[2])) << 18;
    hash += hash >> 11;
  } else if (key.size() == 2) {
    hash += load_little_endian<std::uint16_t>(key, 0);
    hash ^= hash << 11;
    hash += hash >> 17;
  } else if (key.size() == 1) {
    hash += static_cast<unsigned char>(key[0]);
    hash ^= hash << 10;
    hash += hash >> 1;
  }
  hash ^= hash << 3;
  hash += hash >> 5;
  hash ^= hash << 4;
  hash += hash >> 17;
  hash ^= hash << 25;
  hash += hash >> 6;
  return hash;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
