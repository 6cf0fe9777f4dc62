// SPDX-License-Identifier: MIT
/// @file How many shards there are for how many entries, and which of them an arc meets.
#include <perturb/sharded/shard_set.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace {

using Set =
    perturb::detail::sharded::ShardSet<std::uint64_t, int, perturb::HashRing<int>, perturb::Equal<std::uint64_t>,
                                       std::allocator<std::pair<const std::uint64_t, int>>>;

// A set of 2^depth shards.
Set set_of(unsigned depth) {
  Set set(perturb::HashRing<int>({1, 2, 3}));
  set.make_first_shard();
  if (depth != 0) set.split(depth);
  return set;
}

// The shards there are after an insertion that made `size` entries, and after an erasure that left as many.
std::size_t shards_after_growing_to(std::size_t size, unsigned depth) {
  Set set = set_of(depth);
  set.size = size;
  set.grow(nullptr);
  return set.shards.size();
}
std::size_t shards_after_shrinking_to(std::size_t size, unsigned depth, unsigned min_depth = 0) {
  Set set = set_of(depth);
  set.size = size;
  set.min_depth = min_depth;
  set.shrink();
  return set.shards.size();
}

TEST(ShardSet, SplitsEachShardInFourAbove64EntriesAShard) {
  EXPECT_EQ(shards_after_growing_to(64, 0), 1U);
  EXPECT_EQ(shards_after_growing_to(65, 0), 4U);
  EXPECT_EQ(shards_after_growing_to(256, 2), 4U);
  EXPECT_EQ(shards_after_growing_to(257, 2), 16U);
}

TEST(ShardSet, JoinsShardsBelowFourEntriesAShardAsFarAsThereAre32InEach) {
  EXPECT_EQ(shards_after_shrinking_to(16, 2), 4U);
  EXPECT_EQ(shards_after_shrinking_to(15, 2), 1U);
  EXPECT_EQ(shards_after_shrinking_to(64, 4), 16U);
  EXPECT_EQ(shards_after_shrinking_to(63, 4), 2U);
  EXPECT_EQ(shards_after_shrinking_to(33, 4), 2U);
  EXPECT_EQ(shards_after_shrinking_to(32, 4), 1U);
  EXPECT_EQ(shards_after_shrinking_to(0, 4), 1U);
}

TEST(ShardSet, JoinsNoShardsBelowTheReservedDepth) {
  EXPECT_EQ(shards_after_shrinking_to(0, 4, 2), 4U);
  Set set = set_of(4);
  set.min_depth = 4;
  const auto* const shards = set.shards.data();
  set.shrink();
  EXPECT_EQ(set.shards.data(), shards) << "nothing moves";
}

TEST(ShardSet, TakesMemoryForItsShardsOnly) {
  EXPECT_EQ(set_of(3).shards.capacity(), 8U);
  const Set set = set_of(0);
  EXPECT_EQ(set.memory_bytes(), set.ring.memory_bytes() + sizeof(Set::Table) + 3 * sizeof(std::size_t));
}

TEST(ShardSet, ThatWasMovedFromIsAsNew) {
  Set set = set_of(4);
  set.size = 100;
  set.min_depth = 4;
  const Set moved = std::move(set);
  EXPECT_EQ(moved.shards.size(), 16U);
  EXPECT_EQ(moved.size, 100U);
  EXPECT_EQ(moved.min_depth, 4U);
  EXPECT_TRUE(set.shards.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(set.node_sizes.empty());
  EXPECT_EQ(set.size, 0U);
  EXPECT_EQ(set.depth, 0U);
  EXPECT_EQ(set.min_depth, 0U);
}

TEST(ShardSet, CutsTheRingIntoEqualParts) {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  EXPECT_EQ(Set::shard_number(kLast, 0), 0U);
  EXPECT_EQ(Set::shard_number(kLast / 2, 1), 0U);
  EXPECT_EQ(Set::shard_number(kLast / 2 + 1, 1), 1U);
  for (std::uint64_t part = 0; part < 8; ++part) {
    EXPECT_EQ(Set::shard_number(part << 61, 3), part);
    EXPECT_EQ(Set::shard_number((part << 61) + (kLast >> 3), 3), part);
  }
}

TEST(ShardSet, GivesTheShardsOfAnArcOnceEach) {
  const Set set = set_of(2);
  const auto shards_of = [&](std::uint64_t after, std::uint64_t upto) {
    std::vector<std::size_t> found;
    set.for_shards_of_arc(after << 60, upto << 60, [&](std::size_t i) { found.push_back(i); });
    return found;
  };
  using Shards = std::vector<std::size_t>;  // of four tokens each
  EXPECT_EQ(shards_of(5, 6), (Shards{1}));
  EXPECT_EQ(shards_of(5, 11), (Shards{1, 2}));
  EXPECT_EQ(shards_of(13, 1), (Shards{3, 0}));
  EXPECT_EQ(shards_of(9, 4), (Shards{2, 3, 0, 1}));
  EXPECT_EQ(shards_of(6, 5), (Shards{1, 2, 3, 0})) << "all of the ring but a part of the shard";
  EXPECT_EQ(shards_of(5, 5), (Shards{1, 2, 3, 0})) << "all of the ring";
}

}  // namespace
