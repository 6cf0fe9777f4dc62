// SPDX-License-Identifier: MIT
/// @file find_batch and insert_batch do what single calls do, in tables that fit into the cache and in larger ones.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/table/batch.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using Table = perturb::HashTable<std::uint64_t, std::uint64_t>;

Table table_of(std::size_t size) {
  Table table;
  for (std::uint64_t i = 0; i < size; ++i) table.try_emplace(i * 3, i);
  return table;
}

void expect_batch_finds_as_single_calls(std::size_t size) {
  Table table = table_of(size);
  std::mt19937_64 random(size);
  for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 64U, 1000U}) {
    std::vector<std::uint64_t> keys(count);
    for (std::uint64_t& key : keys) key = random() % (4 * size + 4);
    std::vector<std::uint64_t*> found(count + 1, nullptr);
    table.find_batch(keys, found);
    std::vector<const std::uint64_t*> const_found(count);
    std::as_const(table).find_batch(keys, const_found);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i], table.get(keys[i]));
      ASSERT_EQ(const_found[i], table.get(keys[i]));
    }
  }
}

TEST(FindBatch, FindsInAnEmptyTable) { expect_batch_finds_as_single_calls(0); }
TEST(FindBatch, FindsInASmallTable) { expect_batch_finds_as_single_calls(1000); }
TEST(FindBatch, FindsInATableBeyondTheCache) {
  ASSERT_GT(table_of(100000).memory_bytes(), perturb::table::batch::kCachedBytes);
  expect_batch_finds_as_single_calls(100000);
}

TEST(FindBatch, OfASetGivesTheKeys) {
  perturb::HashSet<std::string> set{"a", "b"};
  const std::vector<std::string> keys{"b", "c", "a"};
  std::vector<const std::string*> found(3);
  set.find_batch(keys, found);
  EXPECT_EQ(found, (std::vector<const std::string*>{&*set.find("b"), nullptr, &*set.find("a")}));
}

void expect_batch_inserts_as_single_calls(std::size_t before, std::size_t size) {
  Table table = table_of(before);
  Table expected = table;
  std::mt19937_64 random(size);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
  // Every key about twice: the first one counts, also within a chunk.
  for (std::size_t i = 0; i < size; ++i) elements.emplace_back(random() % (size / 2 + 1), i);
  std::size_t inserted = 0;
  for (const auto& [key, value] : elements) inserted += expected.try_emplace(key, value).second ? 1 : 0;
  EXPECT_EQ(table.insert_batch(elements), inserted);
  EXPECT_EQ(table, expected);
  EXPECT_EQ(table.insert_batch(elements), 0U);
}

TEST(InsertBatch, InsertsIntoAnEmptyTable) { expect_batch_inserts_as_single_calls(0, 5000); }
TEST(InsertBatch, InsertsAcrossManyGrowths) { expect_batch_inserts_as_single_calls(0, 200000); }
TEST(InsertBatch, InsertsIntoATableBeyondTheCache) { expect_batch_inserts_as_single_calls(100000, 50000); }

TEST(InsertBatch, TakesRangesOfOneAndOfNone) {
  Table table;
  EXPECT_EQ(table.insert_batch(std::vector<Table::value_type>{}), 0U);
  EXPECT_EQ(table.insert_batch(std::list<Table::value_type>{{1, 2}}), 1U);
  EXPECT_EQ(table.at(1), 2U);
}

TEST(InsertBatch, TakesElementsWhoseKeyHasToBeMadeFirst) {
  perturb::HashTable<std::string, int> table;
  const std::vector<std::pair<const char*, int>> elements{{"a", 1}, {"b", 2}, {"a", 3}};
  EXPECT_EQ(table.insert_batch(elements), 2U);
  EXPECT_EQ(table.at("a"), 1);
}

TEST(InsertBatch, TakesRangesThatMakeTheirElements) {
  perturb::HashSet<bool> set;
  const std::vector<bool> elements{true, false, true};  // its references are no references
  EXPECT_EQ(set.insert_batch(elements), 2U);
}

}  // namespace
