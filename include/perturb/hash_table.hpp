// SPDX-License-Identifier: MIT
/// @file HashTable<Key, T>: an open-addressing hash map with the interface of std::unordered_map and the comforts of
/// Python's dict.
///
/// Sources: what it shares with HashSet is declared in facade/table_base.hpp (constructors, iteration, look-up,
/// capacity, and the rules for keys, precomputed hashes and exceptions) and facade/container.hpp (insertion, erasure),
/// what concerns values in facade/map_container.hpp; how it works is described in table/table_core.hpp.
///
/// Elements are stored in the table itself: a rehash moves them, which invalidates iterators, pointers and references.
/// erase(iterator) does not rehash, nor does an insertion within reserve(n) while nothing has been erased. Any number
/// of threads may call const members at the same time; any other use needs the table to itself.
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/deduction.hpp>
#include <perturb/facade/map_container.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/table_core.hpp>

#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

template <class KeyType, class T, class Hash, class KeyEqual, class Allocator, class Growth>
class HashTable : public detail::facade::MapContainer<std::remove_const_t<KeyType>, T, Hash, KeyEqual, Allocator,
                                                      Growth, detail::table::TableCore> {
  using Base = detail::facade::MapContainer<std::remove_const_t<KeyType>, T, Hash, KeyEqual, Allocator, Growth,
                                            detail::table::TableCore>;

 public:
  using typename Base::size_type;
  using typename Base::value_type;

  /// This table with another hasher, equality, allocator (of any type: it is rebound) or growth policy:
  /// `HashTable<K, T>::with_growth<growth::Doubling>`.
  template <class OtherHash>
  using with_hash = HashTable<KeyType, T, OtherHash, KeyEqual, Allocator, Growth>;
  template <class OtherEqual>
  using with_equal = HashTable<KeyType, T, Hash, OtherEqual, Allocator, Growth>;
  template <class Other>
  using with_allocator = HashTable<KeyType, T, Hash, KeyEqual,
                                   typename std::allocator_traits<Other>::template rebind_alloc<value_type>, Growth>;
  template <class OtherGrowth>
  using with_growth = HashTable<KeyType, T, Hash, KeyEqual, Allocator, OtherGrowth>;

  using Base::Base;
  HashTable() = default;
  // Not inherited: g++ deduces `HashTable{a, b}` from a list only in a class with a list constructor of its own.
  HashTable(std::initializer_list<value_type> elements, size_type n = 0, const Hash& hash = Hash(),
            const KeyEqual& equal = KeyEqual(), const Allocator& allocator = Allocator())
      : Base(elements, n, hash, equal, allocator) {}
  HashTable& operator=(std::initializer_list<value_type> elements) {
    Base::operator=(elements);
    return *this;
  }
  void swap(HashTable& other) noexcept(noexcept(std::declval<Base&>().swap(std::declval<Base&>()))) {
    Base::swap(other);
  }
  friend void swap(HashTable& a, HashTable& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }
};

/// For what cannot be stored: says so, once.
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
  requires(!detail::table::is_storable_v<Key> || !detail::table::is_storable_v<T>)
class HashTable<Key, T, Hash, KeyEqual, Allocator, Growth> {
  static_assert(detail::table::is_storable_v<Key>,
                "perturb: Key must be an object type that is no array: use a std::array, a std::string or a pointer");
  static_assert(detail::table::is_storable_v<T>,
                "perturb: T must be an object type that is no array: store a std::array, a pointer or a "
                "std::reference_wrapper");
};

/// table.erase_if(predicate), under the standard library's name.
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth, class Predicate>
std::size_t erase_if(HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>& table, Predicate predicate) {
  return table.erase_if(std::move(predicate));
}

// Deduction guides: from a range of pairs or a list of them, with any of the hasher, the equality and the allocator.
// The ones with an allocator in a place that may also be the hasher's are told apart by what an allocator has.

template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash = XxHash<detail::facade::FirstOf<It>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::FirstOf<It>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::ElementOf<It>>>
HashTable(It, It, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, Hash, KeyEqual, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
HashTable(It, It, std::size_t, Allocator)
    -> HashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, XxHash<detail::facade::FirstOf<It>>,
                 Equal<detail::facade::FirstOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
HashTable(It, It, Allocator)
    -> HashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>, XxHash<detail::facade::FirstOf<It>>,
                 Equal<detail::facade::FirstOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashTable(It, It, std::size_t, Hash, Allocator) -> HashTable<detail::facade::FirstOf<It>, detail::facade::SecondOf<It>,
                                                             Hash, Equal<detail::facade::FirstOf<It>>, Allocator>;

template <class Key, class T, detail::facade::NotAllocator Hash = XxHash<std::remove_const_t<Key>>,
          detail::facade::NotAllocator KeyEqual = Equal<std::remove_const_t<Key>>,
          detail::facade::AllocatorLike Allocator = std::allocator<std::pair<const Key, T>>>
HashTable(std::initializer_list<std::pair<Key, T>>, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(),
          Allocator = Allocator()) -> HashTable<std::remove_const_t<Key>, T, Hash, KeyEqual, Allocator>;
template <class Key, class T, detail::facade::AllocatorLike Allocator>
HashTable(std::initializer_list<std::pair<Key, T>>, std::size_t, Allocator)
    -> HashTable<std::remove_const_t<Key>, T, XxHash<std::remove_const_t<Key>>, Equal<std::remove_const_t<Key>>,
                 Allocator>;
template <class Key, class T, detail::facade::AllocatorLike Allocator>
HashTable(std::initializer_list<std::pair<Key, T>>, Allocator)
    -> HashTable<std::remove_const_t<Key>, T, XxHash<std::remove_const_t<Key>>, Equal<std::remove_const_t<Key>>,
                 Allocator>;
template <class Key, class T, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashTable(std::initializer_list<std::pair<Key, T>>, std::size_t, Hash, Allocator)
    -> HashTable<std::remove_const_t<Key>, T, Hash, Equal<std::remove_const_t<Key>>, Allocator>;

// From a table and an allocator, and from a range.

template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
HashTable(const HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>&, const std::type_identity_t<Allocator>&)
    -> HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>;
template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth>
HashTable(HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>&&, const std::type_identity_t<Allocator>&)
    -> HashTable<Key, T, Hash, KeyEqual, Allocator, Growth>;

template <class Range, detail::facade::NotAllocator Hash = XxHash<detail::facade::RangeFirst<Range>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::RangeFirst<Range>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::RangeElement<Range>>>
HashTable(from_range_t, Range&&, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>, Hash, KeyEqual, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
HashTable(from_range_t, Range&&, std::size_t, Allocator)
    -> HashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>,
                 XxHash<detail::facade::RangeFirst<Range>>, Equal<detail::facade::RangeFirst<Range>>, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
HashTable(from_range_t, Range&&, Allocator)
    -> HashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>,
                 XxHash<detail::facade::RangeFirst<Range>>, Equal<detail::facade::RangeFirst<Range>>, Allocator>;
template <class Range, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashTable(from_range_t, Range&&, std::size_t, Hash, Allocator)
    -> HashTable<detail::facade::RangeFirst<Range>, detail::facade::RangeSecond<Range>, Hash,
                 Equal<detail::facade::RangeFirst<Range>>, Allocator>;

}  // namespace perturb::inline PERTURB_ABI
