// SPDX-License-Identifier: MIT
/// @file Control bytes and the group of sixteen that is looked at in one step.
///
/// Each slot of a table has one control byte, which holds its state and, where it is full, a tag of its key's hash:
///
///                 insert                    erase, the group has an empty slot
///        empty  ───────────►  full (tag)  ───────────────────────────────────►  empty
///         0                    3 … 255
///                                │   ▲
///             erase, no empty    │   │  insert (reuses the first tombstone of its path)
///             slot in the group  ▼   │
///                              tombstone                ── rehash ──►  empty
///                                  1
///
/// A search that meets a group with an empty slot ends there, since an insertion would have taken that slot. So an
/// erasure may leave `empty` only where no search ever went past: in a group that still has an empty slot.
/// Therefore a group never has both an empty slot and a tombstone.
///
/// Value 2 is the sentinel, which ends an iteration (slots.hpp says where it is).
///
/// A tag is eight hash bits, with the three values below kFirstTag folded into it. It comes from the bits 32 … 39:
/// the low bits choose the group, and the high ones are equal for all keys of one arc of a hash ring.
///
/// One of three implementations of ControlGroup is chosen in config.hpp; all give the same answers.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

#if PERTURB_SIMD_SSE2
#include <emmintrin.h>
#elif PERTURB_SIMD_NEON
#include <arm_neon.h>
#endif

namespace perturb::inline PERTURB_ABI::detail::table {

using Control = std::uint8_t;

inline constexpr Control kEmpty = 0;
inline constexpr Control kTombstone = 1;
inline constexpr Control kSentinel = 2;
inline constexpr Control kFirstTag = 3;

/// Slots in a group.
inline constexpr std::size_t kGroupWidth = 16;

/// The control byte of a full slot whose key has this hash.
constexpr Control tag_of(std::uint64_t hash) noexcept {
  const Control tag = static_cast<Control>(hash >> 32);
  return tag < kFirstTag ? kFirstTag : tag;
}

/// Some of a group's lanes, as a bit set that is walked from the lowest: `kStride` bits a lane, one of which may be 1.
template <class Bits, int kStride>
class LaneMask {
 public:
  constexpr LaneMask() noexcept = default;
  explicit constexpr LaneMask(Bits bits) noexcept : bits_(bits) {}

  explicit constexpr operator bool() const noexcept { return bits_ != 0; }
  /// Pre: not empty.
  [[nodiscard]] constexpr unsigned lowest() const noexcept {
    PERTURB_ASSUME(bits_ != 0);
    return static_cast<unsigned>(std::countr_zero(bits_)) / kStride;
  }
  constexpr void drop_lowest() noexcept { bits_ &= bits_ - 1; }
  /// The set with one bit a lane.
  [[nodiscard]] constexpr std::uint16_t packed() const noexcept {
    if constexpr (kStride == 1) {
      return static_cast<std::uint16_t>(bits_);
    } else {
      // Halves the distance between the lanes' bits until it is 1.
      static_assert(kStride == 4);
      std::uint64_t bits = bits_;
      bits = (bits | bits >> 3) & 0x0303030303030303U;
      bits = (bits | bits >> 6) & 0x000f000f000f000fU;
      bits = (bits | bits >> 12) & 0x000000ff000000ffU;
      return static_cast<std::uint16_t>(bits | bits >> 24);
    }
  }
  [[nodiscard]] constexpr unsigned count() const noexcept { return static_cast<unsigned>(std::popcount(bits_)); }

 private:
  Bits bits_ = 0;
};

#if defined(PERTURB_COUNT_GROUPS)
/// For tests that define this macro: how many groups have been looked at.
inline constinit std::uint64_t groups_looked_at = 0;
inline void count_group() noexcept { ++groups_looked_at; }
#else
constexpr void count_group() noexcept {}
#endif

#if PERTURB_SIMD_SSE2

#if !defined(__SSSE3__)
/// The tag of each value of its eight hash bits, four times over: without the byte shuffle of SSSE3, loading a word and
/// spreading it is half the instructions of spreading a byte, and makes finding u64 in cache a tenth faster.
struct SpreadTags {
  constexpr SpreadTags() noexcept {
    for (std::uint64_t bits = 0; bits < 256; ++bits) words[bits] = 0x01010101U * tag_of(bits << 32);
  }
  std::uint32_t words[256] = {};
};
inline constexpr SpreadTags kSpreadTags;
#endif

/// Sixteen control bytes in an SSE2 register.
class ControlGroup {
 public:
  using Mask = LaneMask<std::uint32_t, 1>;

  /// Pre: `controls` is aligned to the group's width.
  explicit ControlGroup(const Control* controls) noexcept
      : bytes_(_mm_load_si128(reinterpret_cast<const __m128i*>(controls))) {
    table::count_group();
  }

  /// The lanes whose control byte is `tag_of(hash)`.
  [[nodiscard]] Mask match_tag(std::uint64_t hash) const noexcept {
#if defined(__SSSE3__)
    const __m128i tag = _mm_max_epu8(_mm_set1_epi8(static_cast<char>(hash >> 32)), _mm_set1_epi8(kFirstTag));
#else
    const __m128i tag = _mm_set1_epi32(static_cast<int>(kSpreadTags.words[static_cast<std::uint8_t>(hash >> 32)]));
#endif
    return mask_of(_mm_cmpeq_epi8(bytes_, tag));
  }
  [[nodiscard]] Mask match(Control control) const noexcept {
    return mask_of(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(static_cast<char>(control))));
  }
  [[nodiscard]] Mask match_empty() const noexcept { return match(kEmpty); }
  [[nodiscard]] Mask match_tombstone() const noexcept { return match(kTombstone); }
  [[nodiscard]] Mask match_full() const noexcept { return match_at_least(kFirstTag); }
  [[nodiscard]] Mask match_full_or_sentinel() const noexcept { return match_at_least(kSentinel); }

 private:
  [[nodiscard]] Mask match_at_least(Control control) const noexcept {
    return mask_of(_mm_cmpeq_epi8(_mm_max_epu8(bytes_, _mm_set1_epi8(static_cast<char>(control))), bytes_));
  }
  static Mask mask_of(__m128i lanes) noexcept { return Mask(static_cast<std::uint32_t>(_mm_movemask_epi8(lanes))); }

  __m128i bytes_;
};

#elif PERTURB_SIMD_NEON

/// Sixteen control bytes in a NEON register; a mask has four bits a lane, as the narrowing shift gives them.
class ControlGroup {
 public:
  using Mask = LaneMask<std::uint64_t, 4>;

  /// Pre: `controls` is aligned to the group's width.
  explicit ControlGroup(const Control* controls) noexcept : bytes_(vld1q_u8(controls)) { table::count_group(); }

  /// The lanes whose control byte is `tag_of(hash)`.
  [[nodiscard]] Mask match_tag(std::uint64_t hash) const noexcept { return match(tag_of(hash)); }
  [[nodiscard]] Mask match(Control control) const noexcept { return mask_of(vceqq_u8(bytes_, vdupq_n_u8(control))); }
  [[nodiscard]] Mask match_empty() const noexcept { return mask_of(vceqzq_u8(bytes_)); }
  [[nodiscard]] Mask match_tombstone() const noexcept { return match(kTombstone); }
  [[nodiscard]] Mask match_full() const noexcept { return mask_of(vcgeq_u8(bytes_, vdupq_n_u8(kFirstTag))); }
  [[nodiscard]] Mask match_full_or_sentinel() const noexcept {
    return mask_of(vcgeq_u8(bytes_, vdupq_n_u8(kSentinel)));
  }

 private:
  static Mask mask_of(uint8x16_t lanes) noexcept {
    const uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(lanes), 4);
    return Mask(vget_lane_u64(vreinterpret_u64_u8(nibbles), 0) & 0x1111111111111111U);
  }

  uint8x16_t bytes_;
};

#else

/// Sixteen control bytes in two words, for every machine.
class ControlGroup {
 public:
  using Mask = LaneMask<std::uint32_t, 1>;

  /// Pre: `controls` is aligned to the group's width.
  explicit ControlGroup(const Control* controls) noexcept : low_(load(controls)), high_(load(controls + 8)) {
    table::count_group();
  }

  /// The lanes whose control byte is `tag_of(hash)`.
  [[nodiscard]] Mask match_tag(std::uint64_t hash) const noexcept { return match(tag_of(hash)); }
  [[nodiscard]] constexpr Mask match(Control control) const noexcept {
    return mask_of(zero_bytes(low_ ^ kEachByte * control), zero_bytes(high_ ^ kEachByte * control));
  }
  [[nodiscard]] Mask match_empty() const noexcept { return match(kEmpty); }
  [[nodiscard]] Mask match_tombstone() const noexcept { return match(kTombstone); }
  [[nodiscard]] Mask match_full() const noexcept {
    return Mask(match_full_or_sentinel().packed() & ~std::uint32_t{match(kSentinel).packed()});
  }
  /// Those with a bit above the lowest.
  [[nodiscard]] Mask match_full_or_sentinel() const noexcept {
    constexpr std::uint64_t kAboveLowest = kEachByte * 0xfe;
    return mask_of(~zero_bytes(low_ & kAboveLowest) & kTopBits, ~zero_bytes(high_ & kAboveLowest) & kTopBits);
  }

 private:
  static constexpr std::uint64_t kEachByte = 0x0101010101010101U;
  static constexpr std::uint64_t kTopBits = kEachByte * 0x80;

  // Lane 0 has to be the lowest byte of the word, whatever the machine's byte order.
  static std::uint64_t load(const Control* controls) noexcept {
    return hashing::load_little_endian<std::uint64_t>({reinterpret_cast<const char*>(controls), 8}, 0);
  }

  // The top bit of each byte that is zero, exactly: no carry passes from one byte to the next.
  static constexpr std::uint64_t zero_bytes(std::uint64_t word) noexcept {
    constexpr std::uint64_t kLowBits = kEachByte * 0x7f;
    return ~(((word & kLowBits) + kLowBits) | word | kLowBits);
  }

  // Gathers the top bits of eight bytes into one byte: the product's terms do not overlap.
  static constexpr std::uint32_t gather(std::uint64_t top_bits) noexcept {
    return static_cast<std::uint32_t>(((top_bits >> 7) * 0x0102040810204080U) >> 56);
  }

  static constexpr Mask mask_of(std::uint64_t low, std::uint64_t high) noexcept {
    return Mask(gather(low) | gather(high) << 8);
  }

  std::uint64_t low_;
  std::uint64_t high_;
};

#endif

}  // namespace perturb::inline PERTURB_ABI::detail::table
