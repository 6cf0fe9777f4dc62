// SPDX-License-Identifier: MIT
/// @file Contract of insert_or_assign.
#pragma once

#include "support/contract.hpp"

#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void insert_or_assign_contract(Suite& suite) {
  suite.test("ANewKeyIsAdded", [] {
    Table table;
    const auto result = table.insert_or_assign(key<Table>(1), mapped<Table>(10));
    static_assert(std::is_same_v<decltype(result), const std::pair<typename Table::iterator, bool>>);
    check(result.second);
    check_equal(key_number(*result.first), 1u);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("APresentKeyGetsTheNewValue", [] {
    Table table = filled<Table>(0, 10);
    const auto* address = &*table.find(key<Table>(5));
    auto one = key<Table>(5);
    const auto result = table.insert_or_assign(std::move(one), mapped<Table>(50));
    check(!result.second);
    check_equal(&*result.first, address);
    check_equal(number_of(one), 5u, "a key that was not needed is not moved from");
    auto all = numbers(0, 10);
    all[5] = 50;
    check_equal(contents(table), all);
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("AConstantKeyAndValueAreCopied", [] {
      Table table;
      const auto one = key<Table>(1);
      const auto first = mapped<Table>(10);
      const auto second = mapped<Table>(20);
      check(table.insert_or_assign(one, first).second);
      check(!table.insert_or_assign(one, second).second);
      check_equal(contents(table), expected<Table>({{1, 20}}));
    });

    suite.test("AValueOfTheTableCanBeTheArgumentAcrossAGrowth", [] {
      Table table;
      add(table, 0, 77);
      for (Number n = 1; n < 100; ++n) {
        table.insert_or_assign(key<Table>(n), table.at(key<Table>(n - 1)));
        table.insert_or_assign(key<Table>(n), table.at(key<Table>(n)));
      }
      for (Number n = 0; n < 100; ++n) check_equal(number_of(table.at(key<Table>(n))), 77u);
    });
  }
}

}  // namespace kit
