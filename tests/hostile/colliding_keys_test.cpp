// SPDX-License-Identifier: MIT
// Keys that someone chose so that they collide: for every hasher with its default seed such keys are found by a search
// here, put into tables, and the groups that look-ups read are counted. docs/security.md gives the times.
#include <perturb/hash_set.hpp>
#include <perturb/hashers.hpp>
#include <perturb/md5_hash.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

// All keys of a set have these low bits of their hashes in common: in a table of 512 slots the home slot and the two
// groups that a search looks at first.
constexpr unsigned kEqualBits = 14;
constexpr std::size_t kKeys = 200;

std::uint64_t nth_key(std::uint64_t n, std::uint64_t) { return n; }
std::string nth_key(std::uint64_t n, const std::string&) {
  std::string key = "user=";
  for (; n != 0; n /= 26) key.push_back(static_cast<char>('a' + n % 26));
  return key;
}

template <class Key, class Hash>
std::vector<Key> colliding_keys(const Hash& hash = Hash()) {
  std::vector<Key> keys;
  for (std::uint64_t n = 1; keys.size() < kKeys; ++n) {
    const Key key = nth_key(n, Key());
    if ((perturb::hash_key(hash, key).value & ((1u << kEqualBits) - 1)) == 0x123) keys.push_back(key);
  }
  return keys;
}

template <class Key, class Hash>
perturb::TableStats stats_with(const std::vector<Key>& keys, const Hash& hash) {
  const perturb::HashSet<Key, Hash> set(keys.begin(), keys.end(), 0, hash);
  EXPECT_EQ(set.size(), keys.size());
  for (const Key& key : keys) EXPECT_TRUE(set.contains(key));
  return set.stats();
}

// The keys do harm, but no more than the common bits say: after the groups in common the probe sequences part, since
// they depend on all bits of a hash.
template <class Key, class Hash>
void expect_bounded_harm() {
  const auto keys = colliding_keys<Key, Hash>();
  const auto stats = stats_with(keys, Hash());
  EXPECT_GT(stats.mean_probe_length(), 2.0);
  EXPECT_LT(stats.mean_probe_length(), 8.0);
  EXPECT_NE(stats.verdict().find("share their low bits"), std::string::npos);
}

TEST(CollidingKeys, OfEveryHasherWithItsDefaultSeedAreFoundAndCostAFewGroups) {
  expect_bounded_harm<std::uint64_t, perturb::XxHash<std::uint64_t>>();
  expect_bounded_harm<std::string, perturb::XxHash<std::string>>();
  expect_bounded_harm<std::uint64_t, perturb::StdHash<std::uint64_t>>();
  expect_bounded_harm<std::string, perturb::StdHash<std::string>>();
  expect_bounded_harm<std::uint64_t, perturb::IdentityHash>();
  expect_bounded_harm<std::uint64_t, perturb::Md5Hash>();
}

// The mean probe length of random keys in a table as full as this one is below 1.1.
template <class Key, class Hash>
void expect_harmless_with_random_seed() {
  const auto keys = colliding_keys<Key, Hash>();
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto stats = stats_with(keys, perturb::RandomSeed<Hash>(seed));
    EXPECT_LT(stats.mean_probe_length(), 1.2) << "seed " << seed;
    EXPECT_LE(stats.longest_probe, 6u) << "seed " << seed;
  }
  EXPECT_LT(stats_with(keys, perturb::RandomSeed<Hash>()).mean_probe_length(), 1.2);
}

TEST(CollidingKeys, OfTheDefaultSeedAreRandomKeysUnderRandomSeeds) {
  expect_harmless_with_random_seed<std::uint64_t, perturb::XxHash<std::uint64_t>>();
  expect_harmless_with_random_seed<std::string, perturb::XxHash<std::string>>();
}

TEST(CollidingKeys, OfOneRandomSeedAreRandomKeysUnderAnother) {
  using Hash = perturb::RandomSeed<perturb::XxHash<std::uint64_t>>;
  const auto keys = colliding_keys<std::uint64_t>(Hash(77));
  EXPECT_GT(stats_with(keys, Hash(77)).mean_probe_length(), 2.0);
  for (std::uint64_t seed = 0; seed < 50; ++seed) EXPECT_LT(stats_with(keys, Hash(seed)).mean_probe_length(), 1.2);
}

// Equal hashes are the worst there is: every search passes all elements, and nothing breaks.
struct Constant {
  using is_avalanching = void;
  std::uint64_t operator()(std::uint64_t) const { return 42; }
};

TEST(CollidingKeys, WithEqualHashesCostLinearLookUpsAndNothingElse) {
  perturb::HashSet<std::uint64_t, Constant> set;
  constexpr std::uint64_t kEqual = 2000;
  for (std::uint64_t n = 0; n < kEqual; ++n) ASSERT_TRUE(set.insert(n).second);
  EXPECT_EQ(set.bucket_count(), (perturb::HashSet<std::uint64_t>(set.begin(), set.end()).bucket_count()));
  const auto stats = set.stats();
  EXPECT_EQ(stats.longest_probe, (kEqual + 15) / 16) << "groups are filled one after another";
  EXPECT_FALSE(set.contains(kEqual));
  for (std::uint64_t n = 0; n < kEqual; n += 2) ASSERT_EQ(set.erase(n), 1u);
  for (std::uint64_t n = 0; n < kEqual; ++n) ASSERT_EQ(set.contains(n), n % 2 == 1);
}

}  // namespace
