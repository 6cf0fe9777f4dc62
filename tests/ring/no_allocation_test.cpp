// SPDX-License-Identifier: MIT
/// @file Queries for up to eight nodes do not allocate: counted by a replaced operator new of this executable.
#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t allocations = 0;

// Not inlined, or g++ warns of std::free for a block from operator new.
[[gnu::noinline]] void* allocate(std::size_t size) {
  ++allocations;
  void* const block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
[[gnu::noinline]] void release(void* block) noexcept { std::free(block); }

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void operator delete(void* block) noexcept { release(block); }
void operator delete(void* block, std::size_t) noexcept { release(block); }

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
