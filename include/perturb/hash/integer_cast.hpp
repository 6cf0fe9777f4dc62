// SPDX-License-Identifier: MIT
/// @file A static_cast between integers for types that are equal on some platforms only, as std::size_t and
/// std::uint64_t: there -Wuseless-cast warns of a cast that others need.
#pragma once

#include <perturb/config.hpp>

#include <concepts>

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// static_cast<To>(number).
template <std::integral To, std::integral From>
[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr To integer_cast(From number) noexcept {
  return static_cast<To>(number);  // in a template, where no compiler takes it for useless
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
