// SPDX-License-Identifier: MIT
/// @file The conversion from 64 bits to std::size_t, without the warnings of -Wuseless-cast where that is as wide.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// The lowest bits of `number` that a std::size_t holds.
template <class Number>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr std::size_t to_size(Number number) noexcept {
  static_assert(sizeof(Number) == sizeof(std::uint64_t));
  return static_cast<std::size_t>(number);  // in a template, where no compiler takes it for useless
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
