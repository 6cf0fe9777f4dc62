// SPDX-License-Identifier: MIT
/// @file What is allocated, and what may be: nothing within reserve, whatever the hasher says of exceptions; and no
/// more than the allocator can give.
#include "support/allocators.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

/// May throw, as far as the table knows.
struct ThrowingHash {
  std::size_t operator()(int n) const {
    return static_cast<std::size_t>(n) * static_cast<std::size_t>(0x9E3779B97F4A7C15U);
  }
};
struct NoexceptHash {
  std::size_t operator()(int n) const noexcept { return ThrowingHash()(n); }
};

template <class Value>
using Allocator = kit::IdAllocator<Value, kit::kPropagateNever>;
template <class Hash, class T>
using Table = perturb::HashTable<int, T, Hash, perturb::Equal<int>, Allocator<std::pair<const int, T>>>;
template <class Hash>
using Set = perturb::HashSet<int, Hash, perturb::Equal<int>, Allocator<int>>;
template <class Hash, class T>
using DoublingTable = perturb::HashTable<int, T, Hash, perturb::Equal<int>, Allocator<std::pair<const int, T>>,
                                         perturb::growth::Doubling>;

template <class T>
class AllocationWithinReserve : public ::testing::Test {};
using Kinds = ::testing::Types<Table<ThrowingHash, int>, Table<NoexceptHash, int>, Table<ThrowingHash, std::string>,
                               Table<ThrowingHash, std::unique_ptr<int>>, Set<ThrowingHash>, Set<NoexceptHash>,
                               DoublingTable<ThrowingHash, int>>;
TYPED_TEST_SUITE(AllocationWithinReserve, Kinds);

template <class T>
void add(T& table, int n) {
  if constexpr (requires { typename T::mapped_type; }) {
    table.try_emplace(n);
  } else {
    table.insert(n);
  }
}

// A tombstone sweep works in place where neither the hasher nor a move can throw, else in a second array.
TYPED_TEST(AllocationWithinReserve, ErasingAndInsertingAllocatesNothingWhereNothingCanThrow) {
  constexpr bool kCanThrow = !noexcept(std::declval<typename TypeParam::hasher>()(1));
  for (const int size : {5, 6, 100, 682, 1000}) {
    TypeParam table;
    table.reserve(static_cast<std::size_t>(size));
    for (int n = 0; n < size; ++n) add(table, n);
    const std::size_t buckets = table.bucket_count();
    const std::uint64_t before = kit::Ledger::instance().allocations();
    for (int n = size; n < 100'000; ++n) {
      table.erase(n - size);
      add(table, n);
    }
    if (!kCanThrow) {
      EXPECT_EQ(kit::Ledger::instance().allocations() - before, 0u) << size;
    }
    EXPECT_EQ(table.bucket_count(), buckets) << size;
    EXPECT_EQ(table.size(), static_cast<std::size_t>(size));
    for (int n = 100'000 - size; n < 100'000; ++n) EXPECT_TRUE(table.contains(n));
  }
}

template <class T>
class AllocationOfConstructors : public ::testing::Test {};
using Copyable = ::testing::Types<
    Table<ThrowingHash, int>, Set<NoexceptHash>,
    perturb::OrderedHashTable<int, int, NoexceptHash, perturb::Equal<int>, Allocator<std::pair<const int, int>>>,
    perturb::OrderedHashSet<int, NoexceptHash, perturb::Equal<int>, Allocator<int>>>;
TYPED_TEST_SUITE(AllocationOfConstructors, Copyable);

TYPED_TEST(AllocationOfConstructors, WithoutElementsAndABucketCountIsNothing) {
  const std::initializer_list<typename TypeParam::value_type> list{};
  const std::vector<typename TypeParam::value_type> range;
  const typename TypeParam::allocator_type allocator(4);
  const std::uint64_t before = kit::Ledger::instance().allocations();
  const TypeParam tables[] = {
      TypeParam(),
      TypeParam(allocator),
      TypeParam(0),
      TypeParam(range.begin(), range.end()),
      TypeParam(range.begin(), range.end(), allocator),
      TypeParam(list),
      TypeParam(list, allocator),
      TypeParam(perturb::from_range, range),
      TypeParam(perturb::from_range, range, allocator),
  };
  EXPECT_EQ(kit::Ledger::instance().allocations(), before);
  for (const TypeParam& table : tables) {
    EXPECT_EQ(table.bucket_count(), 0u);
    EXPECT_EQ(table.memory_bytes(), 0u);
  }
  EXPECT_GE(TypeParam(1).bucket_count(), 1u);
  TypeParam table(100);
  add(table, 1);
  table = list;
  EXPECT_EQ(table.bucket_count(), 0u) << "an assignment drops what was reserved";
}

/// Gives at most 1000 objects of its type at a time, and says so.
template <class T>
struct SmallAllocator {
  using value_type = T;
  SmallAllocator() = default;
  template <class U>
  SmallAllocator(const SmallAllocator<U>&) {}
  static constexpr std::size_t kMostBytes = 16'000;
  std::size_t max_size() const noexcept { return kMostBytes / sizeof(T); }
  T* allocate(std::size_t n) {
    if (n > max_size()) throw std::bad_alloc();
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) noexcept { std::allocator<T>().deallocate(memory, n); }
  friend bool operator==(const SmallAllocator&, const SmallAllocator&) { return true; }
};

TEST(MaxSize, IsNoMoreThanTheAllocatorCanGive) {
  const perturb::HashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>,
                           SmallAllocator<std::pair<const int, int>>>
      table;
  EXPECT_LE(table.max_size(), 2000u);
  EXPECT_GT(table.max_size(), 0u);
  EXPECT_LE(table.max_bucket_count(), 2000u);
  const perturb::HashSet<std::string, perturb::XxHash<std::string>, perturb::Equal<std::string>,
                         SmallAllocator<std::string>>
      set;
  EXPECT_LE(set.max_size(), SmallAllocator<std::string>().max_size());
  const perturb::HashTable<int, int> ordinary;
  EXPECT_GT(ordinary.max_size(), std::size_t{1} << (sizeof(std::size_t) == 8 ? 40 : 20));
}

TEST(MaxSize, ReservingBeyondItIsALengthError) {
  perturb::HashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>, SmallAllocator<std::pair<const int, int>>>
      table;
  EXPECT_THROW(table.reserve(table.max_size() + 1), std::length_error);
  EXPECT_THROW(table.rehash(std::size_t{1} << 20), std::length_error);
  table.reserve(500);
  for (int n = 0; n < 500; ++n) table.try_emplace(n, n);
  EXPECT_EQ(table.size(), 500u);
}

}  // namespace
