// SPDX-License-Identifier: MIT
#include <perturb/sharded_table.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::MoveReport;
using perturb::ShardedTable;
using perturb::TieRule;
using perturb::VirtualNodes;
using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;
using Strings = ShardedTable<std::string, std::string, std::string>;
using Numbers = ShardedTable<std::uint64_t, std::uint64_t, int>;

template <class Table>
auto entries_of(const Table& table) {
  std::map<typename Table::key_type, typename Table::mapped_type> entries;
  table.for_each([&](const auto& key, const auto& value) {
    EXPECT_TRUE(entries.emplace(key, value).second) << "an entry is there twice";
  });
  return entries;
}

// Every entry once, on the node that owns its key, found by get; all counts right.
template <class Table, class Reference>
void expect_holds(const Table& table, const Reference& reference) {
  ASSERT_EQ(entries_of(table), reference);
  ASSERT_EQ(table.size(), reference.size());
  std::size_t on_nodes = 0;
  for (const auto& node : table.ring().nodes()) {
    std::size_t count = 0;
    table.for_each_on(node, [&](const auto& key, const auto&) {
      ++count;
      ASSERT_EQ(table.owner(key), node);
    });
    ASSERT_EQ(table.node_size(node), count);
    on_nodes += count;
  }
  ASSERT_EQ(on_nodes, reference.size());
  for (const auto& [key, value] : reference) {
    ASSERT_NE(table.get(key), nullptr);
    ASSERT_EQ(*table.get(key), value);
  }
}

// ---- Entries --------------------------------------------------------------------------------------------------------

TEST(ShardedTableEntries, AreSetFoundAndErased) {
  Strings table;
  table.add_node("a");
  table.add_node("b");
  EXPECT_TRUE(table.set("key", "one"));
  EXPECT_FALSE(table.set("key", "two"));
  EXPECT_EQ(*table.get("key"), "two");
  *table.get("key") = "three";
  EXPECT_EQ(*std::as_const(table).get(std::string_view("key")), "three");
  EXPECT_TRUE(table.contains("key"));
  EXPECT_FALSE(table.contains("other"));
  EXPECT_EQ(table.get("other"), nullptr);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.node_size(table.owner("key")), 1u);
  EXPECT_TRUE(table.erase("key"));
  EXPECT_FALSE(table.erase("key"));
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.node_size("a") + table.node_size("b"), 0u);
}

TEST(ShardedTableEntries, TakeKeysOfOtherTypesByValue) {
  ShardedTable<double, int, int> table;
  table.add_node(1);
  table.set(2, 7);  // the key 2.0
  EXPECT_EQ(*table.get(2.0), 7);
  EXPECT_EQ(*table.get(2), 7);
  EXPECT_TRUE(table.erase(2));
}

TEST(ShardedTableEmptyRing, HoldsNothingAndSaysSo) {
  Strings table;
  EXPECT_THROW(table.set("key", "value"), perturb::EmptyRing);
  EXPECT_THROW((void)table.owner("key"), perturb::EmptyRing);
  EXPECT_EQ(table.get("key"), nullptr);
  EXPECT_FALSE(table.erase("key"));
  EXPECT_FALSE(table.contains("key"));
  EXPECT_EQ(table.node_size("a"), 0u);
  EXPECT_EQ(table.size(), 0u);
}

TEST(ShardedTableForEach, VisitsAllOrThoseOfOneNodeAndMayAssign) {
  Numbers table;
  for (int node = 0; node < 4; ++node) table.add_node(node);
  for (std::uint64_t key = 0; key < 100; ++key) table.set(key, 0u);
  table.for_each_on(2, [](std::uint64_t key, std::uint64_t& value) { value = key + 1; });
  table.for_each(
      [&](std::uint64_t key, std::uint64_t& value) { EXPECT_EQ(value, table.owner(key) == 2 ? key + 1 : 0); });
  table.for_each_on(99, [](std::uint64_t, std::uint64_t&) { FAIL() << "an unknown node has no entries"; });
}

TEST(ShardedTableClear, KeepsTheNodes) {
  Numbers table;
  table.add_node(1);
  for (std::uint64_t key = 0; key < 100; ++key) table.set(key, key);
  table.clear();
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.node_size(1), 0u);
  EXPECT_EQ(table.ring().size(), 1u);
  table.set(5u, 6u);
  expect_holds(table, std::map<std::uint64_t, std::uint64_t>{{5, 6}});
}

// ---- Nodes ----------------------------------------------------------------------------------------------------------

TEST(ShardedTableAddNode, MovesExactlyWhatTheNewNodeOwns) {
  Numbers table;
  std::map<std::uint64_t, std::uint64_t> reference;
  for (int node = 0; node < 10; ++node) table.add_node(node);
  for (std::uint64_t key = 0; key < 20000; ++key) table.set(key * 977, key), reference[key * 977] = key;
  std::map<std::uint64_t, int> before;
  for (const auto& [key, value] : reference) before[key] = table.owner(key);

  const MoveReport report = table.add_node(10);
  std::size_t owned = 0;
  for (const auto& [key, value] : reference) {
    if (table.owner(key) == 10) {
      ++owned;
    } else {
      ASSERT_EQ(table.owner(key), before[key]);
    }
  }
  EXPECT_TRUE(report.changed);
  EXPECT_EQ(report.moved, owned);
  EXPECT_EQ(report.moved, table.node_size(10));
  EXPECT_EQ(report.arcs, 256u);
  EXPECT_NEAR(static_cast<double>(report.moved), 20000 * table.ring().share(10), 300);
  expect_holds(table, reference);
}

TEST(ShardedTableRemoveNode, IsTheOppositeOfAddingIt) {
  Numbers table;
  std::map<std::uint64_t, std::uint64_t> reference;
  for (int node = 0; node < 5; ++node) table.add_node(node);
  for (std::uint64_t key = 0; key < 5000; ++key) table.set(key, key), reference[key] = key;
  const MoveReport added = table.add_node(5);
  const MoveReport removed = table.remove_node(5);
  EXPECT_EQ(removed.moved, added.moved);
  EXPECT_EQ(removed.arcs, added.arcs);
  EXPECT_EQ(table.node_size(5), 0u);
  expect_holds(table, reference);
}

TEST(ShardedTableSetWeight, MovesOnlyToOrFromThatNode) {
  Numbers table;
  std::map<std::uint64_t, std::uint64_t> reference;
  for (int node = 0; node < 5; ++node) table.add_node(node);
  for (std::uint64_t key = 0; key < 5000; ++key) table.set(key, key), reference[key] = key;
  const std::size_t before = table.node_size(2);
  const MoveReport heavier = table.set_weight(2, 3.0);
  EXPECT_EQ(table.node_size(2), before + heavier.moved);
  EXPECT_LT(heavier.arcs, 512u);  // some of its new points are on arcs of its own
  expect_holds(table, reference);
  const MoveReport lighter = table.set_weight(2, 1.0);
  EXPECT_EQ(lighter.moved, heavier.moved);
  EXPECT_EQ(lighter.arcs, heavier.arcs);
  EXPECT_EQ(table.node_size(2), before);
  expect_holds(table, reference);
}

TEST(ShardedTableNodes, ThatArePresentOrUnknownChangeNothing) {
  Numbers table;
  table.add_node(1);
  table.set(5u, 6u);
  for (const MoveReport& report :
       {table.add_node(1), table.remove_node(2), table.set_weight(2, 2.0), table.add_nodes(std::vector<int>{1, 1})}) {
    EXPECT_FALSE(report.changed);
    EXPECT_FALSE(report);
    EXPECT_EQ(report.moved, 0u);
    EXPECT_EQ(report.arcs, 0u);
  }
  EXPECT_EQ(table.ring().size(), 1u);
  EXPECT_THROW(table.add_node(2, -1.0), std::invalid_argument);
  EXPECT_THROW(table.set_weight(1, 0.0), std::invalid_argument);
  expect_holds(table, std::map<std::uint64_t, std::uint64_t>{{5, 6}});
}

TEST(ShardedTableLastNode, WithEntriesIsNotRemovedAndLosesNothing) {
  Numbers table;
  table.add_node(1);
  for (std::uint64_t key = 0; key < 12; ++key) table.set(key, key);
  try {
    table.remove_node(1);
    FAIL() << "the entries have nowhere to go";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("12 entries"));
  }
  EXPECT_EQ(table.size(), 12u);
  EXPECT_EQ(table.node_size(1), 12u);
  table.clear();
  EXPECT_TRUE(table.remove_node(1).changed);
  EXPECT_TRUE(table.ring().empty());
  EXPECT_THROW(table.set(1u, 1u), perturb::EmptyRing);
  EXPECT_TRUE(table.add_node(2).changed);
  EXPECT_TRUE(table.set(1u, 1u));
}

TEST(ShardedTableAddNodes, AddsManyInOneChange) {
  Numbers one_by_one;
  Numbers at_once;
  one_by_one.add_node(0);
  at_once.add_node(0);
  std::map<std::uint64_t, std::uint64_t> reference;
  for (std::uint64_t key = 0; key < 3000; ++key) {
    one_by_one.set(key, key);
    at_once.set(key, key);
    reference[key] = key;
  }
  for (int node = 1; node < 8; ++node) one_by_one.add_node(node);
  const MoveReport report = at_once.add_nodes(std::vector<int>{1, 2, 3, 4, 5, 6, 7});
  EXPECT_EQ(report.moved, 3000 - at_once.node_size(0));
  EXPECT_EQ(at_once.ring(), one_by_one.ring());
  expect_holds(at_once, reference);
  expect_holds(one_by_one, reference);
}

TEST(ShardedTableRing, CanBeGivenAtTheStart) {
  Numbers table(perturb::HashRing<int>({1, 2, 3}));
  std::map<std::uint64_t, std::uint64_t> reference;
  for (std::uint64_t key = 0; key < 500; ++key) table.set(key, key), reference[key] = key;
  expect_holds(table, reference);
}

// ---- Values ---------------------------------------------------------------------------------------------------------

TEST(ShardedTableValue, CopiesAreIndependentAndMovesLeaveAnEmptyTable) {
  Strings table;
  table.add_node("a");
  table.set("key", "value");
  Strings copy = table;
  copy.set("key", "other");
  EXPECT_EQ(*table.get("key"), "value");
  Strings moved = std::move(table);
  EXPECT_EQ(*moved.get("key"), "value");
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.get("key"), nullptr);
  EXPECT_TRUE(table.add_node("b").changed);
  EXPECT_TRUE(table.set("key", "new"));
  table = copy;
  EXPECT_EQ(*table.get("key"), "other");
  swap(table, moved);
  EXPECT_EQ(*table.get("key"), "value");
  static_assert(std::is_nothrow_move_constructible_v<Strings> && std::is_nothrow_move_assignable_v<Strings>);
}

TEST(ShardedTableValue, HoldsValuesThatCanOnlyBeMoved) {
  ShardedTable<std::uint64_t, std::unique_ptr<int>, int> table;
  table.add_node(1);
  for (int key = 0; key < 200; ++key) table.set(static_cast<std::uint64_t>(key), std::make_unique<int>(key));
  table.add_node(2);
  table.add_node(3);
  table.remove_node(1);
  ASSERT_EQ(table.size(), 200u);
  for (int key = 0; key < 200; ++key) EXPECT_EQ(**table.get(static_cast<std::uint64_t>(key)), key);
  for (const bool is_there : {true, false}) {
    EXPECT_EQ(table.erase(7), is_there);
    EXPECT_EQ(table.size(), 199u);
    EXPECT_EQ(table.node_size(2) + table.node_size(3), 199u);
  }
}

TEST(ShardedTableMemory, ManyEmptyArcsAllocateNoTables) {
  std::vector<int> nodes(100);
  for (int i = 0; i < 100; ++i) nodes[static_cast<std::size_t>(i)] = i;
  const Numbers table(perturb::HashRing<int>{nodes});
  EXPECT_LT(table.memory_bytes(), 128 * table.ring().points().size());
}

TEST(ShardedTableMemory, IsGivenBackAfterRebalancingAndErasing) {
  Numbers table;
  for (int node = 0; node < 10; ++node) table.add_node(node);
  const std::size_t empty = table.memory_bytes();
  for (std::uint64_t key = 0; key < 100000; ++key) table.set(key, key);
  const std::size_t full = table.memory_bytes();
  table.add_node(10);
  table.remove_node(3);
  table.remove_node(10);
  table.add_node(3);
  EXPECT_LT(table.memory_bytes(), full + full / 4);
  for (std::uint64_t key = 0; key < 100000; ++key) table.erase(key);
  EXPECT_LT(table.memory_bytes(), empty + 2560 * 400);  // at most a smallest table for each arc
}

// ---- Against a reference --------------------------------------------------------------------------------------------

template <class Table, class MakeKey>
void run_random_changes(Table& table, MakeKey make_key, int steps, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<typename Table::key_type, std::uint64_t> reference;
  table.add_node("node0");
  for (int step = 0; step < steps; ++step) {
    for (int i = 0; i < 30; ++i) {
      const auto key = make_key(random() % 2000);
      if (random() % 3 == 0) {
        ASSERT_EQ(table.erase(key), reference.erase(key) == 1);
      } else {
        const std::uint64_t value = random();
        ASSERT_EQ(table.set(key, value), reference.insert_or_assign(key, value).second);
      }
    }
    std::map<typename Table::key_type, std::string> before;
    for (const auto& [key, value] : reference) before[key] = table.owner(key);
    const std::string node = "node" + std::to_string(random() % 9);
    const double weight = 0.5 * static_cast<double>(1 + random() % 6);
    const bool is_last = table.ring().size() == 1 && table.ring().contains(node);
    MoveReport report;
    switch (random() % 3) {
      case 0:
        report = table.add_node(node, weight);
        break;
      case 1:
        if (is_last && !reference.empty()) {
          ASSERT_THROW(table.remove_node(node), std::logic_error);
        } else if (!is_last) {
          report = table.remove_node(node);
        }
        break;
      default:
        report = table.set_weight(node, weight);
    }
    std::size_t moved = 0;
    for (const auto& [key, owner] : before) {
      const std::string& now = table.owner(key);
      if (now == owner) continue;
      ++moved;
      if constexpr (Table::kSurvivorsKeepTheirKeys) {
        ASSERT_TRUE(now == node || owner == node)
            << "from " << owner << " to " << now << " when " << node << " changed";
      }
    }
    ASSERT_EQ(report.moved, moved);
    expect_holds(table, reference);
  }
}

template <bool survivors_keep, class Key, class Hash, class Placement>
struct Tested : ShardedTable<Key, std::uint64_t, std::string, Hash, Placement> {
  static constexpr bool kSurvivorsKeepTheirKeys = survivors_keep;
  using ShardedTable<Key, std::uint64_t, std::string, Hash, Placement>::ShardedTable;
};

constexpr auto kNumberKey = [](std::uint64_t number) { return number; };
constexpr auto kTextKey = [](std::uint64_t number) {
  return "a key too long for a small string " + std::to_string(number);
};

TEST(ShardedTableProperty, IntegersOnVirtualNodes) {
  Tested<true, std::uint64_t, perturb::XxHash<>, VirtualNodes<20>> table;
  run_random_changes(table, kNumberKey, 200, 101);
}
TEST(ShardedTableProperty, StringsOnVirtualNodes) {
  Tested<true, std::string, perturb::XxHash<>, VirtualNodes<20>> table;
  run_random_changes(table, kTextKey, 100, 102);
}
TEST(ShardedTableProperty, ManyEntriesOnFewPoints) {
  Tested<true, std::uint64_t, perturb::StdHash<>, VirtualNodes<1>> table;
  run_random_changes(table, kNumberKey, 200, 103);
}
TEST(ShardedTableProperty, MorePointsThanEntries) {
  Tested<true, std::uint64_t, perturb::XxHash<>, VirtualNodes<500>> table;
  run_random_changes(table, [](std::uint64_t number) { return number % 50; }, 60, 104);
}
TEST(ShardedTableProperty, TokensOf32BitsNearest) {
  Tested<true, std::string, kit::Fnv32, kit::Narrow<BoundRule::nearest, TieRule::identity>> table;
  run_random_changes(table, kTextKey, 100, 105);
}
TEST(ShardedTableProperty, TokensOf128BitsAfter) {
  Tested<true, std::string, kit::Fnv32, kit::WholeDigest> table;
  run_random_changes(table, kTextKey, 60, 106);
}
TEST(ShardedTableProperty, RelativeWeightsWhereSurvivorsExchangeKeys) {
  Tested<false, std::string, perturb::XxHash<>, kit::RelativeWeights> table;
  run_random_changes(table, kTextKey, 60, 107);
}
TEST(ShardedTableProperty, TokensOfFewBits) {
  using Table = Tested<true, std::string, kit::Fnv32, kit::Narrow<BoundRule::at_or_after, TieRule::identity>>;
  Table table(Table::ring_type(kit::Fnv32(), {.mask = 0x3F}));
  run_random_changes(table, kTextKey, 60, 108);
}

TEST(ShardedTableEquality, IsOfRingsAndEntries) {
  const auto table = [](std::initializer_list<std::uint64_t> keys, int nodes) {
    Numbers made;
    for (int node = 0; node < nodes; ++node) made.add_node(node);
    for (const std::uint64_t key : keys) made.set(key, key * key);
    return made;
  };
  Numbers one = table({1, 2, 3}, 2);
  EXPECT_TRUE(one == table({3, 2, 1}, 2));
  EXPECT_FALSE(one == table({1, 2}, 2));
  EXPECT_FALSE(one == table({1, 2, 3}, 3));
  EXPECT_FALSE(one == table({1, 2, 4}, 2));
  Numbers other = one;
  other.set(2, 5U);
  EXPECT_FALSE(one == other);
  EXPECT_TRUE(one.begin() == one.begin() && one.begin() != ++one.begin() && one.begin() != one.end());
}

TEST(ShardedTableReserve, OfLessThanThereIsRoomForChangesNothing) {
  Numbers table;
  table.add_node(1);
  table.set(1, 10U);
  const std::uint64_t* const value = table.get(1);
  table.reserve(2);
  EXPECT_EQ(table.get(1), value);
  EXPECT_EQ(Numbers().pop(1), std::nullopt);
}

TEST(ShardedTableReserve, OfMoreThanCanBeAddressedIsALengthError) {
  Numbers table;
  table.add_node(7);
  table.set(1, 2u);
  EXPECT_THROW(table.reserve(std::numeric_limits<std::size_t>::max()), std::length_error);
  EXPECT_EQ(*table.get(1), 2);
}

TEST(ShardedTableReserve, MayComeBeforeAllElseAndAfterAMove) {
  Numbers table;
  table.reserve(1);
  table.add_node(1);
  table.set(1, 10U);
  EXPECT_EQ(*table.get(1), 10U);
  table.reserve(100'000);
  const Numbers moved = std::move(table);
  table.reserve(1);
  table.add_node(2);
  table.set(3, 30U);
  EXPECT_EQ(*table.get(3), 30U);
  EXPECT_EQ(*moved.get(1), 10U);
}

TEST(ShardedTableDeterminism, EqualHistoriesIterateAlike) {
  const auto history = [] {
    Strings table;
    for (const char* node : {"a", "b", "c"}) table.add_node(node);
    for (int key = 0; key < 500; ++key) table.set(std::to_string(key), std::to_string(key * key));
    table.remove_node("b");
    std::string order;
    table.for_each([&](const std::string& key, const std::string&) { order += key + " "; });
    return order;
  };
  EXPECT_EQ(history(), history());
}

}  // namespace
