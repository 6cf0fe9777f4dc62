// SPDX-License-Identifier: MIT
/// @file A transparent hasher that hashes what is given and what is stored differently: a checked build says so.
#define PERTURB_CHECKED 1

#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace {

/// Views are hashed by their length, strings by their characters.
struct TornHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return text.size(); }
  std::size_t operator()(const std::string& text) const { return std::hash<std::string>()(text); }
};

constexpr const char* kTorn = "hash of the stored key";

template <class Kind>
class StoredHashDeathTest : public ::testing::Test {};
TYPED_TEST_SUITE(StoredHashDeathTest, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(StoredHashDeathTest, AHasherThatHashesTheArgumentAndTheKeyDifferently) {
  kit::TableOf<TypeParam, std::string, int, TornHash, std::equal_to<>> table;
  EXPECT_DEATH(table.try_emplace(std::string_view("key"), 1), kTorn);
  EXPECT_DEATH(table[std::string_view("key")] = 1, kTorn);
  EXPECT_DEATH(table.insert_or_assign(std::string_view("key"), 1), kTorn);
  kit::SetOf<TypeParam, std::string, TornHash, std::equal_to<>> set;
  EXPECT_DEATH(set.insert(std::string_view("key")), kTorn);
  table.try_emplace(std::string("key"), 1);
  set.insert(std::string("key"));
  EXPECT_EQ(table.size() + set.size(), 2u);
}

TYPED_TEST(StoredHashDeathTest, AnEndIteratorHintsAtARehash) {
  kit::TableOf<TypeParam, int, int> table;
  table.try_emplace(1, 1);
  // What a reference from before a rehash shows is not found, and so comes here.
  EXPECT_DEATH(static_cast<void>(table.find(2)->second), "an end iterator has no element.*rehash");
}

}  // namespace
