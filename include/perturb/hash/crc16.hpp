// SPDX-License-Identifier: MIT
/// @file What twemproxy calls crc16 (TwemproxyHash::crc16): the register of CRC-16/XMODEM, not cut down to 16 bits.
///
/// Source: twemproxy, nc_crc16.c, for the width; the Redis Cluster specification, appendix A, for the CRC: polynomial
/// 0x1021, not reflected, start 0.
#pragma once

#include <perturb/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::hashing {

inline constexpr std::array<std::uint16_t, 256> kCrc16Table = [] {
  std::array<std::uint16_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte << 8;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder << 1) ^ ((remainder & 0x8000) != 0 ? 0x1021u : 0u);
    table[byte] = static_cast<std::uint16_t>(remainder);
  }
  return table;
}();

/// The register is 32 bits wide: the bits that CRC-16 drops stay above its 16. The low 16 bits are the CRC.
[[nodiscard]] constexpr std::uint32_t crc16_in_32_bits(std::string_view bytes) noexcept {
  std::uint32_t crc = 0;
  for (const char byte : bytes) crc = (crc << 8) ^ kCrc16Table[((crc >> 8) ^ static_cast<unsigned char>(byte)) & 0xFF];
  return crc;
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
