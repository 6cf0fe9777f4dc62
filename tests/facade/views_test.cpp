// SPDX-License-Identifier: MIT
/// @file keys(), values() and items() as ranges.
#include <perturb/facade/views.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using Table = perturb::HashTable<std::string, int>;

static_assert(std::ranges::forward_range<decltype(std::declval<Table&>().keys())>);
static_assert(std::ranges::view<decltype(std::declval<Table&>().values())>);
static_assert(std::ranges::borrowed_range<decltype(std::declval<const Table&>().items())>);
static_assert(std::is_same_v<decltype(*std::declval<Table&>().values().begin()), int&>);
static_assert(std::is_same_v<decltype(*std::declval<const Table&>().values().begin()), const int&>);
static_assert(std::is_same_v<decltype(*std::declval<Table&>().keys().begin()), const std::string&>);

TEST(TableViews, KeysAreAllKeys) {
  const Table table{{"a", 1}, {"b", 2}, {"c", 3}};
  const auto keys = table.keys();
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()), (std::set<std::string>{"a", "b", "c"}));
}

TEST(TableViews, ValuesCanBeAssigned) {
  Table table{{"a", 1}, {"b", 2}};
  for (int& value : table.values()) value *= 10;
  EXPECT_EQ(table.at("a"), 10);
  EXPECT_EQ(std::as_const(table).at("b"), 20);
}

TEST(TableViews, ItemsAreTheElementsThemselves) {
  Table table{{"a", 1}};
  for (auto& [key, value] : table.items()) value = static_cast<int>(key.size()) + 6;
  EXPECT_EQ(table.at("a"), 7);
}

TEST(TableViews, WorkWithAlgorithmsAndAdaptors) {
  const Table table{{"a", 1}, {"b", 2}, {"c", 3}};
  EXPECT_EQ(*std::ranges::max_element(table.values()), 3);
  int sum = 0;
  for (const int value : table.values() | std::views::filter([](int v) { return v != 2; })) sum += value;
  EXPECT_EQ(sum, 4);
  EXPECT_EQ(std::ranges::find(table.keys(), "z"), table.keys().end());
}

TEST(TableViews, OfAnEmptyTableAreEmpty) {
  const Table table;
  EXPECT_TRUE(table.keys().empty());
  EXPECT_TRUE(std::ranges::empty(table.items()));
}

}  // namespace
