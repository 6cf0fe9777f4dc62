// SPDX-License-Identifier: MIT
/// @file Contract of clear.
#pragma once

#include "support/contract.hpp"

namespace kit {

template <class Table>
void clear_contract(Suite& suite) {
  suite.test("NothingIsLeftAndTheTableIsUsable", [] {
    Table table = filled<Table>(0, 100);
    static_assert(noexcept(table.clear()));
    table.clear();
    check(table.empty());
    check_equal(table.size(), 0u);
    check(table.begin() == table.end());
    for (Number n = 0; n < 100; ++n) check(!table.contains(key<Table>(n)));
    fill(table, 50, 80);
    check_equal(contents(table), numbers(50, 80));
  });

  suite.test("AnEmptyTableStaysEmpty", [] {
    Table table;
    table.clear();
    check(table.empty());
    fill(table, 0, 3);
    table.clear();
    table.clear();
    check(table.empty());
  });

  suite.test("BucketsAndFunctorsStay", [] {
    Table table = table_with_ids<Table>(2, 3, 4);
    fill(table, 0, 100);
    const auto buckets = table.bucket_count();
    table.clear();
    check_equal(table.bucket_count(), buckets);
    check_hash_id(table, 2);
    check_equal_id(table, 3);
    check_allocator_id(table, 4);
  });

  suite.test("ATableFullOfErasuresIsAsNew", [] {
    Table table = filled<Table>(0, 100);
    for (auto it = table.begin(); it != table.end();) it = table.erase(it);
    table.clear();
    check(table.begin() == table.end());
    fill(table, 0, 100);
    check_equal(contents(table), numbers(0, 100));
  });
}

}  // namespace kit
