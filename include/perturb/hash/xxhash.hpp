// SPDX-License-Identifier: MIT
/// @file XXH3, XXH64 and XXH32 of xxHash, and the only place that includes <xxhash.h>.
///
/// With XXH_INLINE_ALL nothing has to be linked, and a program may include <xxhash.h> itself, before or after this
/// header, whatever macros of xxHash it defines. Where it has included xxHash's implementation already, that is used.
/// The results of XXH3 are the same on machines of either byte order, and final since xxHash 0.8.0.
#pragma once

#include <perturb/config.hpp>

// As in config.hpp: a missing file, so that there is one message.
#if !__has_include(<xxhash.h>)
#include <perturb needs the header xxhash.h of xxHash 0.8.0 or later (Debian and Ubuntu: apt install libxxhash-dev)>
#endif

// xxHash's implementation can be included once. XXH_IMPLEM_… is its own note that it has been.
#if defined(XXH_IMPLEM_13a8737387)
#ifndef XXH_STATIC_LINKING_ONLY
#define XXH_STATIC_LINKING_ONLY
#endif
#elif !defined(XXH_INLINE_ALL)
#define XXH_INLINE_ALL
#endif
#pragma push_macro("XXH_NO_XXH3")
#pragma push_macro("XXH_NO_LONG_LONG")
#pragma push_macro("XXH_NO_STREAM")
#undef XXH_NO_XXH3
#undef XXH_NO_LONG_LONG
#undef XXH_NO_STREAM
#include <xxhash.h>
#pragma pop_macro("XXH_NO_XXH3")
#pragma pop_macro("XXH_NO_LONG_LONG")
#pragma pop_macro("XXH_NO_STREAM")

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if XXH_VERSION_NUMBER < 800
#include <perturb needs xxHash 0.8.0 or later, the first in which XXH3 is final (Debian: apt install libxxhash-dev)>
#elif !defined(XXH_SECRET_DEFAULT_SIZE)
#include <perturb needs XXH3: include perturb before the xxhash.h that is implemented without it (XXH_NO_XXH3 or the like)>
#endif

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// XXH3_64bits_withSeed of `size` bytes at `data` (which may be null when size is 0).
[[nodiscard]] inline std::uint64_t xxh3(const void* data, std::size_t size, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(data, size, seed);
}

/// XXH64 of `size` bytes: the older function, by which Envoy and gRPC place keys.
[[nodiscard]] inline std::uint64_t xxh64(const void* data, std::size_t size, std::uint64_t seed) noexcept {
  return XXH64(data, size, seed);
}

/// XXH32 of `size` bytes, by which HAProxy places servers.
[[nodiscard]] inline std::uint32_t xxh32(const void* data, std::size_t size, std::uint32_t seed) noexcept {
  return XXH32(data, size, seed);
}

/// xxh3 of bytes that arrive in pieces: update() each, then digest().
class Xxh3Stream {
 public:
  explicit Xxh3Stream(std::uint64_t seed) noexcept {
    XXH3_INITSTATE(&state_);
    XXH3_64bits_reset_withSeed(&state_, seed);
  }
  void update(const void* data, std::size_t size) noexcept { XXH3_64bits_update(&state_, data, size); }
  [[nodiscard]] std::uint64_t digest() const noexcept { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

/// XXH3 of `count` integers at `elements`, each as its little-endian bytes. On a little-endian machine (and for single
/// bytes) that is XXH3 of the memory itself; otherwise the bytes of each element are reversed first. `Order` is the
/// machine's byte order, a parameter so that a test can run the code for the other one.
template <std::endian Order = std::endian::native, class T>
[[nodiscard]] std::uint64_t hash_elements(const T* elements, std::size_t count, std::uint64_t seed) noexcept {
  static_assert(Order == std::endian::little || Order == std::endian::big, "mixed byte orders are not supported");
  if constexpr (Order == std::endian::little || sizeof(T) == 1) {
    return hashing::xxh3(elements, count * sizeof(T), seed);
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

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
