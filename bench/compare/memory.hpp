// SPDX-License-Identifier: MIT
/// @file What a table takes: bytes asked for, counted by an allocator, and resident memory, as the kernel counts it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace compare {

struct Footprint {
  std::size_t settled_bytes = 0;  // held once all elements are in
  std::size_t peak_bytes = 0;     // held at most while they came in
};

struct AllocatedBytes {
  std::size_t now = 0;
  std::size_t peak = 0;
};
inline AllocatedBytes allocated_bytes;

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
    if (allocated_bytes.now > allocated_bytes.peak) allocated_bytes.peak = allocated_bytes.now;
    return result;
  }
  void deallocate(T* pointer, std::size_t count) noexcept {
    allocated_bytes.now -= count * sizeof(T);
    std::allocator<T>().deallocate(pointer, count);
  }

  template <class U>
  friend bool operator==(const CountingAllocator&, const CountingAllocator<U>&) noexcept {
    return true;
  }
};

/// Lets glibc's malloc keep what is freed, as it does in a program that has run for a while: blocks under 32 MiB come
/// from a heap that hardly shrinks. Otherwise whether a table's memory is new pages each time depends on what was
/// measured before.
void settle_allocator();

/// Lets malloc join the small blocks that were freed, which it would do at the next large request: in the time of the
/// table that makes it.
void tidy_heap();

/// By how many bytes the peak of resident memory rises while `action` runs, in a process of its own, so that memory
/// freed before cannot serve it. Nothing where the system does not tell, or the process does not end well.
std::optional<std::size_t> resident_growth(const std::function<void()>& action);

}  // namespace compare
