// SPDX-License-Identifier: MIT
/// @file MurmurHash2 with 32 and (as MurmurHash64A) 64 bits.
///
/// Source: A. Appleby, SMHasher, MurmurHash2.cpp (public domain). Blocks are read little-endian on every machine.
/// libmemcached and twemproxy seed the first with 0xDEADBEEF times the length (modulo 2^32), mcrouter and Envoy use the
/// second, as libstdc++ does for std::hash of strings (seed 0xC70F6907).
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/integer_cast.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

[[nodiscard]] constexpr std::uint32_t murmur2_32(std::string_view key, std::uint32_t seed) noexcept {
  constexpr std::uint32_t kFactor = 0x5BD1E995;
  std::uint32_t hash = seed ^ hashing::integer_cast<std::uint32_t>(key.size());
  while (key.size() >= 4) {
    auto block = load_little_endian<std::uint32_t>(key, 0);
    block *= kFactor;
    block ^= block >> 24;
    block *= kFactor;
    hash = (hash * kFactor) ^ block;
    key.remove_prefix(4);
  }
  if (!key.empty()) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      hash ^= static_cast<std::uint32_t>(static_cast<unsigned char>(key[i])) << (8 * i);
    }
    hash *= kFactor;
  }
  hash ^= hash >> 13;
  hash *= kFactor;
  return hash ^ (hash >> 15);
}

[[nodiscard]] constexpr std::uint64_t murmur2_64a(std::string_view key, std::uint64_t seed) noexcept {
  constexpr auto kFactor = UINT64_C(0xC6A4A7935BD1E995);
  std::uint64_t hash = seed ^ (std::uint64_t{key.size()} * kFactor);
  while (key.size() >= 8) {
    auto block = load_little_endian<std::uint64_t>(key, 0);
    block *= kFactor;
    block ^= block >> 47;
    block *= kFactor;
    hash = (hash ^ block) * kFactor;
    key.remove_prefix(8);
  }
  if (!key.empty()) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      hash ^= static_cast<std::uint64_t>(static_cast<unsigned char>(key[i])) << (8 * i);
    }
    hash *= kFactor;
  }
  hash ^= hash >> 47;
  hash *= kFactor;
  return hash ^ (hash >> 47);
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
