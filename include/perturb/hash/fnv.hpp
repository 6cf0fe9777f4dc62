// SPDX-License-Identifier: MIT
/// @file The FNV hashes, as published and with the errors that other programs keep for compatibility.
///
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash Algorithm" (RFC 9923).
///
/// `Byte` is the type as which a character is read. The published hashes read unsigned bytes. libmemcached and
/// twemproxy read plain chars; where these are signed (x86), bytes from 0x80 on are sign-extended.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

inline constexpr std::uint32_t kFnv32Start = 0x811C9DC5;
inline constexpr std::uint32_t kFnv32Prime = 0x01000193;
inline constexpr std::uint64_t kFnv64Start = UINT64_C(0xCBF29CE484222325);
inline constexpr std::uint64_t kFnv64Prime = UINT64_C(0x00000100000001B3);

/// FNV-1: multiply, then xor.
template <class Byte, class Word>
[[nodiscard]] constexpr Word fnv1(std::string_view key, Word start, Word prime) noexcept {
  for (const char character : key) start = (start * prime) ^ static_cast<Word>(static_cast<Byte>(character));
  return start;
}
/// FNV-1a: xor, then multiply.
template <class Byte, class Word>
[[nodiscard]] constexpr Word fnv1a(std::string_view key, Word start, Word prime) noexcept {
  for (const char character : key) start = (start ^ static_cast<Word>(static_cast<Byte>(character))) * prime;
  return start;
}

template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint32_t fnv1_32(std::string_view key) noexcept {
  return hashing::fnv1<Byte>(key, kFnv32Start, kFnv32Prime);
}
template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint32_t fnv1a_32(std::string_view key) noexcept {
  return hashing::fnv1a<Byte>(key, kFnv32Start, kFnv32Prime);
}
/// libmemcached and twemproxy use its low 32 bits as `fnv1_64`.
template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint64_t fnv1_64(std::string_view key) noexcept {
  return hashing::fnv1<Byte>(key, kFnv64Start, kFnv64Prime);
}

/// What libmemcached and twemproxy call `fnv1a_64`: FNV-1a of 32 bits with the low halves of the 64-bit constants. The
/// prime is then 0x1B3, so the hashes of keys of one letter lie within 255 * 435 of each other: on a ring of few
/// nodes they are all on one.
template <class Byte = unsigned char>
[[nodiscard]] constexpr std::uint32_t fnv1a_64_in_32_bits(std::string_view key) noexcept {
  return hashing::fnv1a<Byte>(key, static_cast<std::uint32_t>(kFnv64Start), static_cast<std::uint32_t>(kFnv64Prime));
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
