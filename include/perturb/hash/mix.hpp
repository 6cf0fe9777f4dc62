// SPDX-License-Identifier: MIT
/// @file The 128-bit multiply fold: how integers are hashed, and how the results of weak hashers are mixed.
///
/// fold_multiply(a, b) multiplies two 64-bit numbers and xors the halves of the product. Bit j of the low half depends
/// on the bits of `a` up to j, bit j of the high half on those from j upwards (and, by carries, on the others): their
/// xor on all of them, in one multiplication. Two things spoil it: a factor 0, and a multiplier with long runs of equal
/// bits (with 2^64 - 1 the halves cancel to a constant). So the input is xored with a secret first, which moves the one
/// value that meets the factor 0 away from small numbers, and half of the multiplier's bits never depend on the seed.
/// Source of the construction: the "MUM" hashes of V. Makarov and the wyhash of Wang Yi.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>

namespace perturb::inline PERTURB_ABI {

/// The high half of the 128-bit product a * b xor its low half.
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
#else
  const std::uint64_t a_low = a & 0xFFFFFFFFu;
  const std::uint64_t b_low = b & 0xFFFFFFFFu;
  const std::uint64_t middle = (a >> 32) * b_low + ((a_low * b_low) >> 32);  // at most 2^64 - 2^32: no carry
  const std::uint64_t other = a_low * (b >> 32) + (middle & 0xFFFFFFFFu);
  const std::uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  return high ^ (a * b);
#endif
}

/// A seed spread over a word, with what the fold of integers needs: where it starts and what it multiplies by.
/// Seed 0 gives the first 64 bits of pi's fraction. The factor is odd, so that different seeds never meet, and its
/// inverse gives the seed back.
class FoldSeed {
 public:
  explicit constexpr FoldSeed(std::uint64_t seed) noexcept : start_((seed * kFactor) ^ kPi) {}

  [[nodiscard]] constexpr std::uint64_t seed() const noexcept { return (start_ ^ kPi) * kInverse; }
  [[nodiscard]] constexpr std::uint64_t start() const noexcept { return start_; }
  /// The odd bits come from the seed, the even ones from e: no seed makes a degenerate multiplier, and it is odd.
  [[nodiscard]] constexpr std::uint64_t multiplier() const noexcept {
    return kE ^ (start_ & UINT64_C(0xAAAAAAAAAAAAAAAA));
  }

  friend constexpr bool operator==(FoldSeed, FoldSeed) noexcept = default;

 private:
  static constexpr std::uint64_t kPi = UINT64_C(0x243F6A8885A308D3);
  static constexpr std::uint64_t kE = UINT64_C(0xB7E151628AED2A6B);
  static constexpr std::uint64_t kFactor = UINT64_C(0x6A09E667F3BCC909);  // sqrt(2)'s fraction, made odd
  // Newton's iteration: each step doubles the number of right bits, and x * x = 1 (mod 8) for odd x gives the first 3.
  static constexpr std::uint64_t kInverse = [] {
    std::uint64_t inverse = kFactor;
    for (int right_bits = 3; right_bits < 64; right_bits *= 2) inverse *= 2 - kFactor * inverse;
    return inverse;
  }();
  static_assert(kFactor * kInverse == 1, "the seed must be recoverable");

  std::uint64_t start_;
};

/// Mixes the result of a hasher that is not avalanching, so that the table's slot and tag and the ring's token can take
/// any of its bits. Equals what XxHash gives for the integer `h` with seed 0.
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t mix(std::uint64_t h) noexcept {
  constexpr FoldSeed kUnseeded(0);
  return fold_multiply(h ^ kUnseeded.start(), kUnseeded.multiplier());
}

}  // namespace perturb::inline PERTURB_ABI
