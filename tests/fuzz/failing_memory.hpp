// SPDX-License-Identifier: MIT
/// @file Replaces the global operator new of the one source that includes it, so that an operation of the library can
/// run out of memory (input.hpp: attempt).
#pragma once

#include "fuzz/input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace fuzz {

inline void* failing_allocation(std::size_t size, std::size_t alignment) {
  Failures::point();
  const std::size_t rounded = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
  void* const block = alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__ ? std::malloc(std::max<std::size_t>(size, 1))
                                                                    : std::aligned_alloc(alignment, rounded);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace fuzz

void* operator new(std::size_t size) { return fuzz::failing_allocation(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return fuzz::failing_allocation(size, static_cast<std::size_t>(alignment));
}
// std::stable_sort does without the memory that it does not get.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete(void* block, std::align_val_t) noexcept { std::free(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { std::free(block); }
