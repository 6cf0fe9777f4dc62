// SPDX-License-Identifier: MIT
/// @file Elements whose move is not noexcept are moved, not copied, where a move that throws can be undone; where it
/// cannot, they are copied. Either way nothing is lost when one throws.
#include "support/allocators.hpp"
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <queue>
#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

/// A number that counts its copies.
struct Counted {
  static inline int copies = 0;

  Counted(int n) : number(n) {}  // NOLINT(google-explicit-constructor)
  Counted(const Counted& other) : number(other.number) { ++copies; }
  Counted(Counted&&) noexcept = default;
  Counted& operator=(const Counted& other) {
    number = other.number;
    ++copies;
    return *this;
  }
  Counted& operator=(Counted&&) noexcept = default;
  friend auto operator<=>(const Counted&, const Counted&) = default;

  int number;
};

/// A class with a deque is what its deque is.
struct Wrapper {
  std::deque<Counted> queue;
  std::size_t size() const { return queue.size(); }
};

template <class V>
V make(int n) {
  if constexpr (std::is_same_v<V, std::queue<Counted>>) {
    V value;
    for (int i = 0; i < 50; ++i) value.push(n + i);
    return value;
  } else if constexpr (std::is_same_v<V, Wrapper>) {
    return {make<std::deque<Counted>>(n)};
  } else if constexpr (requires { typename V::mapped_type; }) {
    V value;
    for (int i = 0; i < 50; ++i) value.emplace(n + i, n);
    return value;
  } else {
    V value;
    for (int i = 0; i < 50; ++i) value.emplace(value.end(), n + i);
    return value;
  }
}

template <class AnyKind, class AnyValue>
struct Case {
  using Kind = AnyKind;
  using Value = AnyValue;
  using Table = kit::TableOf<Kind, int, Value>;
};

template <class Case>
class ElementMoves : public ::testing::Test {
 protected:
  void SetUp() override { Counted::copies = 0; }

  static typename Case::Table fill(int size) {
    typename Case::Table table;
    for (int n = 0; n < size; ++n) table.try_emplace(n, make<typename Case::Value>(n));
    Counted::copies = 0;
    return table;
  }
};
template <class Value>
using Hash = Case<kit::HashKind, Value>;
template <class Value>
using Ordered = Case<kit::OrderedKind, Value>;
using Kinds = ::testing::Types<Hash<std::deque<Counted>>, Hash<std::list<Counted>>, Hash<std::vector<Counted>>,
                               Hash<std::queue<Counted>>, Hash<std::map<int, Counted>>, Hash<std::set<Counted>>,
                               Hash<std::vector<std::deque<Counted>>>, Hash<Wrapper>, Ordered<std::deque<Counted>>,
                               Ordered<std::map<int, Counted>>, Ordered<Wrapper>>;
struct Names {
  template <class Case>
  static std::string GetName(int i) {
    constexpr std::array kNames{"deque",   "list",  "vector", "queue",  "map", "set", "vector_of_deques",
                                "wrapper", "deque", "map",    "wrapper"};
    return kit::TableKindNames::GetName<typename Case::Kind>(i) + "_" + kNames.at(static_cast<std::size_t>(i));
  }
};
TYPED_TEST_SUITE(ElementMoves, Kinds, Names);

template <>
std::vector<std::deque<Counted>> make(int n) {
  std::vector<std::deque<Counted>> value;
  value.push_back(make<std::deque<Counted>>(n));
  return value;
}
template <>
std::set<Counted> make(int n) {
  std::set<Counted> value;
  for (int i = 0; i < 50; ++i) value.emplace(n + i);
  return value;
}

TYPED_TEST(ElementMoves, AGrowthCopiesNothing) {
  auto table = TestFixture::fill(200);
  for (int n = 200; n < 1000; ++n) table.try_emplace(n);
  EXPECT_EQ(Counted::copies, 0);
  table.rehash(10'000);
  table.shrink_to_fit();
  EXPECT_EQ(Counted::copies, 0);
  EXPECT_EQ(table.at(100).size(), make<typename TypeParam::Value>(0).size());
}

TYPED_TEST(ElementMoves, AShrinkAndASweepCopyNothing) {
  auto table = TestFixture::fill(200);
  for (int n = 0; n < 1000; ++n) {
    table.erase(n);
    table.try_emplace(n + 200);
  }
  for (int n = 1000; n < 1190; ++n) table.erase(n);
  EXPECT_EQ(Counted::copies, 0);
}

TYPED_TEST(ElementMoves, ElementsAreTakenOutWithoutACopy) {
  auto table = TestFixture::fill(20);
  const std::size_t size = table.at(3).size();
  EXPECT_EQ(table.pop(3)->size(), size);
  EXPECT_EQ(table.extract(4)->second.size(), size);
  EXPECT_EQ(table.extract(table.find(5)).second.size(), size);
  EXPECT_EQ(Counted::copies, 0);
}

TYPED_TEST(ElementMoves, AChangeOfTheOrderCopiesNothing) {
  if constexpr (kit::kIsOrdered<typename TypeParam::Table>) {
    auto table = TestFixture::fill(20);
    const std::size_t size = table.at(3).size();
    for (int n = 0; n < 20; ++n) EXPECT_TRUE(table.move_to_end(n, n % 2 == 0));
    table.sort([](const auto& a, const auto& b) { return a.first > b.first; });
    EXPECT_EQ(table.pop_front()->second.size(), size);
    EXPECT_EQ(table.pop_back()->second.size(), size);
    EXPECT_EQ(Counted::copies, 0);
    EXPECT_EQ(table.front().first, 18);
  }
}

TYPED_TEST(ElementMoves, AMergeCopiesNothing) {
  auto table = TestFixture::fill(20);
  auto source = TestFixture::fill(200);
  table.merge(source);
  EXPECT_EQ(Counted::copies, 0);
  EXPECT_EQ(table.size(), 200u);
}

TYPED_TEST(ElementMoves, AMoveToAnotherAllocatorCopiesNothing) {
  using Value = typename TypeParam::Value;
  using Allocator = kit::IdAllocator<std::pair<const int, Value>, kit::kPropagateNever>;
  using Map = typename TypeParam::Table::template with_allocator<Allocator>;
  Map table{Allocator(1)};
  for (int n = 0; n < 20; ++n) table.try_emplace(n, make<Value>(n));
  Counted::copies = 0;
  const Map moved(std::move(table), Allocator(2));
  EXPECT_EQ(Counted::copies, 0);
  EXPECT_EQ(moved.size(), 20u);
}

/// Its move constructor may throw; its move assignment is noexcept where kAssigns is true, else may throw too.
template <bool kAssigns>
struct Risky {
  static inline int copies = 0;
  static inline int moves_left = -1;  // then one throws; -1: none does

  Risky(int n) : number(n) {}  // NOLINT(google-explicit-constructor)
  Risky(const Risky& other) : number(other.number) { ++copies; }
  Risky(Risky&& other) noexcept(false) : number(other.number) {
    if (moves_left == 0) {
      moves_left = -1;
      throw std::runtime_error("a move");
    }
    if (moves_left > 0) --moves_left;
    other.number = -1;
  }
  Risky& operator=(const Risky& other) {
    number = other.number;
    return *this;
  }
  Risky& operator=(Risky&& other) noexcept(kAssigns) {
    number = std::exchange(other.number, -1);
    return *this;
  }
  friend bool operator==(const Risky& a, const Risky& b) { return a.number == b.number; }
  template <class State>
  friend void perturb_hash(State& state, const Risky& risky) noexcept {
    state(risky.number);
  }

  int number;
};

using Undone = Risky<true>;
using NotUndone = Risky<false>;

template <class Key>
Key key_of(int n) {
  if constexpr (std::is_same_v<Key, std::string>) {
    return std::to_string(n);
  } else {
    return Key(n);
  }
}
template <class T>
void add(T& table, int n) {
  if constexpr (requires { typename T::mapped_type; }) {
    table.try_emplace(key_of<typename T::key_type>(n), n);
  } else {
    table.emplace(n);
  }
}

template <class Element>
int number_of(const Element& element) {
  if constexpr (std::is_same_v<Element, int>) {
    return element;
  } else if constexpr (std::is_same_v<Element, std::string>) {
    return std::stoi("0" + element);  // 0 where it has been moved from
  } else {
    return element.number;
  }
}
/// -2 if the key is not that of the value.
template <class A, class B>
int number_of(const std::pair<A, B>& element) {
  return number_of(element.first) == number_of(element.second) ? number_of(element.first) : -2;
}

template <class T>
class ThrowingMoves : public ::testing::Test {
 protected:
  void TearDown() override { Undone::moves_left = NotUndone::moves_left = -1; }
};
using ThrowingKinds =
    ::testing::Types<perturb::HashTable<int, Undone>, perturb::HashTable<Undone, int>,
                     perturb::HashTable<Undone, Undone>, perturb::HashTable<std::string, Undone>,
                     perturb::HashSet<Undone>, perturb::OrderedHashTable<int, Undone>,
                     perturb::OrderedHashTable<Undone, int>, perturb::OrderedHashTable<Undone, Undone>,
                     perturb::OrderedHashTable<std::string, Undone>, perturb::OrderedHashSet<Undone>>;
TYPED_TEST_SUITE(ThrowingMoves, ThrowingKinds);

template <class Kind>
class ThrowingMovesOfOneKind : public ::testing::Test {};
TYPED_TEST_SUITE(ThrowingMovesOfOneKind, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(ThrowingMovesOfOneKind, ElementsAreMovedWhereAMoveCanBeUndone) {
  kit::TableOf<TypeParam, int, Undone> table;
  Undone::copies = 0;
  for (int n = 0; n < 1000; ++n) table.try_emplace(n, n);
  EXPECT_EQ(Undone::copies, 0);
  for (const auto& [key, value] : table) EXPECT_EQ(value.number, key);
}

TYPED_TEST(ThrowingMovesOfOneKind, ElementsAreCopiedWhereAMoveCannotBeUndone) {
  kit::TableOf<TypeParam, int, NotUndone> table;
  NotUndone::copies = 0;
  for (int n = 0; n < 7; ++n) table.try_emplace(n, n);
  EXPECT_EQ(NotUndone::copies, kit::kIsOrdered<decltype(table)> ? 4 : 6) << "of the elements before the fifth, seventh";
  for (const auto& [key, value] : table) EXPECT_EQ(value.number, key);
}

/// A table of six, and its numbers in order; -2 for an element that is torn.
template <class T>
T table_of_six() {
  T table;
  for (int n = 0; n < 6; ++n) add(table, n);
  return table;
}
template <class T>
std::vector<int> numbers_in(const T& table) {
  std::vector<int> numbers;
  for (const auto& element : table) numbers.push_back(number_of(element));
  return numbers;
}

/// Whether `operation` throws when the move after so many others does; then the table must be as before.
template <class T, class Operation>
bool is_undone(T& table, int throwing, Operation operation) {
  const std::size_t buckets = table.bucket_count();
  const std::vector<int> before = numbers_in(table);
  Undone::moves_left = throwing;
  bool thrown = false;
  try {
    operation(table);
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  Undone::moves_left = -1;
  EXPECT_EQ(table.size(), 6u);
  std::vector<int> after = numbers_in(table);
  if (thrown) {
    EXPECT_EQ(table.bucket_count(), buckets);
    EXPECT_EQ(after, before) << "an element was lost or torn when move " << throwing << " threw";
  }
  std::sort(after.begin(), after.end());
  EXPECT_EQ(after, (std::vector{0, 1, 2, 3, 4, 5}));
  for (int n = 0; n < 6; ++n) EXPECT_TRUE(table.contains(key_of<typename T::key_type>(n))) << n;
  add(table, 6);
  EXPECT_EQ(table.size(), 7u);
  return thrown;
}

TYPED_TEST(ThrowingMoves, AMoveThatThrowsInARehashIsUndone) {
  int thrown = 0;
  for (int throwing = 0; throwing < 12; ++throwing) {
    auto table = table_of_six<TypeParam>();
    thrown += is_undone(table, throwing, [](TypeParam& t) { t.rehash(1000); }) ? 1 : 0;
  }
  EXPECT_GE(thrown, 6);
}

TYPED_TEST(ThrowingMoves, AMoveThatThrowsInAChangeOfTheOrderIsUndone) {
  if constexpr (kit::kIsOrdered<TypeParam>) {
    const auto is_greater = [](const auto& a, const auto& b) { return number_of(a) > number_of(b); };
    for (int throwing = 0; throwing < 12; ++throwing) {
      for (const bool has_room : {true, false}) {
        for (const bool last : {true, false}) {
          auto table = table_of_six<TypeParam>();
          if (has_room) {
            table.reserve(100);
            table.move_to_end(key_of<typename TypeParam::key_type>(5), false);
          } else {
            table.rehash(0);
          }
          const bool thrown = is_undone(
              table, throwing, [&](TypeParam& t) { t.move_to_end(key_of<typename TypeParam::key_type>(3), last); });
          EXPECT_TRUE(thrown || throwing > 0);
        }
      }
      auto table = table_of_six<TypeParam>();
      EXPECT_TRUE(is_undone(table, throwing, [&](TypeParam& t) { t.sort(is_greater); }) || throwing >= 6);
    }
  }
}

/// Cannot be copied, and cannot be moved back when a move has thrown.
struct AtRisk {
  static inline bool fails = false;

  explicit AtRisk(int n) : number(n) {}
  AtRisk(AtRisk&& other) noexcept(false) : number(other.number) {
    if (fails) throw std::runtime_error("a move");
  }
  AtRisk& operator=(AtRisk&& other) noexcept(false) {
    number = other.number;
    return *this;
  }

  int number;
};

TYPED_TEST(ThrowingMovesOfOneKind, AMergeOfElementsThatCannotBeMovedBackThrowsAndLosesTheElement) {
  kit::TableOf<TypeParam, int, AtRisk> source;
  kit::TableOf<TypeParam, int, AtRisk> target;
  source.try_emplace(1, 10);
  target.try_emplace(2, 20);
  AtRisk::fails = true;
  EXPECT_THROW(target.merge(source), std::runtime_error);
  AtRisk::fails = false;
  EXPECT_TRUE(source.empty());
  EXPECT_EQ(target.size(), 1U);
  EXPECT_EQ(target.at(2).number, 20);
}

TEST(ElementsAtRisk, AreLostAloneWhereTheyArePoppedOrMovedToAnEnd) {
  using Table = perturb::OrderedHashTable<int, AtRisk>;
  const std::vector<std::pair<int, void (*)(Table&)>> all = {
      {0, [](Table& table) { static_cast<void>(table.pop_front()); }},
      {9, [](Table& table) { static_cast<void>(table.pop_back()); }},
      {4, [](Table& table) { table.move_to_end(4); }},
      {5, [](Table& table) { table.move_to_end(5, false); }},
  };
  for (const auto& [lost, use] : all) {
    Table table;
    table.reserve(20);
    for (int n = 0; n < 10; ++n) table.try_emplace(n, n);
    ASSERT_TRUE(table.move_to_end(1, false) && table.move_to_end(0, false));  // room before the first one
    AtRisk::fails = true;
    EXPECT_THROW(use(table), std::runtime_error);
    AtRisk::fails = false;
    EXPECT_FALSE(table.contains(lost));
    std::vector<int> expected{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    std::erase(expected, lost);
    std::vector<int> seen;
    for (const auto& [key, value] : table) {
      EXPECT_EQ(value.number, key);
      seen.push_back(key);
    }
    EXPECT_EQ(seen, expected);
  }
}

}  // namespace
