// SPDX-License-Identifier: MIT
/// @file The verification value of SMHasher (A. Appleby): the keys {}, {0}, {0, 1}, … {0, …, 254} are hashed with the
/// seeds 256, 255, … 1, the results, as little-endian bytes, hashed together with seed 0. Its first four bytes,
/// published in SMHasher's main.cpp for each function, tell apart any two implementations, at every length of the last
/// block.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kit {

template <class Hash>
std::uint32_t smhasher_verification(Hash hash) {
  std::string results;
  const auto append = [&results](std::unsigned_integral auto word) {
    for (std::size_t i = 0; i < sizeof(word); ++i) results += static_cast<char>(word >> (8 * i));
  };
  std::string key;
  for (std::uint32_t size = 0; size < 256; ++size) {
    const auto result = hash(std::string_view(key), 256 - size);
    if constexpr (std::unsigned_integral<decltype(result)>) {
      append(result);
    } else {
      for (const auto word : result) append(word);
    }
    key += static_cast<char>(size);
  }
  const auto result = hash(std::string_view(results), 0u);
  if constexpr (std::unsigned_integral<decltype(result)>) {
    return static_cast<std::uint32_t>(result);
  } else {
    return static_cast<std::uint32_t>(result[0]);
  }
}

}  // namespace kit
