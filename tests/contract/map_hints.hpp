// SPDX-License-Identifier: MIT
/// @file Contract of try_emplace and insert_or_assign with a hint.
#pragma once

#include "support/contract.hpp"

#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void map_hints_contract(Suite& suite) {
  suite.test("TryEmplaceKeepsAndPointsAtThePresentElement", [] {
    Table table;
    auto it = table.try_emplace(table.end(), key<Table>(1), mapped<Table>(10));
    static_assert(std::is_same_v<decltype(it), typename Table::iterator>);
    it = table.try_emplace(it, key<Table>(1), mapped<Table>(20));
    check(it == table.find(key<Table>(1)));
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("InsertOrAssignAssignsAndPointsAtThePresentElement", [] {
    Table table;
    auto it = table.insert_or_assign(table.end(), key<Table>(1), mapped<Table>(10));
    static_assert(std::is_same_v<decltype(it), typename Table::iterator>);
    it = table.insert_or_assign(it, key<Table>(1), mapped<Table>(20));
    check(it == table.find(key<Table>(1)));
    check_equal(contents(table), expected<Table>({{1, 20}}));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("ConstantKeysAreCopied", [] {
      const auto one = key<Table>(1);
      const auto value = mapped<Table>(20);
      Table table;
      table.try_emplace(table.cbegin(), one, mapped<Table>(10));
      check_equal(contents(table), expected<Table>({{1, 10}}));
      table.insert_or_assign(table.cbegin(), one, value);
      check_equal(contents(table), expected<Table>({{1, 20}}));
    });
  }
}

}  // namespace kit
