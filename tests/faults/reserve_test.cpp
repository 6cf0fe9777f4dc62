// SPDX-License-Identifier: MIT
/// @file reserve(n) does nothing where n elements are there already, and keeps its promise for a larger n.
#include "support/table_kinds.hpp"

#include <perturb/growth.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <utility>

namespace {

using Table = perturb::HashTable<int, int>;
using Ordered = perturb::OrderedHashTable<int, int>;

template <class T>
void add(T& table, int n) {
  if constexpr (requires { typename T::mapped_type; }) {
    table.try_emplace(n, n);
  } else {
    table.insert(n);
  }
}

template <class T>
class Reserve : public ::testing::Test {
 protected:
  static T fill(int size) {
    T table;
    for (int n = 0; n < size; ++n) add(table, n);
    return table;
  }
};
using Kinds = ::testing::Types<Table, Table::with_growth<perturb::growth::NoShrink>,
                               Table::with_growth<perturb::growth::Doubling>, perturb::HashSet<int>, Ordered,
                               Ordered::with_growth<perturb::growth::NoShrink>,
                               Ordered::with_growth<perturb::growth::Doubling>, perturb::OrderedHashSet<int>>;
TYPED_TEST_SUITE(Reserve, Kinds);

TYPED_TEST(Reserve, OfWhatIsThereDoesNothing) {
  for (const int size : {1, 5, 6, 7, 24, 28, 96, 384, 1536, 6144, 7168}) {
    TypeParam table = TestFixture::fill(size);
    const std::size_t buckets = table.bucket_count();
    const void* const first = &*table.begin();
    for (const int n : {0, 1, size / 2, size - 1, size}) {
      table.reserve(static_cast<std::size_t>(n));
      EXPECT_EQ(table.bucket_count(), buckets) << "reserve(" << n << ") of " << size;
      EXPECT_EQ(static_cast<const void*>(&*table.begin()), first) << "reserve(" << n << ") moved elements";
    }
  }
}

TYPED_TEST(Reserve, OfWhatIsThereSweepsNothing) {
  TypeParam table = TestFixture::fill(6144);
  for (int n = 0; n < 3000; ++n) table.erase(table.begin());
  const std::size_t tombstones = table.tombstone_count();
  const void* const first = &*table.begin();
  table.reserve(table.size());
  EXPECT_EQ(table.tombstone_count(), tombstones);
  EXPECT_EQ(static_cast<const void*>(&*table.begin()), first);
}

TYPED_TEST(Reserve, OfWhatIsThereSetsNoFloor) {
  TypeParam table = TestFixture::fill(1000);
  TypeParam untouched = TestFixture::fill(1000);
  table.reserve(1000);
  table.reserve(10);
  for (int n = 0; n < 999; ++n) {
    table.erase(n);
    untouched.erase(n);
  }
  EXPECT_EQ(table.bucket_count(), untouched.bucket_count());
}

TYPED_TEST(Reserve, OfMoreHoldsThatManyWithoutARehash) {
  for (const int size : {0, 3, 6, 100, 1000}) {
    for (const int more : {1, 5, 300}) {
      TypeParam table = TestFixture::fill(size);
      table.reserve(static_cast<std::size_t>(size + more));
      const std::size_t buckets = table.bucket_count();
      add(table, size);
      const void* const first = &*table.begin();
      for (int n = size + 1; n < size + more; ++n) add(table, n);
      EXPECT_EQ(table.bucket_count(), buckets) << size << " + " << more;
      bool found = false;
      for (const auto& element : table) found |= static_cast<const void*>(&element) == first;
      EXPECT_TRUE(found) << "an insertion within reserve moved elements";
    }
  }
}

TYPED_TEST(Reserve, OfMoreIsKeptUnderErasuresAndInsertions) {
  for (const int reserved : {6, 7, 24, 100, 682, 683, 768, 1000, 6144}) {
    TypeParam table = TestFixture::fill(reserved / 2);
    table.reserve(static_cast<std::size_t>(reserved));
    const std::size_t buckets = table.bucket_count();
    for (int n = reserved / 2; n < reserved; ++n) add(table, n);
    for (int n = reserved; n < reserved + 20'000; ++n) {
      table.erase(n - reserved);
      add(table, n);
      ASSERT_EQ(table.bucket_count(), buckets) << "reserve(" << reserved << "), after " << n - reserved;
    }
    for (int n = 20'000; n < reserved + 20'000; ++n) table.erase(n);
    EXPECT_EQ(table.bucket_count(), buckets) << "reserve sets a floor";
  }
}

TYPED_TEST(Reserve, OfMoreOnATableThatIsFullOfTombstonesIsKept) {
  TypeParam table = TestFixture::fill(700);
  for (int n = 0; n < 650; ++n) table.erase(table.begin());
  table.reserve(600);
  const std::size_t buckets = table.bucket_count();
  add(table, 10'000);
  const void* const first = &*table.begin();
  for (int n = 10'001; table.size() < 600; ++n) add(table, n);
  EXPECT_EQ(table.bucket_count(), buckets);
  bool found = false;
  for (const auto& element : table) found |= static_cast<const void*>(&element) == first;
  EXPECT_TRUE(found) << "an insertion within reserve moved elements";
}

TYPED_TEST(Reserve, InEveryStepOfALoopGrowsGeometrically) {
  TypeParam table;
  std::size_t rehashes = 0;
  std::size_t moves = 0;
  std::size_t buckets = 0;
  const void* first = nullptr;
  for (int n = 0; n < 10'000; ++n) {
    table.reserve(table.size() + 1);
    add(table, n);
    if (std::exchange(buckets, table.bucket_count()) != buckets) ++rehashes;
    if constexpr (kit::kIsOrdered<TypeParam>) {
      if (const void* const now = &table.front(); std::exchange(first, now) != now) ++moves;
    }
  }
  EXPECT_LE(rehashes, 16u);
  EXPECT_LE(moves, 48u) << "a block of entries grows geometrically too";
}

}  // namespace
