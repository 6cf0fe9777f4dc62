// SPDX-License-Identifier: MIT
/// @file Contract of insert and emplace_hint with a hint: any iterator of the table is a good one.
#pragma once

#include "support/contract.hpp"

#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void hints_contract(Suite& suite) {
  suite.test("InsertPointsAtTheNewOrPresentElement", [] {
    Table table;
    auto it = table.insert(table.end(), element<Table>(1, 10));
    static_assert(std::is_same_v<decltype(it), typename Table::iterator>);
    check_equal(key_number(*it), 1u);
    it = table.insert(it, element<Table>(1, 20));
    check(it == table.find(key<Table>(1)));
    it = table.insert(table.cbegin(), element<Table>(2, 20));
    check_equal(key_number(*it), 2u);
    check_equal(contents(table), expected<Table>({{1, 10}, {2, 20}}));
  });

  suite.test("EmplacePointsAtTheNewOrPresentElement", [] {
    Table table;
    auto it = table.emplace_hint(table.end(), element<Table>(1, 10));
    static_assert(std::is_same_v<decltype(it), typename Table::iterator>);
    it = table.emplace_hint(it, element<Table>(1, 20));
    check(it == table.find(key<Table>(1)));
    it = table.emplace_hint(table.cbegin(), element<Table>(2, 20));
    check_equal(key_number(*it), 2u);
    check_equal(contents(table), expected<Table>({{1, 10}, {2, 20}}));
  });

  suite.test("AHintThatPointsElsewhereIsHarmless", [] {
    Table table;
    for (Number n = 0; n < 100; ++n) table.insert(table.begin(), element<Table>(n));
    for (Number n = 100; n < 200; ++n) table.emplace_hint(table.end(), element<Table>(n));
    check_equal(contents(table), numbers(0, 200));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("AConstantElementIsCopied", [] {
      const typename Table::value_type value = element<Table>(1, 10);
      Table table;
      check_equal(key_number(*table.insert(table.cend(), value)), 1u);
      check_equal(key_number(*table.insert(table.cbegin(), value)), 1u);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });
  }
}

}  // namespace kit
