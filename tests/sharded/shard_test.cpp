// SPDX-License-Identifier: MIT
#include <perturb/hashers.hpp>
#include <perturb/sharded/shard.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

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
  using Shard = perturb::detail::sharded::Shard<Counted, int, CountedHash>;
  Shard source;
  for (int i = 0; i < 1000; ++i) source.try_emplace(Counted{i}, i);
  Shard shard;
  shard.reserve(1000);
  Counted::comparisons = 0;
  for (auto it = source.cbegin(); it != source.cend(); ++it) {
    EXPECT_EQ(shard.insert_unique(shard.hash(it->first), it)->second, it->first.number);
  }
  EXPECT_EQ(Counted::comparisons, 0);
  EXPECT_EQ(shard.size(), 1000u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(*shard.get(Counted{i}), i);
}

TEST(ShardInsertUnique, KeepsTheArrayWithinReserveAfterErasures) {
  using Shard = perturb::detail::sharded::Shard<int, int, perturb::XxHash<int>>;
  Shard source;
  for (int i = 2000; i < 3000; ++i) source.set_default(i, i);
  Shard shard;
  for (int i = 0; i < 1500; ++i) shard.set_default(i, i);
  for (auto it = shard.begin(); it != shard.end();) it = it->first % 3 != 0 ? shard.erase(it) : std::next(it);
  shard.reserve(shard.size() + 1000);
  const int* const value = shard.get(0);
  for (auto it = source.cbegin(); it != source.cend(); ++it) shard.insert_unique(shard.hash(it->first), it);
  EXPECT_EQ(shard.get(0), value);
  EXPECT_EQ(shard.size(), 1500u);
}

TEST(ShardInsertUnique, IsUndoneByGivingTheEntryBack) {
  using Shard = perturb::detail::sharded::Shard<std::string, std::string, perturb::XxHash<std::string>>;
  Shard source;
  source.try_emplace(std::string(100, 'k'), std::string(100, 'v'));
  Shard shard;
  const auto from = source.cbegin();
  const auto made = shard.insert_unique(shard.hash(from->first), from);
  EXPECT_EQ(made->second, std::string(100, 'v'));
  shard.give_back(from, made);
  EXPECT_TRUE(shard.empty());
  EXPECT_EQ(source.at(std::string(100, 'k')), std::string(100, 'v'));
}

}  // namespace
