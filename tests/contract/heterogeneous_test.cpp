// SPDX-License-Identifier: MIT
/// @file Look-ups and insertions with keys of other types: where hasher and equality are transparent no key is made of
/// them, elsewhere what converts to a key is converted. The look-ups hold for std::unordered_map too.
#include "support/invariants.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace {

/// A key that counts how often one is made, and what can stand for it.
struct Counted {
  static inline int made = 0;
  int number;
  explicit Counted(int n) : number(n) { ++made; }
  Counted(const Counted& other) : number(other.number) { ++made; }
  Counted(Counted&& other) noexcept : number(other.number) {}
};

struct OpenHash {
  using is_transparent = void;
  std::size_t operator()(int n) const { return static_cast<std::size_t>(n) * 31; }
  std::size_t operator()(const Counted& key) const { return (*this)(key.number); }
};
struct OpenEqual {
  using is_transparent = void;
  bool operator()(const Counted& a, const Counted& b) const { return a.number == b.number; }
  bool operator()(int a, const Counted& b) const { return a == b.number; }
  bool operator()(const Counted& a, int b) const { return a.number == b; }
};

template <class Map>
void look_up_by_number() {
  Map map;
  for (int n = 0; n < 50; ++n) map.emplace(Counted(n), n);
  Counted::made = 0;
  const Map& constant = map;
  for (int n = 0; n < 50; ++n) {
    EXPECT_EQ(map.find(n)->second, n);
    EXPECT_EQ(constant.find(n)->second, n);
    EXPECT_TRUE(constant.contains(n));
    EXPECT_EQ(constant.count(n), 1u);
    EXPECT_EQ(map.equal_range(n).first->second, n);
    EXPECT_EQ(constant.equal_range(n).first->second, n);
  }
  EXPECT_TRUE(map.find(50) == map.end());
  EXPECT_FALSE(constant.contains(50));
  EXPECT_EQ(Counted::made, 0) << "a look-up makes no key";
}

using Table = perturb::HashTable<Counted, int, OpenHash, OpenEqual>;

TEST(ContractHeterogeneous, StdLooksUpWithoutMakingKeys) {
  look_up_by_number<std::unordered_map<Counted, int, OpenHash, OpenEqual>>();
}

TEST(ContractHeterogeneous, LookUpsMakeNoKeys) { look_up_by_number<Table>(); }

TEST(ContractHeterogeneous, EveryOtherOperationMakesAKeyOnlyForANewElement) {
  Table table;
  Counted::made = 0;
  EXPECT_TRUE(table.try_emplace(1, 10).second);
  EXPECT_EQ(Counted::made, 1);
  EXPECT_FALSE(table.try_emplace(1, 20).second);
  EXPECT_FALSE(table.insert_or_assign(1, 30).second);
  EXPECT_EQ(table.at(1), 30);
  EXPECT_EQ(std::as_const(table).at(1), 30);
  EXPECT_EQ(table[1], 30);
  EXPECT_EQ(*table.get(1), 30);
  EXPECT_EQ(table.get_or(2, 5), 5);
  EXPECT_EQ(table.set_default(1, 40), 30);
  EXPECT_EQ(table.find(1, table.hash(1))->second, 30);
  EXPECT_EQ(Counted::made, 1);
  table[2] = 20;
  EXPECT_TRUE(table.insert_or_assign(3, 30).second);
  EXPECT_EQ(table.set_default(4, 40), 40);
  EXPECT_EQ(Counted::made, 4);
  EXPECT_EQ(table.erase(1), 1u);
  EXPECT_EQ(table.erase(1), 0u);
  EXPECT_EQ(table.pop(2), 20);
  EXPECT_EQ(table.extract(3)->second, 30);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(Counted::made, 4);
}

TEST(ContractHeterogeneous, HintsTakeOtherKeysToo) {
  Table table;
  EXPECT_EQ(table.try_emplace(table.begin(), 1, 10)->second, 10);
  EXPECT_EQ(table.insert_or_assign(table.begin(), 1, 20)->second, 20);
  EXPECT_EQ(table.size(), 1u);
}

TEST(ContractHeterogeneous, StringsAreTransparentByDefault) {
  perturb::HashTable<std::string, int> table;
  const std::string_view view = "view";
  const char array[] = "array";
  const char* pointer = "pointer";
  table[view] = 1;
  table[array] = 2;
  table[pointer] = 3;
  table["literal"] = 4;
  table[std::string("string")] = 5;
  EXPECT_EQ(table.size(), 5u);
  EXPECT_EQ(table.at("view"), 1);
  EXPECT_EQ(table.at(std::string_view("array")), 2);
  EXPECT_EQ(*table.get(std::string("pointer")), 3);
  EXPECT_TRUE(table.contains(std::string_view("literal")));
  EXPECT_EQ(table.count("string"), 1u);
  EXPECT_EQ(table.erase(view), 1u);
  EXPECT_EQ(table.erase(pointer), 1u);
  EXPECT_EQ(table.erase("array"), 1u);
  EXPECT_EQ(table.try_emplace(view, 6).first->first, "view");
  EXPECT_FALSE(table.insert_or_assign("view", 7).second);
  EXPECT_EQ(table.pop(view), 7);
  EXPECT_EQ(table.emplace("emplaced", 8).first->second, 8);
  EXPECT_EQ(table.emplace(std::string_view("emplaced"), 9).second, false);
  kit::expect_invariants(table);

  perturb::HashTable<std::string_view, int> views = {{"a", 1}};
  EXPECT_TRUE(views.contains(std::string("a")));
  perturb::HashSet<std::string> set;
  set.insert("literal");
  EXPECT_TRUE(set.contains(std::string_view("literal")));
  EXPECT_EQ(set.erase("literal"), 1u);
}

TEST(ContractHeterogeneous, StdHashOnStringsIsTransparentWithAnOpenEquality) {
  perturb::HashTable<std::string, int, perturb::StdHash<std::string>> table;
  table["key"] = 1;
  EXPECT_TRUE(table.contains(std::string_view("key")));
}

template <class Map>
void convert() {
  Map map;
  const short small = 5;
  map[small] = 50;
  map.try_emplace(small, 60);
  map.insert_or_assign(6, 60);
  EXPECT_TRUE(map.contains(small));
  EXPECT_EQ(map.at(6), 60);
  EXPECT_EQ(map.erase(small), 1u);
  EXPECT_EQ(map.size(), 1u);
}

TEST(ContractHeterogeneous, ClosedTablesConvertToTheKey) {
  convert<std::unordered_map<std::int64_t, int>>();
  convert<perturb::HashTable<std::int64_t, int>>();
  // Braces make a key, as they do for std.
  perturb::HashTable<std::pair<int, int>, int> pairs;
  pairs[{1, 2}] = 3;
  EXPECT_EQ(pairs.at({1, 2}), 3);
  EXPECT_TRUE(pairs.contains({1, 2}));
  EXPECT_EQ(pairs.find({1, 2})->second, 3);
  EXPECT_EQ(pairs.count({1, 2}), 1u);
  EXPECT_FALSE(pairs.try_emplace({1, 2}, 4).second);
  EXPECT_FALSE(pairs.insert_or_assign({1, 2}, 5).second);
  EXPECT_EQ(pairs.erase({1, 2}), 1u);
}

template <class Container, class K>
concept LooksUp = requires(Container& container, const K& key) { container.contains(key); };
template <class Container, class K>
concept Inserts = requires(Container& container, const K& key) { container.try_emplace(key, 1); } ||
                  requires(Container& container, const K& key) { container.insert_or_assign(key, 1); } ||
                  requires(Container& container, const K& key) { container[key]; } ||
                  requires(Container& container, const K& key) { container.set_default(key, 1); } ||
                  requires(Container& container, const K& key) { container.insert(key); };

/// Stands for a key in look-ups; no key can be made of it.
struct Probe {
  int number;
};
struct ProbeHash : OpenHash {
  using OpenHash::operator();
  std::size_t operator()(Probe probe) const { return (*this)(probe.number); }
};
struct ProbeEqual : OpenEqual {
  using OpenEqual::operator();
  bool operator()(Probe a, const Counted& b) const { return a.number == b.number; }
  bool operator()(const Counted& a, Probe b) const { return a.number == b.number; }
};

TEST(ContractHeterogeneous, WhatMakesNoKeyIsLookedUpAndNotInserted) {
  using Map = perturb::HashTable<Counted, int, ProbeHash, ProbeEqual>;
  using Set = perturb::HashSet<Counted, ProbeHash, ProbeEqual>;
  Map map;
  map.try_emplace(1, 10);
  EXPECT_EQ(map.at(Probe{1}), 10);
  EXPECT_TRUE((LooksUp<Map, Probe> && LooksUp<Set, Probe>));
  EXPECT_FALSE((Inserts<Map, Probe>));
  EXPECT_FALSE((Inserts<Set, Probe>));
  EXPECT_TRUE((Inserts<Map, int> && Inserts<Set, int>)) << "of a number a key can be made";
}

/// As Open…, for keys alone.
struct ClosedHash {
  std::size_t operator()(const Counted& key) const { return OpenHash()(key.number); }
};
struct ClosedEqual {
  bool operator()(const Counted& a, const Counted& b) const { return a.number == b.number; }
};

TEST(ContractHeterogeneous, TablesAreTransparentIfHasherAndEqualityAre) {
  EXPECT_TRUE((LooksUp<Table, int>));
  using OpenHashAlone = perturb::HashTable<Counted, int, OpenHash, ClosedEqual>;
  using OpenEqualAlone = perturb::HashTable<Counted, int, ClosedHash, OpenEqual>;
  EXPECT_FALSE((LooksUp<OpenHashAlone, int> || Inserts<OpenHashAlone, int>));
  EXPECT_FALSE((LooksUp<OpenEqualAlone, int> || Inserts<OpenEqualAlone, int>));
  EXPECT_TRUE((LooksUp<OpenHashAlone, Counted> && Inserts<OpenEqualAlone, Counted>));
}

/// A key that numbers convert to, and that counts how often.
struct Converted {
  static inline int conversions = 0;
  int number;
  Converted(int n) : number(n) { ++conversions; }
  friend bool operator==(const Converted&, const Converted&) = default;
};
struct ConvertedHash {
  std::size_t operator()(const Converted& key) const { return OpenHash()(key.number); }
};

TEST(ContractHeterogeneous, ClosedTablesConvertOnce) {
  perturb::HashTable<Converted, int, ConvertedHash> table;
  perturb::HashSet<Converted, ConvertedHash> set;
  const auto expect_one = [](auto operation) {
    Converted::conversions = 0;
    operation();
    EXPECT_EQ(Converted::conversions, 1);
  };
  for (int i = 0; i < 2; ++i) {
    expect_one([&] { table.try_emplace(1, 10); });
    expect_one([&] { table.insert_or_assign(2, 20); });
    expect_one([&] { table[3] = 30; });
    expect_one([&] { table.set_default(4, 40); });
    expect_one([&] { set.insert(1); });
    expect_one([&] { EXPECT_TRUE(table.contains(1)); });
    expect_one([&] { EXPECT_TRUE(set.contains(1)); });
  }
}

/// A key that can be made of anything, and hashers and equalities that take anything.
struct Greedy {
  int number = 0;
  Greedy() = default;
  Greedy(const Greedy&) = default;
  Greedy(Greedy&&) = default;
  Greedy& operator=(const Greedy&) = default;
  Greedy& operator=(Greedy&&) = default;
  template <class T>
  explicit Greedy(T&&) : number(-1) {}
};
struct GreedyHash {
  using is_transparent = void;
  std::size_t operator()(const Greedy& key) const { return OpenHash()(key.number); }
  template <class T>
  std::size_t operator()(const T&) const {
    return 1;
  }
};
struct GreedyEqual {
  using is_transparent = void;
  bool operator()(const Greedy& a, const Greedy& b) const { return a.number == b.number; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

TEST(ContractHeterogeneous, AKeyIsCopiedAndAHashIsNoKey) {
  perturb::HashTable<Greedy, int, GreedyHash, GreedyEqual> table;
  Greedy key;
  key.number = 7;
  EXPECT_TRUE(table.try_emplace(key, 70).second);
  EXPECT_EQ(table.begin()->first.number, 7) << "a key that may be changed was not copied, but converted";
  EXPECT_FALSE(table.insert_or_assign(key, 71).second);
  EXPECT_EQ(table[key], 71);
  EXPECT_EQ(table.set_default(key, 72), 71);
  key.number = 8;
  const perturb::HashValue hash = table.hash(key);
  EXPECT_TRUE(table.try_emplace(hash, key, 80).second);
  EXPECT_TRUE(table.contains(key));
  EXPECT_EQ(table.size(), 2u);
  perturb::HashSet<Greedy, GreedyHash, GreedyEqual> set;
  EXPECT_TRUE(set.insert(key).second);
  EXPECT_EQ(set.begin()->number, 8);
}

TEST(ContractHeterogeneous, EraseOfAnIteratorIsNeverOfAKey) {
  perturb::HashTable<Counted, int, OpenHash, OpenEqual> table;
  table.try_emplace(1, 10);
  table.try_emplace(2, 20);
  static_assert(std::same_as<decltype(table.erase(table.begin())), decltype(table)::iterator>);
  static_assert(std::same_as<decltype(table.erase(table.cbegin())), decltype(table)::iterator>);
  static_assert(std::same_as<decltype(table.erase(1)), std::size_t>);
  table.erase(table.begin());
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
