// SPDX-License-Identifier: MIT
/// @file Memory of a table's allocator with an alignment of its own, as bytes and plain pointers.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Memory comes in units of the alignment: allocators align what they give to its type.
template <std::size_t kAlignment, class Allocator>
class AlignedMemory {
  struct alignas(kAlignment) Unit {
    std::byte bytes[kAlignment];
  };
  using UnitAllocator = typename std::allocator_traits<Allocator>::template rebind_alloc<Unit>;
  using Traits = std::allocator_traits<UnitAllocator>;

 public:
  /// `size` rounded up to whole units.
  static constexpr std::size_t up(std::size_t size) noexcept {
    return (size + kAlignment - 1) / kAlignment * kAlignment;
  }

  /// The most bytes that the allocator and the address space allow.
  static std::size_t max_bytes(const Allocator& allocator) noexcept {
    constexpr std::size_t kMost = static_cast<std::size_t>((std::numeric_limits<std::ptrdiff_t>::max)());
    const std::size_t units = Traits::max_size(UnitAllocator(allocator));
    return units < kMost / kAlignment ? units * kAlignment : kMost;
  }

  /// Pre: `size` is a multiple of the alignment. Throws: what the allocator throws.
  static std::byte* allocate(const Allocator& allocator, std::size_t size) {
    UnitAllocator units(allocator);
    return reinterpret_cast<std::byte*>(std::to_address(Traits::allocate(units, size / kAlignment)));
  }

  static void deallocate(const Allocator& allocator, std::byte* memory, std::size_t size) noexcept {
    using Pointer = typename Traits::pointer;
    UnitAllocator units(allocator);
    Unit* const first = reinterpret_cast<Unit*>(memory);
    if constexpr (std::is_pointer_v<Pointer>) {
      Traits::deallocate(units, first, size / kAlignment);
    } else {
      Traits::deallocate(units, std::pointer_traits<Pointer>::pointer_to(*first), size / kAlignment);
    }
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
