// SPDX-License-Identifier: MIT
/// @file Contract of emplace with the parts of a pair, and of try_emplace.
#pragma once

#include "support/contract.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

namespace kit {

template <class Table>
void map_emplace_contract(Suite& suite) {
  suite.test("KeyAndValueAreMovedIn", [] {
    Table table;
    check(table.emplace(key<Table>(1), mapped<Table>(10)).second);
    check(!table.emplace(key<Table>(1), mapped<Table>(20)).second);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("BothPartsAreBuiltPiecewise", [] {
    Table table;
    const auto result = table.emplace(std::piecewise_construct, std::forward_as_tuple(key<Table>(1)),
                                      std::forward_as_tuple(mapped<Table>(10)));
    check(result.second);
    table.emplace(std::piecewise_construct, std::forward_as_tuple(key<Table>(2)), std::tuple<>());
    check_equal(contents(table), expected<Table>({{1, 10}, {2, 0}}));
  });

  suite.test("TryEmplaceAddsANewKey", [] {
    Table table;
    const auto result = table.try_emplace(key<Table>(1), mapped<Table>(10));
    static_assert(std::is_same_v<decltype(result), const std::pair<typename Table::iterator, bool>>);
    check(result.second);
    check_equal(key_number(*result.first), 1u);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("TryEmplaceLeavesItsArgumentsAloneWhenTheKeyIsPresent", [] {
    Table table = filled<Table>(0, 11);
    auto one = key<Table>(5);
    auto value = mapped<Table>(51);
    const auto result = table.try_emplace(std::move(one), std::move(value));
    check(!result.second);
    check(result.first == table.find(key<Table>(5)));
    check_equal(number_of(one), 5u, "a key that was not needed is not moved from");
    check_equal(number_of(value), 51u, "a value that was not needed is not moved from");
    check_equal(contents(table), numbers(0, 11));
  });

  suite.test("TryEmplaceWithoutArgumentsMakesTheEmptyValue", [] {
    using Mapped = typename Table::mapped_type;
    Table table;
    check_equal(number_of(table.try_emplace(key<Table>(1)).first->second), number_of(Mapped()));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("TryEmplaceCopiesAConstantKey", [] {
      Table table;
      const auto one = key<Table>(1);
      check(table.try_emplace(one, mapped<Table>(10)).second);
      check(!table.try_emplace(one, mapped<Table>(20)).second);
      check_equal(number_of(one), 1u);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });

    suite.test("EmplaceTakesAnythingThatMakesAPair", [] {
      Table table;
      const std::pair<typename Table::key_type, typename Table::mapped_type> unlike(key<Table>(1), mapped<Table>(10));
      check(table.emplace(unlike).second);
      check(table.insert(std::make_pair(key<Table>(2), mapped<Table>(20))).second);
      check_equal(contents(table), expected<Table>({{1, 10}, {2, 20}}));
    });

    suite.test("BracesMakeAnElement", [] {
      Table table;
      check(table.insert({key<Table>(1), mapped<Table>(10)}).second);
      check(!table.insert({key<Table>(1), mapped<Table>(20)}).second);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });

    suite.test("ValuesOfTheTableCanBeArgumentsAcrossAGrowth", [] {
      Table table;
      add(table, 0);
      for (Number n = 1; n < 100; ++n) {
        if (n % 2 == 0) {
          table.emplace(key<Table>(n), table.at(key<Table>(0)));
        } else {
          table.try_emplace(key<Table>(n), table.at(key<Table>(n - 1)));
        }
      }
      for (Number n = 0; n < 100; ++n) check_equal(number_of(table.at(key<Table>(n))), 0u);
    });
  }
}

}  // namespace kit
