// SPDX-License-Identifier: MIT
/// @file How many groups of control bytes the operations of a table look at: no more than the search for the key has
/// to.
#define PERTURB_COUNT_GROUPS 1

#include "support/functors.hpp"

#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace {

using perturb::detail::table::groups_looked_at;
using perturb::detail::table::kGroupWidth;
using Table = perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash>;

template <class Operation>
std::uint64_t groups_for(Operation operation) {
  const std::uint64_t before = groups_looked_at;
  operation();
  return groups_looked_at - before;
}

// Keys with the same home group, and each with a tag of its own.
constexpr std::uint64_t key(std::uint64_t i) { return i << 40 | (i + 3) << 32; }

// The keys 0 … size - 1 in a table of 2^18 slots: they fill the groups of one probe sequence.
Table one_long_probe_sequence(std::uint64_t size) {
  Table table;
  table.reserve(100'000);
  for (std::uint64_t i = 0; i < size; ++i) table.try_emplace(key(i), i);
  return table;
}

TEST(GroupsLookedAt, BySearchesAreThoseUpToTheKey) {
  const Table table = one_long_probe_sequence(50);
  for (std::uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(groups_for([&] { EXPECT_TRUE(table.contains(key(i))); }), i / kGroupWidth + 1) << i;
  }
  EXPECT_EQ(groups_for([&] { EXPECT_FALSE(table.contains(key(50))); }), 50 / kGroupWidth + 1);
  EXPECT_EQ(groups_for([&] { EXPECT_FALSE(table.contains(key(1) + 1000 * kGroupWidth)); }), 1U);
}

TEST(GroupsLookedAt, ByInsertionsAndErasuresAreThoseOfTheSearch) {
  Table table = one_long_probe_sequence(50);
  EXPECT_EQ(groups_for([&] { table.try_emplace(key(50), 1); }), 50 / kGroupWidth + 1);
  EXPECT_EQ(groups_for([&] { table.try_emplace(key(50), 1); }), 50 / kGroupWidth + 1);
  // The group of the element once more, to see whether a search may end there; and, as the table is sparse, that of the
  // first element.
  EXPECT_EQ(groups_for([&] { table.erase(key(50)); }), 50 / kGroupWidth + 3);
  EXPECT_EQ(groups_for([&] { table.erase(key(60)); }), 50 / kGroupWidth + 1);
  EXPECT_EQ(groups_for([&] { table.erase(table.find(key(20))); }), 20 / kGroupWidth + 3);
  ASSERT_EQ(table.tombstone_count(), 1U);
  // A tombstone is taken again, though only the end of the search shows that the key is not there.
  EXPECT_EQ(groups_for([&] { table.try_emplace(key(70), 1); }), 49 / kGroupWidth + 1);
  EXPECT_EQ(table.tombstone_count(), 0U);
}

TEST(GroupsLookedAt, ByABatchOfSearchesAreThoseOfSingleOnes) {
  const Table table = one_long_probe_sequence(200);
  ASSERT_GT(table.memory_bytes(), perturb::detail::table::batch::kCachedBytes);
  for (const std::size_t count : {1U, 15U, 16U}) {
    std::vector<std::uint64_t> keys;
    for (std::uint64_t i = 0; i < count; ++i) keys.push_back(key(i * 13));
    std::vector<const std::uint64_t*> found(keys.size());
    const std::uint64_t singly = groups_for([&] {
      for (const std::uint64_t k : keys) ASSERT_TRUE(table.contains(k));
    });
    EXPECT_EQ(groups_for([&] { table.find_batch(keys, found); }), singly) << "of " << count;
    for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(found[i], table.get(keys[i]));
  }
  // More keys go on to further groups than are kept side by side: the others are searched again from the beginning.
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 64; ++i) keys.push_back(key(150 + i % 50));
  std::vector<const std::uint64_t*> found(keys.size());
  const std::uint64_t singly = groups_for([&] {
    for (const std::uint64_t k : keys) ASSERT_TRUE(table.contains(k));
  });
  EXPECT_LE(groups_for([&] { table.find_batch(keys, found); }), singly + keys.size());
}

TEST(GroupsLookedAt, ByTheFirstElementIsTheOneThatIsNotEmpty) {
  Table table = one_long_probe_sequence(0);
  for (const std::uint64_t home : {100'000U, 50'000U, 16U}) {
    table.try_emplace(home, 0);
    EXPECT_LE(groups_for([&] { EXPECT_EQ(table.begin()->first, home); }), 5U);
  }
  // A rehash finds it anew, and a copy takes it over.
  table.rehash(2 * table.bucket_count());
  EXPECT_LE(groups_for([&] { EXPECT_EQ(table.begin()->first, 16U); }), 5U);
  const Table copy = table;
  EXPECT_LE(groups_for([&] { EXPECT_EQ(copy.begin()->first, 16U); }), 5U);
  table.erase(16);
  EXPECT_LE(groups_for([&] { EXPECT_EQ(table.begin()->first, 50'000U); }), 5U);
}

}  // namespace
