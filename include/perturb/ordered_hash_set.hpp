// SPDX-License-Identifier: MIT
/// @file OrderedHashSet<Key>: OrderedHashTable's engine with keys alone, and the interface of HashSet.
///
/// What ordered_hash_table.hpp says about order, memory, invalidation and threads is true of it too.
///
/// Sources: its contract is in facade/table_base.hpp, facade/container.hpp, facade/set_container.hpp and
/// ordered/ordered_container.hpp.
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/deduction.hpp>
#include <perturb/facade/set_container.hpp>
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

template <class KeyType, class Hash, class KeyEqual, class Allocator, class Growth>
class OrderedHashSet
    : public detail::ordered::OrderedContainer<detail::facade::SetContainer<
          std::remove_const_t<KeyType>, Hash, KeyEqual, Allocator, Growth, detail::ordered::OrderedCore>> {
  using Base =
      detail::ordered::OrderedContainer<detail::facade::SetContainer<std::remove_const_t<KeyType>, Hash, KeyEqual,
                                                                     Allocator, Growth, detail::ordered::OrderedCore>>;

 public:
  using typename Base::size_type;
  using typename Base::value_type;

  /// This set with another hasher, equality, allocator (of any type: it is rebound) or growth policy.
  template <class OtherHash>
  using with_hash = OrderedHashSet<KeyType, OtherHash, KeyEqual, Allocator, Growth>;
  template <class OtherEqual>
  using with_equal = OrderedHashSet<KeyType, Hash, OtherEqual, Allocator, Growth>;
  template <class Other>
  using with_allocator =
      OrderedHashSet<KeyType, Hash, KeyEqual, typename std::allocator_traits<Other>::template rebind_alloc<value_type>,
                     Growth>;
  template <class OtherGrowth>
  using with_growth = OrderedHashSet<KeyType, Hash, KeyEqual, Allocator, OtherGrowth>;

  using Base::Base;
  OrderedHashSet() = default;
  // Not inherited: g++ deduces `OrderedHashSet{a, b}` from a list only in a class with a list constructor of its own.
  OrderedHashSet(std::initializer_list<value_type> elements, size_type n = 0, const Hash& hash = Hash(),
                 const KeyEqual& equal = KeyEqual(), const Allocator& allocator = Allocator())
      : Base(elements, n, hash, equal, allocator) {}
  OrderedHashSet& operator=(std::initializer_list<value_type> elements) {
    Base::operator=(elements);
    return *this;
  }
  void swap(OrderedHashSet& other) noexcept(noexcept(std::declval<Base&>().swap(std::declval<Base&>()))) {
    Base::swap(other);
  }
  friend void swap(OrderedHashSet& a, OrderedHashSet& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }
};

/// For what cannot be stored: says so, once.
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
  requires(!detail::table::is_storable_v<Key>)
class OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth> {
  static_assert(detail::table::is_storable_v<Key>,
                "perturb: Key must be an object type that is no array: use a std::array, a std::string or a pointer");
};

/// table.erase_if(predicate), under the standard library's name.
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth, class Predicate>
std::size_t erase_if(OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>& table, Predicate predicate) {
  return table.erase_if(std::move(predicate));
}

// Deduction guides, as those of HashTable.

template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash = XxHash<detail::facade::ValueOf<It>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::ValueOf<It>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::ValueOf<It>>>
OrderedHashSet(It, It, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> OrderedHashSet<detail::facade::ValueOf<It>, Hash, KeyEqual, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
OrderedHashSet(It, It, std::size_t, Allocator)
    -> OrderedHashSet<detail::facade::ValueOf<It>, XxHash<detail::facade::ValueOf<It>>,
                      Equal<detail::facade::ValueOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
OrderedHashSet(It, It, Allocator) -> OrderedHashSet<detail::facade::ValueOf<It>, XxHash<detail::facade::ValueOf<It>>,
                                                    Equal<detail::facade::ValueOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashSet(It, It, std::size_t, Hash, Allocator)
    -> OrderedHashSet<detail::facade::ValueOf<It>, Hash, Equal<detail::facade::ValueOf<It>>, Allocator>;

template <class Key, detail::facade::NotAllocator Hash = XxHash<Key>,
          detail::facade::NotAllocator KeyEqual = Equal<Key>,
          detail::facade::AllocatorLike Allocator = std::allocator<Key>>
OrderedHashSet(std::initializer_list<Key>, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(),
               Allocator = Allocator()) -> OrderedHashSet<Key, Hash, KeyEqual, Allocator>;
template <class Key, detail::facade::AllocatorLike Allocator>
OrderedHashSet(std::initializer_list<Key>, std::size_t, Allocator)
    -> OrderedHashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::facade::AllocatorLike Allocator>
OrderedHashSet(std::initializer_list<Key>, Allocator) -> OrderedHashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashSet(std::initializer_list<Key>, std::size_t, Hash, Allocator)
    -> OrderedHashSet<Key, Hash, Equal<Key>, Allocator>;

template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
OrderedHashSet(const OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>&, const std::type_identity_t<Allocator>&)
    -> OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>;
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
OrderedHashSet(OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>&&, const std::type_identity_t<Allocator>&)
    -> OrderedHashSet<Key, Hash, KeyEqual, Allocator, Growth>;

template <class Range, detail::facade::NotAllocator Hash = XxHash<detail::facade::RangeValue<Range>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::RangeValue<Range>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::RangeValue<Range>>>
OrderedHashSet(from_range_t, Range&&, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> OrderedHashSet<detail::facade::RangeValue<Range>, Hash, KeyEqual, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
OrderedHashSet(from_range_t, Range&&, std::size_t, Allocator)
    -> OrderedHashSet<detail::facade::RangeValue<Range>, XxHash<detail::facade::RangeValue<Range>>,
                      Equal<detail::facade::RangeValue<Range>>, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
OrderedHashSet(from_range_t, Range&&, Allocator)
    -> OrderedHashSet<detail::facade::RangeValue<Range>, XxHash<detail::facade::RangeValue<Range>>,
                      Equal<detail::facade::RangeValue<Range>>, Allocator>;
template <class Range, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
OrderedHashSet(from_range_t, Range&&, std::size_t, Hash, Allocator)
    -> OrderedHashSet<detail::facade::RangeValue<Range>, Hash, Equal<detail::facade::RangeValue<Range>>, Allocator>;

}  // namespace perturb::inline PERTURB_ABI
