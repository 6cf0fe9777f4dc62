// SPDX-License-Identifier: MIT
/// @file Contract of the assignment operators; what allocators do in them is in allocators.hpp.
#pragma once

#include "support/contract.hpp"

#include <initializer_list>
#include <utility>

namespace kit {

template <class Table>
void assignment_contract(Suite& suite) {
  suite.test("MoveReplacesTheContents", [] {
    Table source = table_with_ids<Table>(2, 3, 4);
    fill(source, 0, 40);
    Table table = filled<Table>(100, 103);
    Table& result = (table = std::move(source));
    check_equal(&result, &table);
    check_equal(contents(table), numbers(0, 40));
    check_hash_id(table, 2);
    check_equal_id(table, 3);
  });

  suite.test("MovedFromTableIsUsable", [] {
    Table source = filled<Table>(0, 40);
    Table table = filled<Table>(50, 90);
    table = std::move(source);
    source.clear();
    fill(source, 5, 25);
    check_equal(contents(source), numbers(5, 25));
    check_equal(contents(table), numbers(0, 40));
    source = std::move(table);
    check_equal(contents(source), numbers(0, 40));
  });

  suite.test("MoveOfAnEmptyTableEmpties", [] {
    Table table = filled<Table>(0, 40);
    table = Table();
    check(table.empty());
    check(table.find(key<Table>(1)) == table.end());
    fill(table, 0, 3);
    check_equal(contents(table), numbers(0, 3));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("EmptyBracesEmpty", [] {
      Table table = filled<Table>(0, 40);
      table = {};
      check(table.empty());
    });

    suite.test("ReplacesTheContents", [] {
      Table source = table_with_ids<Table>(2, 3, 4);
      fill(source, 0, 40);
      Table table = filled<Table>(100, 103);
      Table& result = (table = source);
      check_equal(&result, &table);
      check(table == source);
      check_equal(contents(table), numbers(0, 40));
      check_hash_id(table, 2);
      check_equal_id(table, 3);
      source.clear();
      check_equal(contents(table), numbers(0, 40));
    });

    suite.test("ASmallTableReplacesALargeOne", [] {
      const Table source = filled<Table>(0, 3);
      Table table = filled<Table>(100, 200);
      table = source;
      check_equal(contents(table), numbers(0, 3));
    });

    suite.test("AnEmptyTableEmpties", [] {
      const Table source;
      Table table = filled<Table>(0, 40);
      table = source;
      check(table.empty());
      fill(table, 0, 3);
      check_equal(contents(table), numbers(0, 3));
    });

    suite.test("ToItselfChangesNothing", [] {
      Table table = filled<Table>(0, 40);
      const Table& alias = table;
      table = alias;
      check_equal(contents(table), numbers(0, 40));
    });

    suite.test("AListReplacesTheContents", [] {
    // std::unordered_map of libc++ leaks the node of an equal key.
#if defined(_LIBCPP_VERSION)
      constexpr bool kBearsEqualKeys = requires(Table table) { table.tombstone_count(); };
#else
      constexpr bool kBearsEqualKeys = true;
#endif
      const std::initializer_list<typename Table::value_type> list = {element<Table>(1, 10), element<Table>(2, 20),
                                                                      element<Table>(kBearsEqualKeys ? 1 : 3, 30)};
      Table table = filled<Table>(0, 40);
      Table& result = (table = list);
      check_equal(&result, &table);
      auto wanted = expected<Table>({{1, 10}, {2, 20}});
      if (!kBearsEqualKeys) wanted = expected<Table>({{1, 10}, {2, 20}, {3, 30}});
      check_equal(contents(table), wanted);
    });
  }
}

}  // namespace kit
