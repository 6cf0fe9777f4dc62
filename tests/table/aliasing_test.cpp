// SPDX-License-Identifier: MIT
/// @file Arguments that are elements of the table to which they are given.
#include "support/invariants.hpp"
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace {

template <class Kind>
class TableAliasing : public ::testing::Test {
 protected:
  using Texts = kit::TableOf<Kind, std::string, std::string>;

  static std::string key(int n) { return "a string too long to be short " + std::to_string(n); }

  /// A table of long strings to themselves, of which the next insertion moves element `kMoves`: into a larger table,
  /// or, after erasures, into one without tombstones or holes.
  static constexpr int kMoves = 23;
  static Texts full_to_the_brim(bool after_erasures) {
    for (int size = 24;; ++size) {
      Texts larger = table_of(size, after_erasures);
      const auto* const before = larger.get(key(kMoves));
      larger.emplace("new", "");
      if (larger.get(key(kMoves)) != before) return table_of(size, after_erasures);
    }
  }

  template <class Insertion>
  static void expect_alias_survives(Insertion insertion) {
    for (const bool after_erasures : {false, true}) {
      Texts table = full_to_the_brim(after_erasures);
      const auto it = table.find(key(kMoves));
      const void* const before = &*it;
      const std::string value = it->second;
      const std::size_t size = table.size();
      insertion(table, it);
      EXPECT_NE(static_cast<const void*>(table.get(key(kMoves))), before) << "the insertion was to move elements";
      EXPECT_EQ(table.at(key(kMoves)), value);
      EXPECT_EQ(table.at("new"), value);
      EXPECT_EQ(table.size(), size + 1);
      kit::expect_invariants(table);
    }
  }

 private:
  static Texts table_of(int size, bool after_erasures) {
    Texts table;
    for (int n = 0; n < size; ++n) {
      table.emplace(key(n), "a value as long as that, for key " + std::to_string(n));
      if (after_erasures && n == kMoves) {
        for (int erased = 1; erased < n; ++erased) table.erase(table.find(key(erased)));
      }
    }
    return table;
  }
};
TYPED_TEST_SUITE(TableAliasing, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(TableAliasing, InsertionsTakeElementsOfTheTableThatTheyMove) {
  TestFixture::expect_alias_survives([](auto& table, auto it) { table.emplace("new", it->second); });
  TestFixture::expect_alias_survives([](auto& table, auto it) { table.try_emplace("new", it->second); });
  TestFixture::expect_alias_survives([](auto& table, auto it) { table.insert_or_assign("new", it->second); });
  TestFixture::expect_alias_survives([](auto& table, auto it) { table.set_default("new", it->second); });
  TestFixture::expect_alias_survives([](auto& table, auto it) {
    const std::string key = "new";
    table.try_emplace(table.hash(key), key, it->second);
  });
  TestFixture::expect_alias_survives([](auto& table, auto it) {
    const std::string key = "new";
    table.insert_or_assign(table.hash(key), key, it->second);
  });
}

TYPED_TEST(TableAliasing, AKeyCanBeAValueOfTheTable) {
  for (const bool after_erasures : {false, true}) {
    auto table = TestFixture::full_to_the_brim(after_erasures);
    const auto it = table.find(TestFixture::key(TestFixture::kMoves));
    const std::string value = it->second;
    table.emplace(it->second, it->first);
    EXPECT_EQ(table.at(value), TestFixture::key(TestFixture::kMoves));
    kit::expect_invariants(table);
  }
}

TYPED_TEST(TableAliasing, ErasureTakesTheElementsOwnKeyAcrossAShrink) {
  auto table = TestFixture::full_to_the_brim(false);
  while (!table.empty()) {
    const std::size_t size = table.size();
    ASSERT_EQ(table.erase(table.begin()->first), 1u);
    ASSERT_EQ(table.size(), size - 1);
    kit::expect_invariants(table);
  }
  table = TestFixture::full_to_the_brim(false);
  while (!table.empty()) {
    const std::string value = table.begin()->second;
    ASSERT_EQ(table.pop(table.begin()->first), value);
  }
}

TYPED_TEST(TableAliasing, AMoveToAnEndTakesTheElementsOwnKeyThoughAllMove) {
  if constexpr (kit::kIsOrdered<typename TestFixture::Texts>) {
    auto table = TestFixture::full_to_the_brim(false);
    for (std::size_t i = 0; i < 100; ++i) {
      const bool last = i % 3 != 0;
      const std::string key = table.nth(i % table.size())->first;
      const std::string value = table.at(key);
      ASSERT_TRUE(table.move_to_end(table.nth(i % table.size())->first, last));
      ASSERT_EQ((last ? table.back() : table.front()).first, key);
      ASSERT_EQ((last ? table.back() : table.front()).second, value);
    }
    kit::expect_invariants(table);
  }
}

TYPED_TEST(TableAliasing, InsertionOfTheTablesOwnRangeAndAssignmentToItselfChangeNothing) {
  auto table = TestFixture::full_to_the_brim(false);
  const auto copy = table;
  table.insert(table.begin(), table.end());
  EXPECT_EQ(table, copy);
  table = *&table;
  EXPECT_EQ(table, copy);
  kit::expect_invariants(table);
}

}  // namespace
