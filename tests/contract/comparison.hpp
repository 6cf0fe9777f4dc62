// SPDX-License-Identifier: MIT
/// @file Contract of == and !=: the same elements, whatever their history.
#pragma once

#include "support/contract.hpp"

namespace kit {

template <class Table>
void comparison_contract(Suite& suite) {
  suite.test("EmptyTablesAreEqual", [] {
    const Table a;
    const Table b(100);
    check(a == b);
    check(!(a != b));
  });

  suite.test("OrderOfInsertionDoesNotCount", [] {
    Table a;
    Table b;
    for (Number n = 0; n < 60; ++n) {
      add(a, n);
      add(b, 59 - n);
    }
    check(a == b);
    check(!(a != b));
  });

  suite.test("HistoryAndCapacityDoNotCount", [] {
    Table a = filled<Table>(0, 300);
    for (Number n = 20; n < 300; ++n) a.erase(a.find(key<Table>(n)));
    const Table b = filled<Table>(0, 20);
    check(a == b);
    check(b == a);
  });

  suite.test("HashersDoNotCount", [] {
    Table a = table_with_ids<Table>(2, 3, 4);
    Table b = table_with_ids<Table>(2, 5, 6);
    fill(a, 0, 30);
    fill(b, 0, 30);
    check(a == b);
  });

  suite.test("AnotherSizeIsUnequal", [] {
    const Table a = filled<Table>(0, 20);
    const Table b = filled<Table>(0, 21);
    check(!(a == b));
    check(b != a);
  });

  suite.test("AnotherKeyIsUnequal", [] {
    const Table a = filled<Table>(0, 20);
    const Table b = filled<Table>(1, 21);
    check(!(a == b));
  });

  suite.test("AnotherValueIsUnequal", [] {
    Table a = filled<Table>(0, 20);
    Table b = filled<Table>(0, 19);
    add(b, 19, 99);
    check_equal(a == b, !kIsMap<Table>);
  });
}

}  // namespace kit
