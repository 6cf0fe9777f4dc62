// SPDX-License-Identifier: MIT
/// @file Contract of allocators: what each propagation trait does to assignment and swap, select_on_copy, and that
/// every element is built and destroyed by the allocator.
#pragma once

#include "support/contract.hpp"

#include <memory>
#include <string>
#include <utility>

namespace kit {

template <class Table>
using TraitsOf = std::allocator_traits<typename Table::allocator_type>;

template <class Table>
int allocator_id(const Table& table) {
  return table.get_allocator().id();
}

template <class Table>
bool add_allocator_contract(const std::string& name) {
  Suite suite("ContractAllocators/" + name);
  suite.test("CopyAssignmentPropagatesIfTheTraitSaysSo", [] {
    Table source = table_from<Table>(1);
    Table table = table_from<Table>(2);
    fill(source, 0, 40);
    fill(table, 100, 110);
    table = source;
    check_equal(contents(table), numbers(0, 40));
    check_equal(contents(source), numbers(0, 40));
    check(allocator_id(table) == (TraitsOf<Table>::propagate_on_container_copy_assignment::value ? 1 : 2));
    check(allocator_id(source) == 1);
  });

  suite.test("CopyAssignmentOfAnEmptyTablePropagatesToo", [] {
    const Table source = table_from<Table>(1);
    Table table = table_from<Table>(2);
    fill(table, 100, 140);
    table = source;
    check(table.empty());
    check(allocator_id(table) == (TraitsOf<Table>::propagate_on_container_copy_assignment::value ? 1 : 2));
    fill(table, 0, 10);
    check_equal(contents(table), numbers(0, 10));
  });

  suite.test("MoveAssignmentPropagatesIfTheTraitSaysSo", [] {
    constexpr bool propagates = TraitsOf<Table>::propagate_on_container_move_assignment::value;
    Table source = table_from<Table>(1);
    Table table = table_from<Table>(2);
    fill(source, 0, 40);
    fill(table, 100, 110);
    const auto* address = &*source.begin();
    table = std::move(source);
    check_equal(contents(table), numbers(0, 40));
    check(allocator_id(table) == (propagates ? 1 : 2));
    if constexpr (propagates) {
      check_equal(&*table.find(key_of(*address)), address, "the elements need not move");
    }
    source.clear();
    fill(source, 5, 15);
    check_equal(contents(source), numbers(5, 15));
  });

  suite.test("MoveAssignmentBetweenEqualAllocatorsMovesNoElement", [] {
    Table source = table_from<Table>(1);
    Table table = table_from<Table>(1);
    fill(source, 0, 40);
    fill(table, 100, 110);
    const auto* address = &*source.begin();
    table = std::move(source);
    check_equal(&*table.find(key_of(*address)), address);
    check_equal(contents(table), numbers(0, 40));
  });

  suite.test("SwapExchangesAllocatorsIfTheTraitSaysSo", [] {
    constexpr bool propagates = TraitsOf<Table>::propagate_on_container_swap::value;
    Table a = table_from<Table>(1);
    Table b = table_from<Table>(propagates ? 2 : 1);  // unequal ones that do not propagate may not be swapped
    fill(a, 0, 40);
    fill(b, 100, 110);
    a.swap(b);
    check_equal(contents(a), numbers(100, 110));
    check_equal(contents(b), numbers(0, 40));
    check(allocator_id(a) == (propagates ? 2 : 1));
    check(allocator_id(b) == 1);
  });

  suite.test("ACopyAsksTheAllocatorForItsOwn", [] {
    Table source = table_from<Table>(1);
    fill(source, 0, 40);
    const Table copy(source);
    check(allocator_id(copy) == TraitsOf<Table>::select_on_container_copy_construction(source.get_allocator()).id());
    check(copy == source);
  });

  suite.test("AMoveTakesTheAllocatorAlong", [] {
    Table source = table_from<Table>(1);
    fill(source, 0, 40);
    const Table table(std::move(source));
    check(allocator_id(table) == 1);
  });

  suite.test("MoveWithAnotherAllocatorTakesMemoryFromThatOne", [] {
    Table source = table_from<Table>(1);
    fill(source, 0, 40);
    const Table table(std::move(source), typename Table::allocator_type(2));
    check(Ledger::instance().blocks_of(2) >= 1u);
    check_equal(contents(table), numbers(0, 40));
  });

  suite.test("ElementsAreBuiltAndDestroyedByTheAllocator", [] {
    Ledger& ledger = Ledger::instance();
    Table table = table_from<Table>(1);
    table.reserve(40);
    const auto constructions = ledger.constructions();
    const auto destructions = ledger.destructions();
    fill(table, 0, 40);
    check(ledger.constructions() >= constructions + 40);
    table.clear();
    check_equal(ledger.constructions() - constructions, ledger.destructions() - destructions);
  });

  suite.test("EveryBlockGoesBackToWhereItCameFrom", [] {
    {
      Table table = table_from<Table>(1);
      fill(table, 0, 300);
      for (Number n = 0; n < 290; ++n) table.erase(key<Table>(n));
      table.rehash(0);
      table.rehash(1000);
      check(Ledger::instance().blocks_of(1) >= 1u);
    }
    check_equal(Ledger::instance().blocks(), 0u);
  });

  return true;
}

}  // namespace kit
