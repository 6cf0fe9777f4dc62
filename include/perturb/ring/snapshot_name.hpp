// SPDX-License-Identifier: MIT
/// @file What snapshots call hashers and placements: by name, since the name of a C++ type differs between compilers.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class T>
inline constexpr bool is_std_hash_v = false;
template <class Key>
inline constexpr bool is_std_hash_v<StdHash<Key>> = true;

/// A hasher whose value is a seed.
template <class Hash>
concept SeededHash = std::constructible_from<Hash, std::uint64_t> && requires(const Hash& hash) {
  { hash.seed() } -> std::same_as<std::uint64_t>;
};

/// The name of a hasher or placement without the seed: its own snapshot_name(), the name of a hasher of the library or
/// of a profile, and "" for others.
template <class T>
[[nodiscard]] std::string name_of(const T& value) {
  if constexpr (requires { std::string(value.snapshot_name()); }) {
    return std::string(value.snapshot_name());
  } else if constexpr (std::derived_from<T, hashing::Seeded>) {
    return "XxHash";  // for each key type it is XxHash<>
  } else if constexpr (is_std_hash_v<T>) {
    return "StdHash";
  } else if constexpr (std::same_as<T, IdentityHash>) {
    return "IdentityHash";
  } else if constexpr (std::same_as<T, Md5Hash>) {
    return "Md5Hash";
  } else if constexpr (requires { std::string_view(T::kProfile); }) {
    return std::string(std::string_view(T::kProfile));
  } else {
    return {};
  }
}

/// The seed of a hasher, 0 if it has none.
template <class Hash>
[[nodiscard]] std::uint64_t seed_of(const Hash& hash) {
  if constexpr (SeededHash<Hash>) {
    return hash.seed();
  } else {
    return 0;
  }
}

/// The name of a hasher with its seed, if that is not 0.
template <class Hash>
[[nodiscard]] std::string seeded_name_of(const Hash& hash) {
  const std::string name = ring::name_of(hash);
  const std::uint64_t seed = ring::seed_of(hash);
  return seed == 0 ? name : name + "(" + std::to_string(seed) + ")";
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
