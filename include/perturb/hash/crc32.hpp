// SPDX-License-Identifier: MIT
/// @file CRC-32 (ISO 3309, as in zip and Ethernet), and the 15 bits of it that libmemcached uses.
///
/// Source: ISO/IEC 3309; polynomial 0x04C11DB7, bits reflected: 0xEDB88320.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// A CRC-32 of bytes that arrive in pieces. A copy continues from the same state.
class Crc32 {
 public:
  constexpr void update(std::string_view bytes) noexcept {
    for (const char byte : bytes) state_ = (state_ >> 8) ^ kTable[(state_ ^ static_cast<unsigned char>(byte)) & 0xFF];
  }
  [[nodiscard]] constexpr std::uint32_t value() const noexcept { return ~state_; }

 private:
  static constexpr std::array<std::uint32_t, 256> kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      std::uint32_t remainder = byte;
      for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB88320u : 0u);
      table[byte] = remainder;
    }
    return table;
  }();

  std::uint32_t state_ = 0xFFFFFFFF;
};

[[nodiscard]] constexpr std::uint32_t crc32(std::string_view bytes) noexcept {
  Crc32 crc;
  crc.update(bytes);
  return crc.value();
}

/// Bits 16 to 30 of the CRC-32, which libmemcached, twemproxy (as `crc32`) and older memcached clients use. All keys
/// are then below 2^15, and on a ring of 32-bit points nearly always on one node.
[[nodiscard]] constexpr std::uint32_t crc32_in_15_bits(std::string_view bytes) noexcept {
  return (crc32(bytes) >> 16) & 0x7FFF;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
