// SPDX-License-Identifier: MIT
/// @file Contract of operator[] and at.
#pragma once

#include "support/contract.hpp"

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void subscript_at_contract(Suite& suite) {
  suite.test("SubscriptMakesTheEmptyValueForANewKey", [] {
    using Mapped = typename Table::mapped_type;
    Table table;
    Mapped& value = table[key<Table>(1)];
    check_equal(number_of(value), number_of(Mapped()));
    value = mapped<Table>(10);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("SubscriptFindsAPresentKey", [] {
    Table table = filled<Table>(0, 100);
    for (Number n = 0; n < 100; ++n) check_equal(number_of(table[key<Table>(n)]), n);
    check_equal(table.size(), 100u);
  });

  suite.test("SubscriptAssignsAcrossGrowth", [] {
    Table table;
    for (Number n = 0; n < 100; ++n) table[key<Table>(n)] = mapped<Table>(n);
    check_equal(contents(table), numbers(0, 100));
  });

  suite.test("AtFindsAPresentKey", [] {
    Table table = filled<Table>(0, 100);
    const Table& constant = table;
    static_assert(std::is_same_v<decltype(table.at(key<Table>(1))), typename Table::mapped_type&>);
    static_assert(std::is_same_v<decltype(constant.at(key<Table>(1))), const typename Table::mapped_type&>);
    for (Number n = 0; n < 100; ++n) {
      check_equal(number_of(table.at(key<Table>(n))), n);
      check_equal(number_of(constant.at(key<Table>(n))), n);
    }
    table.at(key<Table>(4)) = mapped<Table>(44);
    check_equal(number_of(constant.at(key<Table>(4))), 44u);
  });

  suite.test("AtThrowsForAnAbsentKey", [] {
    Table table;
    check_throws<std::out_of_range>([&] { static_cast<void>(table.at(key<Table>(1))); });
    fill(table, 0, 40);
    table.erase(key<Table>(7));
    const Table& constant = table;
    check_throws<std::out_of_range>([&] { static_cast<void>(table.at(key<Table>(40))); });
    check_throws<std::out_of_range>([&] { static_cast<void>(constant.at(key<Table>(7))); });
    check_equal(table.size(), 39u);
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("SubscriptCopiesAConstantKey", [] {
      Table table;
      const auto one = key<Table>(1);
      table[one] = mapped<Table>(10);
      check_equal(number_of(one), 1u);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });
  }
}

}  // namespace kit
