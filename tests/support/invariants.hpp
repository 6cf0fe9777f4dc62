// SPDX-License-Identifier: MIT
/// @file What is true of every table at every moment, looked at from outside.
#pragma once

#include "support/check.hpp"

#include <perturb/growth.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <iterator>

namespace kit {

/// The cheap part: what can be said without looking at the elements.
template <class Table>
void expect_counts(const Table& table, kit::SourceLocation where = kit::SourceLocation::current()) {
  using Growth = typename Table::growth_policy;
  const std::size_t size = table.size();
  const std::size_t capacity = table.bucket_count();
  const std::size_t fill = size + table.tombstone_count();
  check(capacity == 0 || (capacity >= 8 && std::has_single_bit(capacity)), "no capacity a table can have", where);
  check_equal(table.empty(), size == 0, "empty()", where);
  if (capacity == 0) {
    check_equal(size, 0, "size without memory", where);
    check_equal(table.tombstone_count(), 0, "tombstones without memory", where);
    check_equal(table.memory_bytes(), 0, "bytes without memory", where);
    check(table.load_factor() == 0, "load factor without memory", where);
  } else {
    check(fill < capacity, "without an empty slot no search ends", where);
    check(table.load_factor() == static_cast<float>(size) / static_cast<float>(capacity), "load factor", where);
    // An ordered table has elements apart from its slots, a small one has memory for some of its slots only, and
    // control bytes for one group.
    const bool has_all_slots = capacity > 32 && !requires { table.front(); };
    const std::size_t elements = has_all_slots ? capacity : size;
    const std::size_t controls = capacity > 32 || capacity < 16 ? capacity : 16;
    check(table.memory_bytes() >= controls + elements * sizeof(typename Table::value_type), "too few bytes", where);
    if constexpr (std::derived_from<Growth, perturb::growth::Dict>) {
      check(4 * fill <= 3 * capacity, "the fill passes three quarters", where);
      check(table.max_load_factor() == 0.75f, "max_load_factor()", where);
    } else if constexpr (std::same_as<Growth, perturb::growth::Doubling>) {
      check(8 * fill <= 7 * capacity, "the fill passes seven eighths", where);
    }
    if (capacity <= 16) check_equal(table.tombstone_count(), 0, "tombstones in a single group", where);
  }
}

/// Everything: also that each element is visited once and found by its key. O(capacity).
template <class Table>
void expect_invariants(const Table& table, kit::SourceLocation where = kit::SourceLocation::current()) {
  expect_counts(table, where);
  std::size_t visited = 0;
  [[maybe_unused]] std::size_t visited_backwards = 0;
  std::size_t reachable = 0;
  for (auto it = table.begin(); it != table.end(); ++it) {
    const auto& key = [&]() -> const auto& {
      if constexpr (requires { typename Table::mapped_type; }) {
        return it->first;
      } else {
        return *it;
      }
    }();
    ++visited;
    const auto found = table.find(key);
    if (found != table.end() && &*found == &*it && table.contains(key) && table.count(key) == 1) ++reachable;
  }
  if constexpr (requires { --table.end(); }) {
    for (auto it = table.end(); it != table.begin(); ++visited_backwards) {
      const auto after = it--;
      if (std::next(it) != after) break;
    }
    check_equal(visited_backwards, table.size(), "elements visited backwards", where);
  }
  check_equal(visited, table.size(), "elements visited", where);
  check_equal(reachable, table.size(), "elements found by their keys", where);
}

}  // namespace kit
