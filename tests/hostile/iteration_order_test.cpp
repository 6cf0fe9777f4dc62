// SPDX-License-Identifier: MIT
/// @file One table is filled in the iteration order of another with an equal hasher. That order is the order of the
/// home slots, so a table that is smaller is filled from one end; where probes run into neighbours, that takes
/// quadratic time. Measured is how many groups of control bytes are looked at, so there is no clock.
#define PERTURB_COUNT_GROUPS 1

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace {

using perturb::detail::table::groups_looked_at;

constexpr std::uint64_t kMany = 1'000'000;
constexpr std::uint64_t kKeys = kMany / 4;

template <class Table>
Table table_of(std::uint64_t keys) {
  Table table;
  for (std::uint64_t n = 0; n < keys; ++n) table.try_emplace(n, n);
  return table;
}

// Inserts the elements of `source` into `target` one by one. Each may look at a few groups, and the rehashes at a few
// more: as many as in random order.
template <class Source, class Target>
void expect_linear(const Source& source, Target target) {
  const std::uint64_t before = groups_looked_at;
  for (const auto& [key, value] : source) target.try_emplace(key, value);
  const std::uint64_t looked_at = groups_looked_at - before;
  EXPECT_EQ(target.size(), source.size());
  EXPECT_LE(looked_at, 5 * source.size());
  EXPECT_LE(target.stats().mean_probe_length(), 1.3);
  EXPECT_LE(target.stats().longest_probe, 40u);
}

template <class Table>
class IterationOrder : public testing::Test {};
template <class Growth>
using TableWith = perturb::HashTable<std::uint64_t, std::uint64_t>::with_growth<Growth>;
using Tables = testing::Types<TableWith<perturb::growth::Dict>, TableWith<perturb::growth::Doubling>>;
TYPED_TEST_SUITE(IterationOrder, Tables);

TYPED_TEST(IterationOrder, FillsAGrowingTableInLinearTime) { expect_linear(table_of<TypeParam>(kMany), TypeParam()); }

TYPED_TEST(IterationOrder, FillsASmallerReservedTableInLinearTime) {
  TypeParam target;
  target.reserve(kKeys / 8);
  expect_linear(table_of<TypeParam>(kKeys), std::move(target));
}

TYPED_TEST(IterationOrder, OfATableThatShrankFillsANewOneInLinearTime) {
  auto source = table_of<TypeParam>(kKeys);
  for (std::uint64_t n = kKeys / 7; n < kKeys; ++n) source.erase(n);
  expect_linear(source, TypeParam());
}

TYPED_TEST(IterationOrder, FillsATableByMergeAndUpdateInLinearTime) {
  auto source = table_of<TypeParam>(kKeys);
  TypeParam updated;
  std::uint64_t before = groups_looked_at;
  updated.update(source);
  EXPECT_LE(groups_looked_at - before, 5 * source.size());
  TypeParam merged;
  before = groups_looked_at;
  merged.merge(source);
  EXPECT_LE(groups_looked_at - before, 8 * merged.size());
}

// An ordered table that was filled in another's iteration order has that order itself.
TEST(IterationOrderOfOneKind, FillsAnotherKindInLinearTime) {
  using Table = TableWith<perturb::growth::Dict>;
  const auto source = table_of<Table>(kKeys);
  expect_linear(source, TableWith<perturb::growth::Doubling>());
  expect_linear(source, perturb::OrderedHashTable<std::uint64_t, std::uint64_t>());
  expect_linear(table_of<TableWith<perturb::growth::Doubling>>(kKeys), Table());
  perturb::OrderedHashTable<std::uint64_t, std::uint64_t> ordered;
  for (const auto& [key, value] : source) ordered.try_emplace(key, value);
  expect_linear(ordered, Table());
}

}  // namespace
