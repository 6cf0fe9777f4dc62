// SPDX-License-Identifier: MIT
/// @file Entries of a sharded table whose destructors come back to it.
#include "faults/owners.hpp"

#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace {

using owners::OnEnd;
using owners::Owner;

class ReentrantShards : public owners::OwnersTest {
 protected:
  using Table = perturb::ShardedTable<int, Owner, std::string>;

  static Table make(int size) {
    Table table;
    table.add_nodes(std::vector<std::string>{"a", "b", "c"});
    for (int n = 0; n < size; ++n) table.set(n, Owner(n));
    return table;
  }
  static std::size_t sum_of_nodes(const Table& table) {
    std::size_t sum = 0;
    for (const std::string& node : table.ring().nodes()) sum += table.node_size(node);
    return sum;
  }
};

TEST_F(ReentrantShards, AChainThatErasesEachOtherIsErased) {
  Table table = make(200);
  {
    const OnEnd on_end([&](int n) {
      EXPECT_FALSE(table.contains(n));
      EXPECT_FALSE(table.erase(n));
      if (n < 99) table.erase(n + 1);
    });
    table.erase(0);
  }
  EXPECT_EQ(table.size(), 100u);
  EXPECT_EQ(sum_of_nodes(table), 100u);
}

TEST_F(ReentrantShards, TheCountsAreRightWhenAnEntryEnds) {
  Table table = make(50);
  {
    std::size_t expected = 50;
    const OnEnd on_end([&](int) {
      EXPECT_EQ(table.size(), expected - 1);
      EXPECT_EQ(sum_of_nodes(table), expected - 1);
    });
    for (; expected > 0; --expected) table.erase(static_cast<int>(expected) - 1);
  }
  EXPECT_TRUE(table.empty());
}

TEST_F(ReentrantShards, AnEntryThatSetsOthersIsErased) {
  Table table = make(50);
  {
    const OnEnd on_end([&](int n) {
      if (n < 50) {
        for (int i = 0; i < 20; ++i) table.set(1000 + 20 * n + i, Owner(1000 + 20 * n + i));
      }
    });
    for (int n = 0; n < 50; ++n) table.erase(n);
  }
  EXPECT_EQ(table.size(), 1000u);
  EXPECT_EQ(sum_of_nodes(table), 1000u);
}

TEST_F(ReentrantShards, AnEntryThatChangesTheNodesIsErased) {
  Table table = make(50);
  {
    bool is_first = true;
    const OnEnd on_end([&](int) {
      if (std::exchange(is_first, false)) table.add_node("d");
    });
    table.erase(7);
  }
  EXPECT_EQ(table.size(), 49u);
  EXPECT_EQ(sum_of_nodes(table), 49u);
  for (int n = 0; n < 50; ++n) EXPECT_EQ(table.contains(n), n != 7);
}

}  // namespace
