// SPDX-License-Identifier: MIT
/// @file Contract of the iterators and of the member types.
#pragma once

#include "support/contract.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace kit {

template <class Table>
void iteration_contract(Suite& suite) {
  suite.test("MemberTypesAreThoseOfAStandardContainer", [] {
    using Value = typename Table::value_type;
    using Traits = std::allocator_traits<typename Table::allocator_type>;
    if constexpr (kIsMap<Table>) {
      static_assert(std::is_same_v<Value, std::pair<const typename Table::key_type, typename Table::mapped_type>>);
    } else {
      static_assert(std::is_same_v<Value, typename Table::key_type>);
    }
    static_assert(std::is_same_v<typename Table::allocator_type::value_type, Value>);
    static_assert(std::is_same_v<typename Table::reference, Value&>);
    static_assert(std::is_same_v<typename Table::const_reference, const Value&>);
    static_assert(std::is_same_v<typename Table::pointer, typename Traits::pointer>);
    static_assert(std::is_same_v<typename Table::const_pointer, typename Traits::const_pointer>);
    check_equal(contents(Table()), Contents());
  });

  suite.test("IteratorsAreForwardIterators", [] {
    using Iterator = typename Table::iterator;
    using ConstIterator = typename Table::const_iterator;
    static_assert(std::forward_iterator<Iterator>);
    static_assert(std::forward_iterator<ConstIterator>);
    static_assert(
        std::is_base_of_v<std::forward_iterator_tag, typename std::iterator_traits<Iterator>::iterator_category>);
    static_assert(std::is_same_v<typename std::iterator_traits<Iterator>::value_type, typename Table::value_type>);
    static_assert(std::is_same_v<typename std::iterator_traits<Iterator>::difference_type, std::ptrdiff_t>);
    static_assert(std::is_same_v<std::iter_reference_t<ConstIterator>, const typename Table::value_type&>);
    static_assert(std::is_convertible_v<Iterator, ConstIterator>);
    if constexpr (kIsMap<Table>) {
      static_assert(std::is_same_v<std::iter_reference_t<Iterator>, typename Table::value_type&>);
      static_assert(!std::is_convertible_v<ConstIterator, Iterator>);
    } else {
      static_assert(std::is_same_v<std::iter_reference_t<Iterator>, const typename Table::value_type&>);
    }
    check(Iterator() == Iterator());
    check(ConstIterator() == ConstIterator());
  });

  suite.test("BeginAndEndAgreeInAllTheirForms", [] {
    Table table = filled<Table>(0, 1);
    const Table& constant = table;
    check(table.begin() == table.cbegin());
    check(table.end() == table.cend());
    check(constant.begin() == table.begin());
    check(constant.end() == table.end());
    check(table.begin() != table.end());
    check(table.cbegin() != table.cend());
    check(std::next(table.begin()) == table.end());
    static_assert(noexcept(table.begin()) && noexcept(constant.end()) && noexcept(table.cbegin()));
  });

  suite.test("EveryElementIsVisitedOnce", [] {
    Table table;
    for (Number n = 0; n < 150; ++n) {
      check_equal(contents(table), numbers(0, n));
      add(table, n);
    }
  });

  suite.test("TwoWalksGiveTheSameOrder", [] {
    const Table table = filled<Table>(0, 100);
    std::vector<const typename Table::value_type*> first;
    for (const auto& value : table) first.push_back(&value);
    std::vector<const typename Table::value_type*> second;
    for (auto it = table.begin(); it != table.end(); it++) second.push_back(it.operator->());
    check(first == second);
  });

  suite.test("PostIncrementGivesTheOldPosition", [] {
    Table table = filled<Table>(0, 5);
    auto it = table.begin();
    const auto old = it++;
    check(old == table.begin());
    check(it == std::next(old));
    check(++it == std::next(old, 2));
  });

  suite.test("IteratorsStayGoodWhileNothingIsRehashed", [] {
    Table table;
    table.reserve(100);
    add(table, 0);
    const auto it = table.find(key<Table>(0));
    fill(table, 1, 100);
    check_equal(key_number(*it), 0u);
    check(std::count_if(table.begin(), table.end(), [&](const auto& value) { return &value == &*it; }) == 1);
  });
}

}  // namespace kit
