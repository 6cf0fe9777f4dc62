// SPDX-License-Identifier: MIT
/// @file Public names, some of which api.md beside it does not list as it should.
#pragma once

#ifndef PERTURB_UNLISTED_SWITCH
#define PERTURB_UNLISTED_SWITCH 0
#endif

namespace perturb::inline PERTURB_ABI {

class Forward;

/// Listed. The rest of the comment.
class Listed {
 public:
  void not_a_public_name();
};

/// What the page forgets.
template <class T>
  requires requires(T a) { a.b; }
[[nodiscard]] constexpr int unlisted_function(T value = T{}) noexcept(noexcept(value.b)) {
  return 0;
}
template <class T>
concept UnlistedConcept = requires(T a) { a.b; } && true;
template <class T, class = void>
inline constexpr bool unlisted_variable_v = false;
template <class T>
inline constexpr bool unlisted_variable_v<T, int> = [] { return true; }();
enum class UnlistedEnum : char { member };
using UnlistedAlias = Listed;

namespace inner {
struct Unlisted {};
struct InAnotherHeader {};
}  // namespace inner

namespace detail {
struct Internal {};
}  // namespace detail

}  // namespace perturb::inline PERTURB_ABI
