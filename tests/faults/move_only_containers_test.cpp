// SPDX-License-Identifier: MIT
/// @file Values that say they can be copied and cannot: standard containers of std::unique_ptr, whose copy constructor
/// is there for the traits and does not compile. std::unordered_map takes them; so does HashTable.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using Owned = std::unique_ptr<int>;

// add(value, n): puts the number into what holds owned numbers. first(value): the number that was put in.
void add(Owned& value, int n) { value = std::make_unique<int>(n); }
int first(const Owned& value) { return *value; }

template <class Container>
  requires requires(Container& c) { c.insert(c.begin(), typename Container::value_type()); }
void add(Container& value, int n) {
  typename Container::value_type element;
  add(element, n);
  value.insert(value.begin(), std::move(element));
}
template <class Container>
  requires requires(Container& c) { c.insert(c.begin(), typename Container::value_type()); }
int first(const Container& value) {
  return first(*value.begin());
}

void add(std::forward_list<Owned>& value, int n) { value.push_front(std::make_unique<int>(n)); }
int first(const std::forward_list<Owned>& value) { return *value.front(); }
void add(std::queue<Owned>& value, int n) { value.push(std::make_unique<int>(n)); }
int first(const std::queue<Owned>& value) { return *value.front(); }
void add(std::stack<Owned>& value, int n) { value.push(std::make_unique<int>(n)); }
int first(const std::stack<Owned>& value) { return *value.top(); }
void add(std::priority_queue<Owned>& value, int n) { value.push(std::make_unique<int>(n)); }
int first(const std::priority_queue<Owned>& value) { return *value.top(); }
template <class Map>
  requires requires { typename Map::mapped_type; }
void add_to_map(Map& value, int n) {
  add(value[0], n);
}
void add(std::map<int, Owned>& value, int n) { add_to_map(value, n); }
int first(const std::map<int, Owned>& value) { return *value.at(0); }
void add(std::map<int, std::deque<Owned>>& value, int n) { add_to_map(value, n); }
int first(const std::map<int, std::deque<Owned>>& value) { return first(value.at(0)); }
void add(std::unordered_map<int, Owned>& value, int n) { add_to_map(value, n); }
int first(const std::unordered_map<int, Owned>& value) { return *value.at(0); }
void add(perturb::HashTable<int, Owned>& value, int n) { add_to_map(value, n); }
int first(const perturb::HashTable<int, Owned>& value) { return *value.at(0); }
void add(std::set<Owned>& value, int n) { value.insert(std::make_unique<int>(n)); }
int first(const std::set<Owned>& value) { return **value.begin(); }
void add(std::pair<int, std::deque<Owned>>& value, int n) { add(value.second, n); }
int first(const std::pair<int, std::deque<Owned>>& value) { return first(value.second); }
void add(std::tuple<std::list<Owned>>& value, int n) { add(std::get<0>(value), n); }
int first(const std::tuple<std::list<Owned>>& value) { return first(std::get<0>(value)); }
void add(std::optional<std::deque<Owned>>& value, int n) { add(value.emplace(), n); }
int first(const std::optional<std::deque<Owned>>& value) { return first(*value); }
void add(std::variant<int, std::deque<Owned>>& value, int n) { add(value.emplace<1>(), n); }
int first(const std::variant<int, std::deque<Owned>>& value) { return first(std::get<1>(value)); }

/// A user's class with such a member lies as its member does.
struct Wrapper {
  std::deque<Owned> queue;
  std::string name;
};
void add(Wrapper& value, int n) { add(value.queue, n); }
int first(const Wrapper& value) { return first(value.queue); }

template <class V>
V make(int n) {
  V value;
  add(value, n);
  return value;
}

template <class V>
class MoveOnlyContainers : public ::testing::Test {};
using Kinds =
    ::testing::Types<std::deque<Owned>, std::list<Owned>, std::vector<Owned>, std::forward_list<Owned>,
                     std::queue<Owned>, std::stack<Owned>, std::priority_queue<Owned>, std::map<int, Owned>,
                     std::map<int, std::deque<Owned>>, std::unordered_map<int, Owned>, std::set<Owned>,
                     std::vector<std::deque<Owned>>, std::deque<std::deque<Owned>>, std::list<std::vector<Owned>>,
                     perturb::HashTable<int, Owned>, std::pair<int, std::deque<Owned>>, std::tuple<std::list<Owned>>,
                     std::optional<std::deque<Owned>>, std::variant<int, std::deque<Owned>>, Wrapper, Owned>;
TYPED_TEST_SUITE(MoveOnlyContainers, Kinds);

// The engine tells kinds apart by how they move alone: without throwing, with a move that can be undone, at risk, or
// as a class of which it cannot know that it cannot be copied. One or two of each do the rest.
template <class V>
class MoveOnlyContainersOfEachTransfer : public ::testing::Test {};
using OneOfEach =
    ::testing::Types<std::deque<Owned>, std::vector<Owned>, std::map<int, Owned>, std::pair<int, std::deque<Owned>>,
                     std::optional<std::deque<Owned>>, std::variant<int, std::deque<Owned>>, Wrapper, Owned>;
TYPED_TEST_SUITE(MoveOnlyContainersOfEachTransfer, OneOfEach);

TYPED_TEST(MoveOnlyContainers, AreInsertedAndGrowTheTable) {
  perturb::HashTable<int, TypeParam> table;
  for (int n = 0; n < 100; n += 5) {
    EXPECT_TRUE(table.try_emplace(n, make<TypeParam>(n)).second);
    EXPECT_TRUE(table.emplace(n + 1, make<TypeParam>(n + 1)).second);
    EXPECT_TRUE(table.insert({n + 2, make<TypeParam>(n + 2)}).second);
    EXPECT_TRUE(table.insert_or_assign(n + 3, make<TypeParam>(-1)).second);
    EXPECT_FALSE(table.insert_or_assign(n + 3, make<TypeParam>(n + 3)).second);
    add(table[n + 4], n + 4);
  }
  for (int n = 0; n < 100; ++n) EXPECT_EQ(first(table.at(n)), n);
}

TYPED_TEST(MoveOnlyContainersOfEachTransfer, AreRehashedSweptAndErased) {
  perturb::HashTable<int, TypeParam> table;
  for (int n = 0; n < 100; ++n) table.try_emplace(n, make<TypeParam>(n));
  table.rehash(1000);
  table.reserve(500);
  table.shrink_to_fit();
  for (int n = 100; n < 1000; ++n) {
    table.erase(n - 100);
    table.try_emplace(n, make<TypeParam>(n));
  }
  for (int n = 900; n < 990; ++n) EXPECT_EQ(table.erase(n), 1u);
  table.erase(table.begin());
  perturb::erase_if(table, [](const auto& element) { return element.first == 999; });
  for (const auto& [key, value] : table) EXPECT_EQ(first(value), key);
}

TYPED_TEST(MoveOnlyContainersOfEachTransfer, AreTakenOut) {
  perturb::HashTable<int, TypeParam> table;
  for (int n = 0; n < 10; ++n) table.try_emplace(n, make<TypeParam>(n));
  EXPECT_EQ(first(*table.pop(3)), 3);
  EXPECT_EQ(first(table.extract(4)->second), 4);
  const auto extracted = table.extract(table.find(5));
  EXPECT_EQ(first(extracted.second), 5);
  EXPECT_FALSE(table.pop(3).has_value());
  EXPECT_EQ(table.size(), 7u);
}

TYPED_TEST(MoveOnlyContainersOfEachTransfer, AreMergedMovedAndSwapped) {
  perturb::HashTable<int, TypeParam> table;
  perturb::HashTable<int, TypeParam> other;
  for (int n = 0; n < 20; ++n) table.try_emplace(n, make<TypeParam>(n));
  for (int n = 10; n < 40; ++n) other.try_emplace(n, make<TypeParam>(n));
  table.merge(other);
  EXPECT_EQ(table.size(), 40u);
  perturb::HashTable<int, TypeParam> moved(std::move(table));
  swap(moved, other);
  moved = std::move(other);
  for (int n = 0; n < 40; ++n) EXPECT_EQ(first(moved.at(n)), n);
  moved.clear();
}

/// As a key.
struct Key {
  std::deque<Owned> digits;

  explicit Key(int n) { add(digits, n); }
  friend bool operator==(const Key& a, const Key& b) { return first(a.digits) == first(b.digits); }
  template <class State>
  friend void perturb_hash(State& state, const Key& key) {
    state(first(key.digits));
  }
};

TEST(MoveOnlyContainersAsKeys, AreKeptInSets) {
  perturb::HashSet<Key> set;
  for (int n = 0; n < 100; ++n) EXPECT_TRUE(set.insert(Key(n)).second);
  for (int n = 0; n < 100; ++n) EXPECT_FALSE(set.emplace(n).second);
  for (int n = 0; n < 95; ++n) EXPECT_EQ(set.erase(Key(n)), 1u);
  EXPECT_EQ(first(set.extract(Key(97))->digits), 97);
  set.rehash(100);
  perturb::HashSet<Key> other;
  other.merge(set);
  EXPECT_EQ(other.size(), 4u);
}

TEST(MoveOnlyContainersAsKeys, AreKeptInTables) {
  perturb::HashTable<Key, Owned> table;
  for (int n = 0; n < 100; ++n) table.try_emplace(Key(n), std::make_unique<int>(n));
  for (int n = 0; n < 100; ++n) EXPECT_EQ(*table.at(Key(n)), n);
  EXPECT_EQ(**table.pop(Key(3)), 3);
  EXPECT_EQ(first(table.extract(Key(4))->first.digits), 4);
  table.shrink_to_fit();
  EXPECT_EQ(table.size(), 98u);
}

}  // namespace
