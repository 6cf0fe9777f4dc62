// SPDX-License-Identifier: MIT
/// @file HugePageAllocator: an allocator for large tables, whose memory is in pages of 2 MiB where the system has them.
///
/// Why. A search reads two random places, and in a large table each is on a page of its own. The TLB holds the
/// translations of a few thousand pages: its reach is 8 MB with 4 KiB pages, but gigabytes with huge ones. And each
/// first access to a page is a page fault, on which a build into fresh memory spends most of its time: huge pages need
/// 512 times fewer.
///
/// How. A block of kLeastHugeBytes or more is a mapping of its own (mmap), aligned to a huge page and rounded up to
/// whole ones; smaller blocks come from operator new. The kernel is advised to use huge pages (madvise, MADV_HUGEPAGE)
/// only where /sys/kernel/mm/transparent_hugepage/enabled says "madvise": with "always" it uses them by itself. It
/// gives a mapping ordinary pages if no huge ones are free. Memory of malloc is never advised, because advice outlives
/// free() and would hold for whatever uses that memory next. MAP_HUGETLB is never used: where its pool of pages is
/// empty, a program is killed at its first write after a fork.
///
/// What it costs. The last page, which a block fills only in part, is a huge one too if at least an eighth of it is
/// used, because a table's control bytes lie there. So a block can take 1.75 MiB more memory (almost 2 with "always"),
/// and all of a table's memory is resident even if few of its slots are used. After a fork, the first write to a huge
/// page copies 2 MiB. One freed block of at most kMostSpareBytes stays mapped, and the next ones are cut from it, which
/// saves the kernel the zeroing of fresh pages; it is given back when memory is short. All others go back to the system
/// at once.
///
/// The environment variable PERTURB_HUGE_PAGES=0 turns all of this off: every block then comes from operator new. It is
/// read once in a process, with the first large block.
///
/// What it gains, for u64 keys and values, 400 000 to 1.5 million of them, beside malloc as it is: builds are 1.7
/// to 2.0 times as fast, copies 5 to 6, hits 1.0 to 1.2, hits in which each key depends on the last result 1.1 to 1.3,
/// misses 1.4 to 1.9. Where malloc recycles memory of its heap, which it can up to 32 MiB, there is little to gain:
/// builds of 400 000 take 1.1 times as long then, and copies 1.7 times, because the kernel zeroes what the spare block
/// does not hold. Tables of 2 MiB gained nothing and were copied more slowly; so they have ordinary pages.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>

#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>

#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// LeakSanitizer looks for pointers in the memory of operator new, but not in mappings unless they are registered. Null
// in programs without it.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" __attribute__((weak)) void __lsan_register_root_region(const void*, std::size_t);
extern "C" __attribute__((weak)) void __lsan_unregister_root_region(const void*, std::size_t);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
#endif

namespace perturb::inline PERTURB_ABI {

namespace detail::huge_pages {

inline constexpr std::size_t kPageBytes = std::size_t{2} << 20;
inline constexpr std::size_t kMostSparePages = 32;

#if defined(__linux__)

inline bool are_turned_on() noexcept {
  static const bool result = [] {
    const char* const value = std::getenv("PERTURB_HUGE_PAGES");
    return value == nullptr || std::string_view(value) != "0";
  }();
  return result;
}

inline bool need_advice() noexcept {
  static const bool result = [] {
    char text[64];
    const int file = ::open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const auto length = ::read(file, text, sizeof(text));
    ::close(file);
    return length > 0 &&
           std::string_view(text, static_cast<std::size_t>(length)).find("[madvise]") != std::string_view::npos;
  }();
  return result;
}

// Null if there is no room. Mappings are aligned to ordinary pages only: so this one is made longer, and then trimmed.
inline std::byte* map(std::size_t pages) noexcept {
  const std::size_t bytes = pages * kPageBytes;
  void* const memory = ::mmap(nullptr, bytes + kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  const std::size_t before = (kPageBytes - reinterpret_cast<std::uintptr_t>(memory) % kPageBytes) % kPageBytes;
  std::byte* const aligned = static_cast<std::byte*>(memory) + before;
  if (before != 0) ::munmap(memory, before);
  ::munmap(aligned + bytes, kPageBytes - before);
  return aligned;
}

// A block of whole huge pages, and its code: one pointer, which an atomic can hold. Because a page's address is a
// multiple of its size, the number of pages is kept as the offset from it. No block is null.
struct Block {
  static_assert(kMostSparePages < kPageBytes);

  explicit Block(std::byte* code) noexcept
      : memory(code - reinterpret_cast<std::uintptr_t>(code) % kPageBytes),
        pages(reinterpret_cast<std::uintptr_t>(code) % kPageBytes) {}
  Block(std::byte* first, std::size_t count) noexcept : memory(first), pages(count) {}
  std::byte* code() const noexcept { return pages == 0 ? nullptr : memory + pages; }
  void unmap() const noexcept {
    if (pages != 0) ::munmap(memory, pages * kPageBytes);
  }

  std::byte* memory;
  std::size_t pages;
};

// The code of the spare block. Whoever exchanges it owns the block that it was, so that threads need no lock.
inline constinit std::atomic<std::byte*> spare_block{nullptr};

// The first pages of the spare block, the rest of which stays there; null if it has too few.
inline std::byte* take_spare(std::size_t pages) noexcept {
  std::byte* code = spare_block.load(std::memory_order_relaxed);
  while (Block(code).pages >= pages) {
    const Block spare(code);
    const Block rest(spare.memory + pages * kPageBytes, spare.pages - pages);
    if (spare_block.compare_exchange_weak(code, rest.code(), std::memory_order_acq_rel)) return spare.memory;
  }
  return nullptr;
}

// Keeps the larger of `block` and the spare block, and gives the other back to the system.
inline void keep_or_unmap(Block block) noexcept {
  std::byte* code = spare_block.load(std::memory_order_relaxed);
  while (block.pages <= kMostSparePages && block.pages > Block(code).pages) {
    if (spare_block.compare_exchange_weak(code, block.code(), std::memory_order_acq_rel)) return Block(code).unmap();
  }
  block.unmap();
}

inline std::size_t pages_for(std::size_t bytes) noexcept { return (bytes + kPageBytes - 1) / kPageBytes; }

// Null if there is no room.
inline void* allocate(std::size_t bytes) noexcept {
  const std::size_t pages = pages_for(bytes);
  std::byte* memory = take_spare(pages);
  if (memory == nullptr) memory = map(pages);
  if (memory == nullptr) {
    Block(spare_block.exchange(nullptr, std::memory_order_acq_rel)).unmap();
    memory = map(pages);
    if (memory == nullptr) return nullptr;
  }
  // If the kernel has no huge pages, madvise fails and the block has ordinary ones; so its result does not matter.
  const std::size_t advised = (bytes + kPageBytes - kPageBytes / 8) / kPageBytes * kPageBytes;
  if (need_advice()) ::madvise(memory, advised, MADV_HUGEPAGE);
  if (__lsan_register_root_region != nullptr) __lsan_register_root_region(memory, bytes);
  return memory;
}

inline void deallocate(void* memory, std::size_t bytes) noexcept {
  if (__lsan_unregister_root_region != nullptr) __lsan_unregister_root_region(memory, bytes);
  keep_or_unmap(Block(static_cast<std::byte*>(memory), pages_for(bytes)));
}

#else

inline bool are_turned_on() noexcept { return false; }
inline void* allocate(std::size_t) noexcept { return nullptr; }
inline void deallocate(void*, std::size_t) noexcept {}

#endif

}  // namespace detail::huge_pages

/// A stateless allocator as std::allocator is, for tables that grow large:
///
///     template <class K, class T>
///     using LargeTable = HashTable<K, T, XxHash<K>, Equal<K>, HugePageAllocator<std::pair<const K, T>>>;
///
/// Threads may use it at the same time. On other systems than Linux it allocates as std::allocator does.
template <class T>
class HugePageAllocator {
 public:
  using value_type = T;
  using is_always_equal = std::true_type;
  using propagate_on_container_move_assignment = std::true_type;

  /// The size of a huge page, of the smallest block that is in huge pages, and of the largest that is kept when freed.
  static constexpr std::size_t kHugePageBytes = detail::huge_pages::kPageBytes;
  static constexpr std::size_t kLeastHugeBytes = 2 * kHugePageBytes;
  static constexpr std::size_t kMostSpareBytes = detail::huge_pages::kMostSparePages * kHugePageBytes;

  constexpr HugePageAllocator() noexcept = default;
  template <class U>
  constexpr HugePageAllocator(const HugePageAllocator<U>&) noexcept {}

  /// Allocates memory for `n` elements. It is not zeroed.
  /// Throws: std::bad_array_new_length if no object can be that large; std::bad_alloc.
  [[nodiscard]] T* allocate(std::size_t n) {
    if (n > static_cast<std::size_t>((std::numeric_limits<std::ptrdiff_t>::max)()) / sizeof(T)) {
      detail::raise<Failure<std::bad_array_new_length>>(
          "perturb: HugePageAllocator: that many elements do not fit into memory; ask for fewer");
    }
    const std::size_t bytes = n * sizeof(T);
    if (is_huge(bytes)) {
      void* const memory = detail::huge_pages::allocate(bytes);
      if (memory == nullptr) {
        detail::raise<Failure<std::bad_alloc>>("perturb: HugePageAllocator: the system has no memory for this block");
      }
      return static_cast<T*>(memory);
    }
    if constexpr (kOverAligned) {
      return static_cast<T*>(::operator new(bytes, std::align_val_t(alignof(T))));
    } else {
      return static_cast<T*>(::operator new(bytes));
    }
  }

  /// Frees memory, on any thread.
  /// Pre: `memory` came from allocate(n) of a HugePageAllocator<T>, this one or another.
  void deallocate(T* memory, std::size_t n) noexcept {
    if (is_huge(n * sizeof(T))) {
      detail::huge_pages::deallocate(memory, n * sizeof(T));
    } else if constexpr (kOverAligned) {
      ::operator delete(memory, std::align_val_t(alignof(T)));
    } else {
      ::operator delete(memory);
    }
  }

  template <class U>
  friend constexpr bool operator==(HugePageAllocator, HugePageAllocator<U>) noexcept {
    return true;
  }

 private:
  // raise() constructs an exception from a message, which std::bad_alloc does not take.
  template <class Error>
  struct Failure : Error {
    explicit Failure(const char* message) noexcept : message_(message) {}
    const char* what() const noexcept override { return message_; }
    const char* message_;
  };

  static constexpr bool kOverAligned = alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__;

  // It must say of a block the same in every allocator and at any time, because deallocate() relies on it.
  static bool is_huge(std::size_t bytes) noexcept {
    return alignof(T) <= kHugePageBytes && bytes >= kLeastHugeBytes && detail::huge_pages::are_turned_on();
  }
};

}  // namespace perturb::inline PERTURB_ABI
