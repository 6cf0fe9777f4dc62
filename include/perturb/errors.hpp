// SPDX-License-Identifier: MIT
/// @file The exceptions that perturb throws, out of line so that they cost the callers nothing. Without exceptions
/// (-fno-exceptions) the same sentence goes to stderr and the program is aborted.
#pragma once

#include <perturb/config.hpp>

#include <stdexcept>

#if !PERTURB_EXCEPTIONS
#include <cstdio>
#include <cstdlib>
#endif

namespace perturb::inline PERTURB_ABI {

/// Throws `Error(sentence)`; `Sentence` is a `const char*` or a `std::string`.
template <class Error, class Sentence>
[[noreturn]] PERTURB_NEVER_INLINE void raise(const Sentence& sentence) {
#if PERTURB_EXCEPTIONS
  throw Error(sentence);
#else
  std::fprintf(stderr, "perturb: %s\n", Error(sentence).what());
  std::abort();
#endif
}

}  // namespace perturb::inline PERTURB_ABI
