// SPDX-License-Identifier: MIT
/// @file Elements whose move is not noexcept are moved, not copied, where a move that throws can be undone; where it
/// cannot, they are copied. Either way nothing is lost when one throws.
#include "support/allocators.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

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

template <class V>
class ElementMoves : public ::testing::Test {
 protected:
  using Table = perturb::HashTable<int, V>;
  void SetUp() override { Counted::copies = 0; }

  static Table fill(int size) {
    Table table;
    for (int n = 0; n < size; ++n) table.try_emplace(n, make<V>(n));
    Counted::copies = 0;
    return table;
  }
};
using Kinds = ::testing::Types<std::deque<Counted>, std::list<Counted>, std::vector<Counted>, std::queue<Counted>,
                               std::map<int, Counted>, std::set<Counted>, std::vector<std::deque<Counted>>, Wrapper>;
struct Names {
  template <class V>
  static std::string GetName(int i) {
    return std::array{"deque", "list", "vector", "queue", "map", "set", "vector_of_deques", "wrapper"}.at(
        static_cast<std::size_t>(i));
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
  EXPECT_EQ(table.at(100).size(), make<TypeParam>(0).size());
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

TYPED_TEST(ElementMoves, AMergeCopiesNothing) {
  auto table = TestFixture::fill(20);
  auto source = TestFixture::fill(200);
  table.merge(source);
  EXPECT_EQ(Counted::copies, 0);
  EXPECT_EQ(table.size(), 200u);
}

TYPED_TEST(ElementMoves, AMoveToAnotherAllocatorCopiesNothing) {
  using Allocator = kit::IdAllocator<std::pair<const int, TypeParam>, kit::kPropagateNever>;
  using Map = perturb::HashTable<int, TypeParam, perturb::XxHash<int>, perturb::Equal<int>, Allocator>;
  Map table{Allocator(1)};
  for (int n = 0; n < 20; ++n) table.try_emplace(n, make<TypeParam>(n));
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

template <class Element>
auto number_of(const Element& element) {
  return element.number;
}
template <class A, class B>
auto number_of(const std::pair<A, B>& element) {
  if constexpr (std::is_same_v<std::remove_const_t<A>, int>) {
    return element.first == number_of(element.second) ? element.first : -2;
  } else if constexpr (std::is_same_v<B, int>) {
    return number_of(element.first) == element.second ? element.second : -2;
  } else {
    return number_of(element.first) == number_of(element.second) ? number_of(element.first) : -2;
  }
}
template <class T>
void add(T& table, int n) {
  if constexpr (requires { typename T::mapped_type; }) {
    table.try_emplace(typename T::key_type(n), n);
  } else {
    table.emplace(n);
  }
}

template <class T>
class ThrowingMoves : public ::testing::Test {
 protected:
  void TearDown() override { Undone::moves_left = NotUndone::moves_left = -1; }
};
using ThrowingKinds = ::testing::Types<perturb::HashTable<int, Undone>, perturb::HashTable<Undone, int>,
                                       perturb::HashTable<Undone, Undone>, perturb::HashTable<std::string, Undone>,
                                       perturb::HashSet<Undone>>;
TYPED_TEST_SUITE(ThrowingMoves, ThrowingKinds);

TEST(ThrowingMovesOfOneKind, ElementsAreMovedWhereAMoveCanBeUndone) {
  perturb::HashTable<int, Undone> table;
  Undone::copies = 0;
  for (int n = 0; n < 1000; ++n) table.try_emplace(n, n);
  EXPECT_EQ(Undone::copies, 0);
  for (const auto& [key, value] : table) EXPECT_EQ(value.number, key);
}

TEST(ThrowingMovesOfOneKind, ElementsAreCopiedWhereAMoveCannotBeUndone) {
  perturb::HashTable<int, NotUndone> table;
  NotUndone::copies = 0;
  for (int n = 0; n < 7; ++n) table.try_emplace(n, n);
  EXPECT_EQ(NotUndone::copies, 6) << "of the elements before the seventh";
  for (const auto& [key, value] : table) EXPECT_EQ(value.number, key);
}

template <class T>
std::string text_key(int n) {
  return std::to_string(n);
}

TYPED_TEST(ThrowingMoves, AMoveThatThrowsInARehashIsUndone) {
  for (int throwing = 0; throwing < 12; ++throwing) {
    TypeParam table;
    constexpr bool kIsText = std::is_same_v<typename TypeParam::key_type, std::string>;
    for (int n = 0; n < 6; ++n) {
      if constexpr (kIsText) {
        table.try_emplace(text_key<TypeParam>(n), n);
      } else {
        add(table, n);
      }
    }
    const std::size_t buckets = table.bucket_count();
    Undone::moves_left = throwing;
    bool thrown = false;
    try {
      table.rehash(1000);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    Undone::moves_left = -1;
    ASSERT_EQ(table.size(), 6u);
    if (thrown) {
      EXPECT_EQ(table.bucket_count(), buckets);
    }
    int sum = 0;
    for (const auto& element : table) {
      if constexpr (kIsText) {
        EXPECT_EQ(element.first, text_key<TypeParam>(element.second.number));
        sum += element.second.number;
      } else {
        sum += number_of(element);
      }
    }
    EXPECT_EQ(sum, 15) << "an element was lost or torn when move " << throwing << " threw";
    if constexpr (!kIsText) {
      for (int n = 0; n < 6; ++n) EXPECT_TRUE(table.contains(typename TypeParam::key_type(n))) << n;
      add(table, 6);
      EXPECT_EQ(table.size(), 7u);
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

TEST(ElementMoves, AMergeOfElementsThatCannotBeMovedBackThrowsAndLosesTheElement) {
  perturb::HashTable<int, AtRisk> source;
  perturb::HashTable<int, AtRisk> target;
  source.try_emplace(1, 10);
  target.try_emplace(2, 20);
  AtRisk::fails = true;
  EXPECT_THROW(target.merge(source), std::runtime_error);
  AtRisk::fails = false;
  EXPECT_TRUE(source.empty());
  EXPECT_EQ(target.size(), 1U);
  EXPECT_EQ(target.at(2).number, 20);
}

}  // namespace
