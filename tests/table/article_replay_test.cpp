// SPDX-License-Identifier: MIT
/// @file The hash-table article that this library began with, replayed: what it shows, and the six faults of its
/// program, each in a test named for it that its program would fail.
#include "support/functors.hpp"
#include "support/invariants.hpp"

#include <perturb/hash_table.hpp>
#include <perturb/table/probe_sequence.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace {

using Table = perturb::HashTable<std::string, int>;

const std::array<std::string, 9> kKeys = {"first", "second",  "third",  "fourth", "fifth",
                                          "sixth", "seventh", "eighth", "ninth"};

Table nine_keys() {
  Table table;
  for (std::size_t i = 0; i < kKeys.size(); ++i) table[kKeys[i]] = static_cast<int>(i);
  return table;
}

TEST(ArticleReplay, NineKeysMakeThirtyTwoBuckets) {
  Table table;
  EXPECT_EQ(table.bucket_count(), 0u);
  std::vector<std::size_t> buckets;
  for (const std::string& key : kKeys) {
    table.insert({key, 1});
    buckets.push_back(table.bucket_count());
  }
  EXPECT_EQ(buckets, (std::vector<std::size_t>{8, 8, 8, 8, 8, 8, 32, 32, 32}));
}

TEST(ArticleReplay, ErasingEightOfThemMakesEightBuckets) {
  Table table = nine_keys();
  std::vector<std::size_t> buckets;
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(table.erase(kKeys[i]), 1u);
    buckets.push_back(table.bucket_count());
  }
  // Five of 32 is the first size under a sixth.
  EXPECT_EQ(buckets, (std::vector<std::size_t>{32, 32, 32, 8, 8, 8, 8, 8}));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.at("ninth"), 8);
}

TEST(ArticleReplay, AnErasedKeyIsNotFoundAndANewOneIs) {
  Table table = nine_keys();
  for (std::size_t i = 0; i < 8; ++i) table.erase(kKeys[i]);
  EXPECT_EQ(table.get("third"), nullptr);
  table["tenth"] = 10;
  ASSERT_NE(table.get("tenth"), nullptr);
  EXPECT_EQ(*table.get("tenth"), 10);
  EXPECT_EQ(table.get("third"), nullptr);
  kit::expect_invariants(table);
}

// 1. The article steps by (i >> 2) + i + perturb + 1, a slip for CPython's (i << 2) + i + perturb + 1. With the slip a
// search runs into a circle that leaves slots out, so it can miss the only empty one and never end.
TEST(ArticleFault, TheProbeShiftsLeftAndSoVisitsEverySlot) {
  for (std::size_t mask = 7; mask < 1024; mask = 2 * mask + 1) {
    for (const std::uint64_t hash : {std::uint64_t{0}, std::uint64_t{5}, 0x123456789ABCDEFu, ~std::uint64_t{0}}) {
      std::set<std::size_t> visited;
      perturb::ProbeSequence sequence(hash, mask);
      // Thirteen steps use the hash up, and one full cycle follows.
      for (std::size_t step = 0; step < mask + 1 + 13; ++step, sequence.advance()) visited.insert(sequence.position());
      EXPECT_EQ(visited.size(), mask + 1);
    }
  }
  // The first step from a hash that fits into five bits is 5 i + 1.
  perturb::ProbeSequence sequence(3, 63);
  sequence.advance();
  EXPECT_EQ(sequence.position(), 16u);
}

// 2. The article stores a key twice that sits in its home slot and is set again.
TEST(ArticleFault, SettingAKeyAgainInItsHomeSlotStoresItOnce) {
  Table table;
  table["key"] = 1;
  table["key"] = 2;
  EXPECT_EQ(table.insert_or_assign("key", 3).second, false);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.at("key"), 3);
  EXPECT_EQ(table.erase("key"), 1u);
  EXPECT_EQ(table.get("key"), nullptr) << "a second copy would be found now";
}

// 3. The article's fill count forgets tombstones, so that they can fill the table up: then no search ends.
TEST(ArticleFault, TombstonesCountAsFill) {
  perturb::HashTable<std::uint64_t, int, kit::RawHash> table;
  table.reserve(300);
  // Groups are filled and emptied in turn: each leaves sixteen tombstones.
  std::size_t most = 0;
  for (std::uint64_t round = 0; round < 200; ++round) {
    const std::uint64_t group = round % (table.bucket_count() / 16);
    for (std::uint64_t i = 0; i < 16; ++i) table.emplace(16 * group + i + (round << 32), 0);
    for (std::uint64_t i = 0; i < 16; ++i) EXPECT_EQ(table.erase(16 * group + i + (round << 32)), 1u);
    const std::size_t fill = table.size() + table.tombstone_count();
    most = std::max(most, fill);
    ASSERT_LE(4 * fill, 3 * table.bucket_count());
    ASSERT_FALSE(table.contains(~std::uint64_t{0})) << "a search for an absent key ends";
  }
  EXPECT_GT(2 * most, table.bucket_count()) << "there were to be many tombstones";
}

// 4. Deleting an absent key writes a tombstone into the article's table.
TEST(ArticleFault, DeletingAnAbsentKeyChangesNothing) {
  Table table = nine_keys();
  const std::size_t buckets = table.bucket_count();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(table.erase("absent " + std::to_string(i)), 0u);
  EXPECT_EQ(table.tombstone_count(), 0u);
  EXPECT_EQ(table.size(), 9u);
  EXPECT_EQ(table.bucket_count(), buckets);
  kit::expect_invariants(table);
}

// 5. The article's tombstone is a string whose second character is compared with keys: keys of one character fail, and
// a key that looks like the tombstone counts as deleted.
TEST(ArticleFault, NoKeyIsTakenForATombstone) {
  const std::vector<std::string> keys = {
      "",        "T",     "u",       "Tu",   "tu",  "uu", "Tombstone",           "tombstone",
      "DELETED", "dummy", "<dummy>", "None", "nil", "  ", std::string("\0x", 2), "u2"};
  Table table;
  for (const std::string& key : keys) {
    for (const std::string& other : {key + "u", "u" + key}) {
      table[other] = 1;
      table.erase(other);
    }
    table[key] = static_cast<int>(key.size());
  }
  const std::set<std::string> distinct(keys.begin(), keys.end());
  EXPECT_EQ(table.size(), distinct.size());
  for (const std::string& key : distinct) {
    ASSERT_NE(table.get(key), nullptr) << key;
    EXPECT_EQ(*table.get(key), static_cast<int>(key.size()));
  }
}

// 6. The article reports values that count as false (0, an empty string) as missing.
TEST(ArticleFault, ValuesThatCountAsFalseAreFound) {
  perturb::HashTable<std::string, int> zeros = {{"zero", 0}};
  ASSERT_NE(zeros.get("zero"), nullptr);
  EXPECT_EQ(*zeros.get("zero"), 0);
  EXPECT_TRUE(zeros.contains("zero"));
  EXPECT_EQ(zeros.get_or("zero", 7), 0);
  EXPECT_EQ(zeros.pop("zero"), 0);

  perturb::HashTable<std::string, std::string> empties = {{"", ""}};
  EXPECT_EQ(empties.at(""), "");
  EXPECT_EQ(empties.get_or("", "fallback"), "");

  perturb::HashTable<std::string, bool> falses = {{"no", false}};
  EXPECT_EQ(falses.set_default("no", true), false);

  perturb::HashTable<std::string, const int*> nulls = {{"null", nullptr}};
  ASSERT_NE(nulls.get("null"), nullptr);
  EXPECT_EQ(*nulls.get("null"), nullptr);
}

}  // namespace
