// SPDX-License-Identifier: MIT
/// @file What one measurement gives.
#pragma once

#include "stopwatch.hpp"

#include <cstddef>
#include <cstdint>

namespace compare {

/// Tables that did the same work have the same checksum.
struct Timing {
  double nanoseconds_each = 0;
  std::uint64_t checksum = 0;
};

inline Timing timing(const Stopwatch& watch, std::size_t operations, std::uint64_t checksum) {
  return {watch.nanoseconds() / static_cast<double>(operations), checksum};
}

}  // namespace compare
