// SPDX-License-Identifier: MIT
/// @file The exception type EmptyRing, and raise(), by which every exception is thrown: out of line, so that the
/// callers stay small. Without exceptions (-fno-exceptions) it prints the message to stderr and aborts.
#pragma once

#include <perturb/config.hpp>

#include <stdexcept>

#if !PERTURB_EXCEPTIONS
#include <cstdio>
#include <cstdlib>
#endif

namespace perturb::inline PERTURB_ABI {

/// Thrown by operations that need an owner (HashRing::owner, for instance) when the ring has no nodes.
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
