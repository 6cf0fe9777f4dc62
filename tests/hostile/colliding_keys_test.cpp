// SPDX-License-Identifier: MIT
// Keys that someone chose so that they collide: for every hasher with its default seed such keys are found by a search
// here, put into tables, and the groups that look-ups read are counted. docs/security.md gives the times.
#include <perturb/hash_set.hpp>
#include <perturb/hashers.hpp>
#include <perturb/md5_hash.hpp>

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <set>
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

// XXH3 adds the seed to each word of its secret, so differences between these words are known, and with them long
// strings that collide under one seed of a hundred. A string has 16 stripes of 8 lanes a kilobyte; to words 0 and 12 of
// the secret belong stripes 0 and 12 of lane 0. `up` moves one from the number in the one to that in the other.
std::string long_string(std::size_t kilobytes, std::uint64_t up_in) {
  constexpr std::uint64_t kLikelyDifference = std::uint64_t{0x81290940} << 32;  // of the high halves of the words
  std::string key(1024 * kilobytes + 65, 'a');
  for (std::size_t n = 0; n < kilobytes; ++n) {
    const std::uint64_t up = up_in >> n & 1;
    const auto put = [&](std::size_t stripe, std::uint64_t number) {
      for (std::size_t i = 0; i < 8; ++i) key[1024 * n + 64 * stripe + i] = static_cast<char>(number >> (8 * i));
    };
    put(0, UINT64_C(0x6161616161616160) + up);
    put(12, (UINT64_C(0x6161616161616161) ^ kLikelyDifference) - up);
  }
  return key;
}

TEST(CollidingKeys, OfXxh3UnderASecretSeedAreRandomKeysUnderRandomSeeds) {
  constexpr auto kSeed = UINT64_C(0x669b5450792c051f);  // one of the hundred
  std::set<std::uint64_t> by_xxh3;
  std::set<std::uint64_t> hashes;
  for (std::uint64_t up_in = 0; up_in < 16; ++up_in) {
    const std::string key = long_string(4, up_in);
    by_xxh3.insert(perturb::detail::hashing::xxh3(key.data(), key.size(), kSeed));
    hashes.insert(perturb::RandomSeed<perturb::XxHash<std::string>>(kSeed)(key));
  }
  EXPECT_EQ(by_xxh3.size(), 1u);
  EXPECT_EQ(hashes.size(), 16u);
}

// The fold of one number is 0 whatever the seed, and that of another is the number xor what the seed makes: with the
// same number after it, they give 0 again. So members of a key could be exchanged for others.
struct Members {
  std::array<std::uint64_t, 10> numbers;

  template <class State>
  friend void perturb_hash(State& state, const Members& members) noexcept {
    for (const std::uint64_t number : members.numbers) state(number);
  }
};

void add_keys_of_zero_folds(std::vector<Members>& keys, Members key, std::size_t next) {
  // The second factor of the fold of `factor`'s result is `factor`; 0x8E38... is the inverse of 9.
  const auto number = [](std::uint64_t factor) {
    return UINT64_C(0x8E38E38E38E38E39) * std::rotr(factor ^ UINT64_C(0xBB67AE8584CAA73B), 27);
  };
  if (next == key.numbers.size()) {
    keys.push_back(key);
    return;
  }
  key.numbers[next] = number(0);
  add_keys_of_zero_folds(keys, key, next + 1);
  if (next + 1 == key.numbers.size()) return;
  key.numbers[next] = key.numbers[next + 1] = number(1);
  add_keys_of_zero_folds(keys, key, next + 2);
}

TEST(CollidingKeys, OfMembersWhoseFoldsAreZeroUnderEverySeedAreRandomKeysUnderRandomSeeds) {
  using Hash = perturb::XxHash<Members>;
  std::vector<Members> keys;
  add_keys_of_zero_folds(keys, Members{}, 0);
  ASSERT_EQ(keys.size(), 89u);
  const auto count_hashes = [&](const Hash& hash) {
    std::set<std::uint64_t> hashes;
    for (const Members& key : keys) hashes.insert(hash(key));
    return hashes.size();
  };
  EXPECT_EQ(count_hashes(Hash()), 1u) << "the default seed protects from nothing";
  for (std::uint64_t seed = 1; seed <= 50; ++seed) EXPECT_EQ(count_hashes(Hash(seed)), 89u) << "seed " << seed;
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
