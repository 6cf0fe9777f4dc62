// SPDX-License-Identifier: MIT
/// @file Arguments that are elements of the table to which they are given.
#include "support/invariants.hpp"
#include "support/numbers.hpp"

#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace {

/// A table of n long strings to themselves, in memory that does not fit another one: the next insertion moves all.
perturb::HashTable<std::string, std::string> full_to_the_brim() {
  perturb::HashTable<std::string, std::string> table;
  for (kit::Number n = 0; n < 24; ++n) {
    table.emplace("a string too long to be short " + std::to_string(n),
                  "a value as long as that, for key " + std::to_string(n));
  }
  return table;
}

template <class Insertion>
void expect_alias_survives(Insertion insertion) {
  auto table = full_to_the_brim();
  const std::size_t capacity = table.bucket_count();
  const std::string value = table.begin()->second;
  const std::string key = table.begin()->first;
  insertion(table, table.begin());
  EXPECT_GT(table.bucket_count(), capacity) << "the insertion was to cross a growth";
  EXPECT_EQ(table.at(key), value);
  EXPECT_EQ(table.at("new"), value);
  EXPECT_EQ(table.size(), 25u);
  kit::expect_invariants(table);
}

TEST(HashTableAliasing, InsertionsTakeElementsOfTheTableAcrossAGrowth) {
  ASSERT_EQ(full_to_the_brim().bucket_count(), 32u);
  ASSERT_EQ(full_to_the_brim().size(), 24u);
  expect_alias_survives([](auto& table, auto it) { table.emplace("new", it->second); });
  expect_alias_survives([](auto& table, auto it) { table.try_emplace("new", it->second); });
  expect_alias_survives([](auto& table, auto it) { table.insert_or_assign("new", it->second); });
  expect_alias_survives([](auto& table, auto it) { table.set_default("new", it->second); });
  expect_alias_survives([](auto& table, auto it) {
    const std::string key = "new";
    table.try_emplace(table.hash(key), key, it->second);
  });
  expect_alias_survives([](auto& table, auto it) {
    const std::string key = "new";
    table.insert_or_assign(table.hash(key), key, it->second);
  });
}

TEST(HashTableAliasing, AKeyCanBeAValueOfTheTable) {
  auto table = full_to_the_brim();
  const std::string value = table.begin()->second;
  const std::size_t capacity = table.bucket_count();
  table.emplace(table.begin()->second, table.begin()->first);
  EXPECT_GT(table.bucket_count(), capacity);
  EXPECT_TRUE(table.contains(value));
  kit::expect_invariants(table);
}

TEST(HashTableAliasing, ErasureTakesTheElementsOwnKeyAcrossAShrink) {
  perturb::HashTable<std::string, std::string> table = full_to_the_brim();
  while (!table.empty()) {
    const std::size_t size = table.size();
    ASSERT_EQ(table.erase(table.begin()->first), 1u);
    ASSERT_EQ(table.size(), size - 1);
    kit::expect_invariants(table);
  }
  table = full_to_the_brim();
  while (!table.empty()) {
    const std::string value = table.begin()->second;
    ASSERT_EQ(table.pop(table.begin()->first), value);
  }
}

TEST(HashTableAliasing, RemovalOfASingleCopyOfTheTablesOwnRange) {
  auto table = full_to_the_brim();
  table.insert(table.begin(), table.end());
  EXPECT_EQ(table.size(), 24u);
  table = *&table;
  EXPECT_EQ(table.size(), 24u);
  kit::expect_invariants(table);
}

}  // namespace
