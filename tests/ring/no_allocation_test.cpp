// SPDX-License-Identifier: MIT
/// @file Queries for up to eight nodes do not allocate: counted by a replaced operator new of this executable.
#include "support/replaced_new.hpp"

#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <cstddef>

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

void kit::before_allocation() { ++allocations; }

namespace {

class RingWithoutAllocation : public testing::Test {
 protected:
  template <class Query>
  static std::size_t allocations_of(Query query) {
    const std::size_t before = allocations;
    for (int key = 0; key < 100; ++key) query(key);
    return allocations - before;
  }

  perturb::HashRing<int> ring_{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
};

TEST_F(RingWithoutAllocation, PreferenceList) {
  EXPECT_EQ(allocations_of([&](int key) { EXPECT_EQ(ring_.preference_list(key, 8).size(), 8u); }), 0u);
}

TEST_F(RingWithoutAllocation, PreferenceListWithZones) {
  const auto zone_of = [](int node) { return node % 3; };
  EXPECT_EQ(allocations_of([&](int key) { EXPECT_EQ(ring_.preference_list(key, 8, zone_of).size(), 8u); }), 0u);
}

TEST_F(RingWithoutAllocation, FailoverList) {
  EXPECT_EQ(allocations_of([&](int key) { EXPECT_EQ(ring_.failover_list(key, 8).size(), 8u); }), 0u);
}

}  // namespace
