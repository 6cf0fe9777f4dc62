// SPDX-License-Identifier: MIT
/// @file Build switches, and what depends on the compiler. Every other header includes this one.
///
/// A user may define these macros, with the same values in every translation unit that exchanges perturb's types:
///   PERTURB_NO_SIMD=1  use the portable control groups of 64-bit words even where SSE2 or NEON is available;
///   PERTURB_CHECKED=1  abort with a diagnostic on the misuse that docs/guarantees.md lists (independent of NDEBUG).
/// Each of them changes the layout or the inline code of the types, and so do exceptions (without them perturb aborts
/// where it would throw), the instruction set that is compiled for, and the debug mode of libstdc++, whose containers
/// are members of rings. So they are in the name of the inline namespace PERTURB_ABI: object files that exchange these
/// types and were built with different switches do not link.
#pragma once

#if !defined(__cplusplus) || (__cplusplus < 202002L && !(defined(_MSVC_LANG) && _MSVC_LANG >= 202002L))
// There is no such file, which ends the compilation; an #error would be followed by an error for each use of C++20.
#include <perturb needs C++20: compile with -std=c++20 (or link perturb::perturb in CMake, which sets it)>
#endif
#if defined(PERTURB_ABI)
// This file comes once from each place, so that macro is another copy's.
#include <perturb is included from two places: choose one of the include folder, an installed copy and a single header>
#endif

#ifndef PERTURB_NO_SIMD
#define PERTURB_NO_SIMD 0
#endif
#ifndef PERTURB_CHECKED
#define PERTURB_CHECKED 0
#endif

// Which control groups the table uses: exactly one of the three is 1.
#if !PERTURB_NO_SIMD && (defined(__SSE2__) || defined(_M_X64))
#define PERTURB_SIMD_SSE2 1
#define PERTURB_SIMD_NEON 0
#define PERTURB_SIMD_NONE 0
#elif !PERTURB_NO_SIMD && defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)
#define PERTURB_SIMD_SSE2 0
#define PERTURB_SIMD_NEON 1
#define PERTURB_SIMD_NONE 0
#else
#define PERTURB_SIMD_SSE2 0
#define PERTURB_SIMD_NEON 0
#define PERTURB_SIMD_NONE 1
#endif

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define PERTURB_EXCEPTIONS 1
#else
#define PERTURB_EXCEPTIONS 0
#endif

#if PERTURB_CHECKED
#define PERTURB_DETAIL_ABI_CHECKED _checked
#else
#define PERTURB_DETAIL_ABI_CHECKED
#endif
#if PERTURB_SIMD_NONE
#define PERTURB_DETAIL_ABI_SIMD _nosimd
#else
#define PERTURB_DETAIL_ABI_SIMD
#endif
#if PERTURB_EXCEPTIONS
#define PERTURB_DETAIL_ABI_EXCEPTIONS
#else
#define PERTURB_DETAIL_ABI_EXCEPTIONS _noexceptions
#endif
#if defined(_GLIBCXX_DEBUG)
#define PERTURB_DETAIL_ABI_LIBRARY _debuglibrary
#else
#define PERTURB_DETAIL_ABI_LIBRARY
#endif
#define PERTURB_DETAIL_ABI_NAME(number, checked, simd, exceptions, library) number##checked##simd##exceptions##library
#define PERTURB_DETAIL_ABI_EXPAND(number, checked, simd, exceptions, library) \
  PERTURB_DETAIL_ABI_NAME(number, checked, simd, exceptions, library)
// The number changes when a release changes the layout of a type, not with every version.
#define PERTURB_ABI                                                                                                   \
  PERTURB_DETAIL_ABI_EXPAND(abi0, PERTURB_DETAIL_ABI_CHECKED, PERTURB_DETAIL_ABI_SIMD, PERTURB_DETAIL_ABI_EXCEPTIONS, \
                            PERTURB_DETAIL_ABI_LIBRARY)

#if defined(_MSC_VER) && !defined(__clang__)
#define PERTURB_NO_UNIQUE_ADDRESS [[msvc::no_unique_address]]
#define PERTURB_ALWAYS_INLINE __forceinline
#define PERTURB_NEVER_INLINE __declspec(noinline)
#define PERTURB_ASSUME(condition) __assume(condition)
#else
#define PERTURB_NO_UNIQUE_ADDRESS [[no_unique_address]]
#define PERTURB_ALWAYS_INLINE inline __attribute__((always_inline))
#define PERTURB_NEVER_INLINE __attribute__((noinline))
#define PERTURB_ASSUME(condition) ((condition) ? static_cast<void>(0) : __builtin_unreachable())
#endif

/// Checks a precondition, in checked builds only. `message` says what the caller did wrong and what to do instead.
#if PERTURB_CHECKED
#define PERTURB_ASSERT(condition, message) \
  ((condition) ? static_cast<void>(0) : ::perturb::detail::abort_with(message, __FILE__, __LINE__))
#else
#define PERTURB_ASSERT(condition, message) static_cast<void>(0)
#endif

namespace perturb::inline PERTURB_ABI::detail {
/// Prefetches the cache line at `address`; harmless for any address.
PERTURB_ALWAYS_INLINE void prefetch([[maybe_unused]] const void* address) noexcept {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#endif
}
}  // namespace perturb::inline PERTURB_ABI::detail

#if PERTURB_CHECKED
#include <cstdio>
#include <cstdlib>

namespace perturb::inline PERTURB_ABI::detail {
/// Prints `message` and the place of the check to stderr, and aborts.
[[noreturn]] inline void abort_with(const char* message, const char* file, int line) noexcept {
  std::fprintf(stderr, "perturb: %s (%s:%d)\n", message, file, line);
  std::abort();
}
}  // namespace perturb::inline PERTURB_ABI::detail
#endif
