// SPDX-License-Identifier: MIT
/// @file What the fuzz targets share: the bytes of the fuzzer as choices, a check, and operations that fail when the
/// bytes say so.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <source_location>

namespace fuzz {

/// Stops the fuzzer, which then keeps the input, unless `ok`.
inline void expect(bool ok, const char* claim, std::source_location where = std::source_location::current()) {
  if (ok) [[likely]]
    return;
  std::fprintf(stderr, "%s:%u: not true: %s\n", where.file_name(), static_cast<unsigned>(where.line()), claim);
  std::abort();
}

/// The bytes of the fuzzer. When they run out, every choice is 0.
class Input : public FuzzedDataProvider {
 public:
  using FuzzedDataProvider::FuzzedDataProvider;

  bool is_left() const { return const_cast<Input*>(this)->remaining_bytes() > 0; }
  std::uint8_t byte() { return ConsumeIntegral<std::uint8_t>(); }
  bool flag() { return (byte() & 1) != 0; }
  /// A number below `end`, which is at least 1.
  template <class T>
  T below(T end) {
    return ConsumeIntegralInRange<T>(0, static_cast<T>(end - 1));
  }
};

/// What an operation throws that was told to fail.
struct Failure : std::bad_alloc {};

/// Counts the points at which an operation can fail. One of them does.
class Failures {
 public:
  /// The `nth` point fails; 0: none does.
  static void arm(unsigned nth) { countdown_ = nth; }
  static void point() {
    if (countdown_ != 0 && --countdown_ == 0) throw Failure();
  }

 private:
  static inline unsigned countdown_ = 0;
};

/// Runs `operation`, in some runs with a failure. @returns whether it came through.
template <class Operation>
bool attempt(Input& input, Operation operation) {
  const std::uint8_t choice = input.byte();
  Failures::arm(choice < 192 ? 0u : 1u + (choice - 192u) % 24u);
  try {
    operation();
  } catch (const Failure&) {
    Failures::arm(0);
    return false;
  }
  Failures::arm(0);
  return true;
}

/// An allocator that fails when told to and knows how many blocks are out.
template <class T>
class Allocator {
 public:
  using value_type = T;

  Allocator() = default;
  template <class U>
  Allocator(const Allocator<U>&) noexcept {}

  T* allocate(std::size_t n) {
    Failures::point();
    return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{alignof(T)}));
  }
  void deallocate(T* block, std::size_t) noexcept { ::operator delete(block, std::align_val_t{alignof(T)}); }
  friend bool operator==(Allocator, Allocator) { return true; }
};

}  // namespace fuzz
