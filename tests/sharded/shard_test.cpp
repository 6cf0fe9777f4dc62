// SPDX-License-Identifier: MIT
#include <perturb/hashers.hpp>
#include <perturb/sharded/shard.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace {

// A key that counts comparisons.
struct Counted {
  int number;

  inline static int comparisons = 0;
  friend bool operator==(const Counted& a, const Counted& b) {
    ++comparisons;
    return a.number == b.number;
  }
};
struct CountedHash {
  std::uint64_t operator()(const Counted& key) const { return static_cast<std::uint64_t>(key.number); }
};

TEST(ShardInsertUnique, ComparesNoKeys) {
  perturb::detail::sharded::Shard<Counted, int, CountedHash> shard;
  shard.reserve(1000);
  Counted::comparisons = 0;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(*shard.insert_unique(shard.hash(Counted{i}), Counted{i}, i), i);
  }
  EXPECT_EQ(Counted::comparisons, 0);
  EXPECT_EQ(shard.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(*shard.get(Counted{i}), i);
}

TEST(ShardInsertUnique, KeepsTheArrayWithinReserveAfterErasures) {
  perturb::detail::sharded::Shard<int, int, perturb::XxHash<int>> shard;
  for (int i = 0; i < 1500; ++i) shard.set_default(i, i);
  for (auto it = shard.begin(); it != shard.end();) it = it->first % 3 != 0 ? shard.erase(it) : std::next(it);
  shard.reserve(shard.size() + 1000);
  const int* const value = shard.get(0);
  for (int i = 2000; i < 3000; ++i) shard.insert_unique(shard.hash(i), i, i);
  EXPECT_EQ(shard.get(0), value);
  EXPECT_EQ(shard.size(), 1500u);
}

}  // namespace
