// SPDX-License-Identifier: MIT
// Members of ShardedTable that change many nodes at once, and those that make it a container.
#include <perturb/sharded_table.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <memory_resource>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::MoveReport;
using perturb::NodeState;
using perturb::ShardedTable;
using Numbers = ShardedTable<std::uint64_t, std::uint64_t, int>;
using Entries = std::map<std::uint64_t, std::uint64_t>;

template <class Table>
void expect_holds(const Table& table, const Entries& reference) {
  Entries found;
  for (const auto& [key, value] : table) ASSERT_TRUE(found.emplace(key, value).second);
  ASSERT_EQ(found, reference);
  ASSERT_EQ(table.size(), reference.size());
  std::map<int, std::size_t> sizes;
  for (const auto& [key, value] : reference) {
    ASSERT_NE(table.get(key), nullptr);
    ASSERT_EQ(*table.get(key), value);
    ++sizes[table.owner(key)];
  }
  for (const int node : table.ring().nodes()) {
    ASSERT_EQ(table.node_size(node), sizes[node]);
    std::size_t count = 0;
    table.for_each_on(node, [&](std::uint64_t key, std::uint64_t) {
      ASSERT_EQ(table.owner(key), node);
      ++count;
    });
    ASSERT_EQ(count, sizes[node]);
  }
}

Numbers filled(int nodes, std::uint64_t entries) {
  Numbers table;
  std::vector<int> list;
  for (int node = 0; node < nodes; ++node) list.push_back(node);
  table.add_nodes(list);
  for (std::uint64_t key = 0; key < entries; ++key) table.set(key * 977, key);
  return table;
}
Entries entries_of(const Numbers& table) { return Entries(table.begin(), table.end()); }

// ---- Many changes at once -------------------------------------------------------------------------------------------

TEST(ShardedTableManyNodes, LeaveInOneChangeThatMovesEachEntryOnce) {
  Numbers table = filled(40, 20000);
  const Entries reference = entries_of(table);
  std::size_t wanted = 0;
  std::vector<int> leaving;
  for (int node = 0; node < 40; node += 2) {
    leaving.push_back(node);
    wanted += table.node_size(node);
  }
  const MoveReport report = table.remove_nodes(leaving);
  EXPECT_TRUE(report.changed);
  EXPECT_EQ(report.moved, wanted);
  EXPECT_EQ(table.ring().size(), 20u);
  expect_holds(table, reference);
  EXPECT_FALSE(table.remove_nodes({0, 2}).changed);
}

TEST(ShardedTableState, MovesTheEntriesOfANodeThatIsNotUpAndBringsThemBack) {
  Numbers table = filled(10, 5000);
  const Entries reference = entries_of(table);
  const std::size_t on_three = table.node_size(3);
  EXPECT_EQ(table.set_state(3, NodeState::down).moved, on_three);
  EXPECT_EQ(table.node_size(3), 0u);
  expect_holds(table, reference);
  EXPECT_EQ(table.set_state(3, NodeState::draining).moved, 0u);
  EXPECT_EQ(table.set_state(3, NodeState::up).moved, on_three);
  EXPECT_EQ(table.node_size(3), on_three);
  expect_holds(table, reference);
}

TEST(ShardedTableState, OfTheLastNodeThatIsUpStaysWhileThereAreEntries) {
  Numbers table = filled(2, 10);
  table.set_state(0, NodeState::down);
  EXPECT_THROW(table.set_state(1, NodeState::down), std::logic_error);
  EXPECT_THROW(table.remove_node(1), std::logic_error);
  EXPECT_EQ(table.node_size(1), 10u);
  table.clear();
  EXPECT_TRUE(table.set_state(1, NodeState::down).changed);
  EXPECT_THROW(table.set(1u, 1u), perturb::EmptyRing);
}

TEST(ShardedTableRebalanceTo, TellsWhatItMovesBeforeItChangesAnything) {
  Numbers table = filled(10, 5000);
  const Entries reference = entries_of(table);
  const auto before = table.ring();
  Entries moved;
  const MoveReport report =
      table.rebalance_to(std::vector<int>{1, 2, 3, 20}, [&](std::uint64_t key, std::uint64_t value, int from, int to) {
        EXPECT_EQ(table.owner(key), from) << "not yet changed";
        EXPECT_NE(from, to);
        EXPECT_TRUE(moved.emplace(key, value).second);
      });
  EXPECT_EQ(report.moved, moved.size());
  for (const auto& [key, value] : reference) {
    EXPECT_EQ(moved.contains(key), before.owner(key) != table.owner(key));
  }
  expect_holds(table, reference);
  const auto after = table.ring();
  EXPECT_THROW(table.rebalance_to({{5, 1.0}}, [](auto, auto&, int, int) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(table.ring(), after);
  expect_holds(table, reference);
}

TEST(ShardedTableReplaceNode, MovesNothing) {
  Numbers table = filled(3, 100);
  const std::uint64_t* const value = table.get(977);
  const MoveReport report = table.replace_node(1);
  EXPECT_TRUE(report.changed);
  EXPECT_EQ(report.moved + report.arcs, 0u);
  EXPECT_EQ(table.get(977), value);
}

TEST(ShardedTableProperty, ManyNodesAtOnceAgreeWithAReference) {
  using Change = perturb::RingChange<int>;
  std::mt19937_64 random(8);
  Numbers table = filled(5, 0);
  Entries reference;
  for (int step = 0; step < 150; ++step) {
    for (int i = 0; i < 60; ++i) {
      const std::uint64_t key = random() % 4000;
      if (random() % 4 == 0) {
        ASSERT_EQ(table.erase(key), reference.erase(key) == 1);
      } else {
        ASSERT_EQ(table.set(key, key + 1), reference.insert_or_assign(key, key + 1).second);
      }
    }
    if (step == 70) {
      for (std::uint64_t key = 0; key < 4000; ++key) ASSERT_EQ(table.erase(key), reference.erase(key) == 1);
    }
    std::map<std::uint64_t, int> before;
    for (const auto& [key, value] : reference) before[key] = table.owner(key);
    std::vector<Change> changes = {Change::add_node(static_cast<int>(random() % 12)),
                                   Change::set_state(0, NodeState::up), Change::add_node(0)};
    for (std::uint64_t i = random() % 5; i > 0; --i) {
      const int node = static_cast<int>(1 + random() % 11);
      switch (random() % 3) {
        case 0:
          changes.push_back(Change::remove_node(node));
          break;
        case 1:
          changes.push_back(Change::set_state(node, static_cast<NodeState>(random() % 3)));
          break;
        default:
          changes.push_back(Change::set_weight(node, static_cast<double>(1 + random() % 3)));
      }
    }
    const MoveReport report = table.apply(changes);
    std::size_t moved = 0;
    for (const auto& [key, node] : before) moved += table.owner(key) != node ? 1 : 0;
    ASSERT_EQ(report.moved, moved);
    expect_holds(table, reference);
  }
}

// ---- The container --------------------------------------------------------------------------------------------------

TEST(ShardedTableIterators, AreForwardAndMayAssign) {
  Numbers table;
  static_assert(std::forward_iterator<Numbers::iterator> && std::forward_iterator<Numbers::const_iterator>);
  EXPECT_EQ(table.begin(), table.end());
  table = filled(5, 1000);
  for (auto& [key, value] : table) value = key;
  EXPECT_EQ(std::distance(table.begin(), table.end()), 1000);
  const Numbers::const_iterator first = table.begin();
  EXPECT_EQ(first->first, first->second);
}

TEST(ShardedTableTryEmplace, GivesTheValueAndWhetherItIsNewAlsoWhereShardsAreSplit) {
  ShardedTable<int, std::string, int> table;
  table.add_node(1);
  for (int key = 0; key < 3000; ++key) {
    const auto [value, is_new] = table.try_emplace(key, 3u, 'x');
    ASSERT_TRUE(is_new);
    ASSERT_EQ(*value, "xxx");
    ASSERT_EQ(table.get(key), value);
    const auto again = table.try_emplace(key, "other");
    ASSERT_FALSE(again.second);
    ASSERT_EQ(again.first, value);
  }
}

TEST(ShardedTableArguments, MayBePartsOfEntries) {
  ShardedTable<std::string, std::string, int> table;
  table.add_node(1);
  const std::string text = "a value too long for a small string";
  table.set("0", text);
  for (int key = 1; key < 2000; ++key) {
    table.set(std::to_string(key), *table.get(std::to_string(key - 1)));
    ASSERT_EQ(*table.get(std::to_string(key)), text);
  }
  while (!table.empty()) ASSERT_TRUE(table.erase(table.begin()->first));
}

TEST(ShardedTablePop, GivesTheValueOnce) {
  Numbers table = filled(3, 10);
  EXPECT_EQ(table.pop(977), 1u);
  EXPECT_EQ(table.pop(977), std::nullopt);
  EXPECT_EQ(table.size(), 9u);
  EXPECT_EQ(table.get_or(977, 5), 5u);
  EXPECT_EQ(table.get_or(2 * 977, 5), 2u);
}

TEST(ShardedTableReserve, SplitsOnce) {
  Numbers table = filled(3, 1);
  table.reserve(10000);
  const std::size_t before = table.memory_bytes();
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(*table.get(0u), 0u);
  table.erase(0u);
  EXPECT_GE(table.memory_bytes() + 1000, before) << "what was reserved stays";
  for (std::uint64_t key = 0; key < 10000; ++key) table.set(key, key);
  EXPECT_EQ(table.size(), 10000u);
}

TEST(ShardedTableEquality, IsThatOfRingsAndEntries) {
  Numbers one = filled(3, 500);
  Numbers other = filled(3, 500);
  EXPECT_EQ(one, other);
  other.set(977u, 0u);
  EXPECT_FALSE(one == other);
  other.set(977u, 1u);
  EXPECT_EQ(one, other);
  other.set_weight(1, 2.0);
  EXPECT_FALSE(one == other);
}

// Strings whose letters' case does not count.
struct Caseless {
  static std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  }
  std::uint64_t operator()(const std::string& text) const { return perturb::XxHash<std::string>()(lower(text)); }
  bool operator()(const std::string& a, const std::string& b) const { return lower(a) == lower(b); }
};

TEST(ShardedTableKeyEqual, MayBeTheUsers) {
  ShardedTable<std::string, int, int, Caseless, perturb::VirtualNodes<>, Caseless> table;
  table.add_node(1);
  table.add_node(2);
  EXPECT_TRUE(table.set("Key", 1));
  EXPECT_FALSE(table.set("kEY", 2));
  EXPECT_EQ(*table.get("KEY"), 2);
  EXPECT_EQ(table.owner("key"), table.owner("KEY"));
}

TEST(ShardedTableAllocator, GivesTheMemoryOfEntries) {
  std::array<std::byte, 1 << 20> buffer;
  std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size(), std::pmr::null_memory_resource());
  using Allocator = std::pmr::polymorphic_allocator<std::pair<const int, int>>;
  ShardedTable<int, int, int, perturb::XxHash<>, perturb::VirtualNodes<>, perturb::Equal<int>, Allocator> table{
      Allocator(&memory)};
  EXPECT_EQ(table.get_allocator().resource(), &memory);
  table.add_node(1);
  table.add_node(2);
  for (int key = 0; key < 2000; ++key) table.set(key, key);
  for (int key = 0; key < 2000; ++key) {
    const auto* const address = reinterpret_cast<const std::byte*>(table.get(key));
    ASSERT_TRUE(address >= buffer.data() && address < buffer.data() + buffer.size());
  }
}

TEST(ShardedTableMemory, OfNodesWithoutEntriesIsTheRings) {
  Numbers table = filled(100, 0);
  EXPECT_LE(table.memory_bytes(), table.ring().memory_bytes() + 100 * sizeof(std::size_t));
}

}  // namespace
