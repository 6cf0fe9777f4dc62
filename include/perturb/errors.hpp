// SPDX-License-Identifier: MIT
/// @file The exceptions of perturb's own, and how all exceptions are thrown: out of line, so that they cost the callers
/// nothing. Without exceptions (-fno-exceptions) the same message goes to stderr and the program aborts.
#pragma once

#include <perturb/config.hpp>

#include <stdexcept>

#if !PERTURB_EXCEPTIONS
#include <cstdio>
#include <cstdlib>
#endif

namespace perturb::inline PERTURB_ABI {

/// Thrown where a ring without nodes is asked for an owner that must exist.
class EmptyRing : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {

/// Throws `Error(message)`; `Message` is a `const char*` or a `std::string`.
template <class Error, class Message>
[[noreturn]] PERTURB_NEVER_INLINE void raise(const Message& message) {
#if PERTURB_EXCEPTIONS
  throw Error(message);
#else
  std::fprintf(stderr, "perturb: %s\n", Error(message).what());
  std::abort();
#endif
}

}  // namespace detail
}  // namespace perturb::inline PERTURB_ABI
