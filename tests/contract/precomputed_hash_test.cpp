// SPDX-License-Identifier: MIT
/// @file Operations that are given a key's hash.
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace {

template <class Kind>
class TableHash : public ::testing::Test {};
TYPED_TEST_SUITE(TableHash, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(TableHash, IsTheMixedHashOfItsHasher) {
  const kit::TableOf<TypeParam, std::uint64_t, int, kit::RawHash> raw;
  EXPECT_EQ(raw.hash(12345).value, 12345u) << "an avalanching hasher is taken as it is";
  const kit::TableOf<TypeParam, std::uint64_t, int, perturb::StdHash<std::uint64_t>> mixed;
  EXPECT_NE(mixed.hash(12345).value, 12345u) << "std::hash is mixed";
  const kit::TableOf<TypeParam, std::uint64_t, int> numbers;
  EXPECT_EQ(numbers.hash(7), perturb::hash_key(numbers.hash_function(), std::uint64_t{7}));
  static_assert(std::is_same_v<decltype(numbers.hash(7)), perturb::HashValue>);
  static_assert(!std::is_convertible_v<std::uint64_t, perturb::HashValue>);
  static_assert(!std::is_convertible_v<perturb::HashValue, std::uint64_t>);
}

TYPED_TEST(TableHash, EveryOperationTakesOneMadeBefore) {
  using Words = kit::TableOf<TypeParam, std::string, int>;
  Words words;
  const Words& constant = words;
  for (int n = 0; n < 200; ++n) {
    const std::string key = "key " + std::to_string(n);
    const perturb::HashValue h = words.hash(key);
    EXPECT_FALSE(words.contains(key, h));
    EXPECT_TRUE(words.try_emplace(h, key, n).second);
    EXPECT_FALSE(words.try_emplace(h, key, -1).second);
    EXPECT_FALSE(words.insert_or_assign(h, key, n + 1).second);
    EXPECT_EQ(words.set_default(h, key, -1), n + 1);
    EXPECT_EQ(words.find(key, h)->second, n + 1);
    EXPECT_EQ(constant.find(key, h)->first, key);
    EXPECT_EQ(*words.get(key, h), n + 1);
    EXPECT_EQ(*constant.get(key, h), n + 1);
    EXPECT_EQ(words.at(key, h), n + 1);
    EXPECT_EQ(constant.at(key, h), n + 1);
    EXPECT_EQ(words.count(key, h), 1u);
    EXPECT_TRUE(words.contains(key, h));
    if constexpr (kit::kIsOrdered<Words>) {
      EXPECT_TRUE(words.move_to_end(key, h, false));
      EXPECT_EQ(words.front().first, key);
      EXPECT_TRUE(words.move_to_end(key, h));
      EXPECT_EQ(words.back().first, key);
    }
  }
  kit::expect_invariants(words);
  for (int n = 0; n < 200; ++n) {
    const std::string key = "key " + std::to_string(n);
    const perturb::HashValue h = words.hash(key);
    if (n % 3 == 0) {
      EXPECT_EQ(words.erase(key, h), 1u);
    } else if (n % 3 == 1) {
      EXPECT_EQ(words.pop(key, h), n + 1);
    } else {
      EXPECT_TRUE(words.extract(key, h).has_value());
    }
    EXPECT_EQ(words.find(key, h), words.end());
    EXPECT_EQ(words.get(key, h), nullptr);
    EXPECT_EQ(words.count(key, h), 0u);
    EXPECT_EQ(words.erase(key, h), 0u);
    if constexpr (kit::kIsOrdered<Words>) {
      EXPECT_FALSE(words.move_to_end(key, h));
    }
    EXPECT_EQ(words.pop(key, h), std::nullopt);
    EXPECT_THROW(static_cast<void>(constant.at(key, h)), std::out_of_range);
  }
  EXPECT_TRUE(words.empty());
}

TYPED_TEST(TableHash, NoOperationHashesWhenItIsGivenTheHash) {
  struct CountingHash {
    static int& calls() {
      static int count = 0;
      return count;
    }
    std::uint64_t operator()(std::uint64_t n) const noexcept {
      ++calls();
      return n * 0x9E3779B97F4A7C15u;
    }
  };
  kit::TableOf<TypeParam, std::uint64_t, int, CountingHash> table;
  table.reserve(20);
  for (std::uint64_t n = 10; n < 18; ++n) table.try_emplace(n, 1);
  if constexpr (kit::kIsOrdered<decltype(table)>) table.move_to_end(15, false);  // makes room before the first one
  const perturb::HashValue h = table.hash(5);
  const int calls = CountingHash::calls();
  table.try_emplace(h, std::uint64_t{5}, 1);
  table.insert_or_assign(h, std::uint64_t{5}, 2);
  static_cast<void>(table.find(5, h));
  static_cast<void>(table.get(5, h));
  static_cast<void>(table.contains(5, h));
  if constexpr (kit::kIsOrdered<decltype(table)>) {
    EXPECT_TRUE(table.move_to_end(5, h, false));
    EXPECT_TRUE(table.move_to_end(5, h));
  }
  table.erase(5, h);
#if PERTURB_CHECKED
  EXPECT_GT(CountingHash::calls(), calls) << "a checked build looks whether the hash is right";
#else
  EXPECT_EQ(CountingHash::calls(), calls);
#endif
}

}  // namespace
