// SPDX-License-Identifier: MIT
/// @file A sparse table is drained in time linear in its memory and its elements, whichever way and in whichever order
/// it is drained. Measured is how many groups of control bytes are looked at, so there is no clock.
#define PERTURB_COUNT_GROUPS 1

#include "support/table_kinds.hpp"

#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::detail::table::groups_looked_at;
using perturb::detail::table::kGroupWidth;

using Set = perturb::HashSet<int>;
using Table = perturb::HashTable<int, int>;
using NoShrink = perturb::HashTable<int, std::string>::with_growth<perturb::growth::NoShrink>;
using OrderedSet = perturb::OrderedHashSet<int>;
using OrderedNoShrink = perturb::OrderedHashTable<int, std::string>::with_growth<perturb::growth::NoShrink>;

constexpr std::size_t kElements = 2000;
constexpr std::size_t kRoom = 1000 * kElements;

template <class T>
void add(T& table, int n) {
  if constexpr (requires { typename T::mapped_type; }) {
    table.try_emplace(n);
  } else {
    table.insert(n);
  }
}

template <class Element>
int key_of(const Element& element) {
  if constexpr (requires { element.first; }) {
    return element.first;
  } else {
    return element;
  }
}

template <class T>
T sparse_table() {
  T table;
  table.reserve(kRoom);
  for (std::size_t n = 0; n < kElements; ++n) add(table, static_cast<int>(n));
  return table;
}

/// The keys of a table in the order of an iteration.
template <class T>
std::vector<int> keys_in_order(const T& table) {
  std::vector<int> keys;
  for (const auto& element : table) keys.push_back(key_of(element));
  return keys;
}

/// `drain` empties a sparse table; each group may be passed a few times, and each element may cost a few blocks.
template <class T>
void expect_linear(T table, const std::function<void(T&)>& drain) {
  const std::size_t groups = table.bucket_count() / kGroupWidth;
  const std::size_t elements = table.size();
  ASSERT_GT(groups, 50 * elements);
  const std::uint64_t before = groups_looked_at;
  drain(table);
  const std::uint64_t looked_at = groups_looked_at - before;
  EXPECT_TRUE(table.empty());
  EXPECT_LE(looked_at, 4 * groups + 100 * elements)
      << looked_at << " groups for " << elements << " elements in " << groups << " groups";
}

template <class T>
class SparseDrain : public ::testing::Test {};
using Kinds = ::testing::Types<Set, Table, NoShrink, OrderedSet, OrderedNoShrink>;
TYPED_TEST_SUITE(SparseDrain, Kinds);

TYPED_TEST(SparseDrain, ErasingTheFirstElementByKeyIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) {
      const int key = key_of(*table.begin());
      table.erase(key);
    }
  });
}

TYPED_TEST(SparseDrain, ErasingTheFirstElementByAReferenceToItsKeyIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) {
      if constexpr (requires { table.begin()->first; }) {
        table.erase(table.begin()->first);
      } else {
        table.erase(*table.begin());
      }
    }
  });
}

TYPED_TEST(SparseDrain, ErasingTheFirstElementByKeyOfAConstBeginIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) {
      const int key = key_of(*std::as_const(table).begin());
      table.erase(key);
    }
  });
}

TYPED_TEST(SparseDrain, ErasingTheFirstElementByIteratorIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) table.erase(table.begin());
  });
}

TYPED_TEST(SparseDrain, ErasingTheFirstElementByRangeIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) table.erase(table.begin(), std::next(table.begin()));
  });
}

TYPED_TEST(SparseDrain, ExtractingTheFirstElementByIteratorIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) static_cast<void>(table.extract(table.begin()));
  });
}

TYPED_TEST(SparseDrain, ExtractingTheFirstElementByKeyIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    while (!table.empty()) static_cast<void>(table.extract(key_of(*table.begin())));
  });
}

TYPED_TEST(SparseDrain, PoppingTheFirstElementIsLinear) {
  if constexpr (requires { typename TypeParam::mapped_type; }) {
    expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
      while (!table.empty()) static_cast<void>(table.pop(key_of(*table.begin())));
    });
  }
}

TYPED_TEST(SparseDrain, PoppingAtBothEndsIsLinear) {
  if constexpr (kit::kIsOrdered<TypeParam>) {
    expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
      const std::vector<int> keys = keys_in_order(table);
      std::size_t front = 0;
      std::size_t back = keys.size();
      while (!table.empty()) {
        ASSERT_EQ(key_of(*table.pop_front()), keys[front++]);
        ASSERT_EQ(key_of(*table.pop_back()), keys[--back]);
      }
    });
  }
}

TYPED_TEST(SparseDrain, ErasingTheFirstElementByOneTurnOfEachWayIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    for (int turn = 0; !table.empty(); ++turn) {
      switch (turn % 3) {
        case 0:
          table.erase(table.begin());
          break;
        case 1:
          table.erase(key_of(*table.begin()));
          break;
        default:
          static_cast<void>(table.extract(table.begin()));
      }
    }
  });
}

TYPED_TEST(SparseDrain, ErasingFromTheBackWithALookAtTheFrontIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    std::vector<int> keys = keys_in_order(table);
    for (; !keys.empty(); keys.pop_back()) {
      ASSERT_EQ(key_of(*table.begin()), keys.front());
      table.erase(keys.back());
    }
  });
}

TYPED_TEST(SparseDrain, ErasingInARandomOrderWithALookAtTheFrontIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    std::vector<int> keys = keys_in_order(table);
    std::shuffle(keys.begin(), keys.end(), std::mt19937(1));
    for (const int key : keys) {
      ASSERT_NE(table.begin(), table.end());
      table.erase(key);
    }
  });
}

TYPED_TEST(SparseDrain, ErasingByIteratorInARandomOrderWithALookAtTheFrontIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    std::vector<int> keys = keys_in_order(table);
    std::shuffle(keys.begin(), keys.end(), std::mt19937(2));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_NE(table.begin(), table.end());
      // What erase(iterator) returns is the way to the next element: extract gives the same without it.
      static_cast<void>(table.extract(table.find(keys[i])));
    }
  });
}

TYPED_TEST(SparseDrain, ErasingHalfByPredicateAndTheRestByKeyIsLinear) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    const std::vector<int> keys = keys_in_order(table);
    std::size_t seen = 0;
    table.erase_if([&](const auto&) { return seen++ < keys.size() / 2; });
    while (!table.empty()) table.erase(key_of(*table.begin()));
  });
}

TYPED_TEST(SparseDrain, ATableThatWasCopiedIsDrainedInLinearTime) {
  const TypeParam original = sparse_table<TypeParam>();
  expect_linear<TypeParam>(original, [](TypeParam& table) {
    while (!table.empty()) table.erase(key_of(*table.begin()));
  });
}

TYPED_TEST(SparseDrain, ATableWhoseFrontWasErasedUnseenIsDrainedInLinearTime) {
  expect_linear<TypeParam>(sparse_table<TypeParam>(), [](TypeParam& table) {
    const std::vector<int> keys = keys_in_order(table);
    // From the back to the front of the first half: only the last of these erasures is one at the front.
    for (std::size_t i = keys.size() / 2; i-- > 0;) table.erase(keys[i]);
    for (std::size_t i = keys.size() / 2; i < keys.size(); ++i) {
      ASSERT_EQ(key_of(*table.begin()), keys[i]);
      table.erase(keys[i]);
    }
  });
}

TYPED_TEST(SparseDrain, WhoNeverAsksForTheFirstPaysNothingForIt) {
  TypeParam table;
  table.reserve(kRoom);
  for (int n = 0; n < 10; ++n) add(table, n);
  const std::uint64_t before = groups_looked_at;
  constexpr int kTurns = 20'000;
  for (int n = 0; n < kTurns; ++n) {
    add(table, 100 + n);
    table.erase(100 + n);
  }
  EXPECT_EQ(table.size(), 10u);
  EXPECT_LE(groups_looked_at - before, std::uint64_t{80} * kTurns) << "an erasure by key walks along the whole table";
}

TYPED_TEST(SparseDrain, ADenseTableIsDrainedWithFewGroupsAnElement) {
  TypeParam table;
  for (int n = 0; n < 20'000; ++n) add(table, n);
  const std::uint64_t before = groups_looked_at;
  while (!table.empty()) table.erase(key_of(*table.begin()));
  EXPECT_LE(groups_looked_at - before, 20'000u * 20u);
}

TEST(SparseDrainOfShards, ErasingEveryEntryOfASparseShardedTableIsLinear) {
  perturb::ShardedTable<int, int, std::string> table;
  table.add_nodes(std::vector<std::string>{"a", "b", "c"});
  for (int n = 0; n < 50'000; ++n) table.set(n, n);
  const std::uint64_t before = groups_looked_at;
  for (int n = 0; n < 50'000; ++n) table.erase(n);
  EXPECT_TRUE(table.empty());
  EXPECT_LE(groups_looked_at - before, 50'000u * 20u);
}

}  // namespace
