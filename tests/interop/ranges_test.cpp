// SPDX-License-Identifier: MIT
// What the concepts of <ranges> say of tables and views, and algorithms over them.
#include <perturb/hash_ring.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace {

using Table = perturb::HashTable<std::string, int>;
using Set = perturb::HashSet<int>;
using Ordered = perturb::OrderedHashTable<std::string, int>;
using OrderedSet = perturb::OrderedHashSet<int>;
using Sharded = perturb::ShardedTable<int, int, int>;
using Ring = perturb::HashRing<std::string>;

template <class T>
concept Container = std::ranges::sized_range<T> && std::ranges::common_range<T> && std::ranges::viewable_range<T&> &&
                    !std::ranges::view<T> && !std::ranges::borrowed_range<T> && std::ranges::sized_range<const T> &&
                    std::same_as<std::ranges::range_value_t<T>, typename T::value_type>;
template <class T>
concept View = std::ranges::view<T> && std::ranges::borrowed_range<T> && std::ranges::common_range<T>;

static_assert(Container<Table> && std::ranges::forward_range<Table> && !std::ranges::bidirectional_range<Table>);
static_assert(Container<Set> && std::ranges::forward_range<Set> && std::ranges::forward_range<const Set>);
static_assert(Container<Ordered> && std::ranges::bidirectional_range<Ordered>);
static_assert(Container<OrderedSet> && std::ranges::bidirectional_range<const OrderedSet>);
static_assert(Container<Sharded> && std::ranges::forward_range<Sharded>);

static_assert(std::same_as<std::ranges::range_reference_t<Table>, std::pair<const std::string, int>&>);
static_assert(std::same_as<std::ranges::range_reference_t<const Table>, const std::pair<const std::string, int>&>);
static_assert(std::same_as<std::ranges::range_reference_t<Set>, const int&>);

using Keys = decltype(std::declval<Table&>().keys());
using Values = decltype(std::declval<Table&>().values());
using Items = decltype(std::declval<const Table&>().items());
using OrderedValues = decltype(std::declval<Ordered&>().values());
static_assert(View<Keys> && View<Values> && View<Items> && std::ranges::forward_range<Values>);
static_assert(View<OrderedValues> && std::ranges::bidirectional_range<OrderedValues>);
static_assert(std::same_as<std::ranges::range_reference_t<Keys>, const std::string&>);
static_assert(std::same_as<std::ranges::range_reference_t<Values>, int&>);
static_assert(std::ranges::random_access_range<decltype(std::declval<const Ring&>().points())>);
static_assert(std::ranges::contiguous_range<decltype(std::declval<Ordered&>().entries())>);

// Algorithms return no iterator into a table that is gone.
static_assert(std::same_as<std::ranges::dangling, std::ranges::borrowed_iterator_t<Table>>);

TEST(Ranges, AlgorithmsTakeTablesAndProjections) {
  const Table table{{"a", 1}, {"b", 2}, {"c", 3}};
  EXPECT_EQ(std::ranges::count_if(table.values(), [](int value) { return value > 1; }), 2);
  EXPECT_EQ(std::ranges::max_element(table, {}, &Table::value_type::second)->first, "c");
  EXPECT_TRUE(std::ranges::all_of(table.keys(), [&](const std::string& key) { return table.contains(key); }));
  EXPECT_EQ(std::ranges::distance(table.items()), 3);
  std::vector<std::string> keys;
  std::ranges::copy(table.keys(), std::back_inserter(keys));
  std::ranges::sort(keys);
  EXPECT_EQ(keys, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(Ranges, ValuesCanBeChangedThroughAView) {
  Table table{{"a", 1}, {"b", 2}};
  for (int& value : table.values() | std::views::transform([](int& value) -> int& { return value; })) value *= 10;
  std::ranges::for_each(table, [](auto& element) { ++element.second; });
  EXPECT_EQ(table, (Table{{"a", 11}, {"b", 21}}));
}

TEST(Ranges, PipelinesOfViews) {
  const OrderedSet set{1, 2, 3, 4, 5};
  const auto even = [](int n) { return n % 2 == 0; };
  std::vector<int> found;
  for (int n : set | std::views::filter(even) | std::views::transform([](int n) { return n * n; })) found.push_back(n);
  EXPECT_EQ(found, (std::vector<int>{4, 16}));
  EXPECT_TRUE(std::ranges::equal(set | std::views::reverse, std::vector<int>{5, 4, 3, 2, 1}));
  EXPECT_TRUE(std::ranges::equal(set | std::views::drop(1) | std::views::take(2), std::vector<int>{2, 3}));
  const Ordered table{{"z", 1}, {"a", 2}};
  EXPECT_TRUE(std::ranges::equal(table | std::views::keys, std::vector<std::string>{"z", "a"}));
  EXPECT_TRUE(std::ranges::equal(table | std::views::values | std::views::reverse, std::vector<int>{2, 1}));
}

TEST(Ranges, TablesAreMadeFromPipelines) {
  const std::vector<int> numbers{1, 2, 3};
  const perturb::HashTable<int, int> squares(
      perturb::from_range, numbers | std::views::transform([](int n) { return std::pair(n, n * n); }));
  EXPECT_EQ(squares, (perturb::HashTable<int, int>{{1, 1}, {2, 4}, {3, 9}}));
  Set set;
  set.insert_range(numbers | std::views::filter([](int n) { return n != 2; }));
  EXPECT_EQ(set, (Set{1, 3}));
}

}  // namespace
