// SPDX-License-Identifier: MIT
/// @file Key types and hashers as std's containers take them: a key that is const, a hasher that returns any integer.
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace {

template <class Kind>
class ConstKeys : public ::testing::Test {};
TYPED_TEST_SUITE(ConstKeys, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(ConstKeys, AreTakenAsTheyAreByStd) {
  kit::TableOf<TypeParam, const int, int> table;
  for (int n = 0; n < 100; ++n) table[n] = n;
  for (int n = 0; n < 100; ++n) EXPECT_EQ(table.at(n), n);
  EXPECT_EQ(table.erase(3), 1u);
  EXPECT_EQ(*table.pop(4), 4);
  EXPECT_EQ(table.extract(5)->second, 5);
  const int key = 6;
  EXPECT_TRUE(table.contains(key));
  table.insert({200, 1});
  table.emplace(201, 1);
  kit::TableOf<TypeParam, const int, int> copy = table;
  copy.merge(table);
  EXPECT_TRUE(copy == table);
  copy.rehash(1000);
  static_assert(std::is_same_v<typename decltype(copy)::value_type, std::pair<const int, int>>);
}

TYPED_TEST(ConstKeys, OfStringsAreTransparent) {
  kit::SetOf<TypeParam, const std::string> set;
  for (int n = 0; n < 100; ++n) set.insert(std::to_string(n));
  EXPECT_TRUE(set.contains("7"));
  EXPECT_EQ(set.erase("7"), 1u);
  EXPECT_TRUE(set.extract("8").has_value());
  set.emplace("8");
  const kit::SetOf<TypeParam, const std::string> copy = set;
  EXPECT_TRUE(copy == set);
  kit::TableOf<TypeParam, const std::string, const int> table;
  table.try_emplace("a", 1);
  EXPECT_EQ(table.at("a"), 1);
  table.rehash(100);
  EXPECT_EQ(table.size(), 1u);
}

template <class Result>
struct HashAs {
  Result operator()(int key) const { return static_cast<Result>(key); }
};

template <class Result>
class HasherResults : public ::testing::Test {};
using Results = ::testing::Types<int, long, long long, short, signed char, char, unsigned, std::size_t, std::uint8_t,
                                 std::int8_t, std::ptrdiff_t, char32_t, wchar_t>;
TYPED_TEST_SUITE(HasherResults, Results);

template <class Kind, class Result>
void expect_results_are_taken() {
  kit::TableOf<Kind, int, int, HashAs<Result>> table;
  kit::SetOf<Kind, int, HashAs<Result>> set;
  for (int n = -300; n < 300; ++n) {
    table[n] = n;
    set.insert(n);
  }
  for (int n = -300; n < 300; ++n) {
    EXPECT_EQ(table.at(n), n);
    EXPECT_TRUE(set.contains(n));
  }
  for (int n = -300; n < 300; n += 2) EXPECT_EQ(set.erase(n), 1u);
  EXPECT_EQ(set.size(), 300u);
  EXPECT_EQ(table.hash(-1), table.hash(-1));
}

TYPED_TEST(HasherResults, OfEveryIntegerTypeAreTaken) {
  expect_results_are_taken<kit::HashKind, TypeParam>();
  expect_results_are_taken<kit::OrderedKind, TypeParam>();
}

/// Says that it is avalanching, and is signed.
struct SignedAvalanching {
  using is_avalanching = void;
  std::int64_t operator()(std::int64_t key) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U);
  }
};

template <class Kind>
class HasherResultsThatAreSigned : public ::testing::Test {};
TYPED_TEST_SUITE(HasherResultsThatAreSigned, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(HasherResultsThatAreSigned, AreTheSameBitsAsUnsigned) {
  EXPECT_EQ(perturb::hash_key(HashAs<std::int64_t>(), -5), perturb::hash_key(HashAs<std::uint64_t>(), -5));
  kit::SetOf<TypeParam, std::int64_t, SignedAvalanching> set;
  for (std::int64_t n = -1000; n < 1000; ++n) set.insert(n);
  for (std::int64_t n = -1000; n < 1000; ++n) EXPECT_TRUE(set.contains(n));
  EXPECT_EQ(set.size(), 2000u);
}

}  // namespace
