// SPDX-License-Identifier: MIT
// Misuse of a ring that a checked build stops.
#ifndef PERTURB_CHECKED
#define PERTURB_CHECKED 1
#endif

#include <perturb/hash_ring.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using Strings = perturb::HashRing<std::string>;

TEST(CheckedRingDeathTest, ANodeBeyondTheEndOfAPreferenceList) {
  const Strings ring({"a"});
  EXPECT_DEATH((void)ring.preference_list("key", 2)[1], "fewer nodes than were asked for");
}

TEST(CheckedRingDeathTest, TheFirstNodeOfAnEmptyRing) {
  EXPECT_DEATH((void)Strings().preference_list("key", 2).front(), "no node that is up");
}

TEST(CheckedRingDeathTest, AViewFromBeforeAChange) {
  Strings ring({"a", "b"});
  const auto points = ring.points();
  const auto first = points.begin();
  const auto arcs = ring.arcs();
  EXPECT_FALSE(ring.add_node("a"));
  EXPECT_EQ((*first).token, points[0].token) << "nothing has changed";
  const Strings moved = std::move(ring);
  EXPECT_EQ((*first).token, moved.points()[0].token) << "a move takes along what views refer to";
  Strings copy = moved;
  copy.add_node("c");
  EXPECT_EQ((*first).token, moved.points()[0].token) << "the change of a copy";
  Strings changed = moved;
  const auto before = changed.points();
  const auto it = before.begin();
  const auto ends = changed.arcs();
  changed.replace_node("a");
  const auto of_moved = moved.points();
  copy = moved;
  EXPECT_EQ(of_moved[0].token, copy.points()[0].token) << "a copy made by assignment changes nothing either";
  copy.add_node("d");
  EXPECT_EQ(of_moved[0].token, moved.points()[0].token);
  EXPECT_DEATH((void)before[0], "after the ring has changed");
  EXPECT_DEATH((void)*it, "after the ring has changed");
  EXPECT_DEATH((void)ends[0], "after the ring has changed");
  EXPECT_DEATH((void)changed.points()[changed.points().size()], "not less than the number of elements");
}

TEST(CheckedRingDeathTest, AViewFromBeforeAChangeOfFewOfManyPoints) {
  Strings ring;
  for (int node = 0; node < 200; ++node) ring.add_node("node " + std::to_string(node));
  const auto before = ring.points();
  ring.remove_node("node 7");
  EXPECT_DEATH((void)before[0], "after the ring has changed");
}

struct EmitsAWrongNumber {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::insertion;

  template <class Node, class AddPoint>
  void place_all(std::span<const Node> nodes, std::span<const double>, AddPoint&& add_point) const {
    add_point(nodes.size(), 7u);
  }
};

TEST(CheckedRingDeathTest, APlacementThatEmitsAPointOfNoNode) {
  perturb::HashRing<int, perturb::XxHash<>, EmitsAWrongNumber> ring;
  EXPECT_DEATH(ring.add_node(1), "of a node that is not there");
}

// Throws at the n-th hash from now on.
struct Fuse {
  static inline std::size_t left = static_cast<std::size_t>(-1);
  std::uint64_t operator()(int key) const {
    if (left-- == 0) throw std::runtime_error("no hash");
    return static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15u;
  }
};

TEST(CheckedShardedTable, AHasherThatThrowsDuringAChangeLeavesAllAsItWas) {
  using Table = perturb::ShardedTable<int, std::string, std::string, Fuse>;
  for (std::size_t hashes = 0;; ++hashes) {
    Fuse::left = static_cast<std::size_t>(-1);
    Table table;
    table.add_node("a");
    table.add_node("b");
    for (int key = 0; key < 40; ++key) table.set(key, std::to_string(key));
    bool has_thrown = false;
    Fuse::left = hashes;
    try {
      table.add_node("c");
    } catch (const std::runtime_error&) {
      has_thrown = true;
    }
    Fuse::left = static_cast<std::size_t>(-1);
    ASSERT_EQ(table.ring().size(), has_thrown ? 2u : 3u);
    ASSERT_EQ(table.size(), 40u);
    for (int key = 0; key < 40; ++key) {
      ASSERT_NE(table.get(key), nullptr);
      ASSERT_EQ(*table.get(key), std::to_string(key));
    }
    if (!has_thrown) break;
    ASSERT_LT(hashes, 1000u);
  }
}

}  // namespace
