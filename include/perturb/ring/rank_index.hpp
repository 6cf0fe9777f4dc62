// SPDX-License-Identifier: MIT
/// @file The index of large rings: from a token to the index of the first token at or after it, with 2.7 bytes a token.
///
/// The ring is cut into 2^k buckets of five to ten points each. For each bucket, one after the other, `fractions` has
/// the 15 bits of its tokens that follow the k bits of the bucket's number, and after them the largest fraction:
///
///     fractions   12  7001  30113  32767  |  32767  |  812  32767  |  ...
///                 starts[0]                 starts[1]  starts[2]
///
/// A look-up counts the fractions from starts[bucket] on that are smaller than the token's own, sixteen at once, and
/// adds the number of points before the bucket: starts[bucket] - bucket. What makes it exact is told in
/// direct_index.hpp: where a fraction is equal, and where fifteen are smaller, the tokens of the bucket are searched.
///
/// A look-up reads three parts of the memory, one after the other, where one in cells reads one. But that memory is a
/// third as large. Measured beside each other, ns a look-up one by one / in batches: 256 000 points 3.2 / 2.8, in cells
/// 2.4 / 2.0; 2 560 000 points 6.0 / 4.8, in cells 14.7 / 6.0.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_array.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#if PERTURB_SIMD_SSE2
#include <emmintrin.h>
#endif

namespace perturb::inline PERTURB_ABI::detail::ring {

inline constexpr std::uint16_t kLastFraction = 0x7FFF;  // 15 bits, so that a signed comparison is right
inline constexpr std::size_t kLanes = 16;

/// How many of sixteen ascending fractions are smaller than `fraction`, at most fifteen.
[[nodiscard]] PERTURB_ALWAYS_INLINE std::size_t count_smaller(const std::uint16_t* fractions,
                                                              std::uint16_t fraction) noexcept {
#if PERTURB_SIMD_SSE2
  const __m128i wanted = _mm_set1_epi16(static_cast<short>(fraction));
  const auto* const lanes = reinterpret_cast<const __m128i*>(fractions);
  const __m128i smaller = _mm_packs_epi16(_mm_cmplt_epi16(_mm_loadu_si128(lanes), wanted),
                                          _mm_cmplt_epi16(_mm_loadu_si128(lanes + 1), wanted));
  // One bit a lane, and the smaller fractions come first: adding 1 carries into the first lane that is not smaller.
  // Setting the bit of the last lane spares the compiler the case that no bit is set.
  const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(smaller));
  return static_cast<std::size_t>(std::countr_zero((bits + 1) | std::uint32_t{1} << (kLanes - 1)));
#else
  std::size_t count = 0;
  while (count < kLanes - 1 && fractions[count] < fraction) ++count;
  return count;
#endif
}

class RankIndex {
 public:
  static constexpr std::size_t kUnsure = ~std::size_t{0};

  RankIndex() = default;
  /// Pre: not empty. Complexity: O(n), sequential.
  template <TokenType Token>
  explicit RankIndex(const TokenSpan<Token>& tokens) {
    const std::size_t fewest = (std::max)(tokens.size() / (2 * kLeastPerBucket), std::size_t{1});
    const auto bits = static_cast<unsigned>(std::bit_width(fewest));
    shift_ = 64 - bits;
    starts_.resize((std::size_t{1} << bits) + 1);
    reserve(tokens.size());
    fill(tokens);
  }

  [[nodiscard]] bool empty() const noexcept { return starts_.empty(); }
  [[nodiscard]] std::size_t buckets() const noexcept { return starts_.empty() ? 0 : starts_.size() - 1; }
  [[nodiscard]] std::size_t bucket_of(std::uint64_t high) const noexcept {
    return hashing::integer_cast<std::size_t>(high >> shift_);
  }
  /// Whether these buckets suit so many tokens.
  [[nodiscard]] bool has_room(std::size_t tokens) const noexcept {
    return tokens >= buckets() * (kLeastPerBucket - 1) && tokens <= buckets() * (2 * kLeastPerBucket + 1);
  }
  /// Makes room for fill() with so many tokens, which then does not throw. Strong guarantee.
  void reserve(std::size_t tokens) { fractions_.reserve(tokens + buckets() + kLanes); }
  /// Makes this the index of other tokens, with as many buckets. Pre: reserve().
  template <TokenType Token>
  void fill(const TokenSpan<Token>& tokens) noexcept {
    size_ = tokens.size();
    fractions_.assign(tokens.size() + buckets() + kLanes, kLastFraction);
    std::size_t bucket = 0;
    const auto begin_next = [&](std::size_t first) {
      ++bucket;
      starts_[bucket] = static_cast<std::uint32_t>(first + bucket);
    };
    tokens.visit([&](const auto& all) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        const std::uint64_t high = ring::high_bits(all[i]);
        while (bucket < bucket_of(high)) begin_next(i);
        fractions_[i + bucket] = fraction_of(high, shift_);
      }
    });
    while (bucket < buckets()) begin_next(tokens.size());
  }

  /// What look-ups read, in the registers of a loop.
  struct Reader {
    unsigned shift;
    const std::uint32_t* starts;
    const std::uint16_t* fractions;
    std::size_t size;

    /// The index of the first token at or after the one with these high bits; kUnsure if search() has to say it.
    [[nodiscard]] PERTURB_ALWAYS_INLINE std::size_t find(std::uint64_t high) const noexcept {
      const auto bucket = hashing::integer_cast<std::size_t>(high >> shift);
      const std::size_t start = starts[bucket];
      const std::uint16_t fraction = fraction_of(high, shift);
      const std::size_t count = ring::count_smaller(fractions + start, fraction);
      const std::size_t index = start - bucket + count;
      const bool is_sure = (count != kLanes - 1) & (fractions[start + count] != fraction) & (index != size);
      return is_sure ? index : kUnsure;
    }
    /// Loads what find() reads into the cache, and of `values` what is at the index that it finds.
    PERTURB_ALWAYS_INLINE void prefetch(const NumberSpan& values, std::uint64_t high) const noexcept {
      const auto bucket = hashing::integer_cast<std::size_t>(high >> shift);
      const std::size_t start = starts[bucket];
      detail::prefetch(fractions + start);
      values.prefetch(start - bucket);
    }
  };
  /// Pre: not empty.
  [[nodiscard]] Reader reader() const noexcept { return {shift_, starts_.data(), fractions_.data(), size_}; }

  /// The index of the first token at or after `token`, their number after the last. Pre: the index was built of tokens
  /// equal to those of `points`. Complexity: O(log n).
  template <TokenType Token>
  [[nodiscard]] std::size_t search(const TokenMap<Token>& points, Token token) const noexcept {
    const std::uint64_t high = ring::high_bits(token);
    const std::size_t bucket = bucket_of(high);
    const std::uint16_t* const first = fractions_.data() + starts_[bucket];
    const std::uint16_t* const last = fractions_.data() + starts_[bucket + 1] - 1;
    const std::uint16_t* const found = std::lower_bound(first, last, fraction_of(high, shift_));
    const std::size_t index = static_cast<std::size_t>(found - fractions_.data()) - bucket;
    if (found == last || *found != fraction_of(high, shift_)) return index;
    return points.tokens().lower_bound(token, index, index + static_cast<std::size_t>(last - found));
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return starts_.capacity() * sizeof(std::uint32_t) + fractions_.capacity() * sizeof(std::uint16_t);
  }

 private:
  static constexpr std::size_t kLeastPerBucket = 5;

  [[nodiscard]] PERTURB_ALWAYS_INLINE static std::uint16_t fraction_of(std::uint64_t high, unsigned shift) noexcept {
    return static_cast<std::uint16_t>((high >> (shift - 15)) & kLastFraction);
  }

  unsigned shift_ = 63;   // from the upper 64 bits of a token to its bucket
  std::size_t size_ = 0;  // how many tokens
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint16_t> fractions_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
