// SPDX-License-Identifier: MIT
/// @file The key hashes that libmemcached and twemproxy have in common, with their deviations from the published ones.
///
/// Both programs read bytes as plain char, which is signed on x86 and unsigned on ARM Linux: there they choose other
/// servers for keys with bytes from 0x80 on. The profiles equal the programs on x86, whatever machine they run on.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/crc32.hpp>
#include <perturb/hash/fnv.hpp>
#include <perturb/hash/hsieh.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/hash/jenkins.hpp>
#include <perturb/hash/murmur2.hpp>
#include <perturb/hash/one_at_a_time.hpp>
#include <perturb/profiles/ketama_points.hpp>

#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::profiles {

/// A hash by its name in both programs.
enum class LegacyHash : std::uint8_t {
  one_at_a_time,
  md5,       ///< the first four bytes of the digest, little-endian
  crc,       ///< bits 16 to 30 of CRC-32
  fnv1_64,   ///< the low half of FNV-1 with 64 bits
  fnv1a_64,  ///< FNV-1a with 32 bits and the low halves of the constants for 64
  fnv1_32,
  fnv1a_32,
  hsieh,
  murmur,  ///< MurmurHash2, seeded with 0xDEADBEEF times the length
  jenkins,
};

[[nodiscard]] constexpr std::uint32_t legacy_hash(LegacyHash hash, std::string_view key) noexcept {
  using Byte = signed char;
  switch (hash) {
    case LegacyHash::md5:
      return md5_words(key)[0];
    case LegacyHash::crc:
      return hashing::crc32_in_15_bits(key);
    case LegacyHash::fnv1_64:
      return static_cast<std::uint32_t>(hashing::fnv1_64<Byte>(key));
    case LegacyHash::fnv1a_64:
      return hashing::fnv1a_64_in_32_bits<Byte>(key);
    case LegacyHash::fnv1_32:
      return hashing::fnv1_32<Byte>(key);
    case LegacyHash::fnv1a_32:
      return hashing::fnv1a_32<Byte>(key);
    case LegacyHash::hsieh:
      return hashing::hsieh<Byte>(key);
    case LegacyHash::murmur:
      return hashing::murmur2_32(key, 0xDEADBEEF * hashing::integer_cast<std::uint32_t>(key.size()));
    case LegacyHash::jenkins:
      return hashing::jenkins_lookup3(key, 13);
    case LegacyHash::one_at_a_time:
    default:
      break;
  }
  return hashing::one_at_a_time<Byte>(key);
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
