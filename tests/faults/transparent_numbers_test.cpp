// SPDX-License-Identifier: MIT
/// @file Transparent hasher and equality on numbers: what is inserted is converted to the key first, so that it is
/// hashed and compared as what is stored.
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#if defined(__GNUC__)
// The numbers are converted where they are passed, on purpose.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#endif

namespace {

template <class Kind, class Key, class T>
using Table = kit::TableOf<Kind, Key, T, perturb::XxHash<>, perturb::Equal<>>;
template <class Kind, class Key>
using Set = kit::SetOf<Kind, Key, perturb::XxHash<>, perturb::Equal<>>;

/// Five insertions of the same number, by every way to insert one.
template <class Kind, class Key, class Number>
void expect_one_element_in(Number number) {
  const Key stored = static_cast<Key>(number);
  Table<Kind, Key, int> table;
  for (int i = 0; i < 5; ++i) ++table[number];
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.at(stored), 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(table.try_emplace(number, 0).second);
    EXPECT_FALSE(table.insert_or_assign(number, 0).second);
    EXPECT_FALSE(table.emplace(number, 0).second);
    EXPECT_FALSE(table.insert(std::pair<Number, int>(number, 0)).second);
    table.set_default(number, 1);
  }
  EXPECT_EQ(table.size(), 1u);
  EXPECT_TRUE(table.contains(stored));
  if constexpr (kit::kIsOrdered<decltype(table)>) {
    EXPECT_TRUE(table.move_to_end(stored));
  }
  EXPECT_EQ(table.erase(stored), 1u);

  Set<Kind, Key> set;
  EXPECT_TRUE(set.insert(number).second);
  EXPECT_FALSE(set.insert(number).second);
  EXPECT_FALSE(set.emplace(number).second);
  EXPECT_TRUE(set.contains(stored));
  EXPECT_EQ(set.size(), 1u);
}

template <class Key, class Number>
void expect_one_element(Number number) {
  expect_one_element_in<kit::HashKind, Key>(number);
  expect_one_element_in<kit::OrderedKind, Key>(number);
}

TEST(TransparentNumbers, ADoubleInsertedAsAFloatIsThereOnce) {
  expect_one_element<float>(0.1);
  expect_one_element<float>(0.5);
  expect_one_element<float>(-0.0);
  expect_one_element<float>(1e300 * 1e300);
}

TEST(TransparentNumbers, ALongDoubleInsertedAsADoubleIsThereOnce) {
  expect_one_element<double>(0.1L);
  expect_one_element<float>(0.1L);
}

TEST(TransparentNumbers, AnIntegerInsertedAsAFloatingPointNumberIsThereOnce) {
  expect_one_element<float>(16'777'217);
  expect_one_element<double>((std::int64_t{1} << 53) + 1);
  expect_one_element<double>(3);
}

TEST(TransparentNumbers, AFloatingPointNumberInsertedAsAnIntegerIsThereOnce) {
  expect_one_element<int>(2.75);
  expect_one_element<std::int64_t>(2.75F);
}

TEST(TransparentNumbers, AWideIntegerInsertedAsANarrowOneIsThereOnce) {
  expect_one_element<int>((std::int64_t{1} << 32) + 7);
  expect_one_element<std::uint8_t>(263);
  expect_one_element<std::uint64_t>(-1);
  expect_one_element<bool>(2);
  expect_one_element<char>(65);
}

template <class Kind>
class TransparentKeys : public ::testing::Test {};
TYPED_TEST_SUITE(TransparentKeys, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(TransparentKeys, EqualIntegersOfAllTypesAreFound) {
  Set<TypeParam, std::int64_t> set;
  set.insert(5);
  set.insert(-1);
  EXPECT_TRUE(set.contains(5) && set.contains(5U) && set.contains(5L) && set.contains(std::uint8_t{5}));
  EXPECT_TRUE(set.contains(-1) && set.contains(std::int8_t{-1}));
  EXPECT_FALSE(set.contains(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_FALSE(set.contains(std::numeric_limits<std::uint32_t>::max()));
}

TYPED_TEST(TransparentKeys, FloatingPointKeysOfTheirOwnTypeAreFound) {
  Set<TypeParam, float> floats;
  floats.insert(0.1F);
  EXPECT_TRUE(floats.contains(0.1F));
  Table<TypeParam, double, int> doubles;
  doubles[0.1] = 1;
  EXPECT_EQ(doubles.at(0.1), 1);
}

TYPED_TEST(TransparentKeys, StringsStayTransparent) {
  Table<TypeParam, std::string, int> table;
  table[std::string_view("a")] = 1;
  table["a"] += 1;
  EXPECT_EQ(table.at("a"), 2);
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
