// SPDX-License-Identifier: MIT
// Every change of a ring and of a sharded table, with each of its allocations failing in turn. This file replaces the
// global operator new of its executable, which fails only while a test asks for it.
#include <perturb/hash_ring.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"
#include "support/replaced_new.hpp"

namespace {

// How many more allocations succeed; no value: all of them.
std::optional<std::size_t> allocations_left;

}  // namespace

void kit::before_allocation() {
  if (!allocations_left.has_value()) return;
  if (*allocations_left == 0) throw std::bad_alloc();
  --*allocations_left;
}

namespace {

using perturb::VirtualNodes;

// Runs `change` on copies of `origin` in which the first, the second, ... allocation fails, until all succeed. Each
// time the change must have succeeded (`expect_changed(copy)`) or have thrown (`expect_unchanged(copy)`).
template <class T, class Change, class ExpectUnchanged, class ExpectChanged>
void fail_at_each_allocation(const T& origin, Change change, ExpectUnchanged expect_unchanged,
                             ExpectChanged expect_changed) {
  for (std::size_t successes = 0;; ++successes) {
    T copy = origin;
    bool has_thrown = false;
    allocations_left = successes;
    try {
      change(copy);
    } catch (const std::bad_alloc&) {
      has_thrown = true;
    }
    const bool some_left = *allocations_left > 0;
    allocations_left.reset();
    if (has_thrown) {
      expect_unchanged(copy);
    } else {
      EXPECT_GT(successes, 3u) << "the change allocates less than it must";
      expect_changed(copy);
      if (some_left) return;  // otherwise the change may have succeeded without the last allocation
    }
    if (testing::Test::HasFatalFailure()) return;
  }
}

std::string name(int number) { return "a node with a name too long for a small string " + std::to_string(number); }

// ---- The ring -------------------------------------------------------------------------------------------------------

template <class Ring, class Change>
void expect_strong(const Ring& origin, Change change) {
  std::vector<std::string> owners;
  for (int key = 0; key < 50; ++key) owners.push_back(origin.owner(std::to_string(key)));
  Ring expected = origin;
  change(expected);
  ASSERT_FALSE(expected == origin);
  const auto expect_unchanged = [&](const Ring& ring) {
    ASSERT_EQ(ring, origin);
    for (int key = 0; key < 50; ++key) {
      ASSERT_EQ(ring.owner(std::to_string(key)), owners[static_cast<std::size_t>(key)]);
    }
  };
  fail_at_each_allocation(origin, change, expect_unchanged, [&](const Ring& ring) { ASSERT_EQ(ring, expected); });
}

template <class Placement>
class HashRingStrongGuarantee : public testing::Test {};
using Placements =
    testing::Types<VirtualNodes<10>, kit::Narrow<perturb::BoundRule::nearest, perturb::TieRule::insertion>,
                   kit::WholeDigest, kit::RelativeWeightsOf<3>>;
TYPED_TEST_SUITE(HashRingStrongGuarantee, Placements);

TYPED_TEST(HashRingStrongGuarantee, EachChangeHappensOrDoesNot) {
  using Ring = perturb::HashRing<std::string, kit::Fnv32, TypeParam>;
  const Ring ring({name(1), name(2), name(3)});
  expect_strong(ring, [](Ring& r) { r.add_node(name(4)); });
  expect_strong(ring, [](Ring& r) { r.add_nodes(std::vector<std::string>{name(0), name(5)}); });
  expect_strong(ring, [](Ring& r) { r.remove_node(name(2)); });
  expect_strong(ring, [](Ring& r) { r.set_weight(name(2), 2.0); });
  expect_strong(ring, [](Ring& r) { r.set_state(name(2), perturb::NodeState::down); });
  expect_strong(ring, [](Ring& r) { r.remove_nodes(std::vector<std::string>{name(1), name(3)}); });
  expect_strong(ring, [](Ring& r) { r.assign(std::vector<std::string>{name(5), name(1), name(7)}); });
  const std::vector<perturb::RingChange<std::string>> changes = {
      perturb::RingChange<std::string>::add_node(name(6)), perturb::RingChange<std::string>::remove_node(name(1)),
      perturb::RingChange<std::string>::set_weight(name(2), 2.0)};
  expect_strong(ring, [&](Ring& r) { r.apply(changes); });
  const Ring other({name(8), name(9)});
  expect_strong(ring, [&](Ring& r) { r = other; });
}

TEST(HashRingStrongGuaranteeNode, ACopyThatThrowsChangesNothing) {
  struct Fragile {
    std::string text;
    std::size_t* copies_left;

    Fragile(std::string t, std::size_t* left) : text(std::move(t)), copies_left(left) {}
    Fragile(const Fragile& other) : text(other.text), copies_left(other.copies_left) {
      if ((*copies_left)-- == 0) throw std::runtime_error("no copy");
    }
    Fragile& operator=(const Fragile& other) = default;
    const std::string& id() const { return text; }
  };
  for (std::size_t copies = 0;; ++copies) {
    std::size_t left = 1000;
    perturb::HashRing<Fragile> ring;
    ring.add_node(Fragile("a", &left));
    ring.add_node(Fragile("c", &left));
    const auto before = ring;
    const Fragile joining("b", &left);
    left = copies;
    try {
      ring.add_node(joining);
      ASSERT_GT(copies, 2u);
      break;
    } catch (const std::runtime_error&) {
      ASSERT_EQ(ring, before);
    }
  }
}

// ---- The sharded table ----------------------------------------------------------------------------------------------

// A value that only copies, and allocates when it does.
struct Copied {
  std::string text;

  explicit Copied(std::string t) : text(std::move(t)) {}
  Copied(const Copied&) = default;
  Copied& operator=(const Copied&) = default;
  friend bool operator==(const Copied&, const Copied&) = default;
};

template <class Table>
auto content(const Table& table) {
  std::vector<std::pair<std::string, typename Table::mapped_type>> entries;
  table.for_each([&](const std::string& key, const auto& value) { entries.emplace_back(key, value); });
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return entries;
}

// Checks that every entry is there once and on the node that owns its key.
template <class Table, class Content>
void expect_whole(const Table& table, const Content& expected) {
  ASSERT_EQ(content(table), expected);
  ASSERT_EQ(table.size(), expected.size());
  for (const std::string& node : table.ring().nodes()) {
    std::size_t count = 0;
    table.for_each_on(node, [&](const std::string& key, const auto& value) {
      ++count;
      ASSERT_EQ(table.owner(key), node);
      ASSERT_NE(table.get(key), nullptr);
      ASSERT_EQ(*table.get(key), value);
    });
    ASSERT_EQ(table.node_size(node), count);
  }
}

template <class Table, class Change>
void expect_strong_table(const Table& origin, Change change) {
  const auto expected = content(origin);
  const auto expect_unchanged = [&](const Table& table) {
    ASSERT_EQ(table.ring(), origin.ring());
    expect_whole(table, expected);
  };
  const auto expect_changed = [&](const Table& table) {
    ASSERT_FALSE(table.ring() == origin.ring());
    expect_whole(table, expected);
  };
  fail_at_each_allocation(origin, change, expect_unchanged, expect_changed);
}

template <class T, class Placement>
void expect_strong_changes() {
  if (PERTURB_CHECKED) GTEST_SKIP() << "in a checked build a table allocates where it says that it cannot throw";
  using Table = perturb::ShardedTable<std::string, T, std::string, kit::Fnv32, Placement>;
  Table table;
  for (int node = 1; node < 4; ++node) table.add_node(name(node));
  for (int key = 0; key < 120; ++key) {
    table.set("a key too long for a small string " + std::to_string(key),
              T("a value too long for a small string " + std::to_string(key)));
  }
  expect_strong_table(table, [](Table& t) { t.add_node(name(4)); });
  expect_strong_table(table, [](Table& t) { t.add_nodes(std::vector<std::string>{name(0), name(5)}); });
  expect_strong_table(table, [](Table& t) { t.remove_node(name(2)); });
  expect_strong_table(table, [](Table& t) { t.set_weight(name(2), 2.0); });
  expect_strong_table(table, [](Table& t) { t.set_weight(name(1), 0.5); });
  expect_strong_table(table, [](Table& t) { t.set_state(name(1), perturb::NodeState::down); });
  expect_strong_table(table, [](Table& t) { t.rebalance_to(std::vector<std::string>{name(7), name(2)}); });
}

TEST(ShardedTableStrongGuarantee, EntriesThatMoveOnVirtualNodes) {
  static_assert(std::is_nothrow_move_constructible_v<std::string>);
  expect_strong_changes<std::string, VirtualNodes<6>>();
}
TEST(ShardedTableStrongGuarantee, EntriesThatMoveOnAWholePlacement) {
  expect_strong_changes<std::string, kit::RelativeWeightsOf<3>>();
}
TEST(ShardedTableStrongGuarantee, EntriesThatCopyOnVirtualNodes) {
  static_assert(!std::is_nothrow_move_constructible_v<Copied>);
  expect_strong_changes<Copied, VirtualNodes<6>>();
}
TEST(ShardedTableStrongGuarantee, EntriesThatCopyOnAWholePlacement) {
  expect_strong_changes<Copied, kit::RelativeWeightsOf<3>>();
}

TEST(ShardedTableStrongGuarantee, SettingAnEntryHappensOrDoesNot) {
  using Table = perturb::ShardedTable<std::string, std::string, std::string>;
  Table table;
  for (int node = 1; node < 4; ++node) table.add_node(name(node));
  const auto expected = content(table);
  for (std::size_t successes = 0;; ++successes) {
    Table copy = table;
    allocations_left = successes;
    try {
      copy.set("a key too long for a small string", "a value too long for a small string");
      allocations_left.reset();
      EXPECT_GT(successes, 1u);
      EXPECT_EQ(copy.size(), 1u);
      break;
    } catch (const std::bad_alloc&) {
      allocations_left.reset();
      expect_whole(copy, expected);
      EXPECT_FALSE(copy.contains("a key too long for a small string"));
    }
  }
}

}  // namespace
