// SPDX-License-Identifier: MIT
/// @file Contract of emplace.
#pragma once

#include "support/contract.hpp"

#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void emplace_contract(Suite& suite) {
  suite.test("AnElementIsMovedIn", [] {
    Table table;
    const auto result = table.emplace(element<Table>(1, 10));
    static_assert(std::is_same_v<decltype(result), const std::pair<typename Table::iterator, bool>>);
    check(result.second);
    check_equal(key_number(*result.first), 1u);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("APresentKeyKeepsItsValue", [] {
    Table table = filled<Table>(0, 10);
    const auto result = table.emplace(element<Table>(4, 44));
    check(!result.second);
    check(result.first == table.find(key<Table>(4)));
    check_equal(contents(table), numbers(0, 10));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("AnElementIsCopiedIn", [] {
      const auto value = element<Table>(1, 10);
      Table table;
      check(table.emplace(value).second);
      check(!table.emplace(value).second);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });

    suite.test("AnElementOfTheTableItselfIsPresent", [] {
      Table table = filled<Table>(0, 30);
      for (Number n = 0; n < 30; ++n) check(!table.emplace(*table.find(key<Table>(n))).second);
      check_equal(contents(table), numbers(0, 30));
    });
  }
}

}  // namespace kit
