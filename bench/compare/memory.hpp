// SPDX-License-Identifier: MIT
/// @file What a table takes: bytes asked for, counted by an allocator, what malloc makes of them, and resident memory,
/// as the kernel counts it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace compare {

/// What tables of one size take. The memory that keys own themselves is no part of it: it is the same for all tables.
struct Footprint {
  std::size_t tables = 0;        // how many; all bytes but those of an object are of all of them together
  std::size_t object_bytes = 0;  // sizeof
  /// Asked for from the allocator, once all elements are in, and at most while they came in. Nothing for a table that
  /// takes no allocator.
  std::optional<std::size_t> asked_bytes = {}, peak_bytes = {};
  /// What malloc hands out for that, its rounding and headers included. Nothing where malloc does not tell.
  std::optional<std::size_t> malloc_bytes = {};
};

struct AllocatedBytes {
  std::size_t now = 0;
  std::size_t peak = 0;
  std::size_t in_malloc = 0;
};
inline AllocatedBytes allocated_bytes;

/// What malloc took for a block that it handed out: what can be used of it, and its header.
std::size_t bytes_in_malloc(void* block);

/// std::allocator that counts in `allocated_bytes`.
template <class T>
class CountingAllocator {
 public:
  using value_type = T;

  CountingAllocator() noexcept = default;
  template <class U>
  CountingAllocator(const CountingAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    T* const result = std::allocator<T>().allocate(count);
    allocated_bytes.now += count * sizeof(T);
    allocated_bytes.in_malloc += bytes_in_malloc(result);
    if (allocated_bytes.now > allocated_bytes.peak) allocated_bytes.peak = allocated_bytes.now;
    return result;
  }
  void deallocate(T* pointer, std::size_t count) noexcept {
    allocated_bytes.now -= count * sizeof(T);
    allocated_bytes.in_malloc -= bytes_in_malloc(pointer);
    std::allocator<T>().deallocate(pointer, count);
  }

  template <class U>
  friend bool operator==(const CountingAllocator&, const CountingAllocator<U>&) noexcept {
    return true;
  }
};

/// The bytes in use in all of malloc; nothing where it does not tell.
std::optional<std::size_t> malloc_in_use();

/// Runs `action` in a thread of its own. There malloc has no blocks at hand that were freed before: it counts those as
/// in use, so that what takes one of them would seem to take nothing.
void run_in_new_thread(const std::function<void()>& action);

/// By how much malloc's bytes in use grow while `fill` fills what `make` makes.
template <class Make, class Fill>
std::optional<std::size_t> malloc_growth(Make make, Fill fill) {
  std::optional<std::size_t> before, after;
  run_in_new_thread([&] {
    auto made = make();
    before = malloc_in_use();
    fill(made);
    after = malloc_in_use();
  });
  if (!before || !after) return {};
  return *after - std::min(*after, *before);
}

/// Lets glibc's malloc keep what is freed, as it does in a program that has run for a while: blocks under 32 MiB come
/// from a heap that hardly shrinks. Otherwise whether a table's memory is new pages each time depends on what was
/// measured before.
void settle_allocator();

/// Lets malloc join the small freed blocks now. It does so at the next large request, and that would count for the
/// table that makes it.
void tidy_heap();

/// By how many bytes the peak of resident memory rises while `action` runs, in a process of its own, so that memory
/// freed before cannot serve it. Nothing where the system does not tell, or the process does not end well.
std::optional<std::size_t> resident_growth(const std::function<void()>& action);

}  // namespace compare
