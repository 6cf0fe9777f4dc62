// SPDX-License-Identifier: MIT
/// @file The two kinds of tables, as a parameter of tests whose claims hold for both.
#pragma once

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace kit {

struct HashKind {
  template <class... Args>
  using Table = perturb::HashTable<Args...>;
  template <class... Args>
  using Set = perturb::HashSet<Args...>;
};
struct OrderedKind {
  template <class... Args>
  using Table = perturb::OrderedHashTable<Args...>;
  template <class... Args>
  using Set = perturb::OrderedHashSet<Args...>;
};
using TableKinds = ::testing::Types<HashKind, OrderedKind>;

/// `Kind`'s table and set of these types.
template <class Kind, class... Args>
using TableOf = typename Kind::template Table<Args...>;
template <class Kind, class... Args>
using SetOf = typename Kind::template Set<Args...>;

template <class Table>
inline constexpr bool kIsOrdered = requires(const Table& table) { table.front(); };

/// Names for TYPED_TEST_SUITE.
struct TableKindNames {
  template <class Kind>
  static std::string GetName(int) {
    return std::is_same_v<Kind, OrderedKind> ? "Ordered" : "Hash";
  }
};

}  // namespace kit
