// SPDX-License-Identifier: MIT
/// @file MurmurHash3 with 32 bits (x86_32).
///
/// Source: A. Appleby, SMHasher, MurmurHash3.cpp (public domain). Blocks are read little-endian on every machine.
/// libmemcached seeds it with 0xDEADBEEF times the length (modulo 2^32), brpc with 0.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/integer_cast.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

[[nodiscard]] constexpr std::uint32_t murmur3_x86_32(std::string_view key, std::uint32_t seed) noexcept {
  const auto size = hashing::integer_cast<std::uint32_t>(key.size());
  std::uint32_t hash = seed;
  const auto mixed = [](std::uint32_t block) { return std::rotl(block * 0xCC9E2D51u, 15) * 0x1B873593u; };
  while (key.size() >= 4) {
    hash = std::rotl(hash ^ mixed(load_little_endian<std::uint32_t>(key, 0)), 13) * 5 + 0xE6546B64u;
    key.remove_prefix(4);
  }
  std::uint32_t rest = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    rest |= static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])) << (8 * i);
  }
  hash ^= mixed(rest);  // 0 when nothing is left
  hash ^= size;
  hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
  hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
  return hash ^ (hash >> 16);
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
