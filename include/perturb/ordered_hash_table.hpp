// SPDX-License-Identifier: MIT
/// @file OrderedHashTable<Key, T>: a hash map that keeps its elements in the order of their insertion, as Python's dict
/// does, with the interface of HashTable.
///
/// Sources: what it shares with HashTable is declared in facade/table_base.hpp, facade/container.hpp and
/// facade/map_container.hpp; what it has beyond that in ordered/ordered_container.hpp; how it works is described in
/// ordered/ordered_core.hpp.
///
/// Order. A new element comes last. Assigning to one that is there (insert_or_assign, update, operator[]) leaves it
/// where it is, and erasing leaves the order of the others. Iterators are bidirectional, and a step is O(1) whatever
/// was erased. Equality of tables does not depend on the order.
///
/// Elements are stored one after the other: when their block is full, an insertion moves them, which invalidates
/// iterators, pointers and references. erase(iterator) moves none, nor does an insertion within reserve(n) while
/// nothing has been erased or moved to an end. Any number of threads may call const members at the same time; any other
/// use needs the table to itself.
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/deduction.hpp>
#include <perturb/facade/map_container.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ordered/ordered_container.hpp>
#include <perturb/ordered/ordered_core.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

template <class KeyType, class T, class Hash, class KeyEqual, class Allocator, class Growth>
class OrderedHashTable
    : public detail::ordered::OrderedContainer<detail::facade::MapContainer<
          std::remove_const_t<KeyType>, T, Hash, KeyEqual, Allocator, Growth, detail::ordered::OrderedCore>> {
  using Base =
      detail::ordered::OrderedContainer<detail::facade::MapContainer<std::remove_const_t<KeyType>, T, Hash, KeyEqual,
                                                                     Allocator, Growth, detail::ordered::OrderedCore>>;

 public:
  using typename Base::size_type;
  using typename Base::value_type;

  /// This table with another hasher, equality, allocator (of any type: it is rebound) or growth policy:
  /// `OrderedHashTable<K, T>::with_growth<growth::Doubling>`.
  template <class OtherHash>
  using with_hash = OrderedHashTable<KeyType, T, OtherHash, KeyEqual, Allocator, Growth>;
  template <class OtherEqual>
  using with_equal = OrderedHashTable<KeyType, T, Hash, OtherEqual, Allocator, Growth>;
  template <class Other>
  using with_allocator =
      OrderedHashTable<KeyType, T, Hash, KeyEqual,
                       typename std::allocator_traits<Other>::template rebind_alloc<value_type>, Growth>;
  template <class OtherGrowth>
  using with_growth = OrderedHashTable<KeyType, T, Hash, KeyEqual, Allocator, OtherGrowth>;

  using Base::Base;
  OrderedHashTable() = default;
  // Not inherited: g++ deduces `OrderedHashTable{a, b}` from a list only in a class with a list constructor of its own.
  OrderedHashTable(std::initializer_list<value_type> elements, size_type n = 0, const Hash& hash = Hash(),
                   const KeyEqual& equal = KeyEqual(), const Allocator& allocator = Allocator())
      : Base(elements, n, hash, equal, allocator) {}
  OrderedHashTable& operator=(std::initializer_list<value_type> elements) {
    Base::operator=(elements);
    return *this;
  }
  void swap(OrderedHashTable& other) noexcept(noexcept(std::declval<Base&>().swap(std::declval<Base&>()))) {
    Base::swap(other);
  }
  friend void swap(OrderedHashTable& a, OrderedHashTable& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }
};

/// For what cannot be stored: says so, once.
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
  requires(!detail::table::is_storable_v<Key> || !detail::table::is_storable_v<T>)
class OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth> {
  static_assert(detail::table::is_storable_v<Key>,
                "perturb: Key must be an object type that is no array: use a std::array, a std::string or a pointer");
  static_assert(detail::table::is_storable_v<T>,
                "perturb: T must be an object type that is no array: store a std::array, a pointer or a "
                "std::reference_wrapper");
};

/// table.erase_if(predicate), under the standard library's name.
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth, class Predicate>
std::size_t erase_if(OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>& table, Predicate predicate) {
  return table.erase_if(std::move(predicate));
}

// Deduction guides: from a range of pairs or a list of them, with any of the hasher, the equality and the allocator.
// The ones with an allocator in a place that may also be the hasher's are told apart by what an allocator has.

template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash = XxHash<detail::facade::FirstOf<It>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::FirstOf<It>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::ElementOf<It>>>
OrderedHashTable(It, It, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> OrderedHashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, Hash, KeyEqual, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
OrderedHashTable(It, It, std::size_t, Allocator)
    -> OrderedHashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, XxHash<detail::facade::FirstOf<It>>,
                        Equal<detail::facade::FirstOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
OrderedHashTable(It, It, Allocator)
    -> OrderedHashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, XxHash<detail::facade::FirstOf<It>>,
                        Equal<detail::facade::FirstOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashTable(It, It, std::size_t, Hash, Allocator)
    -> OrderedHashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, Hash,
                        Equal<detail::facade::FirstOf<It>>, Allocator>;

template <class Key, class T, detail::facade::NotAllocator Hash = XxHash<std::remove_const_t<Key>>,
          detail::facade::NotAllocator KeyEqual = Equal<std::remove_const_t<Key>>,
          detail::facade::AllocatorLike Allocator = std::allocator<std::pair<const Key, T>>>
OrderedHashTable(std::initializer_list<std::pair<Key, T>>, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(),
                 Allocator = Allocator()) -> OrderedHashTable<std::remove_const_t<Key>, T, Hash, KeyEqual, Allocator>;
template <class Key, class T, detail::facade::AllocatorLike Allocator>
OrderedHashTable(std::initializer_list<std::pair<Key, T>>, std::size_t, Allocator)
    -> OrderedHashTable<std::remove_const_t<Key>, T, XxHash<std::remove_const_t<Key>>, Equal<std::remove_const_t<Key>>,
                        Allocator>;
template <class Key, class T, detail::facade::AllocatorLike Allocator>
OrderedHashTable(std::initializer_list<std::pair<Key, T>>, Allocator)
    -> OrderedHashTable<std::remove_const_t<Key>, T, XxHash<std::remove_const_t<Key>>, Equal<std::remove_const_t<Key>>,
                        Allocator>;
template <class Key, class T, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashTable(std::initializer_list<std::pair<Key, T>>, std::size_t, Hash, Allocator)
    -> OrderedHashTable<std::remove_const_t<Key>, T, Hash, Equal<std::remove_const_t<Key>>, Allocator>;

// From a table and an allocator, and from a range.

template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
OrderedHashTable(const OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>&,
                 const std::type_identity_t<Allocator>&) -> OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>;
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
OrderedHashTable(OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>&&, const std::type_identity_t<Allocator>&)
    -> OrderedHashTable<Key, T, Hash, KeyEqual, Allocator, Growth>;

template <class Range, detail::facade::NotAllocator Hash = XxHash<detail::facade::RangeFirst<Range>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::RangeFirst<Range>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::RangeElement<Range>>>
OrderedHashTable(from_range_t, Range&&, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> OrderedHashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>, Hash, KeyEqual,
                        Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
OrderedHashTable(from_range_t, Range&&, std::size_t, Allocator)
    -> OrderedHashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>,
                        XxHash<detail::facade::RangeFirst<Range>>, Equal<detail::facade::RangeFirst<Range>>, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
OrderedHashTable(from_range_t, Range&&, Allocator)
    -> OrderedHashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>,
                        XxHash<detail::facade::RangeFirst<Range>>, Equal<detail::facade::RangeFirst<Range>>, Allocator>;
template <class Range, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashTable(from_range_t, Range&&, std::size_t, Hash, Allocator)
    -> OrderedHashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>, Hash,
                        Equal<detail::facade::RangeFirst<Range>>, Allocator>;

}  // namespace perturb::inline PERTURB_ABI
