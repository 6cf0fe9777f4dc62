// SPDX-License-Identifier: MIT
/// @file CPython's probe recurrence, alone: the order in which a search visits the positions of a table.
///
/// Source: CPython, Objects/dictobject.c (3.7 and later: the shift comes first).
///
///     i       = h & mask                                 the home position
///     perturb = h
///     repeat:   perturb >>= 5;  i = (5 i + perturb + 1) & mask
///
/// Why it spreads: while perturb is not 0, every step adds five more bits of the hash, so two hashes with the
/// same home position take different ways after a few steps. Why it ends: after 13 steps (ceil(64 / 5)) perturb is 0,
/// and i -> 5 i + 1 (mod 2^k) is one full cycle (Hull and Dobell: 1 is odd and 5 - 1 is divisible by 4). So a search
/// visits every position, and one position with an empty slot is enough to end it. `perturb` has to be unsigned: a
/// signed shift never reaches 0.
///
/// The table probes groups of sixteen slots: its positions are the first slots of the groups, multiples of 16, and the
/// recurrence runs on the group's number. Multiplying it by 16 throughout gives StridedProbeSequence<16>, whose home
/// position is one `and` of the hash.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI {
namespace detail::table {

/// The positions, multiples of `kStride`, that a search for `hash` visits in a table of `mask + kStride` slots: the
/// recurrence above on position / kStride, begun with h = hash / kStride.
template <std::size_t kStride>
class StridedProbeSequence {
 public:
  /// Starts at the home position. Pre: `mask` is kStride · (2^k − 1), and kStride a power of two.
  constexpr StridedProbeSequence(std::uint64_t hash, std::size_t mask) noexcept
      : perturb_(hash), mask_(mask), position_(hashing::integer_cast<std::size_t>(hash) & mask) {}

  /// The position to look at now, in 0 … mask.
  [[nodiscard]] constexpr std::size_t position() const noexcept { return position_; }

  /// Goes on to the next position.
  constexpr void advance() noexcept {
    perturb_ >>= kPerturbShift;
    position_ = (5 * position_ + (hashing::integer_cast<std::size_t>(perturb_) & ~(kStride - 1)) + kStride) & mask_;
  }

 private:
  static constexpr int kPerturbShift = 5;

  std::uint64_t perturb_;  // the recurrence's times kStride, and lower bits that are left out at each step
  std::size_t mask_;
  std::size_t position_;
};

}  // namespace detail::table

/// CPython's own sequence, one slot a position: `ProbeSequence seq(hash, slots - 1)`.
using ProbeSequence = detail::table::StridedProbeSequence<1>;

}  // namespace perturb::inline PERTURB_ABI
