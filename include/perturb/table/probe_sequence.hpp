// SPDX-License-Identifier: MIT
/// @file CPython's probe recurrence, alone: the order in which a search visits the positions of a table.
///
/// Source: CPython, Objects/dictobject.c (3.7 and later: the shift comes first).
///
///     i       = h & mask                                 the home position
///     perturb = h
///     repeat:   perturb >>= 5;  i = (5 i + perturb + 1) & mask
///
/// Why it spreads: while perturb is not 0, every step feeds five fresh hash bits into the position, so two hashes with
/// the same home soon part. Why it ends: after 13 steps (ceil(64 / 5)) perturb is 0, and i -> 5 i + 1 (mod 2^k) is one
/// full cycle (Hull and Dobell: 1 is odd and 5 - 1 is divisible by 4). So a search visits every position, and one
/// position with an empty slot is enough to end it. `perturb` has to be unsigned: a signed shift never reaches 0.
///
/// The table applies it to groups: `hash` is the hash divided by the group's width, a position is a group.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI {

/// The positions that a search for `hash` visits among `mask + 1` (a power of two), one after the other.
class ProbeSequence {
 public:
  /// Starts at the home position. Pre: `mask + 1` is a power of two.
  constexpr ProbeSequence(std::uint64_t hash, std::size_t mask) noexcept
      : perturb_(hash), mask_(mask), position_(static_cast<std::size_t>(hash) & mask) {}

  /// The position to look at now, in 0 … mask.
  [[nodiscard]] constexpr std::size_t position() const noexcept { return position_; }

  /// Goes on to the next position.
  constexpr void advance() noexcept {
    perturb_ >>= kPerturbShift;
    position_ = (5 * position_ + static_cast<std::size_t>(perturb_) + 1) & mask_;
  }

 private:
  static constexpr int kPerturbShift = 5;

  std::uint64_t perturb_;
  std::size_t mask_;
  std::size_t position_;
};

}  // namespace perturb::inline PERTURB_ABI
