// SPDX-License-Identifier: MIT
/// @file Growth policies: when a table rehashes, and to which capacity. Pure integer arithmetic.
///
/// A policy is a type with these static functions; capacities are powers of two, at least kMinCapacity:
///
///     max_fill(capacity)             full slots and tombstones that the table may hold; less than the capacity, so
///                                    that an empty slot is left to end every search
///     rehash_to(size, capacity)      an insertion into a table of `size` elements finds no empty slot to take: the
///                                    same capacity (a sweep that removes the tombstones) or a larger one
///     shrink_to(size, capacity)      an erasure left `size` elements: the capacity to go down to, or `capacity`
///     capacity_for(size)             the smallest capacity that stays as it is while there are at most `size`
///                                    elements, whatever is erased and inserted
///
/// The numbers of growth::Dict. Full past 3/4: probe sequences over groups of 16 get long beyond it. The new capacity
/// is four times the old one while there are at most 50 000 elements, and twice beyond. So the new load is 3/16 or 3/8,
/// above the 1/6 under which an erasure shrinks: a few erasures do not undo a growth, and after a shrink (to less than
/// 2/3) a few insertions do not undo that. A tombstone sweep pays only if it frees a fair share of the slots: it needs
/// size + 1 < 2/3 of the capacity, and then at least 1/12 of the capacity can be inserted before the next.
///
/// History, from Objects/dictobject.c: CPython's dict grew by four, and by two beyond 50 000 elements, in 2.x and up to
/// 3.2; to twice the elements in 3.3; to three times the elements since 3.7. It never shrank on deletion: the step down
/// is that of the article which the table began with.
#pragma once

#include <perturb/config.hpp>

#include <bit>
#include <concepts>
#include <cstddef>

namespace perturb::inline PERTURB_ABI {

/// What HashTable asks of its `Growth` parameter; the file's head says what each function means.
template <class Growth>
concept GrowthPolicy = requires(std::size_t size, std::size_t capacity) {
  { Growth::max_fill(capacity) } -> std::same_as<std::size_t>;
  { Growth::rehash_to(size, capacity) } -> std::same_as<std::size_t>;
  { Growth::shrink_to(size, capacity) } -> std::same_as<std::size_t>;
  { Growth::capacity_for(size) } -> std::same_as<std::size_t>;
};

namespace growth {

/// The smallest capacity of a table that has allocated anything.
inline constexpr std::size_t kMinCapacity = 8;

/// The rule of the article: ×4 beyond 3/4 at every size, ÷4 below 1/6.
struct Quadrupling {
  static constexpr std::size_t max_fill(std::size_t capacity) noexcept { return capacity / 4 * 3; }

  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) noexcept {
    return 3 * (size + 1) < 2 * capacity ? capacity : 4 * capacity;
  }

  static constexpr std::size_t shrink_to(std::size_t size, std::size_t capacity) noexcept {
    // The one bit: only capacities from 4 * kMinCapacity on are larger than any number that has it.
    return (6 * size | 2 * kMinCapacity) < capacity ? capacity / 4 : capacity;
  }

  static constexpr std::size_t capacity_for(std::size_t size) noexcept {
    const std::size_t least = size + size / 2 + 1;  // 6 size < 4 capacity, that is capacity > 1.5 size
    return least <= kMinCapacity ? kMinCapacity : std::bit_ceil(least);
  }
};

/// The default: as CPython's dict grew, ×4 beyond 3/4 with at most 50 000 elements and ×2 with more; ÷4 below 1/6.
struct Dict : Quadrupling {
  /// Up to this many elements the capacity grows by four.
  static constexpr std::size_t kMostQuadrupled = 50'000;

  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) noexcept {
    const std::size_t larger = Quadrupling::rehash_to(size, capacity);
    return larger > capacity && size > kMostQuadrupled ? 2 * capacity : larger;
  }
};

/// As Dict, but memory is given back only by `shrink_to_fit` and `rehash`; no erasure invalidates other iterators.
struct NoShrink : Dict {
  static constexpr std::size_t shrink_to(std::size_t, std::size_t capacity) noexcept { return capacity; }
};

/// ×2 beyond 7/8, never smaller by itself: less memory at the same size, longer probes.
struct Doubling {
  static constexpr std::size_t max_fill(std::size_t capacity) noexcept { return capacity - capacity / 8; }

  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) noexcept {
    return 4 * (size + 1) < 3 * capacity ? capacity : 2 * capacity;
  }

  static constexpr std::size_t shrink_to(std::size_t, std::size_t capacity) noexcept { return capacity; }

  static constexpr std::size_t capacity_for(std::size_t size) noexcept {
    const std::size_t least = size + size / 3 + 1;  // 4 size < 3 capacity
    return least <= kMinCapacity ? kMinCapacity : std::bit_ceil(least);
  }
};

/// Whether the functions of a policy fit together so that the table's promises hold, for every capacity from 8 to 2^35:
/// used in static_asserts here, and useful for a policy of one's own.
template <GrowthPolicy Growth>
constexpr bool is_consistent() {
  for (std::size_t capacity = kMinCapacity; capacity < (std::size_t{1} << (sizeof(std::size_t) * 8 / 2 + 4));
       capacity *= 2) {
    const std::size_t full = Growth::max_fill(capacity);
    if (full == 0 || full >= capacity) return false;
    // No sweep without tombstones: a table full of elements grows, and what it grows to has room for one more.
    if (Growth::rehash_to(full, capacity) <= capacity) return false;
    if (Growth::max_fill(Growth::rehash_to(full, capacity)) <= full) return false;
    // A growth is not undone by the first erasure.
    const std::size_t grown = Growth::rehash_to(full, capacity);
    if (Growth::shrink_to(full, grown) != grown) return false;
    // A shrunk table has room for its elements and does not grow at the next insertion.
    const std::size_t sizes[] = {0, capacity / 8, capacity / 6, capacity / 6 + 1, capacity / 4};
    for (const std::size_t size : sizes) {
      const std::size_t shrunk = Growth::shrink_to(size, capacity);
      if (shrunk > capacity || Growth::max_fill(shrunk) <= size) return false;
      // What capacity_for promises: up to `size` elements only sweeps, and it is the smallest such capacity.
      const std::size_t reserved = Growth::capacity_for(size);
      if (Growth::max_fill(reserved) < size) return false;
      if (size > 0 && Growth::rehash_to(size - 1, reserved) != reserved) return false;
      if (size > 0 && reserved > kMinCapacity && Growth::rehash_to(size - 1, reserved / 2) == reserved / 2)
        return false;
    }
  }
  return true;
}

static_assert(is_consistent<Dict>());
static_assert(is_consistent<Quadrupling>());
static_assert(is_consistent<NoShrink>());
static_assert(is_consistent<Doubling>());

// The figures a user can count on: the seventh insertion makes 8 → 32, erasing down to five makes 32 → 8.
static_assert(Dict::max_fill(8) == 6 && Dict::rehash_to(6, 8) == 32);
static_assert(Dict::shrink_to(6, 32) == 32 && Dict::shrink_to(5, 32) == 8 && Dict::shrink_to(0, 8) == 8);
static_assert(Dict::capacity_for(5) == 8 && Dict::capacity_for(6) == 16 && Dict::capacity_for(10) == 16);
static_assert(Dict::rehash_to(24'576, 32'768) == 131'072 && Dict::rehash_to(98'304, 131'072) == 262'144);
static_assert(Quadrupling::rehash_to(98'304, 131'072) == 524'288);

// How far a step leaves a table from the next one. After ×2 it is 3/8 full: erasing 5/24 of the slots shrinks it,
// inserting 3/8 grows it again. After ÷4 it is under 2/3 full: inserting 1/12 grows it, and it is far from 1/6.
static_assert([] {
  for (std::size_t capacity = std::size_t{1} << 17; capacity <= std::size_t{1} << 28; capacity *= 2) {
    const std::size_t full = Dict::max_fill(capacity);
    const std::size_t doubled = 2 * capacity;
    const std::size_t sparse = (capacity - 1) / 6;
    const std::size_t shrunk = Dict::shrink_to(sparse, capacity);
    if (Dict::shrink_to(full - doubled / 5, doubled) != doubled || Dict::max_fill(doubled) - full != 3 * doubled / 8) {
      return false;
    }
    if (shrunk != capacity / 4 || 3 * sparse > 2 * shrunk || Dict::max_fill(shrunk) - sparse < shrunk / 12)
      return false;
  }
  return true;
}());

}  // namespace growth
}  // namespace perturb::inline PERTURB_ABI
