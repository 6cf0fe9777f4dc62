// SPDX-License-Identifier: MIT
/// @file Contract of reserve, rehash, the bucket interface and the load factor.
#pragma once

#include "support/contract.hpp"

#include <cstddef>
#include <type_traits>

namespace kit {

template <class Table>
void capacity_contract(Suite& suite) {
  suite.test("RehashMakesAtLeastThatManyBuckets", [] {
    Table table = filled<Table>(0, 20);
    table.rehash(500);
    check(table.bucket_count() >= 500u);
    check_equal(contents(table), numbers(0, 20));
    for (Number n = 0; n < 20; ++n) check(table.contains(key<Table>(n)));
  });

  suite.test("RehashToZeroKeepsRoomForTheElements", [] {
    Table table = filled<Table>(0, 100);
    for (Number n = 10; n < 100; ++n) table.erase(key<Table>(n));
    table.rehash(0);
    check_equal(contents(table), numbers(0, 10));
    check(table.load_factor() <= table.max_load_factor());
    for (Number n = 0; n < 10; ++n) check(table.contains(key<Table>(n)));
  });

  suite.test("RehashOfAnEmptyTable", [] {
    Table table;
    table.rehash(0);
    check(table.empty());
    table.rehash(100);
    check(table.bucket_count() >= 100u);
    table.rehash(0);
    check(table.empty());
    fill(table, 0, 10);
    check_equal(contents(table), numbers(0, 10));
  });

  suite.test("AfterReserveInsertionsMoveNothing", [] {
    for (std::size_t n : {1u, 5u, 6u, 7u, 10u, 11u, 21u, 22u, 100u, 170u, 171u}) {
      Table table;
      table.reserve(n);
      const std::size_t buckets = table.bucket_count();
      add(table, 0);
      const auto first = table.begin();
      const auto* address = &*first;
      fill(table, 1, n);
      check_equal(table.bucket_count(), buckets);
      check_equal(&*table.find(key<Table>(0)), address);
      check(table.find(key<Table>(0)) == first);
      check_equal(contents(table), numbers(0, n));
    }
  });

  suite.test("ReserveKeepsTheElements", [] {
    Table table = filled<Table>(0, 20);
    table.reserve(1000);
    check_equal(contents(table), numbers(0, 20));
    const std::size_t buckets = table.bucket_count();
    fill(table, 20, 1000);
    check_equal(table.bucket_count(), buckets);
    table.reserve(0);
    check_equal(contents(table), numbers(0, 1000));
  });

  suite.test("LoadFactorIsSizePerBucketAndNeverPassesItsBound", [] {
    Table table;
    static_assert(std::is_same_v<decltype(table.load_factor()), float>);
    check(table.load_factor() == 0);
    for (Number n = 0; n < 200; ++n) {
      add(table, n);
      check(table.load_factor() == static_cast<float>(table.size()) / static_cast<float>(table.bucket_count()));
      check(table.load_factor() <= table.max_load_factor());
    }
  });

  suite.test("SizesAreUnsignedAndTheLargestIsLarge", [] {
    const Table table;
    static_assert(std::is_unsigned_v<typename Table::size_type>);
    static_assert(std::is_signed_v<typename Table::difference_type>);
    check(table.max_size() > 1u << 20);
  });
}

}  // namespace kit
