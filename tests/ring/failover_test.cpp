// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>
#include <perturb/profiles/haproxy.hpp>
#include <perturb/profiles/maglev.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::HashRing;
using perturb::TieRule;

template <class Ring, class Key>
std::vector<std::string> owners_after_removals(Ring ring, const Key& key) {
  std::vector<std::string> owners;
  while (const auto* owner = ring.find_owner(key)) {
    owners.push_back(std::string(perturb::detail::ring::owned_identity(*owner)));
    ring.remove_node(owners.back());
  }
  return owners;
}

template <class List>
std::vector<std::string> names(const List& list) {
  std::vector<std::string> result;
  for (const auto* node : list) result.push_back(std::string(perturb::detail::ring::owned_identity(*node)));
  return result;
}

template <class Ring>
void expect_owners_after_removals(Ring ring) {
  for (int i = 0; i < 11; ++i) ring.add_node("node" + std::to_string(i), 0.5 + i % 3);
  for (int key = 0; key < 60; ++key) {
    const std::string text = "key " + std::to_string(key);
    const auto expected = owners_after_removals(ring, text);
    ASSERT_EQ(names(ring.failover_list(text, 100)), expected);
    ASSERT_EQ(names(ring.failover_list(text, 3)), std::vector(expected.begin(), expected.begin() + 3));
  }
}

TEST(RingFailover, ListsTheOwnersAfterEachRemovalForEveryPlacement) {
  using kit::Narrow;
  expect_owners_after_removals(HashRing<std::string>());
  expect_owners_after_removals(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::at_or_after, TieRule::identity>>({0xFF}));
  expect_owners_after_removals(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::after, TieRule::insertion>>({0xFF}));
  expect_owners_after_removals(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::identity>>());
  expect_owners_after_removals(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::identity>>({0xFF}));
  expect_owners_after_removals(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::insertion>>({0x3F}));
  expect_owners_after_removals(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::keep_first>>({0xFFF}));
  expect_owners_after_removals(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::after, TieRule::keep_last>>({0xFF}));
  expect_owners_after_removals(HashRing<std::string, perturb::XxHash<>, kit::WholeDigest>());
  expect_owners_after_removals(HashRing<std::string, perturb::XxHash<>, kit::RelativeWeightsOf<8>>());
}

TEST(RingFailover, HoldsForRandomPointsAndTokensWithTheNearestRule) {
  using Hand = kit::HandMadeRing<std::uint32_t, BoundRule::nearest, TieRule::identity>;
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    Hand ring;
    for (int node = 0; node < 5; ++node) {
      std::vector<std::uint32_t> tokens;
      for (std::size_t points = random() % 4; points > 0; --points)
        tokens.push_back(static_cast<std::uint32_t>(random() % 8) << 29);
      ring.add_node({std::string(1, static_cast<char>('a' + node)), tokens});
    }
    for (std::uint32_t step = 0; step < 16; ++step) {
      const std::uint32_t token = step << 28;
      std::vector<std::string> expected;
      for (Hand rest = ring; const auto* owner = rest.owner_of_token(token);) {
        expected.push_back(owner->name);
        rest.remove_node(expected.back());
      }
      ASSERT_EQ(names(perturb::detail::ring::failover_list<false>(ring, token, 5)), expected);
    }
  }
}

// What the second node of the preference list means, by bound rule.
template <class Ring>
std::pair<int, int> second_takes_over(const Ring& ring) {
  int takes_over = 0;
  int keys = 0;
  for (; keys < 200; ++keys) {
    const std::string key = "key " + std::to_string(keys);
    const auto list = names(ring.preference_list(key, 2));
    takes_over += list[1] == owners_after_removals(ring, key)[1] ? 1 : 0;
  }
  return {takes_over, keys};
}

TEST(RingPreferenceList, SecondNodeTakesOverExceptWithTheNearestRuleAndWholePlacements) {
  const auto filled = [](auto ring) {
    for (int i = 0; i < 6; ++i) ring.add_node("node" + std::to_string(i));
    return ring;
  };
  EXPECT_EQ(second_takes_over(filled(HashRing<std::string>())), std::pair(200, 200));
  EXPECT_EQ(
      second_takes_over(filled(HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::after, TieRule::insertion>>())),
      std::pair(200, 200));
  EXPECT_LT(
      second_takes_over(filled(HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::nearest, TieRule::identity>>()))
          .first,
      180);
}

TEST(RingPreferenceList, SecondServerOfHaproxyAndMaglevIsOftenNotTheOneThatTakesOver) {
  perturb::profiles::HaproxyRing haproxy;
  perturb::profiles::MaglevRing maglev(perturb::profiles::MaglevOptions{.table_size = 251});
  for (std::uint16_t port = 1; port <= 5; ++port) {
    haproxy.add_server("10.0.0.1", port, 1, "s" + std::to_string(port));
    maglev.add_server("10.0.0.1", port);
  }
  const auto differing = [](const auto& ring) {
    int count = 0;
    for (int i = 0; i < 200; ++i) {
      const std::string key = "key " + std::to_string(i);
      const auto failover = ring.failover_list(key, 2);
      auto rest = ring;
      rest.remove_node(failover[0]->id());
      EXPECT_EQ(rest.owner(key).id(), failover[1]->id());
      count += ring.preference_list(key, 2)[1]->id() != failover[1]->id() ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(differing(haproxy.ring()), 20);
  EXPECT_GT(differing(maglev.ring()), 20);
}

TEST(RingFailover, HasOnlyNodesThatAreUp) {
  const auto expect_two = [](auto ring) {
    for (const char* const node : {"a", "b", "c"}) ring.add_node(node);
    ring.set_state("b", perturb::NodeState::down);
    const auto list = names(ring.failover_list("key", 3));
    ASSERT_EQ(list, owners_after_removals(ring, "key"));
    EXPECT_EQ(list.size(), 2U);
  };
  expect_two(HashRing<std::string>());
  expect_two(HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::nearest, TieRule::identity>>());
  expect_two(HashRing<std::string, perturb::XxHash<>, kit::RelativeWeightsOf<8>>());
}

TEST(RingFailover, OfAnEmptyRingAndOfNoNodesIsEmpty) {
  EXPECT_TRUE(HashRing<std::string>().failover_list("key", 3).empty());
  EXPECT_TRUE(HashRing<std::string>({"a"}).failover_list("key", 0).empty());
}

}  // namespace
