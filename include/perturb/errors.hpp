// SPDX-License-Identifier: MIT
/// @file The exception types EmptyRing and SnapshotError, and raise(), by which every exception is thrown: out of line,
/// so that the callers stay small. Without exceptions (-fno-exceptions) it prints the message to stderr and aborts.
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

/// Thrown when bytes that should be the image of a ring or of a migration plan are not: truncated, damaged, of another
/// kind of object, made by a later format, or of a ring that this type of ring cannot have. what() says which.
class SnapshotError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
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
