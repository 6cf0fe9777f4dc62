// SPDX-License-Identifier: MIT
/// @file Keys that are given as what std::unordered_map takes: bit-fields, null pointers, classes that construct from
/// anything. A key that is not const is taken as a const one.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace {

struct Fields {
  unsigned id : 5;
  unsigned rest : 27;
};

/// Takes everything; std's maps compile with it because they ask for a const key_type&.
struct Greedy {
  int number = 0;
  Greedy() = default;
  explicit Greedy(int n) : number(n) {}
  template <class T, class = std::enable_if_t<!std::is_same_v<T, int>>>
  explicit Greedy(T&& value) : number(value.not_a_member) {}
  Greedy(const Greedy&) = default;
  Greedy(Greedy&&) = default;
  Greedy& operator=(const Greedy&) = default;
  friend bool operator==(const Greedy& a, const Greedy& b) { return a.number == b.number; }
};
struct GreedyHash {
  std::size_t operator()(const Greedy& key) const { return static_cast<std::size_t>(key.number); }
};

template <template <class...> class Map>
void use_bit_fields() {
  Map<unsigned, int> map;
  Fields fields{7, 1};
  map[fields.id] = 1;
  EXPECT_FALSE(map.try_emplace(fields.id, 2).second);
  EXPECT_FALSE(map.insert_or_assign(fields.id, 3).second);
  EXPECT_EQ(map.at(fields.id), 3);
  EXPECT_EQ(map.count(fields.id), 1u);
  EXPECT_EQ(map.erase(fields.id), 1u);
}

template <template <class...> class Map>
void use_null_pointers() {
  Map<int*, int> map;
  map[0] = 1;
  map[NULL] += 1;
  map[nullptr] += 1;
  EXPECT_FALSE(map.try_emplace(0, 1).second);
  EXPECT_FALSE(map.try_emplace(nullptr, 1).second);
  EXPECT_FALSE(map.insert_or_assign(nullptr, 4).second);
  EXPECT_EQ(map.at(nullptr), 4);
  EXPECT_EQ(map.size(), 1u);
  int target = 0;
  map[&target] = 1;
  EXPECT_EQ(map.size(), 2u);
}

template <template <class...> class Map, class... Functions>
void use_greedy_keys() {
  Map<Greedy, int, Functions...> map;
  Greedy key(1);
  const Greedy constant(2);
  map[key] = 1;
  map[constant] = 2;
  map[Greedy(3)] = 3;
  EXPECT_FALSE(map.try_emplace(key, 0).second);
  EXPECT_FALSE(map.insert_or_assign(key, 4).second);
  EXPECT_EQ(map.at(key), 4);
  EXPECT_EQ(map.count(key), 1u);
  EXPECT_EQ(map.find(key)->second, 4);
  EXPECT_EQ(map.erase(key), 1u);
  EXPECT_EQ(map.size(), 2u);
}

TEST(KeyArguments, ABitFieldIsAKey) {
  use_bit_fields<std::unordered_map>();
  use_bit_fields<perturb::HashTable>();
}

TEST(KeyArguments, ANullPointerConstantIsAPointerKey) {
  use_null_pointers<std::unordered_map>();
  use_null_pointers<perturb::HashTable>();
}

TEST(KeyArguments, AKeyThatConstructsFromAnythingIsAKey) {
  use_greedy_keys<std::unordered_map, GreedyHash>();
  use_greedy_keys<perturb::HashTable, GreedyHash>();
}

TEST(KeyArguments, BracedKeysAreKeys) {
  perturb::HashTable<std::pair<int, int>, int> table;
  table[{1, 2}] = 3;
  EXPECT_EQ((table.at({1, 2})), 3);
  EXPECT_FALSE(table.try_emplace({1, 2}, 4).second);
  EXPECT_FALSE(table.insert_or_assign({1, 2}, 5).second);
  EXPECT_EQ((table.set_default({1, 2}, 6)), 5);
}

TEST(KeyArguments, VolatileAndConvertedKeysAreKeys) {
  perturb::HashTable<int, int> table;
  const volatile int source = 3;
  table[static_cast<int>(source)] = 1;
  enum Plain { kOne = 1 };
  table[kOne] = 2;
  perturb::HashSet<int> set;
  Fields fields{9, 1};
  set.insert(static_cast<int>(fields.id));
  EXPECT_TRUE(set.contains(static_cast<int>(fields.id)));
}

TEST(KeyArguments, ABitFieldIsAKeyOfASetAndOfShards) {
  perturb::HashSet<unsigned> set;
  Fields fields{9, 1};
  set.insert(fields.id);
  EXPECT_FALSE(set.insert(fields.id).second);
  EXPECT_TRUE(set.contains(fields.id));
  perturb::ShardedTable<unsigned, int, std::string> shards;
  shards.add_node("a");
  shards.set(fields.id, 1);
  EXPECT_TRUE(shards.contains(fields.id));
}

}  // namespace
