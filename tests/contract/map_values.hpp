// SPDX-License-Identifier: MIT
/// @file Contract of changing values in place, through iterators and references.
#pragma once

#include "support/contract.hpp"

namespace kit {

template <class Table>
void map_values_contract(Suite& suite) {
  suite.test("AnIteratorsValueCanBeChanged", [] {
    Table table = filled<Table>(0, 50);
    for (auto& [the_key, value] : table) value = mapped<Table>(number_of(the_key) + 1000);
    table.find(key<Table>(3))->second = mapped<Table>(5);
    for (Number n = 0; n < 50; ++n) {
      check_equal(number_of(table.at(key<Table>(n))), n == 3 ? 5 : n + 1000);
    }
  });
}

}  // namespace kit
