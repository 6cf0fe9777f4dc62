// SPDX-License-Identifier: MIT
/// @file What stats() counts, against a count by hand, and its verdicts.
#include <perturb/hash_set.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/table/stats.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>

namespace {

struct Chosen {
  using is_avalanching = void;
  std::uint64_t operator()(std::uint64_t key) const noexcept { return key; }
};
using ChosenSet = perturb::HashSet<std::uint64_t, Chosen>;

// Only the bits that choose the slot differ: every key has the same tag.
constexpr std::uint64_t kTagShift = 32;

TEST(TableStats, OfAnEmptyTableSaysSo) {
  for (const auto& stats : {perturb::HashSet<int>().stats(), perturb::OrderedHashSet<int>().stats()}) {
    EXPECT_EQ(stats.size, 0U);
    EXPECT_EQ(stats.capacity, 0U);
    EXPECT_EQ(stats.mean_probe_length(), 0.0);
    EXPECT_EQ(stats.expected_distinct_tags(), 0.0);
    EXPECT_NE(stats.verdict().find("empty"), std::string::npos);
  }
}

TEST(TableStats, CountsGroupsOnTheWay) {
  ChosenSet set(64);
  for (std::uint64_t i = 0; i < 20; ++i) set.insert((i + 3) << kTagShift);  // home group 0 for all
  const perturb::TableStats stats = set.stats();
  EXPECT_EQ(stats.probe_lengths[0], 16U);
  EXPECT_EQ(std::accumulate(stats.probe_lengths.begin(), stats.probe_lengths.end(), std::size_t{0}), 20U);
  EXPECT_GE(stats.longest_probe, 2U);
  EXPECT_EQ(stats.tag_false_positives, 0U);
  EXPECT_EQ(stats.distinct_tags, 20U);
}

TEST(TableStats, CountsKeysThatShareATagInFrontOfAnElement) {
  ChosenSet set(64);
  for (std::uint64_t i = 0; i < 4; ++i) set.insert((i << 48) | (5ULL << kTagShift));
  EXPECT_EQ(set.stats().tag_false_positives, 0U + 1 + 2 + 3);
  EXPECT_EQ(set.stats().distinct_tags, 1U);
}

TEST(TableStats, CountsKeysThatShareATagInGroupsOnTheWay) {
  ChosenSet set(64);
  for (std::uint64_t i = 0; i < 17; ++i) set.insert((i << 48) | (5ULL << kTagShift));  // one more than a group holds
  EXPECT_EQ(set.stats().tag_false_positives, 15U * 16 / 2 + 16);
  EXPECT_EQ(set.stats().longest_probe, 2U);
}

TEST(TableStats, WarnsOfTooFewTags) {
  ChosenSet set;
  for (std::uint64_t i = 0; i < 1000; ++i) set.insert(i | (i % 12 + 3) << kTagShift);
  EXPECT_EQ(set.stats().verdict(), "the hasher gives 12 distinct tags in 256: mark it not avalanching or use XxHash");
}

TEST(TableStats, WarnsOfSharedLowBits) {
  ChosenSet set;
  for (std::uint64_t i = 0; i < 1000; ++i) set.insert(i << kTagShift);
  EXPECT_NE(set.stats().verdict().find("share their low bits"), std::string::npos) << set.stats().verdict();
}

TEST(TableStats, IsContentWithXxHash) {
  perturb::HashSet<std::uint64_t> set;
  for (std::uint64_t i = 0; i < 24576; ++i) {
    set.insert(i << 32);
    if (i % 1024 == 1023) {
      EXPECT_NE(set.stats().verdict().find("spreads the keys well"), std::string::npos) << set.stats().verdict();
    }
  }
  EXPECT_LT(set.stats().mean_probe_length(), 1.2);
}

TEST(TableStats, ExpectsAsManyTagsAsRandomHashesHave) {
  perturb::TableStats stats;
  stats.size = 1;
  EXPECT_NEAR(stats.expected_distinct_tags(), 1.0, 1e-9);
  stats.size = 1000000;
  EXPECT_NEAR(stats.expected_distinct_tags(), 253.0, 1.0);
}

TEST(TableStats, WarnsOfTombstonesThatOutnumberTheElements) {
  perturb::TableStats stats;
  stats.size = 10;
  stats.groups_visited = 10;
  stats.tombstones = 11;
  EXPECT_NE(stats.verdict().find("11 tombstones"), std::string::npos);
}

}  // namespace
