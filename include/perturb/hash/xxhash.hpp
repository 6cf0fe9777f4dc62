// SPDX-License-Identifier: MIT
/// @file XXH3, XXH64 and XXH32 of xxHash, and the only place that includes <xxhash.h>.
///
/// With XXH_INLINE_ALL nothing has to be linked, and a program may include <xxhash.h> itself, before or after this
/// header, whatever macros of xxHash it defines. Where it has included xxHash's implementation already, that is used.
/// The results of XXH3 are the same on machines of either byte order, and final since xxHash 0.8.0.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/hash/xxh3_short.hpp>

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
  if (seed == 0 && hashing::is_short_for_xxh3(size)) [[likely]]
    return hashing::xxh3_short({static_cast<const char*>(data), size});
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

/// What XXH3 mixes with the bytes, made from a seed. XXH3_64bits_withSeed adds the seed to the words of a secret that
/// everyone knows. For more than 240 bytes it uses them in a way for which the differences between words matter, and
/// so there are strings that collide under one seed of a hundred. Here the words have unknown differences.
class Xxh3Secret {
 public:
  explicit Xxh3Secret(std::uint64_t seed) noexcept {
    const FoldSeed start(seed);
    std::uint64_t number = 0;
    for (std::uint64_t& word : words_) {
      number += UINT64_C(0x9E3779B97F4A7C15);  // the fraction of the golden ratio: the numbers differ in all bits
      word = hashing::fold_integer(number, start);
      if constexpr (std::endian::native == std::endian::big) {
        word = std::bit_cast<std::uint64_t>(hashing::little_endian_bytes(word));
      }
    }
  }
  [[nodiscard]] const void* data() const noexcept { return words_.data(); }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return XXH_SECRET_DEFAULT_SIZE; }

 private:
  std::array<std::uint64_t, XXH_SECRET_DEFAULT_SIZE / 8> words_;
};

/// Up to this size, hash_bytes is xxh3.
inline constexpr std::size_t kNeedsNoSecret = 240;

/// hash_bytes of more bytes. Seed 0 is no secret.
[[nodiscard]] PERTURB_NEVER_INLINE inline std::uint64_t hash_many_bytes(const void* data, std::size_t size,
                                                                        std::uint64_t seed) noexcept {
  if (seed == 0) return hashing::xxh3(data, size, 0);
  const Xxh3Secret secret(seed);
  return XXH3_64bits_withSecret(data, size, secret.data(), secret.size());
}

/// The hash of `size` bytes of a key: xxh3, with a seed and more than 240 bytes by an Xxh3Secret.
[[nodiscard]] PERTURB_ALWAYS_INLINE std::uint64_t hash_bytes(const void* data, std::size_t size,
                                                             std::uint64_t seed) noexcept {
  if (size > kNeedsNoSecret) [[unlikely]]
    return hashing::hash_many_bytes(data, size, seed);
  return hashing::xxh3(data, size, seed);
}

/// xxh3 of bytes that arrive in pieces: update() each, then digest().
class Xxh3Stream {
 public:
  explicit Xxh3Stream(std::uint64_t seed) noexcept {
    XXH3_INITSTATE(&state_);
    XXH3_64bits_reset_withSeed(&state_, seed);
  }
  /// For more than 240 bytes. The secret must outlive the stream.
  explicit Xxh3Stream(const Xxh3Secret& secret) noexcept {
    XXH3_INITSTATE(&state_);
    XXH3_64bits_reset_withSecret(&state_, secret.data(), secret.size());
  }
  void update(const void* data, std::size_t size) noexcept { XXH3_64bits_update(&state_, data, size); }
  [[nodiscard]] std::uint64_t digest() const noexcept { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

/// hash_bytes of `count` integers at `elements`, each as its little-endian bytes. On a little-endian machine (and for
/// single bytes) that is the memory itself; otherwise the bytes of each element are reversed first. `Order` is the
/// machine's byte order, a parameter so that a test can run the code for the other one.
template <std::endian Order = std::endian::native, class T>
[[nodiscard]] std::uint64_t hash_elements(const T* elements, std::size_t count, std::uint64_t seed) noexcept {
  static_assert(Order == std::endian::little || Order == std::endian::big, "mixed byte orders are not supported");
  if constexpr (Order == std::endian::little || sizeof(T) == 1) {
    return hashing::hash_bytes(elements, count * sizeof(T), seed);
  } else {
    const Xxh3Secret secret(seed);
    const bool by_secret = count * sizeof(T) > kNeedsNoSecret && seed != 0;
    Xxh3Stream stream = by_secret ? Xxh3Stream(secret) : Xxh3Stream(seed);
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
