// SPDX-License-Identifier: MIT
/// @file Conversions between integers and little-endian bytes, the byte order of everything that is hashed as bytes.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// The bytes of `value`, lowest first, on every machine.
template <std::unsigned_integral T>
[[nodiscard]] constexpr std::array<std::byte, sizeof(T)> little_endian_bytes(T value) noexcept {
  std::array<std::byte, sizeof(T)> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
  return bytes;
}

/// The integer whose little-endian bytes begin at `offset` in `bytes`. Pre: offset + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
[[nodiscard]] constexpr T load_little_endian(std::string_view bytes, std::size_t offset) noexcept {
  T value = 0;
  if (std::endian::native == std::endian::little && !std::is_constant_evaluated()) {
    // The loop does the same, but compilers do not always make one load of it.
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
  }
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value | static_cast<T>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i));
  }
  return value;
}

/// `value` with its bytes in the opposite order.
[[nodiscard]] constexpr std::uint64_t reverse_bytes(std::uint64_t value) noexcept {
#if defined(__GNUC__)
  return __builtin_bswap64(value);
#else
  std::uint64_t reversed = 0;
  for (int i = 0; i < 8; ++i) reversed = reversed << 8 | (value >> (8 * i) & 0xFF);
  return reversed;
#endif
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
