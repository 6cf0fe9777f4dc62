// SPDX-License-Identifier: MIT
/// @file Replaces the global operator new of a program. One source of it includes this, and defines
/// kit::before_allocation().
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace kit {

/// Called before each allocation; may throw, and then there is none.
void before_allocation();

inline void* allocate(std::size_t size, std::size_t alignment) {
  before_allocation();
  const std::size_t least = (std::max<std::size_t>)(size, 1);
  void* const block = alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
                          ? std::malloc(least)
                          : std::aligned_alloc(alignment, (least + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
// Not inlined, or g++ warns of std::free for a block from operator new.
[[gnu::noinline]] inline void release(void* block) noexcept { std::free(block); }

}  // namespace kit

void* operator new(std::size_t size) { return kit::allocate(size, __STDCPP_DEFAULT_NEW_ALIGNMENT__); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return kit::allocate(size, static_cast<std::size_t>(alignment));
}
// For memory that std::stable_sort can do without.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* block) noexcept { kit::release(block); }
void operator delete(void* block, std::size_t) noexcept { kit::release(block); }
void operator delete(void* block, std::align_val_t) noexcept { kit::release(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { kit::release(block); }
