// SPDX-License-Identifier: MIT
/// @file Arithmetic with tokens, the positions on a ring, that is the same for each of their widths.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ring_types.hpp>

#include <concepts>
#include <cstdint>
#include <limits>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The types of tokens: unsigned integers whose arithmetic wraps as the ring does.
template <class T>
concept TokenType = std::same_as<T, std::uint32_t> || std::same_as<T, std::uint64_t> || std::same_as<T, Token128>;

/// The token shifted to the top of 128 bits, so that a part of the ring has the same size for each width of token.
[[nodiscard]] constexpr Token128 widened(std::uint32_t token) noexcept { return {std::uint64_t{token} << 32, 0}; }
[[nodiscard]] constexpr Token128 widened(std::uint64_t token) noexcept { return {token, 0}; }
[[nodiscard]] constexpr Token128 widened(Token128 token) noexcept { return token; }

/// The upper 64 bits of a token; those of a narrow token are followed by zeros. Keeps the order of tokens.
template <TokenType Token>
[[nodiscard]] constexpr std::uint64_t high_bits(Token token) noexcept {
  return ring::widened(token).high;
}

/// A part of the ring in units of 2^-128 of it, as a fraction: at least 0, less than 1.
[[nodiscard]] constexpr double fraction_of_ring(Token128 width) noexcept {
  constexpr double kTwoToMinus64 = 1.0 / 18446744073709551616.0;
  return (static_cast<double>(width.high) + static_cast<double>(width.low) * kTwoToMinus64) * kTwoToMinus64;
}

/// The token just before, wrapping.
template <std::unsigned_integral Token>
[[nodiscard]] constexpr Token before(Token token) noexcept {
  return token - 1;
}
[[nodiscard]] constexpr Token128 before(Token128 token) noexcept { return token - Token128{0, 1}; }

/// The token just after, wrapping.
template <std::unsigned_integral Token>
[[nodiscard]] constexpr Token after(Token token) noexcept {
  return token + 1;
}
[[nodiscard]] constexpr Token128 after(Token128 token) noexcept { return token + Token128{0, 1}; }

/// Half of a distance, rounded down.
template <std::unsigned_integral Token>
[[nodiscard]] constexpr Token half(Token distance) noexcept {
  return distance / 2;
}
[[nodiscard]] constexpr Token128 half(Token128 distance) noexcept {
  return {distance.high >> 1, (distance.low >> 1) | (distance.high << 63)};
}

/// Half of the whole ring.
template <TokenType Token>
[[nodiscard]] constexpr Token half_ring() noexcept {
  if constexpr (std::same_as<Token, Token128>) {
    return {std::uint64_t{1} << 63, 0};
  } else {
    return (std::numeric_limits<Token>::max)() / 2 + 1;
  }
}

/// The token of a key with this final hash, unless the placement has a key_token of its own: on a ring of 2^64 the hash
/// itself, on a ring of 2^32 its upper half, on a ring of 2^128 the hash followed by mix(hash).
template <TokenType Token>
[[nodiscard]] constexpr Token token_of_hash(HashValue hash) noexcept {
  if constexpr (std::same_as<Token, Token128>) {
    return {hash.value, detail::hashing::mix(hash.value)};
  } else if constexpr (std::same_as<Token, std::uint64_t>) {
    return hash.value;
  } else {
    return static_cast<std::uint32_t>(hash.value >> 32);
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
