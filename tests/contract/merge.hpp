// SPDX-License-Identifier: MIT
/// @file Contract of merge: elements whose keys are new move over, the others stay in the source.
#pragma once

#include "support/contract.hpp"

#include <utility>

namespace kit {

template <class Table>
void merge_contract(Suite& suite) {
  suite.test("NewKeysMoveOverAndPresentOnesStay", [] {
    Table table;
    for (Number n = 0; n < 20; ++n) add(table, n, n);
    Table source;
    for (Number n = 10; n < 50; ++n) add(source, n, n + 1000);
    table.merge(source);
    auto merged = numbers(0, 20);
    Contents left;
    for (Number n = 10; n < 50; ++n) (n < 20 ? left : merged)[n] = kIsMap<Table> ? n + 1000 : n;
    check_equal(contents(table), merged);
    check_equal(contents(source), left);
    for (Number n = 0; n < 50; ++n) check(table.contains(key<Table>(n)));
  });

  suite.test("ATemporaryIsASource", [] {
    Table table;
    table.merge(filled<Table>(0, 30));
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("AnEmptySourceChangesNothing", [] {
    Table table = filled<Table>(0, 30);
    Table source;
    table.merge(source);
    check_equal(contents(table), numbers(0, 30));
    check(source.empty());
  });

  suite.test("WithItselfChangesNothing", [] {
    Table table = filled<Table>(0, 30);
    table.merge(table);
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("TheSourceIsUsableAfterwards", [] {
    Table table = filled<Table>(0, 30);
    Table source = filled<Table>(20, 90);
    table.merge(source);
    fill(source, 0, 90);
    check_equal(contents(source), numbers(0, 90));
    table.merge(source);
    check_equal(contents(table), numbers(0, 90));
    check_equal(contents(source), numbers(0, 90));
  });
}

}  // namespace kit
