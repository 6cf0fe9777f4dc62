// SPDX-License-Identifier: MIT
/// @file What the contract suite (tests/contract/*.hpp) is written in. A test speaks of elements by number and asks for
/// them through the functions below, so that the same claim is tested on maps and sets, of copyable and of move-only
/// elements, of perturb and of std. Nothing in the suite knows whose table it tests.
#pragma once

#include "support/allocators.hpp"
#include "support/check.hpp"
#include "support/functors.hpp"
#include "support/numbers.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace kit {

template <class Table>
inline constexpr bool kIsMap = requires { typename Table::mapped_type; };
template <class Table>
inline constexpr bool kIsCopyable = std::is_copy_constructible_v<typename Table::value_type>;

/// The type to hand elements around in: the element with a key that can be moved from.
template <class Table>
struct ElementOf {
  using type = typename Table::key_type;
};
template <class Table>
  requires kIsMap<Table>
struct ElementOf<Table> {
  using type = std::pair<typename Table::key_type, typename Table::mapped_type>;
};
template <class Table>
using Element = typename ElementOf<Table>::type;

template <class Table>
auto key(Number n) {
  return make<typename Table::key_type>(n);
}
template <class Table>
auto mapped(Number n) {
  return make<typename Table::mapped_type>(n);
}

/// Element `n`, with the value of number `value` where there are values.
template <class Table>
Element<Table> element(Number n, [[maybe_unused]] Number value) {
  if constexpr (kIsMap<Table>) {
    return Element<Table>(key<Table>(n), mapped<Table>(value));
  } else {
    return key<Table>(n);
  }
}
template <class Table>
Element<Table> element(Number n) {
  return element<Table>(n, n);
}
template <class Table>
std::vector<Element<Table>> elements(Number first, Number last) {
  std::vector<Element<Table>> result;
  for (Number n = first; n < last; ++n) result.push_back(element<Table>(n));
  return result;
}

template <class Value>
const auto& key_of(const Value& value) {
  if constexpr (requires { value.first; }) {
    return value.first;
  } else {
    return value;
  }
}
template <class Value>
Number key_number(const Value& value) {
  return number_of(key_of(value));
}
/// The number of the value; of the key where there is no value.
template <class Value>
Number value_number(const Value& value) {
  if constexpr (requires { value.second; }) {
    return number_of(value.second);
  } else {
    return number_of(value);
  }
}

template <class Table>
Contents contents(const Table& table) {
  Contents result;
  for (const auto& value : table) {
    check(result.emplace(key_number(value), value_number(value)).second, "an element is visited twice");
  }
  check_equal(result.size(), table.size());
  return result;
}

/// A set has no value that could differ from the key.
template <class Table>
Contents expected(std::initializer_list<std::pair<Number, Number>> pairs) {
  Contents result;
  for (auto [n, value] : pairs) result.emplace(n, kIsMap<Table> ? value : n);
  return result;
}

/// Adds element `n` in the way that needs least of the types. True if it is new.
template <class Table>
bool add(Table& table, Number n, [[maybe_unused]] Number value) {
  if constexpr (kIsMap<Table>) {
    return table.emplace(key<Table>(n), mapped<Table>(value)).second;
  } else {
    return table.emplace(key<Table>(n)).second;
  }
}
template <class Table>
bool add(Table& table, Number n) {
  return add(table, n, n);
}
template <class Table>
void fill(Table& table, Number first, Number last) {
  for (Number n = first; n < last; ++n) add(table, n);
}
template <class Table>
Table filled(Number first, Number last) {
  Table table;
  fill(table, first, last);
  return table;
}

/// An empty table whose hasher, equality and allocator carry these ids.
template <class Table>
Table table_with_ids(int hash_id, int equal_id, int allocator_id, std::size_t buckets = 0) {
  return Table(buckets, functor<typename Table::hasher>(hash_id), functor<typename Table::key_equal>(equal_id),
               allocator<typename Table::allocator_type>(allocator_id));
}
/// An empty table whose allocator has this id.
template <class Table>
Table table_from(int allocator_id) {
  return Table(allocator<typename Table::allocator_type>(allocator_id));
}

template <class Table>
void check_hash_id(const Table& table, int id, kit::SourceLocation where = kit::SourceLocation::current()) {
  check(id_of(table.hash_function()) == id_of(functor<typename Table::hasher>(id)), "another hasher", where);
}
template <class Table>
void check_equal_id(const Table& table, int id, kit::SourceLocation where = kit::SourceLocation::current()) {
  check(id_of(table.key_eq()) == id_of(functor<typename Table::key_equal>(id)), "another equality", where);
}
template <class Table>
void check_allocator_id(const Table& table, int id, kit::SourceLocation where = kit::SourceLocation::current()) {
  check(table.get_allocator() == allocator<typename Table::allocator_type>(id), "another allocator", where);
}

/// An iterator that can be walked once, as one over a stream.
template <class Value>
class OnceIterator {
 public:
  using value_type = Value;
  using difference_type = std::ptrdiff_t;
  using pointer = Value*;
  using reference = Value&&;
  using iterator_category = std::input_iterator_tag;

  OnceIterator(std::vector<Value>& values, std::size_t at) : values_(&values), at_(at) {}
  Value&& operator*() const { return std::move((*values_)[at_]); }
  OnceIterator& operator++() {
    ++at_;
    return *this;
  }
  void operator++(int) { ++at_; }
  friend bool operator==(const OnceIterator& a, const OnceIterator& b) { return a.at_ == b.at_; }

 private:
  std::vector<Value>* values_;
  std::size_t at_;
};

/// Runs each test with an empty ledger and finds it empty again, with every constructed object destroyed.
class LedgerFixture : public ::testing::Test {
 protected:
  LedgerFixture() : alive_before_(alive()) { check_equal(Ledger::instance().blocks(), 0u); }
  ~LedgerFixture() override {
    check_equal(Ledger::instance().blocks(), 0u, "memory is leaked");
    check_equal(alive(), alive_before_, "an allocator constructed other objects than it destroyed");
  }

 private:
  static std::uint64_t alive() { return Ledger::instance().constructions() - Ledger::instance().destructions(); }
  std::uint64_t alive_before_;
};

using Suite = BasicSuite<LedgerFixture>;

}  // namespace kit
