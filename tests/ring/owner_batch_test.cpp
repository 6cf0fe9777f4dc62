// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

template <class Ring, class Keys>
void expect_owners(const Ring& ring, const Keys& keys) {
  std::vector<const typename Ring::node_type*> owners(keys.size() + 1);
  ring.find_owner_batch(keys, owners);
  std::size_t i = 0;
  for (const auto& key : keys) EXPECT_EQ(owners[i++], ring.find_owner(key));
  EXPECT_EQ(owners.back(), nullptr);  // not written
}

TEST(RingOwnerBatch, EqualsSingleLookUpsForEveryNumberOfKeys) {
  const perturb::HashRing<std::string> ring({"a", "b", "c"});
  std::vector<std::uint64_t> keys;
  for (std::uint64_t count = 0; count < 200; ++count) {
    expect_owners(ring, keys);
    keys.push_back(count * count);
  }
  expect_owners(ring, std::list<std::string>{"x", "y", "z"});
  expect_owners(ring, std::array<const char*, 2>{"x", "y"});
}

TEST(RingOwnerBatch, HoldsForOtherTokensAndBoundRules) {
  std::vector<std::string> keys;
  for (int key = 0; key < 100; ++key) keys.push_back("key " + std::to_string(key));
  expect_owners(perturb::HashRing<std::string, perturb::XxHash<>, kit::WholeDigest>({"a", "b"}), keys);
  expect_owners(perturb::HashRing<std::string, kit::Fnv32,
                                  kit::Narrow<perturb::BoundRule::nearest, perturb::TieRule::keep_first>>({"a", "b"}),
                keys);
}

TEST(RingOwnerBatch, OfAnEmptyRingIsNullptr) {
  const perturb::HashRing<std::string> ring;
  std::vector<const std::string*> owners(2);
  const std::string other = "not an owner";
  owners[0] = owners[1] = &other;
  ring.find_owner_batch(std::vector<int>{1, 2}, owners);
  EXPECT_EQ(owners[0], nullptr);
  EXPECT_EQ(owners[1], nullptr);
}

}  // namespace
