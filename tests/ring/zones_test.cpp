// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace {

struct Machine {
  std::string name;
  std::string zone;
  const std::string& id() const { return name; }
};
const auto kZoneOf = [](const Machine& machine) -> const std::string& { return machine.zone; };

// By the definition: the whole preference list, from it the first of each zone, then the rest.
std::vector<const Machine*> expected_list(const perturb::HashRing<Machine>& ring, const std::string& key,
                                          std::size_t limit) {
  const auto all = ring.preference_list(key, ring.size());
  std::vector<const Machine*> list;
  for (const Machine* node : all) {
    const bool is_new = std::none_of(list.begin(), list.end(), [&](auto* other) { return other->zone == node->zone; });
    if (is_new) list.push_back(node);
  }
  for (const Machine* node : all) {
    if (std::find(list.begin(), list.end(), node) == list.end()) list.push_back(node);
  }
  list.resize(std::min(limit, list.size()));
  return list;
}

perturb::HashRing<Machine> ring_of(int nodes, int zones) {
  perturb::HashRing<Machine> ring;
  for (int i = 0; i < nodes; ++i)
    ring.add_node({"m" + std::to_string(i), "zone " + std::to_string(i * i % zones)}, 1 + i % 2);
  return ring;
}

TEST(RingZones, ComeFirstEachOnceThenTheOtherNodesInRingOrder) {
  for (const int zones : {1, 2, 3, 5, 12}) {
    const auto ring = ring_of(12, zones);
    for (int key = 0; key < 50; ++key) {
      const std::string text = "key " + std::to_string(key);
      for (std::size_t limit = 0; limit <= 13; ++limit) {
        const auto list = ring.preference_list(text, limit, kZoneOf);
        ASSERT_EQ(std::vector(list.begin(), list.end()), expected_list(ring, text, limit));
      }
    }
  }
}

TEST(RingZones, CountOnlyIfANodeOfTheirsIsUp) {
  auto ring = ring_of(12, 5);
  for (const int down : {1, 4, 6, 9, 11}) ring.set_state("m" + std::to_string(down), perturb::NodeState::down);
  for (int key = 0; key < 50; ++key) {
    const std::string text = "key " + std::to_string(key);
    for (std::size_t limit = 0; limit <= 13; ++limit) {
      const auto list = ring.preference_list(text, limit, kZoneOf);
      ASSERT_EQ(std::vector(list.begin(), list.end()), expected_list(ring, text, limit));
    }
  }
}

TEST(RingZones, AreNotLookedForRoundTheRingOnceAllAreFound) {
  const auto ring = ring_of(12, 2);
  int asked = 0;
  const auto zone_of = [&](const Machine& machine) -> const std::string& { return ++asked, machine.zone; };
  EXPECT_EQ(ring.preference_list("key", 12, zone_of).size(), 12u);
  EXPECT_LT(asked, 300);  // the ring has more than 4000 points
}

TEST(RingZones, WithOneNodeInEachAreThePreferenceList) {
  const perturb::HashRing<int> ring({1, 2, 3, 4, 5});
  const auto zones = ring.preference_list(7, 4, [](int node) { return node; });
  const auto plain = ring.preference_list(7, 4);
  EXPECT_TRUE(std::equal(zones.begin(), zones.end(), plain.begin(), plain.end()));
}

TEST(RingZones, OfAnEmptyRingAreNone) {
  EXPECT_TRUE(perturb::HashRing<Machine>().preference_list("key", 3, kZoneOf).empty());
}

}  // namespace
