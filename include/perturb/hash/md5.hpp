// SPDX-License-Identifier: MIT
/// @file MD5, for rings that must choose the same nodes as programs that use it. It is no protection against attackers:
/// as a cryptographic hash it is broken.
///
/// Source: RFC 1321, sections 3.1 to 3.5.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// The digest: 16 bytes, in the order in which RFC 1321 prints them.
using Md5Digest = std::array<std::uint8_t, 16>;

namespace md5_steps {

using Words = std::array<std::uint32_t, 4>;

// floor(2^32 * |sin(i + 1)|), RFC 1321 section 3.4.
inline constexpr std::array<std::uint32_t, 64> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

inline constexpr std::array<std::array<int, 4>, 4> kShifts = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

/// One block of 64 bytes; `byte_at(i)` gives its bytes.
template <class ByteAt>
constexpr void block(Words& digest, ByteAt byte_at) noexcept {
  std::array<std::uint32_t, 16> words{};
  for (std::size_t i = 0; i < 64; ++i) words[i / 4] |= static_cast<std::uint32_t>(byte_at(i)) << (8 * (i % 4));
  auto [a, b, c, d] = digest;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t round = i / 16;
    const std::uint32_t choice = round == 0   ? (b & c) | (~b & d)
                                 : round == 1 ? (d & b) | (~d & c)
                                 : round == 2 ? b ^ c ^ d
                                              : c ^ (b | ~d);
    const std::size_t word = round == 0 ? i : round == 1 ? 5 * i + 1 : round == 2 ? 3 * i + 5 : 7 * i;
    const std::uint32_t sum = a + choice + words[word % 16] + kSines[i];
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kShifts[round][i % 4]);
  }
  digest[0] += a;
  digest[1] += b;
  digest[2] += c;
  digest[3] += d;
}

template <class Byte>
constexpr Md5Digest digest(const Byte* bytes, std::size_t size) noexcept {
  Words state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const std::size_t whole = size - size % 64;
  for (std::size_t start = 0; start < whole; start += 64) {
    md5_steps::block(state, [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[start + i]); });
  }
  // The rest, a one bit, zeros up to 8 bytes before the end of a block, and the length in bits (modulo 2^64).
  std::array<std::uint8_t, 128> tail{};
  const std::size_t rest = size % 64;
  for (std::size_t i = 0; i < rest; ++i) tail[i] = static_cast<std::uint8_t>(bytes[whole + i]);
  tail[rest] = 0x80;
  const std::size_t tail_size = rest < 56 ? 64 : 128;
  const std::uint64_t bits = std::uint64_t{size} * 8;
  for (std::size_t i = 0; i < 8; ++i) tail[tail_size - 8 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
  for (std::size_t start = 0; start < tail_size; start += 64) {
    md5_steps::block(state, [&](std::size_t i) { return tail[start + i]; });
  }
  Md5Digest result{};
  for (std::size_t i = 0; i < 16; ++i) result[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
  return result;
}

}  // namespace md5_steps

/// The MD5 digest of `bytes`. Complexity: linear.
[[nodiscard]] constexpr Md5Digest md5(std::span<const std::byte> bytes) noexcept {
  return md5_steps::digest(bytes.data(), bytes.size());
}
/// The MD5 digest of the characters of `text`.
[[nodiscard]] constexpr Md5Digest md5(std::string_view text) noexcept {
  return md5_steps::digest(text.data(), text.size());
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
