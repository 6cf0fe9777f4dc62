// SPDX-License-Identifier: MIT
/// @file HashSet<Key>: HashTable's engine with keys alone, and the interface of std::unordered_set.
///
/// What hash_table.hpp says about memory, invalidation and threads is true of it too.
///
/// Sources: its contract is in facade/table_base.hpp, facade/container.hpp and facade/set_container.hpp.
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/deduction.hpp>
#include <perturb/facade/set_container.hpp>
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

template <class KeyType, class Hash, class KeyEqual, class Allocator, class Growth>
class HashSet : public detail::facade::SetContainer<std::remove_const_t<KeyType>, Hash, KeyEqual, Allocator, Growth,
                                                    detail::table::TableCore> {
  using Base = detail::facade::SetContainer<std::remove_const_t<KeyType>, Hash, KeyEqual, Allocator, Growth,
                                            detail::table::TableCore>;

 public:
  using typename Base::size_type;
  using typename Base::value_type;

  /// This set with another hasher, equality, allocator (of any type: it is rebound) or growth policy.
  template <class OtherHash>
  using with_hash = HashSet<KeyType, OtherHash, KeyEqual, Allocator, Growth>;
  template <class OtherEqual>
  using with_equal = HashSet<KeyType, Hash, OtherEqual, Allocator, Growth>;
  template <class Other>
  using with_allocator = HashSet<KeyType, Hash, KeyEqual,
                                 typename std::allocator_traits<Other>::template rebind_alloc<value_type>, Growth>;
  template <class OtherGrowth>
  using with_growth = HashSet<KeyType, Hash, KeyEqual, Allocator, OtherGrowth>;

  using Base::Base;
  HashSet() = default;
  // Not inherited: g++ deduces `HashSet{a, b}` from a list only in a class with a list constructor of its own.
  HashSet(std::initializer_list<value_type> elements, size_type n = 0, const Hash& hash = Hash(),
          const KeyEqual& equal = KeyEqual(), const Allocator& allocator = Allocator())
      : Base(elements, n, hash, equal, allocator) {}
  HashSet& operator=(std::initializer_list<value_type> elements) {
    Base::operator=(elements);
    return *this;
  }
  void swap(HashSet& other) noexcept(noexcept(std::declval<Base&>().swap(std::declval<Base&>()))) { Base::swap(other); }
  friend void swap(HashSet& a, HashSet& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }
};

/// For what cannot be stored: says so, once.
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
  requires(!detail::table::is_storable_v<Key>)
class HashSet<Key, Hash, KeyEqual, Allocator, Growth> {
  static_assert(detail::table::is_storable_v<Key>,
                "perturb: Key must be an object type that is no array: use a std::array, a std::string or a pointer");
};

/// table.erase_if(predicate), under the standard library's name.
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth, class Predicate>
std::size_t erase_if(HashSet<Key, Hash, KeyEqual, Allocator, Growth>& table, Predicate predicate) {
  return table.erase_if(std::move(predicate));
}

// Deduction guides, as those of HashTable.

template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash = XxHash<detail::facade::ValueOf<It>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::ValueOf<It>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::ValueOf<It>>>
HashSet(It, It, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<detail::facade::ValueOf<It>, Hash, KeyEqual, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
HashSet(It, It, std::size_t, Allocator) -> HashSet<detail::facade::ValueOf<It>, XxHash<detail::facade::ValueOf<It>>,
                                                   Equal<detail::facade::ValueOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::AllocatorLike Allocator>
HashSet(It, It, Allocator) -> HashSet<detail::facade::ValueOf<It>, XxHash<detail::facade::ValueOf<It>>,
                                      Equal<detail::facade::ValueOf<It>>, Allocator>;
template <detail::facade::InputIterator It, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashSet(It, It, std::size_t, Hash, Allocator)
    -> HashSet<detail::facade::ValueOf<It>, Hash, Equal<detail::facade::ValueOf<It>>, Allocator>;

template <class Key, detail::facade::NotAllocator Hash = XxHash<Key>,
          detail::facade::NotAllocator KeyEqual = Equal<Key>,
          detail::facade::AllocatorLike Allocator = std::allocator<Key>>
HashSet(std::initializer_list<Key>, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<Key, Hash, KeyEqual, Allocator>;
template <class Key, detail::facade::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, std::size_t, Allocator) -> HashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::facade::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, Allocator) -> HashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, std::size_t, Hash, Allocator) -> HashSet<Key, Hash, Equal<Key>, Allocator>;

template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
HashSet(const HashSet<Key, Hash, KeyEqual, Allocator, Growth>&, const std::type_identity_t<Allocator>&)
    -> HashSet<Key, Hash, KeyEqual, Allocator, Growth>;
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
HashSet(HashSet<Key, Hash, KeyEqual, Allocator, Growth>&&, const std::type_identity_t<Allocator>&)
    -> HashSet<Key, Hash, KeyEqual, Allocator, Growth>;

template <class Range, detail::facade::NotAllocator Hash = XxHash<detail::facade::RangeValue<Range>>,
          detail::facade::NotAllocator KeyEqual = Equal<detail::facade::RangeValue<Range>>,
          detail::facade::AllocatorLike Allocator = std::allocator<detail::facade::RangeValue<Range>>>
HashSet(from_range_t, Range&&, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<detail::facade::RangeValue<Range>, Hash, KeyEqual, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, std::size_t, Allocator)
    -> HashSet<detail::facade::RangeValue<Range>, XxHash<detail::facade::RangeValue<Range>>,
               Equal<detail::facade::RangeValue<Range>>, Allocator>;
template <class Range, detail::facade::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, Allocator)
    -> HashSet<detail::facade::RangeValue<Range>, XxHash<detail::facade::RangeValue<Range>>,
               Equal<detail::facade::RangeValue<Range>>, Allocator>;
template <class Range, detail::facade::NotAllocator Hash, detail::facade::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, std::size_t, Hash, Allocator)
    -> HashSet<detail::facade::RangeValue<Range>, Hash, Equal<detail::facade::RangeValue<Range>>, Allocator>;

}  // namespace perturb::inline PERTURB_ABI
