// SPDX-License-Identifier: MIT
/// @file The hashes that HAProxy offers beside CRC-32: sdbm (its default), djb2, wt6, and the mixer that it applies to
/// their results.
///
/// Source: HAProxy, src/hash.c and include/haproxy/intops.h (full_hash: B. Jenkins' integer hash in six shifts,
/// burtleburtle.net/bob/hash/integer.html, times a prime).
#pragma once

#include <perturb/config.hpp>

#include <bit>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// The hash of the sdbm database library: 65599 times the hash, plus the byte.
[[nodiscard]] constexpr std::uint32_t sdbm(std::string_view key) noexcept {
  std::uint32_t hash = 0;
  for (const char character : key) hash = hash * 65599 + static_cast<unsigned char>(character);
  return hash;
}

/// D. J. Bernstein's: 33 times the hash, plus the byte.
[[nodiscard]] constexpr std::uint32_t djb2(std::string_view key) noexcept {
  std::uint32_t hash = 5381;
  for (const char character : key) hash = hash * 33 + static_cast<unsigned char>(character);
  return hash;
}

/// W. Tarreau's: two words, each rotated by a distance that the words themselves determine.
[[nodiscard]] constexpr std::uint32_t wt6(std::string_view key) noexcept {
  std::uint32_t first = 0xA53C965A;
  std::uint32_t second = 0x5CA6953A;
  int first_distance = 6;
  int second_distance = 18;
  for (const char character : key) {
    const std::uint32_t byte = static_cast<unsigned char>(character);
    const std::uint32_t rotated = std::rotl(~(second + byte), first_distance);
    second = std::rotl(~(first ^ byte), second_distance);
    first = rotated;
    const std::uint32_t distances = ((first >> 16) ^ second) & 0xFFFF;
    first_distance = static_cast<int>(distances & 31);
    second_distance = static_cast<int>(distances >> 11);
  }
  return first ^ second;
}

/// HAProxy's mixer of 32-bit numbers (full_hash): for the points of servers, and for the results of the hashes above.
[[nodiscard]] constexpr std::uint32_t haproxy_full_hash(std::uint32_t a) noexcept {
  a = (a + 0x7ED55D16) + (a << 12);
  a = (a ^ 0xC761C23C) ^ (a >> 19);
  a = (a + 0x165667B1) + (a << 5);
  a = (a + 0xD3A2646C) ^ (a << 9);
  a = (a + 0xFD7046C5) + (a << 3);
  a = (a ^ 0xB55A4F09) ^ (a >> 16);
  return a * 3221225473u;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
