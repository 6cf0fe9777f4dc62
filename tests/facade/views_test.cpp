// SPDX-License-Identifier: MIT
/// @file keys(), values() and items() as ranges.
#include <perturb/facade/views.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

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

TEST(TableViews, OfAnOrderedTableGoBackwards) {
  perturb::OrderedHashTable<std::string, int> table{{"a", 1}, {"b", 2}, {"c", 3}};
  std::string keys;
  for (const std::string& key : table.keys() | std::views::reverse) keys += key;
  EXPECT_EQ(keys, "cba");
  const auto values = table.values();
  auto it = values.end();
  EXPECT_EQ(*--it, 3);
  EXPECT_EQ(*it--, 3);
  EXPECT_EQ(*it, 2);
  EXPECT_EQ(*it++, 2);
  EXPECT_EQ(++it, values.end());
}

TEST(HashTableUpdate, CopiesWhatAViewShows) {
  std::vector<std::pair<std::string, std::string>> shown = {{"one", "a value too long for its own memory"}};
  const auto before = shown;
  perturb::HashTable<std::string, std::string> table;
  table.update(shown | std::views::filter([](const auto&) { return true; }));  // a view that is not borrowed
  table.update(std::span(shown));
  table.update(shown);
  table.update(static_cast<const std::vector<std::pair<std::string, std::string>>&&>(shown));
  EXPECT_EQ(shown, before);
  EXPECT_EQ(table.at("one"), before[0].second);
}

TEST(TableViews, OfAnEmptyTableAreEmpty) {
  const Table table;
  EXPECT_TRUE(table.keys().empty());
  EXPECT_TRUE(std::ranges::empty(table.items()));
}

}  // namespace
