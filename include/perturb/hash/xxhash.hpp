// SPDX-License-Identifier: MIT
/// @file XXH3 of xxHash, and the only place that includes <xxhash.h>.
///
/// It is used inline (XXH_INLINE_ALL): nothing has to be linked, and a program may include <xxhash.h> itself before or
/// after. XXH3's results are the same on machines of either byte order, and fixed since xxHash 0.8.0.
#pragma once

#include <perturb/config.hpp>

#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

#include <cstddef>
#include <cstdint>

#if XXH_VERSION_NUMBER < 800
#error "perturb needs xxHash 0.8.0 or later, the first in which XXH3 is final (Debian: apt install libxxhash-dev)"
#endif

namespace perturb::inline PERTURB_ABI {

/// XXH3_64bits_withSeed of `size` bytes at `data` (which may be null when size is 0).
[[nodiscard]] inline std::uint64_t xxh3(const void* data, std::size_t size, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(data, size, seed);
}

/// The same of bytes that arrive in pieces: update() each, then digest().
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

}  // namespace perturb::inline PERTURB_ABI
