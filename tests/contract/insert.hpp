// SPDX-License-Identifier: MIT
/// @file Contract of insert in its forms without a hint.
#pragma once

#include "support/contract.hpp"

#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace kit {

template <class Table>
void insert_contract(Suite& suite) {
  suite.test("ANewKeyIsAddedAndPointedAt", [] {
    Table table;
    const auto result = table.insert(element<Table>(1, 10));
    static_assert(std::is_same_v<decltype(result), const std::pair<typename Table::iterator, bool>>);
    check(result.second);
    check_equal(key_number(*result.first), 1u);
    check_equal(contents(table), expected<Table>({{1, 10}}));
  });

  suite.test("APresentKeyKeepsItsValueAndIsPointedAt", [] {
    Table table = filled<Table>(0, 10);
    const auto result = table.insert(element<Table>(4, 44));
    check(!result.second);
    check(result.first == table.find(key<Table>(4)));
    check_equal(contents(table), numbers(0, 10));
  });

  suite.test("ManyKeysStayReachable", [] {
    Table table;
    for (Number n = 0; n < 300; ++n) {
      const auto result = table.insert(element<Table>(n));
      check(result.second);
      check_equal(key_number(*result.first), n);
      check_equal(table.size(), n + 1);
    }
    for (Number n = 0; n < 300; ++n) check_equal(table.count(key<Table>(n)), 1u);
    check_equal(contents(table), numbers(0, 300));
  });

  suite.test("AnErasedKeyCanComeBack", [] {
    Table table = filled<Table>(0, 50);
    for (Number n = 0; n < 50; n += 2) table.erase(key<Table>(n));
    for (Number n = 0; n < 50; n += 2) check(table.insert(element<Table>(n)).second);
    check_equal(contents(table), numbers(0, 50));
  });

  suite.test("ARangeIsMovedInAndKeepsWhatIsThere", [] {
    Table table;
    add(table, 3, 33);
    auto values = elements<Table>(0, 30);
    table.insert(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    auto all = numbers(0, 30);
    if (kIsMap<Table>) all[3] = 33;
    check_equal(contents(table), all);
  });

  suite.test("ARangeIsWalkedOnce", [] {
    using Iterator = OnceIterator<Element<Table>>;
    Table table;
    auto values = elements<Table>(0, 30);
    table.insert(Iterator(values, 0), Iterator(values, 30));
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("AnEmptyRangeChangesNothing", [] {
    Table table = filled<Table>(0, 10);
    auto values = elements<Table>(0, 0);
    table.insert(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    check_equal(contents(table), numbers(0, 10));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("AConstantElementIsCopied", [] {
      const typename Table::value_type value = element<Table>(1, 10);
      Table table;
      check(table.insert(value).second);
      check(!table.insert(value).second);
      check(table.contains(key_of(value)));
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });

    suite.test("AValueTypeCanBeMovedIn", [] {
      typename Table::value_type value = element<Table>(1, 10);
      Table table;
      check(table.insert(std::move(value)).second);
      check_equal(contents(table), expected<Table>({{1, 10}}));
    });

    suite.test("AnElementOfTheTableItselfIsPresent", [] {
      Table table = filled<Table>(0, 30);
      check(!table.insert(*table.begin()).second);
      check_equal(contents(table), numbers(0, 30));
    });

    suite.test("AListKeepsTheFirstOfEqualKeys", [] {
      Table table;
      table.insert({element<Table>(1, 10), element<Table>(2, 20), element<Table>(1, 30)});
      check_equal(contents(table), expected<Table>({{1, 10}, {2, 20}}));
    });

    suite.test("ARangeOfAnotherTableIsCopied", [] {
      const Table source = filled<Table>(0, 70);
      Table table;
      table.insert(source.begin(), source.end());
      check(table == source);
    });
  }
}

}  // namespace kit
