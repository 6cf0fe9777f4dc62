// SPDX-License-Identifier: MIT
/// @file What is stored under a hash is what was hashed, even where a key's constructor makes another key of what is
/// given.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace {

/// A copy of one that is not const is another key.
struct Torn {
  int number;
  explicit Torn(int n) : number(n) {}
  Torn(const Torn&) = default;
  template <class T>
    requires requires(T& other) { other.number; }
  explicit Torn(T& other) : number(other.number + 1000) {}
  Torn& operator=(const Torn&) = default;
  friend bool operator==(const Torn& a, const Torn& b) { return a.number == b.number; }
};
struct TornHash {
  std::size_t operator()(const Torn& key) const { return static_cast<std::size_t>(key.number); }
};

template <class Map>
class StoredKeysOfMaps : public ::testing::Test {};
using Maps = ::testing::Types<std::unordered_map<Torn, int, TornHash>, perturb::HashTable<Torn, int, TornHash>>;
TYPED_TEST_SUITE(StoredKeysOfMaps, Maps);

/// Every key of the table can be found under itself.
template <class Table>
void expect_all_found(const Table& table) {
  for (const auto& element : table) {
    if constexpr (requires { element.first; }) {
      EXPECT_TRUE(table.find(element.first) != table.end()) << element.first.number;
    } else {
      EXPECT_TRUE(table.find(element) != table.end()) << element.number;
    }
  }
}

TYPED_TEST(StoredKeysOfMaps, AKeyThatIsNotConstIsTakenAsAConstOne) {
  TypeParam map;
  Torn key(1);
  map[key] = 1;
  map[key] = 2;
  EXPECT_FALSE(map.try_emplace(key, 3).second);
  EXPECT_FALSE(map.insert_or_assign(key, 4).second);
  EXPECT_FALSE(map.try_emplace(map.begin(), key, 3) == map.end());
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(map.count(Torn(1)), 1u);
  EXPECT_EQ(map.at(key), 4);
  expect_all_found(map);
}

TYPED_TEST(StoredKeysOfMaps, EmplaceHashesTheElementThatItMakes) {
  TypeParam map;
  Torn key(1);
  EXPECT_TRUE(map.emplace(key, 1).second);
  EXPECT_FALSE(map.emplace(key, 2).second);
  EXPECT_EQ(map.size(), 1u);
  // A pair makes its key of the lvalue as the constructor says.
  EXPECT_EQ(map.count(Torn(1001)), 1u);
  expect_all_found(map);
  std::pair<Torn, int> pair(std::piecewise_construct, std::forward_as_tuple(5), std::forward_as_tuple(1));
  map.insert(pair);
  map.insert(std::as_const(pair));
  map.emplace(pair);
  expect_all_found(map);
}

template <class Set>
class StoredKeysOfSets : public ::testing::Test {};
using Sets = ::testing::Types<std::unordered_set<Torn, TornHash>, perturb::HashSet<Torn, TornHash>>;
TYPED_TEST_SUITE(StoredKeysOfSets, Sets);

TYPED_TEST(StoredKeysOfSets, InsertTakesTheKeyAndEmplaceHashesTheOneThatItMakes) {
  TypeParam set;
  Torn key(1);
  EXPECT_TRUE(set.insert(key).second);
  EXPECT_FALSE(set.insert(key).second);
  EXPECT_TRUE(set.contains(Torn(1)));
  EXPECT_TRUE(set.emplace(key).second);
  EXPECT_FALSE(set.emplace(key).second);
  EXPECT_TRUE(set.contains(Torn(1001)));
  EXPECT_EQ(set.size(), 2u);
  expect_all_found(set);
}

TEST(StoredKeys, ADictsOtherMembersTakeTheKeyAsAConstOne) {
  perturb::HashTable<Torn, int, TornHash> table;
  Torn key(1);
  table.set_default(key, 1);
  table.set_default(key, 2);
  perturb::HashTable<Torn, int, TornHash> other;
  other.update(table);
  other.update(std::move(table));
  EXPECT_EQ(other.size(), 1u);
  EXPECT_TRUE(other.contains(Torn(1)));
  other.try_emplace(other.hash(key), key, 3);
  EXPECT_EQ(other.size(), 1u);
  expect_all_found(other);
}

/// A string that is shortened when it is made of a view.
struct Short {
  std::string text;
  explicit Short(std::string_view long_text) : text(long_text.substr(0, 3)) {}
  [[maybe_unused]] friend bool operator==(const Short& a, const Short& b) { return a.text == b.text; }
};
struct ShortHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text.substr(0, 3)); }
  std::size_t operator()(const Short& key) const { return (*this)(key.text); }
};
struct ShortEqual {
  using is_transparent = void;
  static std::string_view text(std::string_view view) { return view.substr(0, 3); }
  static std::string_view text(const Short& key) { return key.text; }
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return text(a) == text(b);
  }
};

TEST(StoredKeys, ATransparentKeyThatAgreesWithItsHashIsStoredOnce) {
  perturb::HashTable<Short, int, ShortHash, ShortEqual> table;
  table[std::string_view("abcdef")] = 1;
  table[std::string_view("abcxyz")] += 1;
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.at(std::string_view("abc")), 2);
  EXPECT_EQ(table.count(Short("abc")), 1u);
}

}  // namespace
