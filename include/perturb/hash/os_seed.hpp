// SPDX-License-Identifier: MIT
/// @file A 64-bit seed from the operating system, for hashers whose keys an attacker can choose.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>

#include <cstdint>
#include <stdexcept>

#if defined(__linux__) || defined(__FreeBSD__)
#include <sys/random.h>
#elif defined(__APPLE__) || defined(__OpenBSD__) || defined(__NetBSD__)
#include <stdlib.h>
#else
#include <random>
#endif

namespace perturb::inline PERTURB_ABI::detail::hashing {

/// Eight unpredictable bytes. Complexity: a system call.
/// Throws: std::runtime_error when the system gives none; a predictable seed would defeat its purpose unnoticed.
[[nodiscard]] inline std::uint64_t os_seed() {
#if defined(__linux__) || defined(__FreeBSD__)
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != static_cast<decltype(::getrandom(&seed, 0, 0))>(sizeof seed)) {
    detail::raise<std::runtime_error>("RandomSeed: the operating system gave no random bytes (getrandom failed)");
  }
  return seed;
#elif defined(__APPLE__) || defined(__OpenBSD__) || defined(__NetBSD__)
  std::uint64_t seed = 0;
  ::arc4random_buf(&seed, sizeof seed);
  return seed;
#else
  std::random_device device;
  const std::uint64_t high = device();
  return (high << 32) ^ device();
#endif
}

}  // namespace perturb::inline PERTURB_ABI::detail::hashing
