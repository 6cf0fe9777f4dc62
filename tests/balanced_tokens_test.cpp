// SPDX-License-Identifier: MIT
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/sharded_table.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::BalancedTokens;
using perturb::HashRing;
using perturb::NodeState;
using perturb::XxHash;
using Even = HashRing<int, XxHash<>, BalancedTokens<>>;
using EvenStrings = HashRing<std::string, XxHash<>, BalancedTokens<64>>;

// ---- The figures that the header promises ---------------------------------------------------------------------------

TEST(BalancedTokensFigures, PeakIsWithinAPercentAndWithinFiveAfterAnyLoss) {
  Even ring;
  for (int nodes = 1; nodes <= 100; ++nodes) {
    ring.add_node(nodes * 37 % 101);
    if (nodes < 5) continue;
    ASSERT_LE(ring.balance().peak, 1.003) << nodes;
    if (nodes > 20 && nodes % 10 != 0) continue;
    for (const int node : ring.nodes()) {
      Even rest = ring;
      rest.remove_node(node);
      ASSERT_LE(rest.balance().peak, 1.05) << nodes << " nodes, without " << node;
    }
  }
}

TEST(BalancedTokensFigures, PeakIsWithinAPercentForRingsBuiltAtOnce) {
  for (int nodes = 5; nodes <= 100; nodes += 5) {
    std::vector<int> list;
    for (int i = 0; i < nodes; ++i) list.push_back(i * 7919 % 1000);
    ASSERT_LE(Even(list).balance().peak, 1.003) << nodes;
  }
}

TEST(BalancedTokensFigures, WeightsFromAQuarterToFourAreKeptWithinTwoPercent) {
  std::mt19937 random(1);
  Even ring;
  for (int node = 0; node < 60; ++node) {
    ring.add_node(node, 0.25 * static_cast<double>(1 + random() % 16));
    ASSERT_LE(node < 4 ? 1.0 : ring.balance().peak, 1.02) << node;
  }
}

TEST(BalancedTokensFigures, OfUnequalWeightsArePeaksWithinAPercentAndWithinFiveAfterAnyLoss) {
  for (const unsigned seed : {2u, 3u}) {
    std::mt19937 random(seed);
    Even ring;
    for (int node = 0; node < 30; ++node) {
      ring.add_node(node, 0.5 * static_cast<double>(1 + random() % 8));
      if (node < 4) continue;
      ASSERT_LE(ring.balance().peak, 1.005) << node;
      if (node % 5 != 4) continue;
      for (const int lost : ring.nodes()) {
        Even rest = ring;
        rest.remove_node(lost);
        ASSERT_LE(rest.balance().peak, 1.05) << node << " without " << lost;
      }
    }
  }
}

TEST(BalancedTokensFigures, StayWhenNodesLeaveAndJoin) {
  Even ring;
  for (int node = 0; node < 20; ++node) ring.add_node(node);
  for (int node = 0; node < 60; ++node) {
    ring.remove_node(node);
    ring.add_node(20 + node);
    ASSERT_LE(ring.balance().peak, 1.003);
  }
}

// ---- Movement -------------------------------------------------------------------------------------------------------

TEST(BalancedTokensMovement, AJoiningNodeTakesItsShareAndMovesNothingElse) {
  EvenStrings ring;
  for (int node = 0; node < 20; ++node) {
    const EvenStrings before = ring;
    const std::string name = "n" + std::to_string(node);
    ring.add_node(name, 0.5 + node % 3);
    const auto plan = perturb::diff(before, ring);
    for (const auto& move : plan) ASSERT_EQ(move.to, name);
    ASSERT_DOUBLE_EQ(plan.fraction(), ring.share(name));
  }
}

TEST(BalancedTokensMovement, ALeavingNodeMovesItsShareAndNothingElse) {
  EvenStrings ring({"a", "b", "c", "d", "e"});
  const EvenStrings before = ring;
  ring.remove_node("c");
  const auto plan = perturb::diff(before, ring);
  for (const auto& move : plan) EXPECT_EQ(move.from, "c");
  EXPECT_DOUBLE_EQ(plan.fraction(), before.share("c"));
}

TEST(BalancedTokensMovement, AnotherWeightMovesKeysOnlyToOrFromThatNode) {
  EvenStrings ring({"a", "b", "c", "d", "e"});
  const EvenStrings before = ring;
  ring.set_weight("c", 2.5);
  for (const auto& move : perturb::diff(before, ring)) EXPECT_TRUE(move.from == "c" || move.to == "c");
  EXPECT_NEAR(ring.share("c"), 2.5 / 6.5, 0.01);
}

TEST(BalancedTokensMovement, AnotherWeightMovesTheDifferenceOfTheShares) {
  Even ring;
  for (int node = 0; node < 12; ++node) ring.add_node(node);
  for (const double weight : {1.5, 3.0, 2.5, 1.0, 0.25, 1.0}) {
    const Even before = ring;
    ring.set_weight(5, weight);
    const auto plan = perturb::diff(before, ring);
    EXPECT_NEAR(plan.fraction(), std::abs(ring.share(5) - before.share(5)), 1e-12) << weight;
    EXPECT_NEAR(ring.share(5), weight / (11 + weight), 0.0005) << weight;
    EXPECT_LE(ring.balance().peak, 1.01) << weight;
    EXPECT_EQ(ring.points().size(), static_cast<std::size_t>(256 * (11 + weight)));
    for (const int lost : ring.nodes()) {
      Even rest = ring;
      rest.remove_node(lost);
      EXPECT_LE(rest.balance().peak, 1.1) << weight << " without " << lost;
    }
  }
}

TEST(BalancedTokensMovement, AnotherWeightOfTheOnlyNodeMovesNothing) {
  Even ring({7});
  for (const double weight : {2.0, 0.5, 0.001, 1.0}) {
    ring.set_weight(7, weight);
    EXPECT_EQ(ring.points().size(), std::max<std::size_t>(static_cast<std::size_t>(256 * weight), 1));
    EXPECT_EQ(*ring.find_owner(1), 7);
  }
  ring.add_node(8);
  EXPECT_LE(ring.balance().peak, 1.003);
}

// Places points among others, and cannot give some of them up.
struct PlacesAnew {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::identity;
  BalancedTokens<64> balanced;
  [[nodiscard]] std::string snapshot_name() const { return "PlacesAnew"; }

  [[nodiscard]] std::uint64_t point_count(double weight) const { return balanced.point_count(weight); }
  template <class... Arguments>
  void place_among(Arguments&&... arguments) const {
    balanced.place_among(std::forward<Arguments>(arguments)...);
  }
};

TEST(BalancedTokensMovement, ANodeOfAnotherWeightLeavesAndJoinsWhereItsPlacementGivesNoPointsUp) {
  HashRing<std::string, XxHash<>, PlacesAnew> ring({"a", "b", "c", "d"});
  auto joined = ring;
  ring.set_weight("b", 0.5);
  joined.remove_node("b");
  joined.add_node("b", 0.5);
  EXPECT_EQ(ring.fingerprint(), joined.fingerprint());
  EXPECT_EQ(ring.points().size(), 3u * 64 + 32);
}

TEST(BalancedTokensMovement, WeightsAndNodesThatChangeTogetherAreEven) {
  Even ring;
  for (int node = 0; node < 12; ++node) ring.add_node(node);
  using Change = perturb::RingChange<int>;
  ring.apply({Change::set_weight(0, 2), Change::set_weight(11, 0.5), Change::remove_node(4), Change::add_node(40),
              Change::set_weight(6, 3), Change::set_state(7, NodeState::down), Change::set_weight(7, 5)});
  EXPECT_LE(ring.balance().peak, 1.05);
  ring.set_state(7, NodeState::up);
  EXPECT_EQ(ring.points().size(), static_cast<std::size_t>(256 * (7 + 2 + 0.5 + 1 + 3 + 5)));
  EXPECT_LE(ring.balance().peak, 1.03);
  EXPECT_EQ(Even::deserialize(ring.serialize()), ring);
}

// ---- States ---------------------------------------------------------------------------------------------------------

TEST(BalancedTokensStates, ANodeThatIsNotUpHasLeft) {
  for (const NodeState state : {NodeState::draining, NodeState::down}) {
    EvenStrings ring({"a", "b", "c", "d", "e"});
    EvenStrings without = ring;
    ring.set_state("c", state);
    without.remove_node("c");
    EXPECT_EQ(ring.size(), 5u);
    EXPECT_EQ(ring.share("c"), 0);
    EXPECT_EQ(ring.points().size(), without.points().size());
    for (int key = 0; key < 1000; ++key) ASSERT_EQ(ring.owner(key), without.owner(key));
    // Those that join meanwhile are placed as if it was not there.
    ring.add_node("bb", 2);
    without.add_node("bb", 2);
    for (int key = 0; key < 1000; ++key) ASSERT_EQ(ring.owner(key), without.owner(key));
    EXPECT_DOUBLE_EQ(ring.balance().peak, without.balance().peak);
  }
}

TEST(BalancedTokensStates, NodesThatAreNotUpDoNotCountWhereManyNodesArePlacedOtherwise) {
  using Few = HashRing<int, XxHash<>, BalancedTokens<4>>;
  constexpr int kUp = static_cast<int>(perturb::detail::ring::Inheritance::kLimit) - 4;
  std::vector<perturb::RingMember<int>> members;
  for (int node = 0; node < kUp; ++node) members.push_back({node, 1, NodeState::up});
  Few without(members);
  for (int node = 0; node < 6; ++node) members.push_back({kUp + node, 1, NodeState::down});
  Few ring(members);
  ring.add_node(-1);
  without.add_node(-1);
  for (int key = 0; key < 4000; ++key) ASSERT_EQ(ring.owner(key), without.owner(key));
  EXPECT_EQ(ring.share(-1), without.share(-1));
}

TEST(BalancedTokensStates, ANodeThatIsUpAgainTakesItsShareAndMovesNothingElse) {
  EvenStrings ring({"a", "b", "c", "d", "e"});
  ring.set_state("c", NodeState::down);
  ring.set_weight("c", 2);
  const EvenStrings before = ring;
  EvenStrings joined = ring;
  ring.set_state("c", NodeState::up);
  for (const auto& move : perturb::diff(before, ring)) ASSERT_EQ(move.to, "c");
  EXPECT_NEAR(ring.share("c"), 2.0 / 6, 0.01);
  EXPECT_LE(ring.balance().peak, 1.05);
  // As one that joins.
  joined.remove_node("c");
  joined.add_node("c", 2);
  EXPECT_EQ(ring, joined);
}

TEST(BalancedTokensStates, ANodeThatIsUpAgainWithAnotherWeightJoinsWithIt) {
  using Change = perturb::RingChange<std::string>;
  EvenStrings ring({"a", "b", "c", "d", "e"});
  ring.set_state("c", NodeState::down);
  EvenStrings one_by_one = ring;
  one_by_one.set_weight("c", 2);
  one_by_one.set_state("c", NodeState::up);
  ring.apply({Change::set_state("c", NodeState::up), Change::set_weight("c", 2)});
  EXPECT_EQ(ring, one_by_one);
}

TEST(BalancedTokensStates, ANodeThatIsNotUpMayHaveAnyWeight) {
  EvenStrings ring({"a", "b", "c"});
  const EvenStrings before = ring;
  ring.set_state("b", NodeState::down);
  ring.set_weight("b", 1e300);
  ring.add_node("d");
  EXPECT_NEAR(ring.share("d"), 1.0 / 3, 0.01);
  EXPECT_THROW(ring.set_state("b", NodeState::up), std::invalid_argument);
  EXPECT_EQ(ring.state("b"), NodeState::down);
  EXPECT_EQ(EvenStrings::deserialize(ring.serialize()), ring);
}

TEST(BalancedTokensStates, AllDownAndUpAgain) {
  EvenStrings ring({"a", "b", "c"});
  using Change = perturb::RingChange<std::string>;
  EXPECT_EQ(ring.apply({Change::set_state("a", NodeState::down), Change::set_state("b", NodeState::down),
                        Change::set_state("c", NodeState::down)}),
            3u);
  EXPECT_EQ(ring.find_owner("key"), nullptr);
  EXPECT_EQ(EvenStrings::deserialize(ring.serialize()), ring);
  ring.assign({{"a", 1, NodeState::up}, {"b", 1, NodeState::up}, {"c", 1, NodeState::up}});
  EXPECT_EQ(ring, EvenStrings({"a", "b", "c"}));
}

TEST(BalancedTokensStates, AreKeptInSnapshots) {
  EvenStrings ring({"a", "b", "c", "d"});
  ring.set_state("b", NodeState::draining);
  ring.add_node("aa", 1.5);
  const EvenStrings copy = EvenStrings::deserialize(ring.serialize());
  EXPECT_EQ(copy, ring);
  EXPECT_EQ(copy.state("b"), NodeState::draining);
  EXPECT_EQ(copy.fingerprint(), ring.fingerprint());
}

// ---- Determinism, snapshots, refusals -------------------------------------------------------------------------------

TEST(BalancedTokensGolden, TokensNeverChange) {
  const EvenStrings ring({"a", "b", "c"});
  EXPECT_EQ(ring.points().size(), 192u);
  EXPECT_EQ(ring.points()[0].token, 70447201626400652u);
  EXPECT_EQ(ring.points()[191].token, 18351836844850862340u);
  EXPECT_EQ(ring.fingerprint(), 15709970400287353338u);
  Even large;
  for (int node = 0; node < 30; ++node) large.add_node(node, 1 + node % 3);
  EXPECT_EQ(large.fingerprint(), 6212369888589948946u);
}

TEST(BalancedTokensSnapshot, KeepsThePointsThatDependOnTheHistory) {
  EvenStrings ring({"a", "b", "c", "d"});
  ring.remove_node("b");
  ring.add_node("e", 1.5);
  const std::vector<std::byte> image = ring.serialize();
  const EvenStrings copy = EvenStrings::deserialize(image);
  EXPECT_EQ(copy, ring);
  EXPECT_EQ(copy.serialize(), image);
  EXPECT_FALSE(copy ==
               EvenStrings(std::vector<std::pair<std::string, double>>{{"a", 1}, {"c", 1}, {"d", 1}, {"e", 1.5}}));
  // And changes alike from there.
  EvenStrings one = ring;
  EvenStrings other = copy;
  one.add_node("f");
  other.add_node("f");
  EXPECT_EQ(one, other);
  std::mt19937 random(2);
  for (int damage = 0; damage < 2000; ++damage) {
    std::vector<std::byte> bytes = image;
    bytes[random() % bytes.size()] ^= static_cast<std::byte>(1 + random() % 255);
    EXPECT_THROW((void)EvenStrings::deserialize(bytes), perturb::SnapshotError);
  }
}

TEST(BalancedTokens, RefusesWeightsThatMakeTooManyPoints) {
  Even ring({1, 2});
  const Even before = ring;
  EXPECT_THROW(ring.add_node(3, 65'537.0), std::invalid_argument);
  EXPECT_THROW(ring.set_weight(1, 1e300), std::invalid_argument);
  EXPECT_EQ(ring, before);
  HashRing<int> hashed({1, 2});
  EXPECT_THROW(hashed.add_node(3, 65'537.0), std::invalid_argument);
  try {
    hashed.add_node(3, 100'000.0);
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("the weight 1e+05 makes more than 16777216 points"));
    EXPECT_THAT(error.what(), testing::HasSubstr("1 makes 256 points"));
  }
}

TEST(BalancedTokens, FailoverIsThePreferenceList) {
  const EvenStrings ring({"a", "b", "c", "d", "e"});
  for (int key = 0; key < 100; ++key) {
    const auto list = ring.preference_list(key, 5);
    const auto failover = ring.failover_list(key, 5);
    ASSERT_TRUE(std::equal(list.begin(), list.end(), failover.begin(), failover.end()));
    EvenStrings rest = ring;
    rest.remove_node(*list[0]);
    ASSERT_EQ(rest.owner(key), *list[1]);
  }
}

TEST(BalancedTokens, KeepsTheEntriesOfAShardedTable) {
  perturb::ShardedTable<int, int, std::string, XxHash<>, BalancedTokens<64>> table;
  for (const char* node : {"a", "b", "c"}) table.add_node(node);
  for (int key = 0; key < 3000; ++key) table.set(key, key);
  for (const char* node : {"d", "e"}) table.add_node(node);
  table.remove_node("b");
  for (int key = 0; key < 3000; ++key) ASSERT_EQ(*table.get(key), key);
  EXPECT_EQ(table.size(), 3000u);
}

}  // namespace
