// SPDX-License-Identifier: MIT
/// @file MurmurHash3 with 32 bits (x86_32) and with 128 (x64_128).
///
/// Source: A. Appleby, SMHasher, MurmurHash3.cpp (public domain). Blocks are read little-endian on every machine.
/// libmemcached seeds the first with 0xDEADBEEF times the length (modulo 2^32), brpc with 0.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI {

[[nodiscard]] constexpr std::uint32_t murmur3_x86_32(std::string_view key, std::uint32_t seed) noexcept {
  const auto size = static_cast<std::uint32_t>(key.size());
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

/// The two halves, the first eight bytes of the published result first.
[[nodiscard]] constexpr std::array<std::uint64_t, 2> murmur3_x64_128(std::string_view key,
                                                                     std::uint32_t seed) noexcept {
  constexpr auto kFirst = UINT64_C(0x87C37B91114253D5);
  constexpr auto kSecond = UINT64_C(0x4CF5AD432745937F);
  const auto size = static_cast<std::uint64_t>(key.size());
  std::uint64_t low = seed;
  std::uint64_t high = seed;
  const auto mixed_low = [](std::uint64_t block) { return std::rotl(block * kFirst, 31) * kSecond; };
  const auto mixed_high = [](std::uint64_t block) { return std::rotl(block * kSecond, 33) * kFirst; };
  while (key.size() >= 16) {
    low ^= mixed_low(load_little_endian<std::uint64_t>(key, 0));
    low = (std::rotl(low, 27) + high) * 5 + 0x52DCE729;
    high ^= mixed_high(load_little_endian<std::uint64_t>(key, 8));
    high = (std::rotl(high, 31) + low) * 5 + 0x38495AB5;
    key.remove_prefix(16);
  }
  std::array<std::uint64_t, 2> rest{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    rest[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(key[i])) << (8 * (i % 8));
  }
  low ^= mixed_low(rest[0]) ^ size;
  high ^= mixed_high(rest[1]) ^ size;
  const auto finished = [](std::uint64_t half) {
    half = (half ^ (half >> 33)) * UINT64_C(0xFF51AFD7ED558CCD);
    half = (half ^ (half >> 33)) * UINT64_C(0xC4CEB9FE1A85EC53);
    return half ^ (half >> 33);
  };
  low += high;
  high += low;
  low = finished(low);
  high = finished(high);
  low += high;
  high += low;
  return {low, high};
}

}  // namespace perturb::inline PERTURB_ABI
