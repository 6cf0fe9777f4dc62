// SPDX-License-Identifier: MIT
/// @file Contract of the constructors and of the destructor.
#pragma once

#include "support/contract.hpp"

#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace kit {

constexpr std::size_t kBuckets = 123;

template <class Table>
void constructors_contract(Suite& suite) {
  suite.test("DefaultIsEmpty", [] {
    const Table table;
    check(table.empty());
    check_equal(table.size(), 0u);
    check(table.begin() == table.end());
    check(table.find(key<Table>(1)) == table.end());
  });

  suite.test("EmptyBracesMakeATable", [] {
    const Table table = {};
    check(table.empty());
  });

  suite.test("BucketCountIsHonouredByEveryOverload", [] {
    const auto hash = functor<typename Table::hasher>(2);
    const auto equal = functor<typename Table::key_equal>(3);
    const auto alloc = allocator<typename Table::allocator_type>(4);

    const Table n(kBuckets);
    const Table n_hash(kBuckets, hash);
    const Table n_hash_equal(kBuckets, hash, equal);
    const Table n_hash_equal_alloc(kBuckets, hash, equal, alloc);
    const Table n_alloc(kBuckets, alloc);
    const Table n_hash_alloc(kBuckets, hash, alloc);
    for (const Table* table : {&n, &n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) {
      check(table->empty());
      check(table->bucket_count() >= kBuckets);
    }
    for (const Table* table : {&n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_hash_alloc}) {
      check_hash_id(*table, 2);
    }
    for (const Table* table : {&n_hash_equal, &n_hash_equal_alloc}) check_equal_id(*table, 3);
    for (const Table* table : {&n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) check_allocator_id(*table, 4);
  });

  suite.test("AllocatorAloneIsKept", [] {
    Table table(allocator<typename Table::allocator_type>(5));
    fill(table, 0, 20);
    check_allocator_id(table, 5);
    check_equal(contents(table), numbers(0, 20));
  });

  suite.test("ABucketCountOrAnAllocatorIsNoTable", [] {
    check(!(std::is_convertible_v<std::size_t, Table>));
    check(!(std::is_convertible_v<typename Table::allocator_type, Table>));
  });

  suite.test("RangeIsMovedIn", [] {
    auto values = elements<Table>(0, 30);
    const Table table(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("RangeIsWalkedOnce", [] {
    using Iterator = OnceIterator<Element<Table>>;
    auto values = elements<Table>(0, 30);
    const Table table(Iterator(values, 0), Iterator(values, 30));
    check_equal(contents(table), numbers(0, 30));
  });

  suite.test("FirstOfEqualKeysInARangeStays", [] {
    std::vector<Element<Table>> values;
    values.push_back(element<Table>(1, 10));
    values.push_back(element<Table>(2, 20));
    values.push_back(element<Table>(1, 30));
    const Table table(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
    check_equal(contents(table), expected<Table>({{1, 10}, {2, 20}}));
  });

  suite.test("EveryRangeOverloadKeepsItsArguments", [] {
    using Iterator = OnceIterator<Element<Table>>;
    const auto hash = functor<typename Table::hasher>(2);
    const auto equal = functor<typename Table::key_equal>(3);
    const auto alloc = allocator<typename Table::allocator_type>(4);
    std::vector<std::vector<Element<Table>>> sources;
    for (int i = 0; i < 6; ++i) sources.push_back(elements<Table>(0, 10));
    const auto first = [&](std::size_t i) { return Iterator(sources[i], 0); };
    const auto last = [&](std::size_t i) { return Iterator(sources[i], 10); };

    const Table n(first(0), last(0), kBuckets);
    const Table n_hash(first(1), last(1), kBuckets, hash);
    const Table n_hash_equal(first(2), last(2), kBuckets, hash, equal);
    const Table n_hash_equal_alloc(first(3), last(3), kBuckets, hash, equal, alloc);
    const Table n_alloc(first(4), last(4), kBuckets, alloc);
    const Table n_hash_alloc(first(5), last(5), kBuckets, hash, alloc);
    for (const Table* table : {&n, &n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) {
      check_equal(contents(*table), numbers(0, 10));
      check(table->bucket_count() >= kBuckets);
    }
    for (const Table* table : {&n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_hash_alloc}) {
      check_hash_id(*table, 2);
    }
    for (const Table* table : {&n_hash_equal, &n_hash_equal_alloc}) check_equal_id(*table, 3);
    for (const Table* table : {&n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) check_allocator_id(*table, 4);
  });

  suite.test("MoveTakesEverythingAndLeavesAUsableTable", [] {
    Table source = table_with_ids<Table>(2, 3, 4);
    fill(source, 0, 40);
    const auto* address = &*source.begin();
    Table table(std::move(source));
    check_equal(contents(table), numbers(0, 40));
    check_equal(&*table.find(key_of(*address)), address, "a move leaves the elements where they are");
    check_hash_id(table, 2);
    check_equal_id(table, 3);
    check_allocator_id(table, 4);

    check(source.empty());
    check(source.begin() == source.end());
    check(source.find(key<Table>(1)) == source.end());
    check_equal(source.erase(key<Table>(1)), 0u);
    fill(source, 5, 25);
    check_equal(contents(source), numbers(5, 25));
    check_equal(contents(table), numbers(0, 40));
  });

  suite.test("MoveWithAnEqualAllocatorTakesTheElements", [] {
    Table source = table_with_ids<Table>(2, 3, 4);
    fill(source, 0, 40);
    const Table table(std::move(source), allocator<typename Table::allocator_type>(4));
    check_equal(contents(table), numbers(0, 40));
    check_hash_id(table, 2);
    check_equal_id(table, 3);
    check_allocator_id(table, 4);
  });

  suite.test("MoveWithAnotherAllocatorMovesTheElementsOver", [] {
    Table source = table_with_ids<Table>(2, 3, 4);
    fill(source, 0, 40);
    const Table table(std::move(source), allocator<typename Table::allocator_type>(6));
    check_equal(contents(table), numbers(0, 40));
    check_hash_id(table, 2);
    check_equal_id(table, 3);
    check_allocator_id(table, 6);
    source.clear();
    fill(source, 5, 25);
    check_equal(contents(source), numbers(5, 25));
  });

  suite.test("MoveOfAnEmptyTableIsEmpty", [] {
    Table source;
    Table table(std::move(source));
    check(table.empty());
    fill(table, 0, 3);
    fill(source, 0, 3);
    check_equal(contents(table), contents(source));
  });

  if constexpr (kIsCopyable<Table>) {
    suite.test("RangeIsCopied", [] {
      const std::vector<typename Table::value_type> values = [] {
        auto made = elements<Table>(0, 30);
        return std::vector<typename Table::value_type>(made.begin(), made.end());
      }();
      const Table table(values.begin(), values.end());
      check_equal(contents(table), numbers(0, 30));
    });

    suite.test("EveryListOverloadKeepsItsArguments", [] {
      const std::initializer_list<typename Table::value_type> list = {element<Table>(1, 10), element<Table>(2, 20),
                                                                      element<Table>(1, 30)};
      const auto hash = functor<typename Table::hasher>(2);
      const auto equal = functor<typename Table::key_equal>(3);
      const auto alloc = allocator<typename Table::allocator_type>(4);

      const Table alone(list);
      const Table n(list, kBuckets);
      const Table n_hash(list, kBuckets, hash);
      const Table n_hash_equal(list, kBuckets, hash, equal);
      const Table n_hash_equal_alloc(list, kBuckets, hash, equal, alloc);
      const Table n_alloc(list, kBuckets, alloc);
      const Table n_hash_alloc(list, kBuckets, hash, alloc);
      for (const Table* table : {&alone, &n, &n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) {
        check_equal(contents(*table), expected<Table>({{1, 10}, {2, 20}}));
      }
      for (const Table* table : {&n, &n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) {
        check(table->bucket_count() >= kBuckets);
      }
      for (const Table* table : {&n_hash, &n_hash_equal, &n_hash_equal_alloc, &n_hash_alloc}) {
        check_hash_id(*table, 2);
      }
      for (const Table* table : {&n_hash_equal, &n_hash_equal_alloc}) check_equal_id(*table, 3);
      for (const Table* table : {&n_hash_equal_alloc, &n_alloc, &n_hash_alloc}) check_allocator_id(*table, 4);
    });

    suite.test("BracesListTheElements", [] {
      const Table table = {element<Table>(1), element<Table>(2)};
      check_equal(contents(table), numbers(1, 3));
    });

    suite.test("CopyIsEqualAndIndependent", [] {
      Table source = table_with_ids<Table>(2, 3, 4);
      fill(source, 0, 40);
      Table copy(source);
      check(copy == source);
      check_hash_id(copy, 2);
      check_equal_id(copy, 3);
      copy.erase(key<Table>(7));
      add(copy, 99);
      check_equal(contents(source), numbers(0, 40));
      source.clear();
      check_equal(copy.size(), 40u);
      check(copy.contains(key<Table>(99)));
    });

    suite.test("CopyWithAnAllocatorKeepsIt", [] {
      Table source = table_with_ids<Table>(2, 3, 4);
      fill(source, 0, 40);
      const Table copy(source, allocator<typename Table::allocator_type>(6));
      check(copy == source);
      check_hash_id(copy, 2);
      check_equal_id(copy, 3);
      check_allocator_id(copy, 6);
    });

    suite.test("CopyAfterErasuresHoldsTheRest", [] {
      Table source = filled<Table>(0, 60);
      for (Number n = 0; n < 50; ++n) source.erase(key<Table>(n));
      const Table copy(source);
      check_equal(contents(copy), numbers(50, 60));
      check(copy.find(key<Table>(3)) == copy.end());
    });

    suite.test("CopyOfAnEmptyTableIsEmpty", [] {
      const Table source;
      Table copy(source);
      check(copy.empty());
      fill(copy, 0, 3);
      check(source.empty());
    });
  }
}

}  // namespace kit
