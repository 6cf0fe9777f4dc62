// SPDX-License-Identifier: MIT
/// @file Contract of hashers and equalities with state: every copy of a table carries them, and look-ups use them.
#pragma once

#include "support/contract.hpp"

#include <utility>

namespace kit {

template <class Table>
void functor_state_contract(Suite& suite) {
  suite.test("LookUpsUseTheTablesOwnHasher", [] {
    Table a = table_with_ids<Table>(2, 3, 4);
    Table b = table_with_ids<Table>(9, 3, 4);
    fill(a, 0, 200);
    fill(b, 0, 200);
    for (Number n = 0; n < 200; ++n) {
      check(a.contains(key<Table>(n)));
      check(b.contains(key<Table>(n)));
    }
  });

  suite.test("MovedAndSwappedTablesAreFoundIn", [] {
    Table a = table_with_ids<Table>(2, 3, 4);
    Table b = table_with_ids<Table>(9, 5, 4);
    fill(a, 0, 60);
    fill(b, 60, 200);
    a.swap(b);
    Table c(std::move(a));
    a = std::move(b);
    check_hash_id(c, 9);
    check_hash_id(a, 2);
    check_equal_id(c, 5);
    check_equal_id(a, 3);
    for (Number n = 0; n < 60; ++n) check(a.contains(key<Table>(n)));
    for (Number n = 60; n < 200; ++n) check(c.contains(key<Table>(n)));
    fill(a, 60, 120);
    check_equal(contents(a), numbers(0, 120));
  });
}

}  // namespace kit
