// SPDX-License-Identifier: MIT
/// @file Tables of a few elements: their memory grows in steps, without hashing, and everything works across the steps.
#include "support/invariants.hpp"

#include <perturb/growth.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using perturb::HashTable;
using Numbers = HashTable<std::uint64_t, std::uint64_t>;

// The sizes at which a table gets other memory.
template <class Table>
std::vector<std::size_t> sizes_at_steps() {
  Table table;
  std::vector<std::size_t> sizes;
  std::size_t bytes = 0;
  for (std::uint64_t i = 1; i <= 25; ++i) {
    table.try_emplace(i);
    if (table.memory_bytes() != bytes) sizes.push_back(table.size());
    bytes = table.memory_bytes();
    EXPECT_EQ(table.bucket_count(), i <= 6 ? 8U : i <= 24 ? 32U : 128U);
  }
  return sizes;
}

TEST(SmallTables, GrowInStepsOfTheirMemory) {
  EXPECT_EQ(sizes_at_steps<Numbers>(), (std::vector<std::size_t>{1, 7, 15, 25}));
  EXPECT_EQ((sizes_at_steps<HashTable<std::uint64_t, std::string>>()), (std::vector<std::size_t>{1, 4, 7, 15, 25}));
}

TEST(SmallTables, TakeLessMemoryThanTheirSlots) {
  Numbers table;
  table[1] = 1;
  EXPECT_LT(table.memory_bytes(), 8 * sizeof(Numbers::value_type));
  for (std::uint64_t i = 2; i <= 12; ++i) table[i] = i;
  EXPECT_LT(table.memory_bytes(), 16 * sizeof(Numbers::value_type));
}

TEST(SmallTables, ShrunkToFitTakeNoMoreMemoryThanGrownOnes) {
  for (std::uint64_t size = 1; size <= 30; ++size) {
    Numbers table;
    for (std::uint64_t i = 0; i < 100; ++i) table[i] = i;
    for (std::uint64_t i = size; i < 100; ++i) table.erase(i);
    table.shrink_to_fit();
    Numbers grown;
    for (std::uint64_t i = 0; i < size; ++i) grown[i] = i;
    EXPECT_LE(table.memory_bytes(), grown.memory_bytes()) << "of " << size;
    const auto bytes = table.memory_bytes();
    table.shrink_to_fit();
    EXPECT_EQ(table.memory_bytes(), bytes);
  }
}

TEST(SmallTables, MoveNothingWithinTheBucketsThatWereAskedFor) {
  for (const std::size_t buckets : {8U, 16U, 32U, 64U}) {
    Numbers table;
    table[0] = 0;
    table.rehash(buckets);
    ASSERT_EQ(table.bucket_count(), buckets);
    const std::uint64_t* const first = &table.find(0)->second;
    for (std::uint64_t i = 1; i < buckets / 4 * 3; ++i) table[i] = i;
    EXPECT_EQ(first, &table.find(0)->second) << "in " << buckets;
  }
}

struct CountingHash {
  static inline int calls = 0;
  using is_avalanching = void;
  std::uint64_t operator()(std::uint64_t key) const noexcept {
    ++calls;
    return key * 0x9e3779b97f4a7c15U;
  }
};

TEST(SmallTables, HashNothingWhileAllElementsAreInOneGroup) {
  HashTable<std::uint64_t, int, CountingHash> table;
  CountingHash::calls = 0;
  for (std::uint64_t i = 0; i < 14; ++i) table.try_emplace(i, 0);
  EXPECT_EQ(CountingHash::calls, 14);
  // Nor when they shrink to one group.
  table.try_emplace(14, 0);
  CountingHash::calls = 0;
  for (std::uint64_t i = 0; i < 10; ++i) table.erase(i);
  EXPECT_EQ(table.bucket_count(), 8U);
  EXPECT_EQ(CountingHash::calls, 10);
}

TEST(SmallTables, MoveNothingWithinWhatWasReserved) {
  for (std::size_t size = 1; size <= 30; ++size) {
    Numbers table;
    table.reserve(size);
    std::vector<const std::uint64_t*> places;
    for (std::uint64_t i = 0; i < size; ++i) places.push_back(&table.try_emplace(i, i).first->second);
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(places[i], &table.find(i)->second) << "of " << size;
  }
}

TEST(SmallTables, ReserveEnoughThoughTheyHaveElements) {
  Numbers table;
  table[0] = 0;
  table.reserve(5);
  const std::uint64_t* const first = &table.find(0)->second;
  for (std::uint64_t i = 1; i < 5; ++i) table[i] = i;
  EXPECT_EQ(first, &table.find(0)->second);
}

// The arguments of an insertion may be elements that the step moves.
TEST(SmallTables, InsertTheirOwnElementsAcrossASwitchOfMemory) {
  HashTable<std::string, std::string> table;
  table["0"] = "a value that is too long for the string's own memory";
  for (int i = 1; i < 30; ++i) table.try_emplace(std::to_string(i), table.find(std::to_string(i - 1))->second);
  for (const auto& [key, value] : table) EXPECT_EQ(value, "a value that is too long for the string's own memory");
  EXPECT_EQ(table.size(), 30U);
}

template <class Growth>
void expect_random_histories() {
  using Table = typename Numbers::with_growth<Growth>;
  std::mt19937_64 random(11);
  Table table;
  std::unordered_map<std::uint64_t, std::uint64_t> expected;
  for (std::uint64_t step = 0; step < 6000; ++step) {
    const std::uint64_t key = random() % 40;
    switch (random() % 8) {
      case 0:
      case 1:
      case 2:
        ASSERT_EQ(table.try_emplace(key, step).second, expected.try_emplace(key, step).second);
        break;
      case 3:
      case 4:
        ASSERT_EQ(table.erase(key), expected.erase(key));
        break;
      case 5: {
        const Table copy(table);
        ASSERT_EQ(copy, table);
        if (random() % 8 == 0) table = copy;
        break;
      }
      case 6:
        if (random() % 8 == 0) table.reserve(static_cast<std::size_t>(random() % 40));
        if (random() % 8 == 0) table.rehash(random() % 2 * (random() % 64));
        break;
      default:
        if (random() % 64 == 0) {
          table.clear();
          expected.clear();
        }
    }
    ASSERT_EQ(table.size(), expected.size());
    kit::expect_invariants(table);
    for (const auto& [number, value] : expected) ASSERT_EQ(table.at(number), value);
  }
}

TEST(SmallTables, EqualAReferenceThroughRandomHistories) { expect_random_histories<perturb::growth::Dict>(); }
TEST(SmallTables, EqualAReferenceThroughRandomHistoriesByDoubling) {
  expect_random_histories<perturb::growth::Doubling>();
}
TEST(SmallTables, EqualAReferenceThroughRandomHistoriesByQuadrupling) {
  expect_random_histories<perturb::growth::Quadrupling>();
}
TEST(SmallTables, EqualAReferenceThroughRandomHistoriesWithoutShrinking) {
  expect_random_histories<perturb::growth::NoShrink>();
}

struct SweepsForEver : perturb::growth::Dict {
  static constexpr std::size_t rehash_to(std::size_t, std::size_t capacity) { return capacity; }
};

TEST(SmallTables, GrowUnderAPolicyThatOnlySweeps) {
  Numbers::with_growth<SweepsForEver> table;
  for (std::uint64_t n = 0; n < 1000; ++n) table.try_emplace(n, n);
  EXPECT_GE(table.bucket_count(), 1000u);
  for (std::uint64_t n = 0; n < 1000; ++n) ASSERT_TRUE(table.contains(n)) << n;
}

TEST(ReservedTables, ShrinkBackToWhatWasReservedAfterManyErasures) {
  Numbers table;
  table.reserve(20);
  const std::size_t reserved = table.bucket_count();
  for (std::uint64_t n = 0; n < 400; ++n) table.try_emplace(n, n);
  ASSERT_GE(table.bucket_count(), 16 * reserved);
  perturb::erase_if(table, [](const auto& element) { return element.first > 1; });
  EXPECT_EQ(table.bucket_count(), reserved);
  EXPECT_TRUE(table.contains(0) && table.contains(1));
}

TEST(SmallTables, MovedToThemselvesKeepTheirElements) {
  Numbers table{{1, 2}, {3, 4}};
  auto& same = table;
  table = std::move(same);
  EXPECT_EQ(table.size(), 2u);
  EXPECT_EQ(table.at(3), 4u);
}

}  // namespace
