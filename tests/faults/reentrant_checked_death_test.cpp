// SPDX-License-Identifier: MIT
/// @file Calls back into a table that destroys or moves all of its elements: misuse, which a checked build stops; and
/// calls back from erasures, which it does not.
#define PERTURB_CHECKED 1

#include "faults/owners.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
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

using Table = perturb::HashTable<int, Owner>;
using Set = perturb::HashSet<Owner, OwnerHash, OwnerEqual>;

Table owner_table(int size) {
  Table table;
  for (int n = 0; n < size; ++n) table.try_emplace(n, n);
  return table;
}
Set owner_set(int size) {
  Set set;
  for (int n = 0; n < size; ++n) set.emplace(n);
  return set;
}

/// What an element may do to the table that it is in.
const std::vector<std::function<void(Table&)>>& calls() {
  static const std::vector<std::function<void(Table&)>> all = {
      [](Table& table) { static_cast<void>(table.contains(1)); },
      [](Table& table) { static_cast<void>(table.find(1)); },
      [](Table& table) { table.erase(1); },
      [](Table& table) { table.try_emplace(1000, 1000); },
      [](Table& table) { table.clear(); },
  };
  return all;
}

/// `use` must die for each call that the elements of a table make while they end.
void expect_death_for_each_call(const std::function<void(Table&)>& use) {
  for (const auto& call : calls()) {
    EXPECT_DEATH(
        {
          Table table = owner_table(10);
          const OnEnd on_end([&](int) { call(table); });
          use(table);
        },
        kCallsBack);
  }
}

class ReentrantCheckedDeathTest : public owners::OwnersTest {};

TEST_F(ReentrantCheckedDeathTest, AClearWhoseElementsCallBack) {
  expect_death_for_each_call([](Table& table) { table.clear(); });
}

TEST_F(ReentrantCheckedDeathTest, ATableWhoseElementsCallBackWhenItEnds) {
  for (const auto& call : calls()) {
    EXPECT_DEATH(
        {
          std::optional<Table> table(owner_table(10));
          const OnEnd on_end([&](int) { call(*table); });
          table.reset();
        },
        kCallsBack);
  }
}

TEST_F(ReentrantCheckedDeathTest, AnAssignmentByMoveWhoseOldElementsCallBack) {
  expect_death_for_each_call([](Table& table) { table = Table(); });
}

TEST_F(ReentrantCheckedDeathTest, OtherAssignmentsDestroyTheOldElementsLast) {
  for (const auto& call : calls()) {
    Table table = owner_table(10);
    const OnEnd on_end([&](int) { call(table); });
    table = {{1000, Owner(kMovedFrom)}};
    EXPECT_LE(table.size(), 1u);
  }
}

TEST_F(ReentrantCheckedDeathTest, AnEraseIfWhoseElementsModifyTheTable) {
  for (const auto& call : {calls()[3], calls()[4]}) {
    EXPECT_DEATH(
        {
          Table table = owner_table(10);
          const OnEnd on_end([&](int) { call(table); });
          table.erase_if([](const auto&) { return true; });
        },
        kCallsBack);
  }
}

TEST_F(ReentrantCheckedDeathTest, AnEraseIfWhosePredicateModifiesTheTable) {
  Table table = owner_table(10);
  EXPECT_DEATH(table.erase_if([&](const auto&) {
    table.erase(3);
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

TEST_F(ReentrantCheckedDeathTest, ASetWhoseKeysCallBack) {
  EXPECT_DEATH(
      {
        Set set = owner_set(10);
        const OnEnd on_end([&](int) { set.erase(1); });
        set.clear();
      },
      kCallsBack);
  EXPECT_DEATH(
      {
        Set set = owner_set(10);
        const OnEnd on_end([&](int) { static_cast<void>(set.contains(1)); });
        set = Set();
      },
      kCallsBack);
}

/// Calls `moving` when it is moved.
struct Moving {
  static inline std::function<void()> moving;
  Moving() = default;
  Moving(const Moving&) = default;
  Moving(Moving&&) noexcept {
    if (moving) moving();
  }
  Moving& operator=(const Moving&) = default;
};
using MovingTable = perturb::HashTable<int, Moving>;

MovingTable moving_table(int size) {
  MovingTable table;
  for (int n = 0; n < size; ++n) table.try_emplace(n);
  return table;
}

void expect_moves_die(const std::function<void(MovingTable&)>& use) {
  const std::vector<std::function<void(MovingTable&)>> all = {
      [](MovingTable& table) { static_cast<void>(table.contains(1)); },
      [](MovingTable& table) { table.erase(1); },
      [](MovingTable& table) { table.try_emplace(1000); },
  };
  for (const auto& call : all) {
    EXPECT_DEATH(
        {
          MovingTable table = moving_table(6);
          Moving::moving = [&] { call(table); };
          use(table);
        },
        kCallsBack);
  }
}

TEST_F(ReentrantCheckedDeathTest, ARehashWhoseElementsCallBackWhenTheyMove) {
  expect_moves_die([](MovingTable& table) { table.rehash(100); });
  expect_moves_die([](MovingTable& table) { table.reserve(100); });
  expect_moves_die([](MovingTable& table) { table.try_emplace(6); });  // the seventh grows it
}

TEST_F(ReentrantCheckedDeathTest, AShrinkWhoseElementsCallBackWhenTheyMove) {
  EXPECT_DEATH(
      {
        MovingTable table = moving_table(7);
        Moving::moving = [&] { static_cast<void>(table.contains(3)); };
        table.erase(1);
        table.erase(2);  // five of 32
      },
      kCallsBack);
}

TEST_F(ReentrantCheckedDeathTest, AConstructorThatInsertsIntoTheTableThatCallsIt) {
  struct Inserts {
    explicit Inserts(perturb::HashTable<int, Inserts>& table, int n) {
      if (n > 0) table.try_emplace(n - 1, table, n - 1);
    }
  };
  perturb::HashTable<int, Inserts> table;
  EXPECT_DEATH(table.try_emplace(3, table, 3), kCallsBack);
}

TEST_F(ReentrantCheckedDeathTest, AShardedTableWhoseEntriesCallBack) {
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

TEST_F(ReentrantCheckedDeathTest, ErasuresWhoseElementsCallBackAreSilent) {
  Table table = owner_table(100);
  Set set = owner_set(100);
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
}

TEST_F(ReentrantCheckedDeathTest, ElementsThatCallBackIntoAnotherTableAreSilent) {
  Table other = owner_table(50);
  Table table = owner_table(10);
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

}  // namespace
