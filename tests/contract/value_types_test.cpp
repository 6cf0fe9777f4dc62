// SPDX-License-Identifier: MIT
/// @file Elements that ask for care: neither copied nor moved, without a default, aligned beyond the usual, incomplete
/// where the table is declared, hostile to ADL and to operators. Each on perturb's and on std's tables where std
/// allows.
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/numbers.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

// The common uses, instantiated as a whole. Templates of members stay what they are.
template class perturb::HashTable<int, int>;
template class perturb::HashTable<std::string, std::string>;
template class perturb::HashSet<int>;
template class perturb::OrderedHashTable<int, int>;
template class perturb::OrderedHashTable<std::string, std::string>;
template class perturb::OrderedHashSet<int>;

namespace {

template <class Key, class T>
using Std = std::unordered_map<Key, T>;
template <class Key, class T>
using Ours = perturb::HashTable<Key, T>;
template <class Key, class T>
using Ordered = perturb::OrderedHashTable<Key, T>;

// --- values that cannot be default-constructed, or not moved

struct NoDefault {
  explicit NoDefault(int n) : number(n) {}
  int number;
};

template <template <class, class> class Map>
void without_default() {
  Map<int, NoDefault> map;
  for (int n = 0; n < 100; ++n) {
    map.try_emplace(n, n);
    map.insert_or_assign(n, NoDefault(n + 1));
  }
  EXPECT_EQ(map.at(50).number, 51);
  EXPECT_EQ(map.erase(50), 1u);
  const Map<int, NoDefault> copy(map);
  EXPECT_EQ(copy.size(), 99u);
}

TEST(ContractValueTypes, ValuesWithoutADefault) {
  without_default<Std>();
  without_default<Ours>();
  without_default<Ordered>();
}

/// Holds its own address. Trivially copyable all the same, since a class without any copy or move is.
struct Immovable {
  explicit Immovable(int n) : number(n), self(this) {}
  Immovable(const Immovable&) = delete;
  Immovable& operator=(const Immovable&) = delete;
  int number;
  Immovable* self;
};
static_assert(std::is_trivially_copyable_v<Immovable>);
/// The same, and not trivially copyable.
struct ImmovableWithDestructor : Immovable {
  using Immovable::Immovable;
  ~ImmovableWithDestructor() { number = -1; }
};

template <template <class, class> class Map, class T = Immovable>
void immovable() {
  Map<int, T> map;
  map.reserve(100);
  for (int n = 0; n < 100; ++n) EXPECT_TRUE(map.try_emplace(n, n).second);
  EXPECT_FALSE(map.try_emplace(5, 7).second);
  EXPECT_EQ(map.at(99).number, 99);
  EXPECT_EQ(map.find(5)->second.number, 5);
  for (int n = 0; n < 90; ++n) EXPECT_EQ(map.erase(n), 1u);
  EXPECT_EQ(map.size(), 10u);
  EXPECT_EQ(map.at(95).number, 95);
  Map<int, T> moved(std::move(map));
  EXPECT_EQ(moved.at(95).number, 95);
  map = std::move(moved);
  EXPECT_EQ(map.at(95).number, 95);
  EXPECT_EQ(map.at(95).self, &map.at(95));
  map.clear();
  EXPECT_TRUE(map.empty());
}

TEST(ContractValueTypes, ImmovableValuesWithinAReservation) {
  immovable<Std>();
  immovable<Ours>();
  immovable<Ordered>();
  immovable<Ours, ImmovableWithDestructor>();
  immovable<Ordered, ImmovableWithDestructor>();
}

// `room`: for so many elements no rehash is needed.
template <class Table>
Table length_error_where_it_would_move(int room) {
  Table table;
  for (int n = 0; n < room; ++n) table.try_emplace(n, n);
  EXPECT_THROW(table.try_emplace(room, room), std::length_error);
  EXPECT_THROW(table.reserve(1000), std::length_error);
  EXPECT_THROW(table.rehash(1000), std::length_error);
  EXPECT_EQ(table.size(), static_cast<std::size_t>(room));
  for (int n = 0; n < room; ++n) {
    EXPECT_EQ(table.at(n).number, n);
    EXPECT_EQ(table.at(n).self, &table.at(n));
  }
  kit::expect_invariants(table);
  table.erase(room - 1);
  EXPECT_EQ(table.size(), static_cast<std::size_t>(room - 1));
  return table;
}

TEST(HashTableValueTypes, ImmovableElementsAreALengthErrorWhereTheyWouldHaveToMove) {
  auto table = length_error_where_it_would_move<Ours<int, Immovable>>(6);
  EXPECT_TRUE(table.try_emplace(7, 7).second) << "there is a slot again";
  length_error_where_it_would_move<Ours<int, ImmovableWithDestructor>>(6);
}
TEST(OrderedHashTableValueTypes, ImmovableElementsAreALengthErrorWhereTheyWouldHaveToMove) {
  length_error_where_it_would_move<Ordered<int, Immovable>>(4);
  length_error_where_it_would_move<Ordered<int, ImmovableWithDestructor>>(4);
}
TEST(OrderedHashTableValueTypes, ImmovableElementsAreALengthErrorWhereTheyWouldBeSorted) {
  Ordered<int, Immovable> table;
  for (int n = 0; n < 4; ++n) table.try_emplace(n, n);
  EXPECT_THROW(table.sort([](const auto& a, const auto& b) { return a.first > b.first; }), std::length_error);
  int n = 0;
  for (const auto& [key, value] : table) {
    EXPECT_EQ(key, n++);
    EXPECT_EQ(value.self, &value);
  }
}

template <class Table>
void expect_immovable_elements_stay_with_their_allocator() {
  std::pmr::monotonic_buffer_resource first;
  std::pmr::monotonic_buffer_resource second;
  Table table(&first);
  table.reserve(6);
  for (int n = 0; n < 6; ++n) table.try_emplace(n, n);
  EXPECT_THROW(Table(std::move(table), &second), std::length_error);
  EXPECT_EQ(table.size(), 6u);  // NOLINT(bugprone-use-after-move)
  for (int n = 0; n < 6; ++n) EXPECT_EQ(table.at(n).number, n);
  kit::expect_invariants(table);
  table.clear();
  EXPECT_TRUE(Table(std::move(table), &second).empty()) << "without elements none has to move";
}

TEST(HashTableValueTypes, ImmovableElementsAreALengthErrorWhereTheyWouldHaveToChangeTheAllocator) {
  using Allocator = std::pmr::polymorphic_allocator<std::pair<const int, Immovable>>;
  using perturb::Equal, perturb::XxHash;
  expect_immovable_elements_stay_with_their_allocator<
      perturb::HashTable<int, Immovable, XxHash<int>, Equal<int>, Allocator>>();
  expect_immovable_elements_stay_with_their_allocator<
      perturb::OrderedHashTable<int, Immovable, XxHash<int>, Equal<int>, Allocator>>();
}

// --- alignment

struct alignas(128) Aligned {
  std::uint64_t number = 0;
};

template <template <class, class> class Map>
void aligned() {
  Map<std::uint64_t, Aligned> map;
  for (std::uint64_t n = 0; n < 300; ++n) map[n].number = n;
  for (const auto& [key, value] : map) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&value) % alignof(Aligned), 0u);
    EXPECT_EQ(value.number, key);
  }
}

TEST(ContractValueTypes, ValuesAlignedBeyondACacheLine) {
  aligned<Std>();
  aligned<Ours>();
  aligned<Ordered>();
}

// --- incomplete types

/// A tree of tables: the table is a member of its own value.
template <template <class, class> class Map>
struct Node {
  int number = 0;
  Map<std::string, Node> children;
};

struct Graph;
using Edges = perturb::HashTable<int, Graph>;
struct Graph {
  Edges edges;
  perturb::HashTable<int, std::unique_ptr<Graph>>* others = nullptr;
};

template <template <class, class> class Map>
void member_of_its_own_value() {
  Node<Map> root;
  root.children["a"].number = 1;
  root.children["a"].children["b"].number = 2;
  for (int n = 0; n < 50; ++n) root.children["c"].children[std::to_string(n)].number = n;
  EXPECT_EQ(root.children.at("a").children.at("b").number, 2);
  const Node<Map> copy = root;
  root.children.clear();
  EXPECT_EQ(copy.children.at("c").children.at("49").number, 49);
}

template <template <class, class> class Map>
void assigned_from_its_own_element() {
  Node<Map> root;
  for (int n = 0; n < 20; ++n) root.children["a"].children["b"].children[std::to_string(n)].number = n;
  Node<Map> copied = root;
  copied = copied.children.at("a");
  EXPECT_EQ(copied.children.at("b").children.at("19").number, 19);
  root.children.at("a") = std::move(root.children.at("a").children.at("b"));
  EXPECT_EQ(root.children.at("a").children.at("19").number, 19);
  root = std::move(root.children.at("a"));
  EXPECT_EQ(root.children.size(), 20u);
  EXPECT_EQ(root.children.at("19").number, 19);
}

TEST(ContractValueTypes, ATableCanBeAssignedFromATableInsideIt) {
  assigned_from_its_own_element<Ours>();
  assigned_from_its_own_element<Ordered>();
}

TEST(ContractValueTypes, ATableCanBeAMemberOfItsOwnValue) {
  member_of_its_own_value<Ours>();
  member_of_its_own_value<Ordered>();
  Graph graph;
  graph.edges[1].edges[2];
  EXPECT_TRUE(graph.edges.at(1).edges.contains(2));
}

// --- types that trap generic code

/// Its operators must not be touched: & and the comma are the ones that generic code uses by accident.
struct Hostile {
  int number = 0;
  Hostile() = default;
  explicit Hostile(int n) : number(n) {}
  friend bool operator==(const Hostile& a, const Hostile& b) { return a.number == b.number; }
  template <class State>
  friend void perturb_hash(State& state, const Hostile& key) {
    state(key.number);
  }
  void operator&() const = delete;
  template <class Anything>
  void operator,(Anything&&) const = delete;
};

template <class Table>
void hostile() {
  Table table;
  for (int n = 0; n < 50; ++n) table.emplace(Hostile(n), Hostile(n));
  table[Hostile(50)] = Hostile(50);
  table.insert_or_assign(Hostile(3), Hostile(4));
  EXPECT_EQ(table.find(Hostile(3))->second.number, 4);
  EXPECT_EQ(table.get(Hostile(7))->number, 7);
  EXPECT_EQ(table.erase(Hostile(3)), 1u);
  Table copy(table);
  copy.reserve(500);
  EXPECT_TRUE(copy == table);
  for (auto it = copy.begin(); it != copy.end();) it = copy.erase(it);
}

TEST(HashTableValueTypes, AddressesAndCommasAreNotTheElements) {
  hostile<Ours<Hostile, Hostile>>();
  hostile<Ordered<Hostile, Hostile>>();
  Ordered<Hostile, Hostile> table;
  for (int n = 0; n < 50; ++n) table.emplace(Hostile(n), Hostile(n));
  EXPECT_TRUE(table.move_to_end(Hostile(3)));
  table.sort([](const auto& a, const auto& b) { return a.first.number > b.first.number; });
  EXPECT_EQ(table.front().first.number, 49);
  EXPECT_EQ(table.pop_back()->first.number, 0);
}

/// An element with the names of a table's parts, which unqualified calls would find.
namespace trap {
struct Element {
  int number = 0;
  friend bool operator==(const Element&, const Element&) = default;
};
template <class... Args>
void construct(Args&&...) = delete;
template <class... Args>
void destroy(Args&&...) = delete;
template <class... Args>
void move(Args&&...) = delete;
template <class... Args>
void forward(Args&&...) = delete;
template <class... Args>
void addressof(Args&&...) = delete;
template <class... Args>
void swap_arrays(Args&&...) = delete;
template <class... Args>
void prefetch(Args&&...) = delete;
template <class... Args>
void hash_key(Args&&...) = delete;
template <class... Args>
void first_free(Args&&...) = delete;
template <class... Args>
void get(Args&&...) = delete;
struct Hash {
  std::size_t operator()(const Element& e) const { return static_cast<std::size_t>(e.number); }
};
}  // namespace trap

template <class Table>
void trapped() {
  Table table;
  for (int n = 0; n < 100; ++n) table.emplace(trap::Element{n}, trap::Element{n});
  for (int n = 0; n < 95; ++n) table.erase(trap::Element{n});
  table.reserve(1000);
  auto copy = table;
  copy.swap(table);
  EXPECT_EQ(copy.size(), 5u);
  EXPECT_TRUE(copy == table);
}

TEST(HashTableValueTypes, FunctionsOfTheElementsNamespaceAreNotCalled) {
  trapped<perturb::HashTable<trap::Element, trap::Element, trap::Hash>>();
  trapped<perturb::OrderedHashTable<trap::Element, trap::Element, trap::Hash>>();
}

// --- copies that are not needed

struct CopyCounter {
  static inline int copies = 0;
  static inline int moves = 0;
  static void reset() { copies = moves = 0; }

  int number;
  explicit CopyCounter(int n) : number(n) {}
  CopyCounter(const CopyCounter& other) : number(other.number) { ++copies; }
  CopyCounter(CopyCounter&& other) noexcept : number(other.number) { ++moves; }
  CopyCounter& operator=(const CopyCounter&) = default;
  CopyCounter& operator=(CopyCounter&&) = default;
  friend bool operator==(const CopyCounter& a, const CopyCounter& b) { return a.number == b.number; }
};
struct CopyCounterHash {
  std::size_t operator()(const CopyCounter& c) const { return static_cast<std::size_t>(c.number); }
};

template <class Map>
void copy_once() {
  Map map;
  map.reserve(100);
  const std::pair<const CopyCounter, CopyCounter> value(CopyCounter(1), CopyCounter(1));
  const CopyCounter key(2);
  CopyCounter::reset();

  map.insert(value);
  EXPECT_EQ(CopyCounter::copies, 2) << "insert copies key and value once";
  map.insert(value);
  EXPECT_EQ(CopyCounter::copies, 2) << "insert of a present key copies nothing";
  map.try_emplace(key, 5);
  EXPECT_EQ(CopyCounter::copies, 3) << "try_emplace copies the key";
  map.try_emplace(key, 5);
  map.insert_or_assign(CopyCounter(2), CopyCounter(6));
  map.find(key)->second.number = 7;
  EXPECT_EQ(map.erase(key), 1u);
  EXPECT_EQ(CopyCounter::copies, 3) << "nothing else copies";
  map.emplace(CopyCounter(8), CopyCounter(8));
  map.insert(std::make_pair(CopyCounter(9), CopyCounter(9)));
  EXPECT_EQ(CopyCounter::copies, 3) << "rvalues are moved";
  Map moved(std::move(map));
  CopyCounter::moves = 0;
  map = std::move(moved);
  EXPECT_EQ(CopyCounter::copies, 3);
  EXPECT_EQ(CopyCounter::moves, 0) << "moving a table moves no element";
  const Map copy(map);
  EXPECT_EQ(CopyCounter::copies, 3 + 2 * static_cast<int>(map.size())) << "a copy copies each part once";
}

TEST(ContractValueTypes, NothingIsCopiedWithoutNeed) {
  copy_once<std::unordered_map<CopyCounter, CopyCounter, CopyCounterHash>>();
  copy_once<perturb::HashTable<CopyCounter, CopyCounter, CopyCounterHash>>();
  copy_once<perturb::OrderedHashTable<CopyCounter, CopyCounter, CopyCounterHash>>();
}

template <class Table>
void rehash_copies_nothing() {
  Table table;
  CopyCounter::reset();
  for (int n = 0; n < 1000; ++n) table.try_emplace(CopyCounter(n), n);
  for (int n = 0; n < 990; ++n) table.erase(CopyCounter(n));
  EXPECT_EQ(CopyCounter::copies, 0);
}

TEST(HashTableValueTypes, ARehashCopiesNothingThatMoves) {
  rehash_copies_nothing<perturb::HashTable<CopyCounter, CopyCounter, CopyCounterHash>>();
  rehash_copies_nothing<perturb::OrderedHashTable<CopyCounter, CopyCounter, CopyCounterHash>>();
}

}  // namespace
