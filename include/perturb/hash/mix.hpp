// SPDX-License-Identifier: MIT
/// @file The 128-bit multiply fold, which hashes integers and mixes the results of weak hashers.
///
/// fold_multiply(a, b) multiplies two 64-bit numbers and xors the halves of the product. Bit j of the low half depends
/// on the bits of `a` up to j, bit j of the high half on those from j upwards, so their xor depends on all of them.
///
/// fold_integer(x, seed) hashes an integer by one such fold, in which both factors depend on x.
/// - Why both: if one factor is a constant, equally spaced keys give equally spaced products, and for some distances
///   these cluster. Over distances 2^k and some decimal ones, the number of keys for a slot or a tag then had up to
///   120 times the variance of random hashes. With x in both factors it has at most 2.3 times that variance. It costs
///   0.8 ns of latency, and 0.1 ns a key if the keys are independent.
/// - Why the second factor is rotated: so that high bits of x are multiplied by low ones.
/// - Why it is 9 * x: the difference between the products of neighbouring keys would otherwise be a rotated key again,
///   which the fold cancels in part. The rotation distance was the best of nine by the figures above.
/// - Why the constants: without them, small keys would have small factors.
///
/// Source of the construction: the "MUM" hashes of V. Makarov and the wyhash of Wang Yi.
#pragma once

#include <perturb/config.hpp>

#include <bit>
#include <cstdint>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// fold_multiply for compilers without 128-bit integers.
[[nodiscard]] constexpr std::uint64_t fold_multiply_portable(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t a_low = a & 0xFFFFFFFFu;
  const std::uint64_t b_low = b & 0xFFFFFFFFu;
  // Neither sum can carry: (2^32 - 1)^2 + 2^32 - 1 = 2^64 - 2^32.
  const std::uint64_t middle = (a >> 32) * b_low + ((a_low * b_low) >> 32);
  const std::uint64_t other = a_low * (b >> 32) + (middle & 0xFFFFFFFFu);
  const std::uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
  return high ^ (a * b);
}

/// The high half of the 128-bit product a * b xor its low half.
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
  // g++ keeps a 128-bit product in a pair of registers, and where these are short stores it and loads it again: with
  // halves of their own, finding u64 half of which are there takes 0.9 of the time.
  if (!std::is_constant_evaluated()) {
    std::uint64_t high;
    std::uint64_t low;
#ifdef __BMI2__
    __asm__("mulx %3, %0, %1" : "=r"(low), "=r"(high) : "d"(a), "r"(b));
#else
    __asm__("mulq %3" : "=a"(low), "=d"(high) : "a"(a), "r"(b) : "cc");
#endif
    return high ^ low;
  }
#endif
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
#else
  return fold_multiply_portable(a, b);
#endif
}

/// The seed of a hasher in the form in which fold_integer uses it: start(). Seed 0 gives the first 64 bits of pi's
/// fraction. Different seeds have different starts because the factor is odd, and so seed() can be computed from
/// start() by the factor's inverse: only the start is stored.
class FoldSeed {
 public:
  explicit constexpr FoldSeed(std::uint64_t seed) noexcept : start_((seed * kFactor) ^ kPi) {}

  [[nodiscard]] constexpr std::uint64_t seed() const noexcept { return (start_ ^ kPi) * kInverse; }
  [[nodiscard]] constexpr std::uint64_t start() const noexcept { return start_; }

  friend constexpr bool operator==(FoldSeed, FoldSeed) noexcept = default;

 private:
  static constexpr std::uint64_t kPi = UINT64_C(0x243F6A8885A308D3);
  static constexpr std::uint64_t kFactor = UINT64_C(0x6A09E667F3BCC909);  // sqrt(2)'s fraction, made odd
  // Newton's iteration: each step doubles the number of correct bits. The first 3 are, as x * x = 1 (mod 8) for odd x.
  static constexpr std::uint64_t kInverse = [] {
    std::uint64_t inverse = kFactor;
    for (int correct_bits = 3; correct_bits < 64; correct_bits *= 2) inverse *= 2 - kFactor * inverse;
    return inverse;
  }();
  static_assert(kFactor * kInverse == 1, "the seed must be recoverable");

  std::uint64_t start_;
};

/// The hash of an integer.
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t fold_integer(std::uint64_t x, FoldSeed seed) noexcept {
  constexpr auto kSqrt3 = UINT64_C(0xBB67AE8584CAA73B);  // the fraction of sqrt(3)
  return fold_multiply(x ^ seed.start(), std::rotl(9 * x, 27) ^ kSqrt3);
}

/// Mixes the result of a hasher that is not avalanching, so that the table may take slot and tag, and the ring its
/// token, from any of its bits. Equal to XxHash of the integer `h` with seed 0.
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::uint64_t mix(std::uint64_t h) noexcept {
  return fold_integer(h, FoldSeed(0));
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
