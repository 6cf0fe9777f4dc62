// SPDX-License-Identifier: MIT
// States of nodes and many changes at once, against a reference that computes the owner of each key from a list.
#include <perturb/hash_ring.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::HashRing;
using perturb::NodeState;
using perturb::RingChange;
using perturb::RingMember;
using perturb::TieRule;
using testing::ElementsAre;
using Strings = HashRing<std::string>;
using Member = RingMember<std::string>;
using Change = RingChange<std::string>;

std::vector<std::string> sample_keys(std::size_t count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back("key " + std::to_string(i));
  return keys;
}
template <class Ring>
std::vector<std::string> owners(const Ring& ring) {
  std::vector<std::string> result;
  for (const std::string& key : sample_keys(500)) {
    const std::string* const owner = ring.find_owner(key);
    result.push_back(owner == nullptr ? "nobody" : *owner);
  }
  return result;
}

// ---- States ---------------------------------------------------------------------------------------------------------

TEST(HashRingState, OfANodeThatIsNotUpSendsItsKeysWhereItsRemovalWould) {
  const Strings all({"a", "b", "c", "d"});
  Strings without = all;
  without.remove_node("b");
  for (const NodeState state : {NodeState::draining, NodeState::down}) {
    Strings ring = all;
    EXPECT_TRUE(ring.set_state("b", state));
    EXPECT_EQ(owners(ring), owners(without));
    EXPECT_EQ(ring.size(), 4u);
    EXPECT_TRUE(ring.contains("b"));
    EXPECT_EQ(ring.state("b"), state);
    EXPECT_EQ(ring.share("b"), 0.0);
    EXPECT_TRUE(ring.arcs_of("b").empty());
    EXPECT_TRUE(ring.set_state("b", NodeState::up));
    EXPECT_EQ(ring, all);
    EXPECT_EQ(owners(ring), owners(all));
  }
}

TEST(HashRingState, OfAnUnknownNodeIsNothingAndCannotBeSet) {
  Strings ring({"a"});
  EXPECT_FALSE(ring.set_state("b", NodeState::down));
  EXPECT_EQ(ring.state("b"), std::nullopt);
  EXPECT_EQ(ring.state("a"), NodeState::up);
}

TEST(HashRingState, ThatIsTheSameAlreadyChangesNothingAndKeepsPointers) {
  Strings ring({"a", "b"});
  const std::string* const node = ring.find_node("a");
  EXPECT_TRUE(ring.set_state("a", NodeState::up));
  EXPECT_TRUE(ring.set_weight("a", 1.0));
  EXPECT_EQ(ring.find_node("a"), node);
}

TEST(HashRingState, MakesRingsUnequal) {
  const Strings up({"a", "b"});
  Strings other = up;
  other.set_state("a", NodeState::draining);
  Strings third = up;
  third.set_state("a", NodeState::down);
  EXPECT_FALSE(up == other);
  EXPECT_FALSE(other == third);
}

TEST(HashRingState, WithNoNodeUpThereIsNoOwner) {
  Strings ring({"a", "b"});
  ring.set_state("a", NodeState::down);
  ring.set_state("b", NodeState::draining);
  EXPECT_EQ(ring.find_owner("key"), nullptr);
  EXPECT_THROW((void)ring.owner("key"), perturb::EmptyRing);
  EXPECT_TRUE(ring.preference_list("key", 2).empty());
  EXPECT_EQ(ring.balance().peak, 0.0);
  EXPECT_EQ(ring.size(), 2u);
  ring.set_state("b", NodeState::up);
  EXPECT_EQ(ring.owner("key"), "b");
}

TEST(HashRingState, LeavesANodeOutOfPreferenceListsAndOfTheBalance) {
  Strings ring({"a", "b", "c"});
  Strings without({"a", "c"});
  ring.set_state("b", NodeState::down);
  for (const std::string& key : sample_keys(50)) {
    ASSERT_EQ(ring.preference_list(key, 10).size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_EQ(*ring.preference_list(key, 10)[i], *without.preference_list(key, 10)[i]);
    }
  }
  EXPECT_EQ(ring.balance().peak, without.balance().peak);
  EXPECT_EQ(ring.balance().min, without.balance().min);
}

TEST(HashRingState, OutlivesAChangeOfWeightWhichCountsOnceTheNodeIsUp) {
  Strings ring({"a", "b"});
  ring.set_state("a", NodeState::down);
  ring.set_weight("a", 2.0);
  EXPECT_EQ(ring.state("a"), NodeState::down);
  EXPECT_EQ(ring.share("a"), 0.0);
  ring.set_state("a", NodeState::up);
  EXPECT_EQ(ring, Strings({{"a", 2.0}, {"b", 1.0}}));
}

// ---- Replacing ------------------------------------------------------------------------------------------------------

struct Machine {
  std::string name;
  std::string address;
  const std::string& id() const { return name; }
};

TEST(HashRingReplaceNode, PutsAnotherPayloadUnderTheIdentityAndMovesNothing) {
  HashRing<Machine> ring;
  ring.add_node({"a", "10.0.0.1"}, 2.0);
  ring.add_node({"b", "10.0.0.2"});
  ring.set_state("b", NodeState::draining);
  const auto before = ring;
  EXPECT_TRUE(ring.replace_node({"a", "10.0.0.99"}));
  EXPECT_EQ(ring.find_node("a")->address, "10.0.0.99");
  EXPECT_EQ(ring, before);
  EXPECT_EQ(ring.weight("a"), 2.0);
  EXPECT_FALSE(ring.replace_node({"c", "10.0.0.3"}));
  EXPECT_EQ(ring.size(), 2u);
}

// Counts how often all points are placed.
struct CountsPlacings {
  using token_type = std::uint64_t;
  static constexpr BoundRule kBound = BoundRule::at_or_after;
  static constexpr TieRule kTies = TieRule::identity;
  static inline int placings = 0;

  template <class AddPoint>
  void place_all(std::span<const std::string> nodes, std::span<const double>, AddPoint&& add_point) const {
    ++placings;
    for (std::size_t i = 0; i < nodes.size(); ++i) add_point(i, std::hash<std::string>()(nodes[i]));
  }
};

TEST(HashRingReplaceNode, PlacesNoPoints) {
  HashRing<std::string, perturb::XxHash<>, CountsPlacings> ring({"a", "b", "c"});
  const int before = CountsPlacings::placings;
  EXPECT_TRUE(ring.replace_node("b"));
  EXPECT_EQ(CountsPlacings::placings, before);
  EXPECT_TRUE(ring.remove_node("b"));
  EXPECT_EQ(CountsPlacings::placings, before + 1);
}

// ---- Many changes at once -------------------------------------------------------------------------------------------

TEST(HashRingAddNodes, BuildsFromNodesAndFromPairs) {
  const Strings one({"a", "b", "c"});
  const Strings two(std::vector<std::string>{"c", "a", "b"});
  const Strings three(std::map<std::string, double>{{"a", 1.0}, {"b", 1.0}, {"c", 1.0}});
  Strings four;
  EXPECT_EQ(four.add_nodes({{"b", 1.0}, {"a", 1.0}}), 2u);
  EXPECT_EQ(four.add_nodes(std::vector<const char*>{"c", "a", "c"}), 1u);
  EXPECT_EQ(one, two);
  EXPECT_EQ(one, three);
  EXPECT_EQ(one, four);
}

TEST(HashRingAddNodes, EqualsAddingOneByOne) {
  std::vector<std::pair<int, double>> nodes;
  for (int i = 0; i < 50; ++i) nodes.push_back({i * 37 % 50, 0.25 + i % 4});
  HashRing<int> bulk(nodes);
  HashRing<int> single;
  for (const auto& [node, weight] : nodes) EXPECT_TRUE(single.add_node(node, weight));
  EXPECT_EQ(bulk, single);
  EXPECT_TRUE(std::is_sorted(bulk.nodes().begin(), bulk.nodes().end()));
}

TEST(HashRingRemoveNodes, RemovesThoseThatAreKnownAndCountsThem) {
  Strings ring({"a", "b", "c", "d"});
  EXPECT_EQ(ring.remove_nodes({"b", "x", "d", "b"}), 2u);
  EXPECT_EQ(ring, Strings({"a", "c"}));
  EXPECT_EQ(ring.remove_nodes(std::vector<std::string>{"x"}), 0u);
  EXPECT_EQ(ring.remove_nodes(std::vector<std::string>{"a", "c"}), 2u);
  EXPECT_TRUE(ring.empty());
}

TEST(HashRingRemoveNodes, TakesItsOwnNodes) {
  Strings ring({"a", "b", "c"});
  EXPECT_EQ(ring.remove_nodes(ring.nodes().subspan(1)), 2u);
  EXPECT_EQ(ring, Strings({"a"}));
}

TEST(HashRingAssign, MakesExactlyTheseTheMembers) {
  Strings ring({{"a", 1.0}, {"b", 2.0}, {"c", 3.0}});
  ring.set_state("c", NodeState::down);
  EXPECT_TRUE(ring.assign({{"d", 1.0}, {"c", 3.0}, {"b", 1.0}}));
  Strings expected({{"b", 1.0}, {"c", 3.0}, {"d", 1.0}});
  expected.set_state("c", NodeState::down);
  EXPECT_EQ(ring, expected) << "the state stays, since the list does not give one";
  EXPECT_TRUE(ring.assign({Member("c", 3.0, NodeState::up), Member("d", 1.0, NodeState::draining)}));
  EXPECT_EQ(ring.state("c"), NodeState::up);
  EXPECT_EQ(ring.state("d"), NodeState::draining);
  EXPECT_FALSE(ring.assign({"a", "a"})) << "an identity twice";
  EXPECT_EQ(ring, Strings({"a"}));
  EXPECT_TRUE(ring.assign(std::vector<std::string>()));
  EXPECT_TRUE(ring.empty());
}

TEST(HashRingAssign, OfABadWeightChangesNothing) {
  Strings ring({"a", "b"});
  const Strings before = ring;
  EXPECT_THROW(ring.assign({{"c", 1.0}, {"a", -1.0}}), std::invalid_argument);
  EXPECT_EQ(ring, before);
}

TEST(HashRingAssign, ReordersMembersWhereTheOrderCounts) {
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::insertion> ring;
  const kit::Placed<std::uint64_t> a{"a", {500}};
  const kit::Placed<std::uint64_t> b{"b", {500}};
  ring.add_node(a);
  ring.add_node(b);
  EXPECT_EQ(ring.owner_of_token(1)->name, "a");
  ring.assign({b, a});
  EXPECT_EQ(ring.owner_of_token(1)->name, "b");
  EXPECT_EQ(ring.nodes()[0].name, "b");
}

TEST(HashRingApply, HasTheEffectOfTheChangesOneByOne) {
  Strings ring({"a", "b", "c"});
  EXPECT_EQ(ring.apply({Change::add_node("d", 2.0), Change::add_node("a"), Change::remove_node("b"),
                        Change::remove_node("x"), Change::set_weight("a", 3.0), Change::set_state("c", NodeState::down),
                        Change::add_node("e"), Change::remove_node("e"), Change::replace_node("a")}),
            7u);
  Strings expected({{"a", 3.0}, {"c", 1.0}, {"d", 2.0}});
  expected.set_state("c", NodeState::down);
  EXPECT_EQ(ring, expected);
}

TEST(HashRingApply, MakesNoneIfOneThrows) {
  Strings ring({"a", "b"});
  const Strings before = ring;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Change> changes = {Change::remove_node("a"), Change::add_node("c", nan)};
  EXPECT_THROW(ring.apply(changes), std::invalid_argument);
  EXPECT_EQ(ring, before);
}

// ---- Against a reference --------------------------------------------------------------------------------------------

struct Listed {
  std::string node;
  double weight;
  NodeState state;
};

// The points of a list of members, computed from nothing.
template <class Ring>
auto points_of(const typename Ring::placement_type& placement, std::vector<Listed> list) {
  using Placement = typename Ring::placement_type;
  std::erase_if(list, [](const Listed& member) { return member.state != NodeState::up; });
  if constexpr (Placement::kTies == TieRule::identity) {
    std::sort(list.begin(), list.end(), [](const Listed& a, const Listed& b) { return a.node < b.node; });
  }
  std::vector<std::string> nodes;
  std::vector<double> weights;
  for (const Listed& member : list) {
    nodes.push_back(member.node);
    weights.push_back(member.weight);
  }
  std::vector<std::pair<typename Ring::token_type, std::size_t>> placed;
  if constexpr (requires { placement.place(nodes[0], 1.0, [](auto) {}); }) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      placement.place(nodes[i], weights[i], [&](auto token) { placed.emplace_back(token, i); });
    }
  } else if constexpr (requires { placement.point_ranges(nodes, weights); }) {
    if (!nodes.empty()) {
      const auto ranges = placement.point_ranges(nodes, weights);
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        placement.place_range(nodes[i], ranges[i], [&](auto token) { placed.emplace_back(token, i); });
      }
    }
  } else {
    placement.place_all(nodes, weights, [&](std::size_t i, auto token) { placed.emplace_back(token, i); });
  }
  std::sort(placed.begin(), placed.end());
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  if constexpr (Placement::kTies == TieRule::keep_first) {
    placed.erase(std::unique(placed.begin(), placed.end(), same), placed.end());
  } else if constexpr (Placement::kTies == TieRule::keep_last) {
    placed.erase(placed.begin(), std::unique(placed.rbegin(), placed.rend(), same).base());
  }
  std::vector<std::pair<typename Ring::token_type, std::string>> points;
  for (const auto& [token, i] : placed) points.emplace_back(token, nodes[i]);
  return points;
}

template <class Placement>
class HashRingChanges : public testing::Test {};
using Placements = testing::Types<perturb::VirtualNodes<16>, kit::Narrow<BoundRule::at_or_after, TieRule::insertion>,
                                  kit::Narrow<BoundRule::at_or_after, TieRule::keep_first>,
                                  kit::Narrow<BoundRule::nearest, TieRule::keep_last>, kit::WholeDigest,
                                  kit::RelativeWeightsOf<5>, kit::CountedWeights>;
TYPED_TEST_SUITE(HashRingChanges, Placements);

TYPED_TEST(HashRingChanges, InRandomOrderAgreeWithAReference) {
  using Ring = HashRing<std::string, kit::Fnv32, TypeParam>;
  for (const std::uint32_t mask : {0xFFFFFFFFu, 0x1FFu}) {  // with few bits many tokens are equal
    TypeParam placement;
    if constexpr (requires { placement.mask; }) placement.mask = mask;
    std::mt19937_64 random(mask);
    Ring ring(kit::Fnv32(), placement);
    std::vector<Listed> list;
    const auto find = [&](const std::string& node) {
      return std::find_if(list.begin(), list.end(), [&](const Listed& member) { return member.node == node; });
    };
    const auto random_node = [&] { return "node" + std::to_string(random() % 14); };
    const auto random_weight = [&] { return static_cast<double>(1 + random() % 3); };
    const auto random_state = [&] { return static_cast<NodeState>(random() % 3); };
    for (int step = 0; step < 250; ++step) {
      std::vector<RingChange<std::string>> changes;
      std::size_t effective = 0;
      for (auto count = static_cast<std::size_t>(1 + random() % 6); count > 0; --count) {
        const std::string node = random_node();
        const double weight = random_weight();
        const NodeState state = random_state();
        const auto it = find(node);
        const bool is_known = it != list.end();
        switch (random() % 5) {
          case 0:
            changes.push_back(Change::add_node(node, weight));
            if (!is_known) list.push_back({node, weight, NodeState::up});
            effective += is_known ? 0 : 1;
            break;
          case 1:
            changes.push_back(Change::remove_node(node));
            if (is_known) list.erase(it);
            effective += is_known ? 1 : 0;
            break;
          case 2:
            changes.push_back(Change::set_weight(node, weight));
            if (is_known) it->weight = weight;
            effective += is_known ? 1 : 0;
            break;
          case 3:
            changes.push_back(Change::set_state(node, state));
            if (is_known) it->state = state;
            effective += is_known ? 1 : 0;
            break;
          default:
            changes.push_back(Change::replace_node(node));
            effective += is_known ? 1 : 0;
        }
      }
      if (step % 10 == 9) {
        std::shuffle(list.begin(), list.end(), random);
        list.resize(std::min<std::size_t>(list.size(), static_cast<std::size_t>(2 + random() % 9)));
        std::vector<Member> members;
        for (const Listed& member : list) members.emplace_back(member.node, member.weight, member.state);
        ASSERT_TRUE(ring.assign(members));
      } else {
        ASSERT_EQ(ring.apply(changes), effective);
      }
      const auto points = points_of<Ring>(placement, list);
      std::vector<std::pair<typename Ring::token_type, std::string>> found;
      for (const auto& [token, node] : ring.points()) found.emplace_back(token, node);
      ASSERT_EQ(found, points) << "step " << step;
      ASSERT_EQ(ring.size(), list.size());
      for (const Listed& member : list) {
        ASSERT_EQ(ring.state(member.node), member.state);
        ASSERT_EQ(ring.weight(member.node), member.weight);
      }
      for (int i = 0; i < 40; ++i) {
        const std::string key = std::to_string(random());
        const std::string* const owner = ring.find_owner(key);
        ASSERT_EQ(owner == nullptr, points.empty());
        if (owner != nullptr) {
          ASSERT_EQ(*owner, kit::owner_by_scan(points, ring.token(key), TypeParam::kBound));
        }
      }
    }
  }
}

TEST(RingAssign, SaysThatAnIdentityWasListedTwiceWhereverThatWas) {
  perturb::HashRing<std::string> ring({"old"});
  EXPECT_FALSE(ring.assign({Member("a", 2.0), Member("a", 3.0), Member("b")}));
  EXPECT_EQ(ring.size(), 2u);
  EXPECT_EQ(ring.weight("a"), 2.0) << "the first counts";
  EXPECT_TRUE(ring.assign({Member("a"), Member("b")}));
}

}  // namespace
