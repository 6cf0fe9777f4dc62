// SPDX-License-Identifier: MIT
/// @file A ShardedTable of values that say they can be copied and cannot: its nodes come and go all the same.
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <list>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace {

using Owned = std::unique_ptr<int>;

template <class V>
class MoveOnlyEntries : public ::testing::Test {};
using Kinds = ::testing::Types<std::deque<Owned>, std::list<Owned>, std::vector<std::deque<Owned>>, std::queue<Owned>>;
TYPED_TEST_SUITE(MoveOnlyEntries, Kinds);

TYPED_TEST(MoveOnlyEntries, GoFromNodeToNode) {
  perturb::ShardedTable<int, TypeParam, std::string> table;
  table.add_nodes(std::vector<std::string>{"a", "b"});
  for (int n = 0; n < 500; ++n) {
    TypeParam value;
    for (int i = 0; i <= n % 3; ++i) {
      if constexpr (requires { value.push(Owned()); }) {
        value.push(std::make_unique<int>(n));
      } else {
        value.emplace_back();
      }
    }
    table.set(n, std::move(value));
  }
  EXPECT_GT(table.add_node("c").moved, 0u);
  table.remove_node("a");
  table.erase(0);
  for (int n = 1; n < 500; ++n) EXPECT_EQ(table.get(n)->size(), static_cast<std::size_t>(n % 3 + 1)) << n;
}

}  // namespace
