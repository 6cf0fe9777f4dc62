// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "linkage/units.hpp"

namespace linkage {

int sum_of(const Table& table) { return table.at("one") + table.at("two") + table.at("three"); }

std::uint64_t hash_in_second_unit(const std::string& key) { return perturb::XxHash<std::string>()(key); }

namespace {

TEST(LinkageTwoUnits, ReadTheSameTable) { EXPECT_EQ(sum_of(make_table()), 6); }

TEST(LinkageTwoUnits, HashAlike) { EXPECT_EQ(hash_in_first_unit("key"), hash_in_second_unit("key")); }

}  // namespace
}  // namespace linkage
