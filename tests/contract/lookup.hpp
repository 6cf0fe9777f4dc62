// SPDX-License-Identifier: MIT
/// @file Contract of find, contains, count and equal_range.
#pragma once

#include "support/contract.hpp"

#include <iterator>
#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void lookup_contract(Suite& suite) {
  suite.test("NothingIsFoundInAnEmptyTable", [] {
    Table table;
    const Table& constant = table;
    const auto wanted = key<Table>(1);
    check(table.find(wanted) == table.end());
    check(constant.find(wanted) == constant.end());
    check(!constant.contains(wanted));
    check_equal(constant.count(wanted), 0u);
    check(table.equal_range(wanted) == std::make_pair(table.end(), table.end()));
    check(constant.equal_range(wanted) == std::make_pair(constant.end(), constant.end()));
  });

  suite.test("EveryPresentKeyIsFound", [] {
    Table table = filled<Table>(0, 200);
    const Table& constant = table;
    static_assert(std::is_same_v<decltype(table.find(key<Table>(1))), typename Table::iterator>);
    static_assert(std::is_same_v<decltype(constant.find(key<Table>(1))), typename Table::const_iterator>);
    for (Number n = 0; n < 200; ++n) {
      const auto wanted = key<Table>(n);
      const auto it = table.find(wanted);
      check(it != table.end());
      check_equal(key_number(*it), n);
      check_equal(value_number(*it), n);
      check(constant.find(wanted) == it);
      check(constant.contains(wanted));
      check_equal(constant.count(wanted), 1u);
    }
  });

  suite.test("NoAbsentKeyIsFound", [] {
    Table table = filled<Table>(0, 200);
    for (Number n = 100; n < 200; ++n) table.erase(key<Table>(n));
    const Table& constant = table;
    for (Number n = 100; n < 300; ++n) {
      const auto wanted = key<Table>(n);
      check(table.find(wanted) == table.end());
      check(constant.find(wanted) == constant.end());
      check(!constant.contains(wanted));
      check_equal(constant.count(wanted), 0u);
    }
  });

  suite.test("EqualRangeIsTheOneElement", [] {
    Table table = filled<Table>(0, 50);
    const Table& constant = table;
    for (Number n = 0; n < 50; ++n) {
      const auto [first, last] = table.equal_range(key<Table>(n));
      check(std::distance(first, last) == 1);
      check_equal(key_number(*first), n);
      const auto [const_first, const_last] = constant.equal_range(key<Table>(n));
      check(const_first == first);
      check(const_last == last);
    }
    const auto [first, last] = table.equal_range(key<Table>(50));
    check(first == last);
  });
}

}  // namespace kit
