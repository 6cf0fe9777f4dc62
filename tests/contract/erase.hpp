// SPDX-License-Identifier: MIT
/// @file Contract of erase by key, by iterator and by range, and of erase_if.
#pragma once

#include "support/contract.hpp"

#include <iterator>
#include <set>
#include <type_traits>

namespace kit {

template <class Table>
void erase_contract(Suite& suite) {
  suite.test("APresentKeyIsRemoved", [] {
    Table table = filled<Table>(0, 10);
    static_assert(std::is_same_v<decltype(table.erase(key<Table>(1))), typename Table::size_type>);
    check_equal(table.erase(key<Table>(0)), 1u);
    check_equal(table.erase(key<Table>(0)), 0u);
    check_equal(contents(table), numbers(1, 10));
  });

  suite.test("AnAbsentKeyChangesNothing", [] {
    Table table;
    check_equal(table.erase(key<Table>(1)), 0u);
    fill(table, 0, 10);
    check_equal(table.erase(key<Table>(10)), 0u);
    check_equal(contents(table), numbers(0, 10));
  });

  suite.test("KeysCanBeRemovedOneByOneUntilNothingIsLeft", [] {
    Table table = filled<Table>(0, 200);
    for (Number n = 0; n < 200; ++n) {
      check_equal(table.erase(key<Table>(n)), 1u);
      check_equal(table.size(), 199 - n);
      check(!table.contains(key<Table>(n)));
      if (n % 16 == 0) {
        check_equal(contents(table), numbers(n + 1, 200));
      }
    }
    check(table.begin() == table.end());
    fill(table, 0, 20);
    check_equal(contents(table), numbers(0, 20));
  });

  suite.test("TheKeyCanBeTheElementsOwn", [] {
    Table table = filled<Table>(0, 100);
    for (Number left = 100; left-- > 0;) {
      check_equal(table.erase(key_of(*table.begin())), 1u);
      check_equal(table.size(), left);
    }
  });

  suite.test("AnIteratorsElementIsRemovedAndTheNextPointedAt", [] {
    Table table = filled<Table>(0, 20);
    const auto first = table.begin();
    const Number removed = key_number(*first);
    const auto next = std::next(first);
    const auto result = table.erase(first);
    static_assert(std::is_same_v<decltype(result), const typename Table::iterator>);
    check(result == next);
    auto rest = numbers(0, 20);
    rest.erase(removed);
    check_equal(contents(table), rest);
  });

  suite.test("AConstantIteratorWillDo", [] {
    Table table = filled<Table>(0, 20);
    const Number removed = key_number(*table.cbegin());
    const auto result = table.erase(table.cbegin());
    static_assert(std::is_same_v<decltype(result), const typename Table::iterator>);
    auto rest = numbers(0, 20);
    rest.erase(removed);
    check_equal(contents(table), rest);
  });

  suite.test("TheLastElementsSuccessorIsTheEnd", [] {
    Table table = filled<Table>(0, 1);
    check(table.erase(table.begin()) == table.end());
    check(table.empty());
  });

  suite.test("OtherIteratorsAndReferencesStay", [] {
    Table table = filled<Table>(0, 60);
    const auto kept = table.find(key<Table>(30));
    const auto* address = &*kept;
    for (auto it = table.begin(); it != table.end();) it = it == kept ? std::next(it) : table.erase(it);
    check_equal(table.size(), 1u);
    check(table.begin() == kept);
    check_equal(&*table.find(key<Table>(30)), address);
    check_equal(key_number(*address), 30u);
  });

  suite.test("ErasingWhileIteratingVisitsEveryElementOnce", [] {
    Table table = filled<Table>(0, 200);
    std::set<Number> visited;
    for (auto it = table.begin(); it != table.end();) {
      const Number n = key_number(*it);
      check(visited.insert(n).second);
      it = n % 3 == 0 ? table.erase(it) : std::next(it);
    }
    check_equal(visited.size(), 200u);
    auto rest = numbers(0, 200);
    std::erase_if(rest, [](const auto& element) { return element.first % 3 == 0; });
    check_equal(contents(table), rest);
  });

  suite.test("TheWholeRangeIsRemoved", [] {
    Table table = filled<Table>(0, 60);
    const auto result = table.erase(table.begin(), table.end());
    static_assert(std::is_same_v<decltype(result), const typename Table::iterator>);
    check(result == table.end());
    check(table.empty());
    check(!table.contains(key<Table>(3)));
  });

  suite.test("APartOfTheTableIsRemoved", [] {
    Table table = filled<Table>(0, 60);
    auto first = table.cbegin();
    std::advance(first, 10);
    auto last = first;
    auto rest = numbers(0, 60);
    for (int i = 0; i < 25; ++i, ++last) rest.erase(key_number(*last));
    const Number next = key_number(*last);
    const auto result = table.erase(first, last);
    check_equal(key_number(*result), next);
    check_equal(contents(table), rest);
  });

  suite.test("AnEmptyRangeChangesNothing", [] {
    Table table = filled<Table>(0, 30);
    const auto it = std::next(table.begin(), 5);
    check(table.erase(it, it) == it);
    check(table.erase(table.end(), table.end()) == table.end());
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("EraseIfRemovesWhatThePredicateNamesAndCountsIt", [] {
    Table table = filled<Table>(0, 100);
    const auto removed = erase_if(table, [](const auto& value) { return key_number(value) >= 10; });
    check_equal(removed, 90u);
    check_equal(contents(table), numbers(0, 10));
    check_equal(erase_if(table, [](const auto&) { return false; }), 0u);
    check_equal(erase_if(table, [](const auto&) { return true; }), 10u);
    check(table.empty());
  });
}

}  // namespace kit
