// SPDX-License-Identifier: MIT
/// @file Capacities, thresholds and floors of the growth rules, step by step by hand.
#include "support/random.hpp"

#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>

namespace {

using Numbers = perturb::HashTable<std::uint64_t, std::uint64_t>;

Numbers numbers_below(std::uint64_t n) {
  Numbers table;
  for (std::uint64_t i = 0; i < n; ++i) table.emplace(i, i);
  return table;
}

TEST(HashTableGrowth, ADefaultTableHasNoMemory) {
  const Numbers table;
  EXPECT_EQ(table.bucket_count(), 0u);
  EXPECT_EQ(table.memory_bytes(), 0u);
  EXPECT_EQ(table.tombstone_count(), 0u);
}

TEST(HashTableGrowth, EachStepIsTakenAtThreeQuarters) {
  Numbers table;
  for (std::uint64_t n = 1; n <= 3000; ++n) {
    table.emplace(n, n);
    const std::size_t wanted = n <= 6 ? 8 : n <= 24 ? 32 : n <= 96 ? 128 : n <= 384 ? 512 : n <= 1536 ? 2048 : 8192;
    ASSERT_EQ(table.bucket_count(), wanted) << n;
  }
}

TEST(HashTableGrowth, EachStepDownIsTakenUnderOneSixth) {
  Numbers table = numbers_below(2000);
  for (std::uint64_t n = 2000; n-- > 0;) {
    table.erase(n);
    // Under 8192 / 6 = 1365.3, 2048 / 6 = 341.3, 512 / 6 = 85.3, 128 / 6 = 21.3, 32 / 6 = 5.3.
    const std::size_t wanted = n >= 1366 ? 8192 : n >= 342 ? 2048 : n >= 86 ? 512 : n >= 22 ? 128 : n >= 6 ? 32 : 8;
    ASSERT_EQ(table.bucket_count(), wanted) << n;
  }
}

// Gives the memory of a large table back when it is empty, and not before.
struct ShrinksWhenEmpty : perturb::growth::NoShrink {
  static constexpr std::size_t shrink_to(std::size_t size, std::size_t capacity) noexcept {
    return size == 0 && capacity > 4096 ? 16 : capacity;
  }
};

template <class Table>
void expect_shrinks_when_empty() {
  Table table;
  for (int n = 0; n < 4000; ++n) table.emplace(n, n);
  const std::size_t capacity = table.bucket_count();
  ASSERT_GT(capacity, 4096u);
  for (int n = 1; n < 4000; ++n) table.erase(n);
  EXPECT_EQ(table.bucket_count(), capacity);
  table.erase(0);
  EXPECT_EQ(table.bucket_count(), 16u);
}

TEST(HashTableGrowth, ErasuresShrinkWhereverThePolicyWantsIt) {
  using perturb::Equal, perturb::XxHash;
  using Allocator = std::allocator<std::pair<const int, int>>;
  expect_shrinks_when_empty<perturb::HashTable<int, int, XxHash<int>, Equal<int>, Allocator, ShrinksWhenEmpty>>();
  expect_shrinks_when_empty<
      perturb::OrderedHashTable<int, int, XxHash<int>, Equal<int>, Allocator, ShrinksWhenEmpty>>();
}

TEST(HashTableGrowth, ReserveSetsAFloorThatErasuresDoNotPass) {
  for (const std::size_t n : {1u, 5u, 6u, 10u, 11u, 100u, 1000u}) {
    Numbers table;
    table.reserve(n);
    const std::size_t capacity = table.bucket_count();
    for (std::uint64_t i = 0; i < n; ++i) table.emplace(i, i);
    for (std::uint64_t i = 0; i < n; ++i) {
      table.erase(i);
      ASSERT_EQ(table.bucket_count(), capacity);
    }
    // Past the reservation it grows, and comes back to the floor but not below.
    for (std::uint64_t i = 0; i < 4 * n + 8; ++i) table.emplace(i, i);
    EXPECT_GT(table.bucket_count(), capacity);
    for (std::uint64_t i = 0; i < 4 * n + 8; ++i) {
      table.erase(i);
      ASSERT_GE(table.bucket_count(), capacity);
    }
    EXPECT_LT(table.bucket_count(), 4 * capacity);
  }
}

TEST(HashTableGrowth, RehashAndConstructorSetAFloor) {
  for (const std::size_t n : {1u, 8u, 9u, 64u, 100u, 1024u}) {
    const std::size_t capacity = std::max(std::size_t{8}, std::bit_ceil(n));
    Numbers constructed(n);
    Numbers rehashed;
    rehashed.rehash(n);
    for (Numbers* table : {&constructed, &rehashed}) {
      EXPECT_EQ(table->bucket_count(), capacity);
      for (std::uint64_t i = 0; i < 3000; ++i) table->emplace(i, i);
      for (std::uint64_t i = 0; i < 3000; ++i) table->erase(i);
      EXPECT_GE(table->bucket_count(), capacity);
      EXPECT_LT(table->bucket_count(), 4 * capacity);
    }
  }
}

TEST(HashTableGrowth, RehashToZeroAndShrinkToFitDropTheFloor) {
  for (const bool fit : {false, true}) {
    Numbers table;
    table.reserve(1000);
    for (std::uint64_t i = 0; i < 7; ++i) table.emplace(i, i);
    fit ? table.shrink_to_fit() : table.rehash(0);
    EXPECT_EQ(table.bucket_count(), 16u);  // the smallest that seven elements fill to three quarters at most
    for (std::uint64_t i = 0; i < 500; ++i) table.emplace(i, i);
    for (std::uint64_t i = 0; i < 500; ++i) table.erase(i);
    EXPECT_LT(table.bucket_count(), 32u);
    fit ? table.shrink_to_fit() : table.rehash(0);
    EXPECT_EQ(table.bucket_count(), 0u);
    EXPECT_EQ(table.memory_bytes(), 0u);
  }
}

TEST(HashTableGrowth, ClearKeepsCapacityAndFloor) {
  Numbers table = numbers_below(100);
  const std::size_t capacity = table.bucket_count();
  table.clear();
  EXPECT_EQ(table.bucket_count(), capacity);
  EXPECT_EQ(table.tombstone_count(), 0u);
  table.reserve(1000);
  const std::size_t reserved = table.bucket_count();
  table.clear();
  for (std::uint64_t i = 0; i < 1000; ++i) table.emplace(i, i);
  for (std::uint64_t i = 0; i < 1000; ++i) table.erase(i);
  EXPECT_EQ(table.bucket_count(), reserved);
}

TEST(HashTableGrowth, CopiesTakeTheCapacityAndNotTheFloor) {
  Numbers table = numbers_below(10);
  table.reserve(1000);
  Numbers copy(table);
  Numbers assigned;
  assigned = table;
  for (Numbers* made : {&copy, &assigned}) {
    EXPECT_EQ(made->bucket_count(), table.bucket_count());
    made->erase(0);
    EXPECT_EQ(made->bucket_count(), table.bucket_count() / 4);
  }
  table.erase(0);
  EXPECT_EQ(table.bucket_count(), 2048u);
}

TEST(HashTableGrowth, MovesAndSwapTakeCapacityAndFloor) {
  const auto reserved = [] {
    Numbers table = numbers_below(10);
    table.reserve(1000);
    return table;
  };
  Numbers moved(reserved());
  Numbers assigned = numbers_below(3);
  assigned = reserved();
  Numbers swapped = numbers_below(3);
  Numbers other = reserved();
  swapped.swap(other);
  for (Numbers* table : {&moved, &assigned, &swapped}) {
    EXPECT_EQ(table->bucket_count(), 2048u);
    for (std::uint64_t i = 0; i < 10; ++i) table->erase(i);
    EXPECT_EQ(table->bucket_count(), 2048u);
  }
  EXPECT_EQ(other.bucket_count(), 8u);
  for (std::uint64_t i = 0; i < 1000; ++i) other.emplace(i, i);
  for (std::uint64_t i = 0; i < 1000; ++i) other.erase(i);
  EXPECT_EQ(other.bucket_count(), 8u) << "the floor went away with the swap";
}

TEST(HashTableGrowth, AMovedFromTableHasNeitherMemoryNorFloor) {
  Numbers source = numbers_below(10);
  source.reserve(1000);
  const Numbers target(std::move(source));
  EXPECT_EQ(source.bucket_count(), 0u);
  for (std::uint64_t i = 0; i < 200; ++i) source.emplace(i, i);
  for (std::uint64_t i = 0; i < 200; ++i) source.erase(i);
  EXPECT_EQ(source.bucket_count(), 8u);
}

TEST(HashTableGrowth, ErasuresByIteratorNeverShrink) {
  Numbers table = numbers_below(2000);
  const std::size_t capacity = table.bucket_count();
  while (!table.empty()) table.erase(table.begin());
  EXPECT_EQ(table.bucket_count(), capacity);
  table = numbers_below(2000);
  table.erase(table.begin(), table.end());
  EXPECT_EQ(table.bucket_count(), capacity);
}

TEST(HashTableGrowth, ASingleGroupNeverHasTombstones) {
  kit::Random random(5);
  perturb::HashTable<std::uint64_t, int> table;
  table.rehash(16);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t key = random.below(40);
    if (table.size() < 12 && random.one_in(2)) {
      table.emplace(key, i);
    } else {
      table.erase(key);
    }
    ASSERT_EQ(table.tombstone_count(), 0u);
    ASSERT_EQ(table.bucket_count(), 16u);
  }
}

TEST(HashTableGrowth, TheImpossibleIsALengthError) {
  Numbers table = numbers_below(20);
  constexpr std::size_t kMost = ~std::size_t{0};
  for (const std::size_t n : {kMost, kMost - 1, kMost / 2 + 1, kMost / 16}) {
    EXPECT_THROW(table.reserve(n), std::length_error);
    EXPECT_THROW(table.rehash(n), std::length_error);
    EXPECT_THROW(Numbers{n}, std::length_error);
  }
  EXPECT_EQ(table.size(), 20u);
  EXPECT_EQ(table.bucket_count(), 32u);
}

TEST(HashTableGrowth, MaxLoadFactorIsAFixedNumber) {
  Numbers table;
  EXPECT_EQ(table.max_load_factor(), 0.75f);
  table.max_load_factor(0.1f);
  EXPECT_EQ(table.max_load_factor(), 0.75f);
  for (std::uint64_t i = 0; i < 6; ++i) table.emplace(i, i);
  EXPECT_EQ(table.bucket_count(), 8u);
}

}  // namespace
