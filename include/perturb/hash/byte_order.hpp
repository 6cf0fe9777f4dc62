// SPDX-License-Identifier: MIT
/// @file The byte order of everything that is hashed as bytes: little-endian, written down here and nowhere else.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/xxhash.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace perturb::inline PERTURB_ABI {

/// The eight bytes of `value`, lowest first, whatever the machine: an integer as an identity of a ring's node.
[[nodiscard]] constexpr std::array<std::byte, 8> little_endian_bytes(std::uint64_t value) noexcept {
  std::array<std::byte, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
  return bytes;
}

/// XXH3 of `count` integers at `elements`, each as its bytes lowest first. `Order` is the order in which memory holds
/// them: on a little-endian machine (and for single bytes) it is XXH3 of the memory itself, else each element is turned
/// round on its way. It is a parameter so that a test on one machine can do what another one would.
template <std::endian Order = std::endian::native, class T>
[[nodiscard]] std::uint64_t hash_elements(const T* elements, std::size_t count, std::uint64_t seed) noexcept {
  static_assert(Order == std::endian::little || Order == std::endian::big, "mixed byte orders are not supported");
  if constexpr (Order == std::endian::little || sizeof(T) == 1) {
    return xxh3(elements, count * sizeof(T), seed);
  } else {
    Xxh3Stream stream(seed);
    for (std::size_t i = 0; i < count; ++i) {
      std::array<unsigned char, sizeof(T)> bytes;
      std::memcpy(bytes.data(), elements + i, sizeof(T));
      for (std::size_t low = 0, high = sizeof(T) - 1; low < high; ++low, --high) {
        const unsigned char byte = bytes[low];
        bytes[low] = bytes[high];
        bytes[high] = byte;
      }
      stream.update(bytes.data(), bytes.size());
    }
    return stream.digest();
  }
}

}  // namespace perturb::inline PERTURB_ABI
