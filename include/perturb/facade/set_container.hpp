// SPDX-License-Identifier: MIT
/// @file The members that sets have beyond what tables of keys and values share with them (container.hpp).
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/container.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/batch.hpp>
#include <perturb/table/element.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

template <class Key, class Hash, class KeyEqual, class Allocator, class Growth,
          template <class, class, class, class, class> class Engine>
class SetContainer : public Container<table::SetElement<Key>, Hash, KeyEqual, Allocator, Growth, Engine> {
  using Base = Container<table::SetElement<Key>, Hash, KeyEqual, Allocator, Growth, Engine>;

 protected:
  using typename Base::Place;

 private:
  // Whether a `K` can be inserted as a key without being converted first.
  template <class K>
  static constexpr bool inserts_as() noexcept {
    using Type = std::remove_cvref_t<K>;
    return Base::kTransparent && !std::same_as<Type, Key> && detail::hashing::inserts_unconverted_v<Type, Key> &&
           std::constructible_from<Key, K> && !std::convertible_to<K, typename Base::const_iterator>;
  }

 public:
  using Base::Base;
  using Base::operator=;
  using typename Base::const_iterator;
  using typename Base::iterator;

  SetContainer() = default;

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
    table::batch::find(this->core_, keys.data(), keys.size(), [&](std::size_t i, Place place) {
      found[i] = place ? std::addressof(place.slot->value) : nullptr;
    });
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::facade
