// SPDX-License-Identifier: MIT
/// @file Calls back into a table that destroys or moves all of its elements: misuse, which a checked build stops; and
/// calls back from erasures, which it does not.
#define PERTURB_CHECKED 1

#include "faults/owners.hpp"
#include "support/table_kinds.hpp"

#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using owners::kMovedFrom;
using owners::OnEnd;
using owners::Owner;
using owners::OwnerEqual;
using owners::OwnerHash;
using owners::Record;

constexpr const char* kCallsBack = "calls back into the table";

template <class Kind>
using OwnerTable = kit::TableOf<Kind, int, Owner>;
template <class Kind>
using OwnerSet = kit::SetOf<Kind, Owner, OwnerHash, OwnerEqual>;

template <class Table>
Table table_of(int size) {
  Table table;
  for (int n = 0; n < size; ++n) table.try_emplace(n, n);
  return table;
}

template <class Set>
Set owner_set(int size) {
  Set set;
  for (int n = 0; n < size; ++n) set.emplace(n);
  return set;
}

template <class Table>
using Use = std::function<void(Table&)>;

/// What an element may do to the table that it is in.
template <class Table>
std::vector<Use<Table>> calls() {
  std::vector<Use<Table>> all = {
      [](Table& table) { static_cast<void>(table.contains(1)); },
      [](Table& table) { static_cast<void>(table.find(1)); },
      [](Table& table) { table.erase(1); },
      [](Table& table) { table.try_emplace(1000, 1000); },
      [](Table& table) { table.clear(); },
      [](Table& table) { table.reserve(1000); },
      [](Table& table) { table.rehash(1000); },
      [](Table& table) { table.shrink_to_fit(); },
      [](Table& table) { static_cast<void>(table.begin()); },
      [](Table& table) { Table().swap(table); },
      [](Table& table) { const Table taken(std::move(table)); },
      [](Table& table) { table = Table(); },
  };
  if constexpr (kit::kIsOrdered<Table>) {
    all.push_back([](Table& table) { static_cast<void>(table.nth(3)); });
    all.push_back([](Table& table) { static_cast<void>(table.pop_front()); });
    all.push_back([](Table& table) { static_cast<void>(table.back()); });
    all.push_back([](Table& table) { table.move_to_end(1); });
    all.push_back([](Table& table) { table.sort([](const auto& a, const auto& b) { return a.first > b.first; }); });
  }
  return all;
}

/// `use` must die for each call that the elements of a table make while they end.
template <class Table>
void expect_death_for_each_call(const std::type_identity_t<Use<Table>>& use) {
  for (const auto& call : calls<Table>()) {
    EXPECT_DEATH(
        {
          Table table = table_of<Table>(10);
          const OnEnd on_end([&](int) { call(table); });
          use(table);
        },
        kCallsBack);
  }
}

template <class Kind>
class ReentrantCheckedDeathTest : public owners::OwnersTest {};
TYPED_TEST_SUITE(ReentrantCheckedDeathTest, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(ReentrantCheckedDeathTest, AClearWhoseElementsCallBack) {
  using Table = OwnerTable<TypeParam>;
  expect_death_for_each_call<Table>([](Table& table) { table.clear(); });
}

TYPED_TEST(ReentrantCheckedDeathTest, ATableWhoseElementsCallBackWhenItEnds) {
  using Table = OwnerTable<TypeParam>;
  for (const auto& call : calls<Table>()) {
    EXPECT_DEATH(
        {
          std::optional<Table> table(table_of<Table>(10));
          const OnEnd on_end([&](int) { call(*table); });
          table.reset();
        },
        kCallsBack);
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AnAssignmentByMoveWhoseOldElementsCallBack) {
  using Table = OwnerTable<TypeParam>;
  expect_death_for_each_call<Table>([](Table& table) { table = Table(); });
}

TYPED_TEST(ReentrantCheckedDeathTest, OtherAssignmentsDestroyTheOldElementsLast) {
  using Table = OwnerTable<TypeParam>;
  for (const auto& call : calls<Table>()) {
    Table table = table_of<Table>(10);
    const OnEnd on_end([&](int) { call(table); });
    table = {{1000, Owner(kMovedFrom)}};
    EXPECT_LE(table.size(), 1u);
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AnEraseIfWhoseElementsModifyTheTable) {
  using Table = OwnerTable<TypeParam>;
  const auto all = calls<Table>();
  for (const std::size_t i : {3U, 4U}) {  // try_emplace and clear
    EXPECT_DEATH(
        {
          Table table = table_of<Table>(10);
          const OnEnd on_end([&](int) { all[i](table); });
          table.erase_if([](const auto&) { return true; });
        },
        kCallsBack);
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AnEraseIfWhosePredicateModifiesTheTable) {
  using Table = OwnerTable<TypeParam>;
  Table table = table_of<Table>(10);
  EXPECT_DEATH(table.erase_if([&](const auto&) {
    table.erase(3);
    return false;
  }),
               kCallsBack);
  EXPECT_DEATH(table.erase_if([&](const auto&) {
    table = table_of<Table>(10);
    return false;
  }),
               kCallsBack);
  EXPECT_DEATH(perturb::erase_if(table,
                                 [&](const auto& element) {
                                   table.try_emplace(element.first + 1000, 1000);
                                   return false;
                                 }),
               kCallsBack);
}

TYPED_TEST(ReentrantCheckedDeathTest, ASetWhoseKeysCallBack) {
  using Set = OwnerSet<TypeParam>;
  EXPECT_DEATH(
      {
        Set set = owner_set<Set>(10);
        const OnEnd on_end([&](int) { set.erase(1); });
        set.clear();
      },
      kCallsBack);
  EXPECT_DEATH(
      {
        Set set = owner_set<Set>(10);
        const OnEnd on_end([&](int) { static_cast<void>(set.contains(1)); });
        set = Set();
      },
      kCallsBack);
}

/// Calls `moving` when it is moved.
struct Moving {
  static inline std::function<void()> moving;
  Moving() = default;
  explicit Moving(int) {}
  Moving(const Moving&) = default;
  Moving(Moving&&) noexcept {
    if (moving) moving();
  }
  Moving& operator=(const Moving&) = default;
};

/// Calls `ending` when it ends, also when what is left of it after a move does.
struct AlwaysCalling {
  static inline std::function<void()> ending;
  explicit AlwaysCalling(int) {}
  AlwaysCalling(AlwaysCalling&&) noexcept {}
  AlwaysCalling& operator=(AlwaysCalling&&) = delete;
  AlwaysCalling(const AlwaysCalling&) = delete;
  AlwaysCalling& operator=(const AlwaysCalling&) = delete;
  ~AlwaysCalling() {
    if (ending) ending();
  }
};

/// `use` of a table of `size` elements must die for each call that these make while they are moved.
template <class Table>
void expect_moves_die(int size, const Use<Table>& use) {
  for (const auto& call : calls<Table>()) {
    EXPECT_DEATH(
        {
          auto table = table_of<Table>(size);
          Moving::moving = [&] { call(table); };
          use(table);
        },
        kCallsBack);
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, ARehashWhoseElementsCallBackWhenTheyMove) {
  using Moved = kit::TableOf<TypeParam, int, Moving>;
  expect_moves_die<Moved>(6, [](Moved& table) { table.rehash(100); });
  expect_moves_die<Moved>(6, [](Moved& table) { table.reserve(100); });
  expect_moves_die<Moved>(6, [](Moved& table) {
    for (int n = 6; n < 20; ++n) table.try_emplace(n, n);  // one of these makes it grow
  });
}

TYPED_TEST(ReentrantCheckedDeathTest, AShrinkWhoseElementsCallBackWhenTheyMove) {
  using Moved = kit::TableOf<TypeParam, int, Moving>;
  expect_moves_die<Moved>(100, [](Moved& table) {
    for (int n = 2; n < 90; ++n) table.erase(n);
  });
  if constexpr (kit::kIsOrdered<Moved>) {
    EXPECT_DEATH(
        {
          auto table = table_of<Moved>(100);
          // Allowed while an element is popped, but not while the table shrinks.
          Moving::moving = [&] { static_cast<void>(table.contains(1)); };
          while (table.size() > 10) static_cast<void>(table.pop_back());
        },
        kCallsBack);
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, ElementsThatCallBackWhenTheyMoveUp) {
  using Moved = kit::TableOf<TypeParam, int, Moving>;
  if constexpr (kit::kIsOrdered<Moved>) {
    expect_moves_die<Moved>(100, [](Moved& table) {
      const auto moving = std::exchange(Moving::moving, nullptr);
      table.reserve(200);
      for (int n = 2; n < 90; ++n) table.erase(n);
      Moving::moving = moving;
      const std::size_t buckets = table.bucket_count();
      for (int n = 2000; table.size() < 200; ++n) {
        if (table.bucket_count() != buckets) std::abort();
        table.try_emplace(n, n);
      }
    });
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AMoveToEitherEndWhoseElementCallsBack) {
  using Moved = kit::TableOf<TypeParam, int, Moving>;
  if constexpr (kit::kIsOrdered<Moved>) {
    for (const bool last : {true, false}) {
      for (const bool has_room : {true, false}) {
        expect_moves_die<Moved>(10, [&](Moved& table) {
          const auto moving = std::exchange(Moving::moving, nullptr);
          if (has_room) {
            table.reserve(100);
            table.move_to_end(5, last);
          } else if (last) {
            table.rehash(0);  // no room after the last one
          }
          Moving::moving = moving;
          table.move_to_end(4, last);
        });
      }
    }
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AMoveToEitherEndWhoseRemainsCallBackWhenTheyEnd) {
  using Ending = kit::TableOf<TypeParam, int, AlwaysCalling>;
  if constexpr (kit::kIsOrdered<Ending>) {
    for (const bool last : {true, false}) {
      for (const auto& call : calls<Ending>()) {
        EXPECT_DEATH(
            {
              auto table = table_of<Ending>(10);
              table.reserve(100);
              table.move_to_end(5, last);
              AlwaysCalling::ending = [&] { call(table); };
              table.move_to_end(last ? 0 : 9, last);  // the one at the other end
            },
            kCallsBack);
      }
    }
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, ASortWhoseElementsCallBackWhenTheyMove) {
  using Moved = kit::TableOf<TypeParam, int, Moving>;
  if constexpr (kit::kIsOrdered<Moved>) {
    expect_moves_die<Moved>(
        10, [](Moved& table) { table.sort([](const auto& a, const auto& b) { return a.first < b.first; }); });
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, ASortWhoseComparisonModifiesTheTable) {
  using Texts = kit::TableOf<TypeParam, int, std::string>;
  if constexpr (kit::kIsOrdered<Texts>) {
    std::vector<Use<Texts>> all = {
        [](Texts& table) { table.erase(1); },
        [](Texts& table) { table.clear(); },
        [](Texts& table) { table.move_to_end(0); },
        [](Texts& table) { static_cast<void>(table.pop_back()); },
        [](Texts& table) { table.rehash(1000); },
        [](Texts& table) { table.sort([](const auto& a, const auto& b) { return a.first > b.first; }); },
        [](Texts& table) { table = {}; },
    };
    all.push_back([](Texts& table) {
      for (int n = 1000; n < 1100; ++n) table.try_emplace(n, "more");
    });
    for (const auto& change : all) {
      Texts table;
      for (int n = 0; n < 10; ++n) table.try_emplace(n, "a text too long to be in the string itself");
      EXPECT_DEATH(table.sort([&](const auto& a, const auto& b) {
        const bool result = a.second < b.second;
        change(table);
        return result;
      }),
                   kCallsBack);
      table.sort([&](const auto& a, const auto& b) { return table.at(a.first) < b.second; });
      EXPECT_EQ(table.nth(3)->first, 3) << "looking up is allowed, and equal ones keep their order";
    }
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, AConstructorThatInsertsIntoTheTableThatCallsIt) {
  struct Inserts {
    explicit Inserts(kit::TableOf<TypeParam, int, Inserts>& table, int n) {
      if (n > 0) table.try_emplace(n - 1, table, n - 1);
    }
  };
  kit::TableOf<TypeParam, int, Inserts> table;
  EXPECT_DEATH(table.try_emplace(3, table, 3), kCallsBack);
}

TYPED_TEST(ReentrantCheckedDeathTest, ErasuresWhoseElementsCallBackAreSilent) {
  using Table = OwnerTable<TypeParam>;
  using Set = OwnerSet<TypeParam>;
  Table table = table_of<Table>(100);
  Set set = owner_set<Set>(100);
  const OnEnd on_end([&](int n) {
    static_cast<void>(table.contains(n));
    if (n % 10 == 0) table.erase(n + 1);
    if (n % 10 == 0) set.erase(n + 2);
    table.try_emplace(n + 1000, kMovedFrom);
  });
  table.erase(0);
  static_cast<void>(table.pop(50));
  static_cast<void>(table.extract(60));
  table.erase(table.find(70));
  set.erase(80);
  EXPECT_FALSE(table.contains(71));
  if constexpr (kit::kIsOrdered<Table>) {
    for (int n = 0; n < 30; ++n) static_cast<void>(n % 2 == 0 ? table.pop_front() : table.pop_back());
    static_cast<void>(set.pop_front());
  }
}

TYPED_TEST(ReentrantCheckedDeathTest, ElementsThatCallBackIntoAnotherTableAreSilent) {
  using Table = OwnerTable<TypeParam>;
  Table other = table_of<Table>(50);
  Table table = table_of<Table>(10);
  bool is_inside = false;
  const OnEnd on_end([&](int n) {
    if (std::exchange(is_inside, true)) return;
    other.erase(n + 20);
    other.try_emplace(n + 100, n);
    is_inside = false;
  });
  table.clear();
  EXPECT_EQ(other.size(), 50u);
}

class ReentrantShardsDeathTest : public owners::OwnersTest {};

TEST_F(ReentrantShardsDeathTest, AShardedTableWhoseEntriesCallBack) {
  using Shards = perturb::ShardedTable<int, Owner, std::string>;
  EXPECT_DEATH(
      {
        Shards table;
        table.add_node("a");
        for (int n = 0; n < 100; ++n) table.set(n, Owner(n));
        const OnEnd on_end([&](int) {
          for (int n = 0; n < 100; ++n) table.erase(n);
        });
        table.clear();
      },
      kCallsBack);
}

}  // namespace
