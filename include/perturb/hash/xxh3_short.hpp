// SPDX-License-Identifier: MIT
/// @file XXH3 of 4 to 64 bytes without a seed, to be inlined where short keys are hashed.
///
/// The values are those of XXH3_64bits, which compilers do not inline because it takes every length. Compared with
/// calling it, hits and misses among strings of 8 to 40 bytes take 0.91 to 0.96 of the time (10 sizes from 3 000
/// to 1.44 million, in turn in one process, g++ 12 -O3 -march=x86-64-v3). The library's own functions for these
/// lengths, called directly, do not help: g++ vectorizes them, and hashing 24 bytes takes 1.5 times as long as by
/// XXH3_64bits. Source of the algorithm: xxhash.h of xxHash 0.8, XXH3_len_4to8_64b, XXH3_len_9to16_64b and
/// XXH3_len_17to128_64b.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/mix.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// Whether xxh3_short takes keys of this size.
[[nodiscard]] constexpr bool is_short_for_xxh3(std::size_t size) noexcept { return size >= 4 && size <= 64; }

/// XXH3 of `bytes` with seed 0. Pre: is_short_for_xxh3(bytes.size()).
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t xxh3_short(std::string_view bytes) noexcept {
  // The first words of XXH3's default secret.
  constexpr std::uint64_t kSecret[] = {UINT64_C(0xBE4BA423396CFEB8), UINT64_C(0x1CAD21F72C81017C),
                                       UINT64_C(0xDB979083E96DD4DE), UINT64_C(0x1F67B3B7A4A44072),
                                       UINT64_C(0x78E5C0CC4EE679CB), UINT64_C(0x2172FFCC7DD05A82),
                                       UINT64_C(0x8E2443F7744608B8), UINT64_C(0x4C263A81E69035E0)};
  const std::size_t size = bytes.size();
  const auto word = [&](std::size_t offset) { return load_little_endian<std::uint64_t>(bytes, offset); };
  const auto half_word = [&](std::size_t offset) { return load_little_endian<std::uint32_t>(bytes, offset); };
  const auto mix_two_words = [&](std::size_t offset, std::size_t i) {
    return fold_multiply(word(offset) ^ kSecret[i], word(offset + 8) ^ kSecret[i + 1]);
  };
  const auto avalanche = [](std::uint64_t hash) {
    hash = (hash ^ hash >> 37) * UINT64_C(0x165667919E3779F9);
    return hash ^ hash >> 32;
  };

  if (size > 16) {
    std::uint64_t sum = size * UINT64_C(0x9E3779B185EBCA87);
    if (size > 32) sum += mix_two_words(16, 4) + mix_two_words(size - 32, 6);
    return avalanche(sum + mix_two_words(0, 0) + mix_two_words(size - 16, 2));
  }
  if (size > 8) {
    const std::uint64_t first = word(0) ^ kSecret[3] ^ kSecret[4];
    const std::uint64_t last = word(size - 8) ^ kSecret[5] ^ kSecret[6];
    return avalanche(size + reverse_bytes(first) + last + fold_multiply(first, last));
  }
  constexpr auto kFactor = UINT64_C(0x9FB21C651E98DF25);
  std::uint64_t hash = (half_word(size - 4) | std::uint64_t{half_word(0)} << 32) ^ kSecret[1] ^ kSecret[2];
  hash = (hash ^ std::rotl(hash, 49) ^ std::rotl(hash, 24)) * kFactor;
  hash = (hash ^ ((hash >> 35) + size)) * kFactor;
  return hash ^ hash >> 28;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
