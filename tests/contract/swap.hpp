// SPDX-License-Identifier: MIT
/// @file Contract of swap between tables with equal allocators; other allocators are in allocators.hpp.
#pragma once

#include "support/contract.hpp"

#include <utility>

namespace kit {

template <class Table>
void swap_contract(Suite& suite) {
  suite.test("ContentsAndFunctorsAreExchanged", [] {
    Table a = table_with_ids<Table>(2, 3, 4);
    Table b = table_with_ids<Table>(5, 6, 4);
    fill(a, 0, 3);
    fill(b, 100, 200);
    a.swap(b);
    check_equal(contents(a), numbers(100, 200));
    check_equal(contents(b), numbers(0, 3));
    check_hash_id(a, 5);
    check_hash_id(b, 2);
    check_equal_id(a, 6);
    check_equal_id(b, 3);
    for (Number n = 100; n < 200; ++n) check(a.contains(key<Table>(n)));
    fill(a, 0, 50);
    fill(b, 0, 50);
    check_equal(a.size(), 150u);
    check_equal(contents(b), numbers(0, 50));
  });

  suite.test("TheFreeFunctionIsTheMember", [] {
    using std::swap;
    Table a = filled<Table>(0, 3);
    Table b = filled<Table>(100, 200);
    swap(a, b);
    check_equal(contents(a), numbers(100, 200));
    check_equal(contents(b), numbers(0, 3));
  });

  suite.test("ReferencesFollowTheirElements", [] {
    Table a = filled<Table>(0, 30);
    Table b = filled<Table>(100, 110);
    const auto* in_a = &*a.find(key<Table>(7));
    const auto* in_b = &*b.find(key<Table>(107));
    a.swap(b);
    check_equal(&*b.find(key<Table>(7)), in_a);
    check_equal(&*a.find(key<Table>(107)), in_b);
  });

  suite.test("AnEmptyTableCanBeOnEitherSide", [] {
    Table a;
    Table b = filled<Table>(0, 30);
    a.swap(b);
    check_equal(contents(a), numbers(0, 30));
    check(b.empty());
    a.swap(b);
    check(a.empty());
    check_equal(contents(b), numbers(0, 30));
    fill(a, 0, 3);
    check_equal(contents(a), numbers(0, 3));
  });

  suite.test("WithItselfChangesNothing", [] {
    Table table = filled<Table>(0, 30);
    Table& alias = table;
    table.swap(alias);
    check_equal(contents(table), numbers(0, 30));
  });
}

}  // namespace kit
