// SPDX-License-Identifier: MIT
/// @file The members that tables of keys and values have beyond what sets share with them (container.hpp): the values'
/// part of std::unordered_map's interface, and the comforts of Python's dict.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/facade/container.hpp>
#include <perturb/facade/views.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/batch.hpp>
#include <perturb/table/element.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

template <class Key, class T, class Hash, class KeyEqual, class Allocator, class Growth,
          template <class, class, class, class, class> class Engine>
class MapContainer : public Container<table::MapElement<Key, T>, Hash, KeyEqual, Allocator, Growth, Engine> {
  using Element = table::MapElement<Key, T>;
  using Base = Container<Element, Hash, KeyEqual, Allocator, Growth, Engine>;

 protected:
  using typename Base::Place;
  using typename Base::Slot;

 private:
  template <class K>
  using sought = typename Base::template key_parameter<K, Key>;

  // Whether a `K` can be inserted as a key without being converted first: where hasher and equality are transparent,
  // and a key can be constructed from it.
  template <class K>
  static constexpr bool inserts_as() noexcept {
    using Type = std::remove_cvref_t<K>;
    if constexpr (!Base::kTransparent || std::same_as<Type, Key> || std::same_as<Type, HashValue> ||
                  !detail::hashing::inserts_unconverted_v<Type, Key> ||
                  std::convertible_to<K, typename Base::const_iterator>) {
      return false;
    } else {
      return std::constructible_from<Key, K> && requires(const Hash& hash, const Type& key) { hash(key); };
    }
  }

 public:
  using mapped_type = T;
  using Base::Base;
  using Base::operator=;
  using typename Base::const_iterator;
  using typename Base::iterator;
  using typename Base::value_type;

  MapContainer() = default;

  // --- look-up of values: O(1) expected, O(bucket_count()) worst; nothing is invalidated --------------------------

  /// The value of this key, or nullptr. The pointer is valid until the element is erased or the table rehashes.
  template <class K = Key>
  [[nodiscard]] T* get(const sought<K>& key) {
    return value_at(this->core_.find(key, this->core_.hash(key)));
  }
  template <class K = Key>
  [[nodiscard]] const T* get(const sought<K>& key) const {
    return value_at(this->core_.find(key, this->core_.hash(key)));
  }
  template <class K = Key>
  [[nodiscard]] T* get(const sought<K>& key, HashValue hash) {
    return value_at(this->find_hashed(key, hash));
  }
  template <class K = Key>
  [[nodiscard]] const T* get(const sought<K>& key, HashValue hash) const {
    return value_at(this->find_hashed(key, hash));
  }

  /// A copy of the value of this key, or `fallback` as a T.
  template <class K = Key, class U = T>
  [[nodiscard]] T get_or(const sought<K>& key, U&& fallback) const {
    return value_or(get<K>(key), std::forward<U>(fallback));
  }
  template <class K = Key, class U = T>
  [[nodiscard]] T get_or(const sought<K>& key, HashValue hash, U&& fallback) const {
    return value_or(get<K>(key, hash), std::forward<U>(fallback));
  }

  /// The value of this key. Throws: std::out_of_range if there is none.
  template <class K = Key>
  T& at(const sought<K>& key) {
    return present(get<K>(key));
  }
  template <class K = Key>
  const T& at(const sought<K>& key) const {
    return present(get<K>(key));
  }
  template <class K = Key>
  T& at(const sought<K>& key, HashValue hash) {
    return present(get<K>(key, hash));
  }
  template <class K = Key>
  const T& at(const sought<K>& key, HashValue hash) const {
    return present(get<K>(key, hash));
  }

  /// Looks up all `keys`: `values[i]` becomes get(keys[i]). Cache misses of neighbouring keys overlap: worth it from
  /// about 64 keys on, most where the table is larger than the caches. Pre: values.size() >= keys.size().
  void find_batch(std::span<const Key> keys, std::span<T*> values) { find_batch_into(*this, keys, values); }
  void find_batch(std::span<const Key> keys, std::span<const T*> values) const { find_batch_into(*this, keys, values); }

  // --- insertion: see facade/container.hpp for complexity, invalidation and guarantees -------------------------------

  using Base::insert;
  /// Inserts `element`, or what it converts to, if its key is not there.
  template <class P>
    requires std::constructible_from<value_type, P&&>
  std::pair<iterator, bool> insert(P&& element) {
    return this->emplace(std::forward<P>(element));
  }
  template <class P>
    requires std::constructible_from<value_type, P&&>
  iterator insert(const_iterator, P&& element) {
    return this->emplace(std::forward<P>(element)).first;
  }
  /// What `insert({key, value})` calls: the key is not const yet, so it can be moved from.
  std::pair<iterator, bool> insert(std::pair<Key, T>&& element) { return this->emplace(std::move(element)); }
  iterator insert(const_iterator, std::pair<Key, T>&& element) { return this->emplace(std::move(element)).first; }

  /// Inserts `key` with a value constructed from `args`; if the key is there, nothing is constructed or moved from.
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(const Key& key, Args&&... args) {
    return emplace_value(this->core_.hash(key), key, std::forward<Args>(args)...);
  }
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(Key&& key, Args&&... args) {
    return emplace_value(this->core_.hash(key), std::move(key), std::forward<Args>(args)...);
  }
  template <class K, class... Args>
    requires(inserts_as<K>())
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(K&& key, Args&&... args) {
    return emplace_value(this->core_.hash(key), std::forward<K>(key), std::forward<Args>(args)...);
  }
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(HashValue hash, const Key& key, Args&&... args) {
    return emplace_hashed(hash, key, std::forward<Args>(args)...);
  }
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(HashValue hash, Key&& key, Args&&... args) {
    return emplace_hashed(hash, std::move(key), std::forward<Args>(args)...);
  }
  template <class K, class... Args>
    requires(inserts_as<K>())
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> try_emplace(HashValue hash, K&& key, Args&&... args) {
    return emplace_hashed(hash, std::forward<K>(key), std::forward<Args>(args)...);
  }
  template <class... Args>
  iterator try_emplace(const_iterator, const Key& key, Args&&... args) {
    return try_emplace(key, std::forward<Args>(args)...).first;
  }
  template <class... Args>
  iterator try_emplace(const_iterator, Key&& key, Args&&... args) {
    return try_emplace(std::move(key), std::forward<Args>(args)...).first;
  }
  template <class K, class... Args>
    requires(inserts_as<K>())
  iterator try_emplace(const_iterator, K&& key, Args&&... args) {
    return try_emplace(std::forward<K>(key), std::forward<Args>(args)...).first;
  }

  /// Inserts `key` with `value`, or assigns `value` to the element that is there. Returns whether it was inserted.
  template <class V = T>
  std::pair<iterator, bool> insert_or_assign(const Key& key, V&& value) {
    return assigned(try_emplace(key, std::forward<V>(value)), std::forward<V>(value));
  }
  template <class V = T>
  std::pair<iterator, bool> insert_or_assign(Key&& key, V&& value) {
    return assigned(try_emplace(std::move(key), std::forward<V>(value)), std::forward<V>(value));
  }
  template <class K, class V = T>
    requires(inserts_as<K>())
  std::pair<iterator, bool> insert_or_assign(K&& key, V&& value) {
    return assigned(try_emplace(std::forward<K>(key), std::forward<V>(value)), std::forward<V>(value));
  }
  template <class V = T>
  std::pair<iterator, bool> insert_or_assign(HashValue hash, const Key& key, V&& value) {
    return assigned(try_emplace(hash, key, std::forward<V>(value)), std::forward<V>(value));
  }
  template <class V = T>
  std::pair<iterator, bool> insert_or_assign(HashValue hash, Key&& key, V&& value) {
    return assigned(try_emplace(hash, std::move(key), std::forward<V>(value)), std::forward<V>(value));
  }
  template <class K, class V = T>
    requires(inserts_as<K>())
  std::pair<iterator, bool> insert_or_assign(HashValue hash, K&& key, V&& value) {
    return assigned(try_emplace(hash, std::forward<K>(key), std::forward<V>(value)), std::forward<V>(value));
  }
  template <class V = T>
  iterator insert_or_assign(const_iterator, const Key& key, V&& value) {
    return insert_or_assign(key, std::forward<V>(value)).first;
  }
  template <class V = T>
  iterator insert_or_assign(const_iterator, Key&& key, V&& value) {
    return insert_or_assign(std::move(key), std::forward<V>(value)).first;
  }
  template <class K, class V = T>
    requires(inserts_as<K>())
  iterator insert_or_assign(const_iterator, K&& key, V&& value) {
    return insert_or_assign(std::forward<K>(key), std::forward<V>(value)).first;
  }

  /// The value of this key, constructed from `args` if absent: dict.setdefault.
  template <class... Args>
  T& set_default(const Key& key, Args&&... args) {
    return try_emplace(key, std::forward<Args>(args)...).first->second;
  }
  template <class... Args>
  T& set_default(Key&& key, Args&&... args) {
    return try_emplace(std::move(key), std::forward<Args>(args)...).first->second;
  }
  template <class K, class... Args>
    requires(inserts_as<K>())
  T& set_default(K&& key, Args&&... args) {
    return try_emplace(std::forward<K>(key), std::forward<Args>(args)...).first->second;
  }
  template <class K, class... Args>
  T& set_default(HashValue hash, K&& key, Args&&... args) {
    return try_emplace(hash, std::forward<K>(key), std::forward<Args>(args)...).first->second;
  }

  /// The value of this key, value-initialized if absent.
  PERTURB_ALWAYS_INLINE T& operator[](const Key& key) { return try_emplace(key).first->second; }
  PERTURB_ALWAYS_INLINE T& operator[](Key&& key) { return try_emplace(std::move(key)).first->second; }
  template <class K>
    requires(inserts_as<K>())
  PERTURB_ALWAYS_INLINE T& operator[](K&& key) {
    return try_emplace(std::forward<K>(key)).first->second;
  }

  /// insert_or_assign of each element (a pair, or a tuple of two) of a range or of another table: dict.update.
  /// The elements of an rvalue container are moved from; those of a view or a span are copied.
  /// Guarantee: strong for each element, so basic for all.
  template <class Range>
  void update(Range&& range) {
    for (auto&& element : range) {
      auto&& [key, value] = element;
      static_assert(!std::is_same_v<std::remove_cvref_t<decltype(key)>, Key> || std::is_copy_constructible_v<Key> ||
                        !std::is_const_v<std::remove_reference_t<decltype(key)>>,
                    "perturb: update from a table whose keys cannot be copied: use merge, which moves the elements");
      if constexpr (kOwnsElements<Range> || !std::is_lvalue_reference_v<decltype(element)>) {
        // A part that is itself a reference, as in a zipped range, stays what it is.
        insert_or_assign(std::forward<decltype(key)>(key), std::forward<decltype(value)>(value));
      } else {
        insert_or_assign(key, value);
      }
    }
  }
  void update(std::initializer_list<value_type> elements) {
    for (const value_type& element : elements) insert_or_assign(element.first, element.second);
  }

  // --- removal -------------------------------------------------------------------------------------------------------

  /// Removes the element with this key and returns its value, or nothing: dict.pop. May shrink, as erase(key).
  template <class K = Key>
  std::optional<T> pop(const sought<K>& key) {
    return pop_found(this->core_.find(key, this->core_.hash(key)));
  }
  template <class K = Key>
  std::optional<T> pop(const sought<K>& key, HashValue hash) {
    return pop_found(this->find_hashed(key, hash));
  }

  // --- views: ranges over the elements, valid as long as the table's iterators, and of their category ---------------

  /// The keys.
  [[nodiscard]] auto keys() const noexcept { return View<KeyIterator<const_iterator>>(this->begin(), this->end()); }
  /// The values, which may be assigned through a table that is not const.
  [[nodiscard]] auto values() noexcept { return View<ValueIterator<iterator>>(this->begin(), this->end()); }
  [[nodiscard]] auto values() const noexcept { return View<ValueIterator<const_iterator>>(this->begin(), this->end()); }
  /// The elements: `for (auto& [key, value] : table.items())`.
  [[nodiscard]] auto items() noexcept { return View<iterator>(this->begin(), this->end()); }
  [[nodiscard]] auto items() const noexcept { return View<const_iterator>(this->begin(), this->end()); }

 private:
  static T* value_at(Place place) noexcept { return place ? std::addressof(place.slot->value.second) : nullptr; }

  template <class V>
  static V& present(V* value) {
    if (value == nullptr) {
      detail::raise<std::out_of_range>("perturb: at(key): no element has this key; get(key) gives nullptr instead");
    }
    return *value;
  }

  // Whether the range owns its elements.
  template <class Range>
  static constexpr bool kOwnsElements = !std::is_reference_v<Range> && !std::is_const_v<Range> &&
                                        !std::ranges::enable_view<Range> && !std::ranges::enable_borrowed_range<Range>;

  template <class U>
  static T value_or(const T* value, U&& fallback) {
    return value != nullptr ? *value : static_cast<T>(std::forward<U>(fallback));
  }

  template <class K, class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> emplace_value(HashValue hash, K&& key, Args&&... args) {
    return this->result(this->core_.find_or_insert(key, hash, [&](Slot* slot) {
      this->construct(slot, std::piecewise_construct, std::forward_as_tuple(std::forward<K>(key)),
                      std::forward_as_tuple(std::forward<Args>(args)...));
    }));
  }
  template <class K, class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> emplace_hashed(HashValue hash, K&& key, Args&&... args) {
    this->core_.check_hash(key, hash);
    return emplace_value(hash, std::forward<K>(key), std::forward<Args>(args)...);
  }

  template <class V>
  static std::pair<iterator, bool> assigned(std::pair<iterator, bool> inserted, V&& value) {
    if (!inserted.second) inserted.first->second = std::forward<V>(value);
    return inserted;
  }

  std::optional<T> pop_found(Place place) {
    static_assert(std::is_move_constructible_v<T>, "perturb: pop of values that cannot be moved: use erase");
    std::optional<T> value;
    if (place) {
      value.emplace(Element::value_to_extract(place.slot->value));
      this->core_.erase_and_shrink(place);
    }
    return value;
  }

  template <class Self, class Pointer>
  static void find_batch_into(Self& self, std::span<const Key> keys, std::span<Pointer> values) {
    PERTURB_ASSERT(values.size() >= keys.size(),
                   "find_batch: there must be room for as many pointers as there are keys");
    table::batch::find(self.core_, keys.data(), keys.size(),
                       [&](std::size_t i, Place place) { values[i] = value_at(place); });
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::facade
