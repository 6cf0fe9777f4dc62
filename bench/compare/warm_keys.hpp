// SPDX-License-Identifier: MIT
/// @file Keys that own memory are brought into the cache before they are used, as a caller's key is there when it comes
/// to be looked up: what is measured is the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace compare {

/// How many keys are warmed at once: few enough that they stay in the first cache.
inline constexpr std::size_t kWarmKeys = 256;

/// Whether there is memory to warm.
template <class Key>
inline constexpr bool owns_memory = !std::is_trivially_copyable_v<Key>;

inline void warm(std::uint64_t) {}
inline void warm(const std::string& key) {
  const volatile char* const characters = key.data();
  for (std::size_t at = 0; at < key.size(); at += 64) static_cast<void>(characters[at]);
}
template <class Key>
void warm(const std::pair<Key, Key>& keys) {
  warm(keys.first);
  warm(keys.second);
}

}  // namespace compare
