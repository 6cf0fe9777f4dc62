// SPDX-License-Identifier: MIT
#include <perturb/bounded_assigner.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::HashRing;
using Small = HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<16>>;

template <class Ring>
std::uint64_t limit_of(const Ring& ring, const std::string& node, std::size_t keys, double bound) {
  double total = 0;
  for (const std::string& name : ring.nodes()) total += ring.weight(name);
  return static_cast<std::uint64_t>(std::ceil(bound * static_cast<double>(keys) * ring.weight(node) / total));
}

Small weighted_ring(int nodes) {
  Small ring;
  for (int i = 0; i < nodes; ++i) ring.add_node("n" + std::to_string(i), 0.5 + i % 4);
  return ring;
}

// ---- pick_bounded ---------------------------------------------------------------------------------------------------

TEST(PickBounded, NeverPassesTheBound) {
  for (const double bound : {1.0, 1.05, 1.25, 2.0}) {
    const Small ring = weighted_ring(9);
    std::map<std::string, std::uint64_t> loads;
    const auto load_of = [&](const std::string& node) { return loads[node]; };
    for (int key = 0; key < 2000; ++key) {
      const std::string* const node = ring.pick_bounded(key, load_of, bound);
      ASSERT_NE(node, nullptr);
      ++loads[*node];
      for (const std::string& name : ring.nodes())
        ASSERT_LE(loads[name], limit_of(ring, name, static_cast<std::size_t>(key) + 1, bound)) << name;
    }
  }
}

/// 16 points a node, whatever its weight: so weights may be as large as numbers are.
struct SixteenPoints {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::identity;
  [[nodiscard]] std::uint64_t point_count(double) const { return 16; }
  template <class Node, class AddPoint>
  void place(const Node& node, double, AddPoint&& add_point) const {
    for (std::uint64_t i = 0; i < 16; ++i) add_point(perturb::XxHash<>(i)(node));
  }
};
using Weighty = HashRing<std::string, perturb::XxHash<>, SixteenPoints>;

TEST(PickBounded, FindsRoomWhereTheSumOfTheWeightsIsBeyondTheLargestNumber) {
  Weighty ring({{"a", 1e308}, {"b", 1e308}, {"c", 1e308}});
  EXPECT_NE(ring.pick_bounded(1, [](const std::string&) { return 0; }, 1.25), nullptr);
  ring.set_state("a", perturb::NodeState::down);
  ring.set_weight("b", 1e-300);
  ring.set_weight("c", 1e-300);
  EXPECT_NE(ring.pick_bounded(1, [](const std::string&) { return 0; }, 1.25), nullptr);
}

TEST(BoundedAssigner, FindsRoomWhereTheSumOfTheWeightsIsBeyondTheLargestNumber) {
  perturb::BoundedAssigner<int, Weighty> assigner(Weighty({{"a", 1e308}, {"b", 1e308}, {"c", 5e307}}), 1.25);
  for (int key = 0; key < 100; ++key) assigner.assign(key);
  EXPECT_LE(assigner.load("a"), 50u);
  EXPECT_LE(assigner.load("c"), 25u);
}

TEST(PickBounded, GivesTheFirstNodeOfThePreferenceListWithRoom) {
  const Small ring({"a", "b", "c", "d"});
  std::map<std::string, int> loads = {{"a", 7}, {"b", 0}, {"c", 7}, {"d", 0}};
  for (int key = 0; key < 200; ++key) {
    const auto list = ring.preference_list(key, 4);
    // 15 keys on four nodes with the bound 1.25: at most five.
    const auto* const* expected = std::find_if(list.begin(), list.end(), [&](auto* node) { return loads[*node] < 5; });
    ASSERT_EQ(ring.pick_bounded(key, [&](const std::string& node) { return loads[node]; }, 1.25), *expected);
  }
}

TEST(PickBounded, CountsNeitherTheLoadNorTheWeightOfNodesThatAreNotUp) {
  Small ring({"a", "b"});
  ring.add_node("down", 1000.0);
  ring.set_state("down", perturb::NodeState::down);
  // With the loads below the two may have (10 + 0 + 1) / 2, rounded up, each: only "b" has room.
  const auto load_of = [](const std::string& node) { return node == "a" ? 10U : node == "b" ? 0U : 1000U; };
  for (int key = 0; key < 20; ++key) {
    const std::string* const picked = ring.pick_bounded(key, load_of, 1.0);
    ASSERT_NE(picked, nullptr);
    EXPECT_EQ(*picked, "b");
  }
}

TEST(PickBounded, WithoutABoundIsTheOwner) {
  const Small ring({"a", "b", "c"});
  const double infinity = std::numeric_limits<double>::infinity();
  for (int key = 0; key < 100; ++key)
    EXPECT_EQ(ring.pick_bounded(key, [](const std::string&) { return 1000; }, infinity), ring.find_owner(key));
}

TEST(PickBounded, FindsRoomForOneAmongVeryManyKeys) {
  const Small ring({"a", "b"});
  for (const int bits : {10, 30, 40, 50}) {
    EXPECT_NE(ring.pick_bounded(
                  "key", [&](const std::string&) { return std::uint64_t{1} << bits; }, 1.0),
              nullptr)
        << bits;
  }
}

TEST(PickBounded, SaysSoWhenNoNodeHasRoom) {
  EXPECT_EQ(Small().pick_bounded("key", [](const std::string&) { return 0; }, 1.25), nullptr);
  // Loads that grow while they are read: each time more than the last.
  std::uint64_t load = 0;
  EXPECT_EQ(Small({"a", "b"}).pick_bounded("key", [&](const std::string&) { return load += 100; }, 1.0), nullptr);
  // All load is on the nodes with points, and the room on one without.
  kit::HandMadeRing<> ring;
  ring.add_node({"full", {5}});
  ring.add_node({"without points", {}});
  EXPECT_EQ(ring.pick_bounded("key", [](const auto& node) { return node.name == "full" ? 10 : 0; }, 1.0), nullptr);
}

TEST(PickBounded, RefusesABoundBelowOne) {
  const Small ring({"a"});
  const auto load_of = [](const std::string&) { return 0; };
  for (const double bound : {0.99, 0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW((void)ring.pick_bounded("key", load_of, bound), std::invalid_argument);
}

TEST(BoundedCapacity, IsRoundedUpButForRoundingErrors) {
  using perturb::detail::ring::bounded_capacity;
  EXPECT_EQ(bounded_capacity(10, 1.1, 1.0), 11u);                            // 11.000000000000002
  EXPECT_EQ(bounded_capacity(5'739'218'400, 1.1, 1.0 / 3), 2'104'380'080u);  // 2104380080.0000002
  EXPECT_EQ(bounded_capacity(10, 1.0, 1.0 / 3), 4u);
  EXPECT_EQ(bounded_capacity(9, 1.0, 1.0 / 3), 3u);
  EXPECT_EQ(bounded_capacity(1, 1.0, 0.1), 1u);
  EXPECT_EQ(bounded_capacity(0, 1.25, 0.1), 0u);
  EXPECT_GT(bounded_capacity(5, std::numeric_limits<double>::infinity(), 0.1), 1'000'000u);
}

// ---- BoundedAssigner ------------------------------------------------------------------------------------------------

using Assigner = perturb::BoundedAssigner<int, Small>;

void expect_within_bound(const Assigner& assigner, const std::map<int, std::string>& reference) {
  std::map<std::string, std::size_t> loads;
  for (const auto& [key, node] : reference) {
    ASSERT_NE(assigner.find(key), nullptr);
    ASSERT_EQ(*assigner.find(key), node);
    ++loads[node];
  }
  ASSERT_EQ(assigner.size(), reference.size());
  for (const std::string& node : assigner.ring().nodes()) {
    ASSERT_EQ(assigner.load(node), loads[node]);
    ASSERT_LE(loads[node], limit_of(assigner.ring(), node, reference.size(), assigner.bound()));
    ASSERT_LE(loads[node], assigner.capacity(node));
  }
}

TEST(BoundedAssigner, IsStickyAndWithinTheBoundForRandomSequences) {
  for (const double bound : {1.0, 1.1, 1.25, 3.0}) {
    std::mt19937 random(17);
    Assigner assigner(weighted_ring(5), bound);
    std::map<int, std::string> reference;
    std::size_t moves = 0;
    const auto on_move = [&](int key, const std::string& from, const std::string& to) {
      ASSERT_EQ(reference[key], from);
      ASSERT_NE(from, to);
      reference[key] = to;
      ++moves;
    };
    for (int step = 0; step < 1500; ++step) {
      const int key = static_cast<int>(random() % 300);
      if (const auto what = random() % 20; what < 12) {
        const std::string& node = assigner.assign(key);
        ASSERT_TRUE(reference.try_emplace(key, node).first->second == node) << "an assigned key moved";
      } else if (what < 19) {
        ASSERT_EQ(assigner.release(key,
                                   [&](int other, const std::string& from, const std::string& to) {
                                     if (other != key) on_move(other, from, to);
                                   }),
                  reference.erase(key) == 1);
      } else {
        const std::string name = "n" + std::to_string(random() % 8);
        const double weight = 0.5 + static_cast<double>(random() % 4);
        const auto change = random() % 3;
        Small after = assigner.ring();
        const auto apply = [&](Small& ring) {
          if (change == 0 && ring.size() > 1) ring.remove_node(name);
          if (change == 1) ring.add_node(name, weight);
          if (change == 2) ring.set_weight(name, weight);
        };
        apply(after);
        // What the bound forces: the keys of nodes that left, and of the others as many as are too many.
        std::size_t forced = 0;
        for (const std::string& node : assigner.ring().nodes()) {
          const std::size_t load = assigner.load(node);
          const std::uint64_t allowed = after.contains(node) ? limit_of(after, node, assigner.size(), bound) : 0;
          forced += load - static_cast<std::size_t>(std::min<std::uint64_t>(load, allowed));
        }
        moves = 0;
        ASSERT_EQ(assigner.update(apply, on_move), moves);
        ASSERT_EQ(moves, forced);
      }
      ASSERT_NO_FATAL_FAILURE(expect_within_bound(assigner, reference));
    }
  }
}

TEST(BoundedAssigner, AssignsToTheOwnerWhileThereIsRoom) {
  const Small ring({"a", "b", "c"});
  Assigner assigner(ring, 100.0);
  for (int key = 0; key < 50; ++key) EXPECT_EQ(assigner.assign(key), ring.owner(key));
}

TEST(BoundedAssigner, CountsOnlyNodesThatOwnAPart) {
  kit::HandMadeRing<> ring;
  ring.add_node({"full", {5}});
  ring.add_node({"without points", {}}, 100.0);
  perturb::BoundedAssigner<int, kit::HandMadeRing<>> assigner(ring, 1.0);
  for (int key = 0; key < 50; ++key) EXPECT_EQ(assigner.assign(key).name, "full");
  EXPECT_EQ(assigner.capacity("without points"), 0u);
}

TEST(BoundedAssigner, OfAnEmptyRingRefusesKeysAndTheLastNodeStaysWhileThereAreAny) {
  Assigner assigner{Small()};
  EXPECT_THROW((void)assigner.assign(1), perturb::EmptyRing);
  EXPECT_EQ(assigner.find(1), nullptr);
  EXPECT_FALSE(assigner.release(1));
  assigner.update([](Small& ring) { ring.add_node("a"); });
  EXPECT_EQ(assigner.assign(1), "a");
  EXPECT_THROW(assigner.update([](Small& ring) { ring.remove_node("a"); }), std::logic_error);
  EXPECT_EQ(*assigner.find(1), "a");
  EXPECT_TRUE(assigner.release(1));
  EXPECT_EQ(assigner.update([](Small& ring) { ring.remove_node("a"); }), 0u);
  EXPECT_THROW(Assigner(Small(), 0.9), std::invalid_argument);
}

// A key whose copies can be made to throw.
struct Costly {
  int number = 0;
  explicit Costly(int n) : number(n) {}
  Costly(const Costly& other) : number(other.number) {
    if (copies_left-- == 0) throw std::bad_alloc();
  }
  Costly& operator=(const Costly&) = default;
  friend bool operator==(const Costly&, const Costly&) = default;
  friend void perturb_hash(perturb::HashState& state, const Costly& key) noexcept { state(key.number); }
  static inline int copies_left = -1;
};

TEST(BoundedAssigner, IsUnchangedIfAKeyCannotBeCopied) {
  perturb::BoundedAssigner<Costly, Small> assigner(Small({"a", "b"}));
  int copies = 0;
  for (;; ++copies) {
    Costly::copies_left = copies;
    try {
      assigner.assign(Costly(1));
      break;
    } catch (const std::bad_alloc&) {
      ASSERT_EQ(assigner.size(), 0u);
      ASSERT_EQ(assigner.load("a") + assigner.load("b"), 0u) << "after " << copies << " copies";
    }
  }
  Costly::copies_left = -1;
  EXPECT_GE(copies, 2) << "one in the list of the node, one in the table";
  EXPECT_EQ(assigner.load("a") + assigner.load("b"), 1u);
}

TEST(BoundedAssigner, HasNoLoadAndNoCapacityForUnknownNodes) {
  Assigner assigner(Small({"a"}));
  assigner.assign(1);
  EXPECT_EQ(assigner.load("b"), 0u);
  EXPECT_EQ(assigner.capacity("b"), 0u);
  EXPECT_EQ(assigner.capacity("a"), 2u);
}

TEST(BoundedAssigner, WithoutANodeThatIsUpRefusesKeys) {
  for (const auto state : {perturb::NodeState::draining, perturb::NodeState::down}) {
    Small ring({"a", "b"});
    ring.set_state("a", state);
    ring.set_state("b", state);
    Assigner assigner(ring);
    EXPECT_THROW((void)assigner.assign(1), perturb::EmptyRing);
    EXPECT_EQ(assigner.size(), 0u);
    assigner.update([](Small& changed) { changed.set_state("b", perturb::NodeState::up); });
    EXPECT_EQ(assigner.assign(1), "b");
    EXPECT_THROW(assigner.update([&](Small& changed) { changed.set_state("b", state); }), std::logic_error);
  }
}

}  // namespace
