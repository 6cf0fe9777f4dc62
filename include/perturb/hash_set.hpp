// SPDX-License-Identifier: MIT
/// @file HashSet<Key>: HashTable's engine with keys alone, and the interface of std::unordered_set.
///
/// Its contract is in table/table_base.hpp and table/container.hpp; what hash_table.hpp says about memory, invalidation
/// and threads is true of it too.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/container.hpp>
#include <perturb/table/deduction.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

template <class KeyType, class Hash, class KeyEqual, class Allocator, class Growth>
class HashSet : public detail::table::Container<detail::table::SetElement<std::remove_const_t<KeyType>>, Hash, KeyEqual,
                                                Allocator, Growth> {
  using Key = std::remove_const_t<KeyType>;
  using Base = detail::table::Container<detail::table::SetElement<Key>, Hash, KeyEqual, Allocator, Growth>;
  using typename Base::Place;

  // Whether a `K` can be inserted as a key without being converted first.
  template <class K>
  static constexpr bool inserts_as() noexcept {
    using Type = std::remove_cvref_t<K>;
    return Base::kTransparent && !std::same_as<Type, Key> && detail::hashing::inserts_unconverted_v<Type, Key> &&
           std::constructible_from<Key, K> && !std::convertible_to<K, typename Base::const_iterator>;
  }

 public:
  using typename Base::allocator_type;
  using typename Base::const_iterator;
  using typename Base::hasher;
  using typename Base::iterator;
  using typename Base::key_equal;
  using typename Base::key_type;
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

  using Base::insert;
  /// Inserts `key` if it is not there.
  std::pair<iterator, bool> insert(const Key& key) { return this->emplace(key); }
  std::pair<iterator, bool> insert(Key&& key) { return this->emplace(std::move(key)); }
  iterator insert(const_iterator, const Key& key) { return insert(key).first; }
  iterator insert(const_iterator, Key&& key) { return insert(std::move(key)).first; }
  /// Where hasher and equality are transparent: a Key is constructed from `key` only if it is not there.
  template <class K>
    requires(inserts_as<K>())
  std::pair<iterator, bool> insert(K&& key) {
    return this->insert_with_key(key, std::forward<K>(key));
  }
  template <class K>
    requires(inserts_as<K>())
  iterator insert(const_iterator, K&& key) {
    return insert(std::forward<K>(key)).first;
  }

  /// Looks up all `keys`: `found[i]` becomes the key in the set that equals keys[i], or nullptr. Cache misses of
  /// neighbouring keys overlap: worth it from about 64 keys on. Pre: found.size() >= keys.size().
  void find_batch(std::span<const Key> keys, std::span<const Key*> found) const {
    PERTURB_ASSERT(found.size() >= keys.size(),
                   "find_batch: there must be room for as many pointers as there are keys");
    detail::table::batch::find(this->core_, keys.data(), keys.size(), [&](std::size_t i, Place place) {
      found[i] = place ? std::addressof(place.slot->value) : nullptr;
    });
  }
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

template <detail::table::InputIterator It, detail::table::NotAllocator Hash = XxHash<detail::table::ValueOf<It>>,
          detail::table::NotAllocator KeyEqual = Equal<detail::table::ValueOf<It>>,
          detail::table::AllocatorLike Allocator = std::allocator<detail::table::ValueOf<It>>>
HashSet(It, It, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<detail::table::ValueOf<It>, Hash, KeyEqual, Allocator>;
template <detail::table::InputIterator It, detail::table::AllocatorLike Allocator>
HashSet(It, It, std::size_t, Allocator) -> HashSet<detail::table::ValueOf<It>, XxHash<detail::table::ValueOf<It>>,
                                                   Equal<detail::table::ValueOf<It>>, Allocator>;
template <detail::table::InputIterator It, detail::table::AllocatorLike Allocator>
HashSet(It, It, Allocator) -> HashSet<detail::table::ValueOf<It>, XxHash<detail::table::ValueOf<It>>,
                                      Equal<detail::table::ValueOf<It>>, Allocator>;
template <detail::table::InputIterator It, detail::table::NotAllocator Hash, detail::table::AllocatorLike Allocator>
HashSet(It, It, std::size_t, Hash, Allocator)
    -> HashSet<detail::table::ValueOf<It>, Hash, Equal<detail::table::ValueOf<It>>, Allocator>;

template <class Key, detail::table::NotAllocator Hash = XxHash<Key>, detail::table::NotAllocator KeyEqual = Equal<Key>,
          detail::table::AllocatorLike Allocator = std::allocator<Key>>
HashSet(std::initializer_list<Key>, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<Key, Hash, KeyEqual, Allocator>;
template <class Key, detail::table::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, std::size_t, Allocator) -> HashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::table::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, Allocator) -> HashSet<Key, XxHash<Key>, Equal<Key>, Allocator>;
template <class Key, detail::table::NotAllocator Hash, detail::table::AllocatorLike Allocator>
HashSet(std::initializer_list<Key>, std::size_t, Hash, Allocator) -> HashSet<Key, Hash, Equal<Key>, Allocator>;

template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
HashSet(const HashSet<Key, Hash, KeyEqual, Allocator, Growth>&, const std::type_identity_t<Allocator>&)
    -> HashSet<Key, Hash, KeyEqual, Allocator, Growth>;
template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
HashSet(HashSet<Key, Hash, KeyEqual, Allocator, Growth>&&, const std::type_identity_t<Allocator>&)
    -> HashSet<Key, Hash, KeyEqual, Allocator, Growth>;

template <class Range, detail::table::NotAllocator Hash = XxHash<detail::table::RangeValue<Range>>,
          detail::table::NotAllocator KeyEqual = Equal<detail::table::RangeValue<Range>>,
          detail::table::AllocatorLike Allocator = std::allocator<detail::table::RangeValue<Range>>>
HashSet(from_range_t, Range&&, std::size_t = 0, Hash = Hash(), KeyEqual = KeyEqual(), Allocator = Allocator())
    -> HashSet<detail::table::RangeValue<Range>, Hash, KeyEqual, Allocator>;
template <class Range, detail::table::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, std::size_t, Allocator)
    -> HashSet<detail::table::RangeValue<Range>, XxHash<detail::table::RangeValue<Range>>,
               Equal<detail::table::RangeValue<Range>>, Allocator>;
template <class Range, detail::table::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, Allocator)
    -> HashSet<detail::table::RangeValue<Range>, XxHash<detail::table::RangeValue<Range>>,
               Equal<detail::table::RangeValue<Range>>, Allocator>;
template <class Range, detail::table::NotAllocator Hash, detail::table::AllocatorLike Allocator>
HashSet(from_range_t, Range&&, std::size_t, Hash, Allocator)
    -> HashSet<detail::table::RangeValue<Range>, Hash, Equal<detail::table::RangeValue<Range>>, Allocator>;

}  // namespace perturb::inline PERTURB_ABI
