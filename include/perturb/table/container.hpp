// SPDX-License-Identifier: MIT
/// @file The interface that HashTable and HashSet share: construction, iteration, look-up, erasure, capacity.
///
/// In every contract below, n is size(); "expected" is over the hasher's values, "worst" is all keys in one probe
/// sequence; a rehash costs O(bucket_count()). What a user's hasher, equality, constructor or allocator throws
/// comes through; unless a member says otherwise the table is then as it was before.
///
/// Keys. Where both hasher and equality are transparent (by default: for strings), members that look a key up take
/// whatever those two take, and no key is made from it. Elsewhere they take a `const key_type&`.
///
/// Hashes. Each look-up comes with an overload that takes `hash(key)`, computed before, beside the key.
/// Pre: it is that key's hash by this table's hasher. A checked build stops where it is not.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/batch.hpp>
#include <perturb/table/iterator.hpp>
#include <perturb/table/stats.hpp>
#include <perturb/table/table_core.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

/// Says that a constructor's argument is a range of elements: std::from_range_t where the standard library has it.
#if defined(__cpp_lib_containers_ranges)
using from_range_t = std::from_range_t;
#else
struct from_range_t {
  explicit from_range_t() = default;
};
#endif
inline constexpr from_range_t from_range{};

namespace detail::table {

/// The type of a key parameter: deduced where look-ups are transparent, else the key's own.
template <bool kTransparent>
struct KeyParameter {
  template <class K, class Key>
  using type = K;
};
template <>
struct KeyParameter<false> {
  template <class K, class Key>
  using type = Key;
};

template <class It>
concept InputIterator = requires { typename std::iterator_traits<It>::iterator_category; };

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class Container {
 protected:
  using Core = TableCore<Element, Hash, KeyEqual, Allocator, Growth>;
  using Slot = typename Core::Slot;
  using Place = Position<Slot>;
  static constexpr bool kTransparent = is_transparent_v<Hash> && is_transparent_v<KeyEqual>;

 public:
  using key_type = typename Element::Key;
  using value_type = typename Element::Value;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using hasher = Hash;
  using key_equal = KeyEqual;
  using allocator_type = Allocator;
  using growth_policy = Growth;
  using reference = value_type&;
  using const_reference = const value_type&;
  using pointer = typename std::allocator_traits<Allocator>::pointer;
  using const_pointer = typename std::allocator_traits<Allocator>::const_pointer;
  using iterator = TableIterator<typename Element::MutableValue, Slot>;
  using const_iterator = TableIterator<const value_type, Slot>;

  static_assert(
      std::same_as<key_type, std::remove_cvref_t<key_type>>,
      "perturb: Key must be an object type without const or &: write HashTable<K, T>, not HashTable<const K&, T>");
  static_assert(
      !detail::hashing::is_c_string_v<key_type>,
      "perturb: a table of const char* would compare addresses: use std::string_view (or std::string) as Key");
  static_assert(GrowthPolicy<Growth>,
                "perturb: Growth must have static functions max_fill, rehash_to, shrink_to and capacity_for, each from "
                "and to std::size_t: see perturb/growth.hpp, or pass growth::Dict");
  static_assert(
      std::same_as<typename std::allocator_traits<Allocator>::value_type, value_type>,
      "perturb: Allocator::value_type must be the table's value_type: std::pair<const Key, T> for a HashTable, "
      "Key for a HashSet");

  // --- construction ---------------------------------------------------------------------------------------------

  /// An empty table; allocates nothing, bucket_count() is 0.
  Container() noexcept(std::is_nothrow_default_constructible_v<Hash> &&
                       std::is_nothrow_default_constructible_v<KeyEqual> &&
                       std::is_nothrow_default_constructible_v<Allocator>)
      : Container(Hash(), KeyEqual(), Allocator()) {}

  explicit Container(const Allocator& allocator) : Container(Hash(), KeyEqual(), allocator) {}

  /// An empty table of at least `n` buckets (a power of two; n = 0: none), below which it never shrinks by itself.
  /// Complexity: O(n). Throws: std::length_error if n buckets cannot be addressed.
  explicit Container(size_type n, const Hash& hash = Hash(), const KeyEqual& equal = KeyEqual(),
                     const Allocator& allocator = Allocator())
      : Container(hash, equal, allocator) {
    if (n != 0) core_.rehash(n);
  }
  Container(size_type n, const Allocator& allocator) : Container(n, Hash(), KeyEqual(), allocator) {}
  Container(size_type n, const Hash& hash, const Allocator& allocator) : Container(n, hash, KeyEqual(), allocator) {}

  /// A table of the elements in [first, last), of those with equal keys the first; `n` as above.
  /// Complexity: O(n + distance) expected.
  template <InputIterator It>
  Container(It first, It last, size_type n = 0, const Hash& hash = Hash(), const KeyEqual& equal = KeyEqual(),
            const Allocator& allocator = Allocator())
      : Container(n, hash, equal, allocator) {
    insert(first, last);
  }
  template <InputIterator It>
  Container(It first, It last, size_type n, const Allocator& allocator)
      : Container(first, last, n, Hash(), KeyEqual(), allocator) {}
  template <InputIterator It>
  Container(It first, It last, size_type n, const Hash& hash, const Allocator& allocator)
      : Container(first, last, n, hash, KeyEqual(), allocator) {}
  template <InputIterator It>
  Container(It first, It last, const Allocator& allocator) : Container(first, last, 0, Hash(), KeyEqual(), allocator) {}

  Container(std::initializer_list<value_type> elements, size_type n = 0, const Hash& hash = Hash(),
            const KeyEqual& equal = KeyEqual(), const Allocator& allocator = Allocator())
      : Container(elements.begin(), elements.end(), n, hash, equal, allocator) {}
  Container(std::initializer_list<value_type> elements, size_type n, const Allocator& allocator)
      : Container(elements, n, Hash(), KeyEqual(), allocator) {}
  Container(std::initializer_list<value_type> elements, size_type n, const Hash& hash, const Allocator& allocator)
      : Container(elements, n, hash, KeyEqual(), allocator) {}
  Container(std::initializer_list<value_type> elements, const Allocator& allocator)
      : Container(elements, 0, Hash(), KeyEqual(), allocator) {}

  /// A table of a range's elements: `HashTable<K, T> table(perturb::from_range, range)`.
  template <class Range>
  Container(from_range_t, Range&& range, size_type n = 0, const Hash& hash = Hash(), const KeyEqual& equal = KeyEqual(),
            const Allocator& allocator = Allocator())
      : Container(n, hash, equal, allocator) {
    insert_range(std::forward<Range>(range));
  }
  template <class Range>
  Container(from_range_t, Range&& range, size_type n, const Allocator& allocator)
      : Container(from_range, std::forward<Range>(range), n, Hash(), KeyEqual(), allocator) {}
  template <class Range>
  Container(from_range_t, Range&& range, size_type n, const Hash& hash, const Allocator& allocator)
      : Container(from_range, std::forward<Range>(range), n, hash, KeyEqual(), allocator) {}
  template <class Range>
  Container(from_range_t, Range&& range, const Allocator& allocator)
      : Container(from_range, std::forward<Range>(range), 0, Hash(), KeyEqual(), allocator) {}

  /// A copy: equal elements in a table of equal bucket_count(), without the floor that reserve set.
  /// Complexity: O(bucket_count()).
  Container(const Container& other)
      : core_(other.core_,
              std::allocator_traits<Allocator>::select_on_container_copy_construction(other.core_.allocator())) {}
  Container(const Container& other, const Allocator& allocator) : core_(other.core_, allocator) {}

  /// Takes the elements, memory and floor of `other`, which is then empty and can be used on. Iterators and references
  /// go along. Complexity: O(1). Its hasher and equality are copied, unless only moving them cannot throw.
  Container(Container&& other) = default;
  /// As above if `allocator` equals the other's; else each element is moved: O(bucket_count()), which leaves `other`
  /// valid with moved-from elements if a move throws.
  Container(Container&& other, const Allocator& allocator) : core_(std::move(other.core_), allocator) {}

  /// Guarantee: strong if hasher and equality swap without throwing; else the table may end up empty.
  Container& operator=(const Container& other) = default;
  /// Guarantee: noexcept where allocator (propagating or always equal), hasher and equality allow; else basic.
  Container& operator=(Container&& other) = default;
  Container& operator=(std::initializer_list<value_type> elements) {
    Container replacement(elements, 0, core_.hash_function(), core_.key_equal(), core_.allocator());
    core_.swap(replacement.core_);
    return *this;
  }

  ~Container() = default;

  [[nodiscard]] allocator_type get_allocator() const noexcept { return core_.allocator(); }
  [[nodiscard]] hasher hash_function() const { return core_.hash_function(); }
  [[nodiscard]] key_equal key_eq() const { return core_.key_equal(); }

  // --- iteration: in slot order, which is the same for equal histories and unspecified otherwise -------------------

  /// Complexity: O(1) expected; O(bucket_count() / n) after many erasures; see erase(iterator) for draining.
  [[nodiscard]] iterator begin() noexcept { return first<iterator>(); }
  [[nodiscard]] const_iterator begin() const noexcept { return first<const_iterator>(); }
  [[nodiscard]] const_iterator cbegin() const noexcept { return begin(); }
  [[nodiscard]] iterator end() noexcept { return {}; }
  [[nodiscard]] const_iterator end() const noexcept { return {}; }
  [[nodiscard]] const_iterator cend() const noexcept { return {}; }

  // --- size -----------------------------------------------------------------------------------------------------

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] size_type size() const noexcept { return core_.size(); }
  [[nodiscard]] size_type max_size() const noexcept { return Core::max_size(); }

  // --- look-up: O(1) expected, O(n) worst; nothing is invalidated --------------------------------------------------

  template <class K, class Key>
  using key_parameter = typename KeyParameter<kTransparent>::template type<K, Key>;

  /// The hash of `key` by which this table finds it: the hasher's value, mixed if the hasher is not avalanching.
  template <class K = key_type>
  [[nodiscard]] HashValue hash(const key_parameter<K, key_type>& key) const
      noexcept(noexcept(std::declval<const Core&>().hash(key))) {
    return core_.hash(key);
  }

  /// The element with this key, or end().
  template <class K = key_type>
  [[nodiscard]] PERTURB_ALWAYS_INLINE iterator find(const key_parameter<K, key_type>& key) {
    return at_place<iterator>(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
  [[nodiscard]] PERTURB_ALWAYS_INLINE const_iterator find(const key_parameter<K, key_type>& key) const {
    return at_place<const_iterator>(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
  [[nodiscard]] iterator find(const key_parameter<K, key_type>& key, HashValue hash) {
    return at_place<iterator>(find_hashed(key, hash));
  }
  template <class K = key_type>
  [[nodiscard]] const_iterator find(const key_parameter<K, key_type>& key, HashValue hash) const {
    return at_place<const_iterator>(find_hashed(key, hash));
  }

  /// Whether there is an element with this key.
  template <class K = key_type>
  [[nodiscard]] PERTURB_ALWAYS_INLINE bool contains(const key_parameter<K, key_type>& key) const {
    return static_cast<bool>(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
  [[nodiscard]] bool contains(const key_parameter<K, key_type>& key, HashValue hash) const {
    return static_cast<bool>(find_hashed(key, hash));
  }

  /// How many elements have this key: 0 or 1.
  template <class K = key_type>
  [[nodiscard]] size_type count(const key_parameter<K, key_type>& key) const {
    return core_.find(key, core_.hash(key)) ? 1 : 0;
  }
  template <class K = key_type>
  [[nodiscard]] size_type count(const key_parameter<K, key_type>& key, HashValue hash) const {
    return find_hashed(key, hash) ? 1 : 0;
  }

  /// The range of elements with this key: empty, or one element.
  template <class K = key_type>
  [[nodiscard]] std::pair<iterator, iterator> equal_range(const key_parameter<K, key_type>& key) {
    const iterator found = find<K>(key);
    return {found, found == end() ? end() : std::next(found)};
  }
  template <class K = key_type>
  [[nodiscard]] std::pair<const_iterator, const_iterator> equal_range(const key_parameter<K, key_type>& key) const {
    const const_iterator found = find<K>(key);
    return {found, found == end() ? end() : std::next(found)};
  }

  // --- insertion --------------------------------------------------------------------------------------------------
  // O(1) expected and amortized, O(bucket_count()) when it rehashes. A rehash, which happens when an *empty* slot is
  // needed and none may be taken, invalidates iterators and references; reserve(n) rules it out. Arguments may be, or
  // be parts of, elements of this table. Strong guarantee where key and value each can be moved without throwing or
  // copied; else elements whose move throws in a rehash are lost (the table stays valid). Elements that can be neither
  // moved nor copied get std::length_error when they would have to be rehashed.

  /// Inserts an element made of `args`, if none has its key. Returns the element with that key, and whether it is new.
  /// Note: where `args` are a key and one more argument, nothing is constructed or moved from if the key is there.
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> emplace(Args&&... args) {
    if constexpr (key_comes_first<Args...>()) {
      return insert_with_key(first_of(args...), std::forward<Args>(args)...);
    } else {
      static_assert(can_move<Element>(),
                    "perturb: emplace of elements that cannot be moved: use try_emplace(key, args...)");
      Temporary element(core_, std::forward<Args>(args)...);
      return result(
          core_.find_or_insert(element.key(), core_.hash(element.key()), [&](Slot* slot) { element.move_to(slot); }));
    }
  }
  template <class... Args>
  iterator emplace_hint(const_iterator, Args&&... args) {
    return emplace(std::forward<Args>(args)...).first;
  }

  /// Inserts each element whose key is not there yet. Guarantee: strong for each element, so basic for all.
  template <InputIterator It>
  void insert(It first, It last) {
    for (; first != last; ++first) emplace(*first);
  }
  void insert(std::initializer_list<value_type> elements) { insert(elements.begin(), elements.end()); }
  template <class Range>
  void insert_range(Range&& range) {
    for (auto&& element : range) emplace(std::forward<decltype(element)>(element));
  }

  /// As insert_range, with the memory accesses of many elements overlapped; returns how many were inserted.
  /// Note: worth it from about 64 elements on, most where the table is larger than the caches.
  template <class Range>
  size_type insert_batch(Range&& range) {
    return batch::insert<Element>(
        core_, std::forward<Range>(range), [&](auto&& element) { emplace(std::forward<decltype(element)>(element)); },
        [&](const auto& element, HashValue hash) {
          core_.find_or_insert(Element::key_in(element), hash, [&](Slot* slot) { construct(slot, element); });
        });
  }

  /// Moves here each element of `source` whose key is not here yet; the others stay there. `source` may have other
  /// functions and another growth policy. It does not shrink. Complexity: O(source.bucket_count()) expected.
  /// Guarantee: an element is in one of the two tables if something throws.
  template <class Hash2, class KeyEqual2, class Growth2>
  void merge(Container<Element, Hash2, KeyEqual2, Allocator, Growth2>& source) {
    if (static_cast<const void*>(this) == static_cast<const void*>(&source)) return;
    for (auto it = source.begin(); it != source.end();) {
      const Place place = it.position(source.core_.watch());
      ++it;
      const key_type& key = Element::key_of(place.slot->value);
      core_.template find_or_insert<Core::Source::elsewhere>(key, core_.hash(key), [&](Slot* slot) {
        const auto departure = source.template departure<can_roll_back<Element>()>(place);
        Element::transfer_construct(core_allocator(), std::addressof(slot->value), place.slot->value);
      });
    }
  }
  template <class Hash2, class KeyEqual2, class Growth2>
  void merge(Container<Element, Hash2, KeyEqual2, Allocator, Growth2>&& source) {
    merge(source);
  }

  // --- erasure ----------------------------------------------------------------------------------------------------

  /// Erases the element at `position`; returns the one after it. Never rehashes, so only iterators and references to
  /// that element are invalidated, and `it = erase(it)` in a loop visits every element once.
  /// Complexity: O(1) expected beyond the way to the next element; `while (!empty()) erase(begin())` is linear in all.
  iterator erase(const_iterator position) {
    const Place place = position.position(core_.watch());
    iterator next = iterator::at(position);
    core_.erase(place, [next]() mutable {
      next.step();
      return next.place();
    });
    next.step();
    return next;
  }
  iterator erase(iterator position)
    requires(!std::same_as<iterator, const_iterator>)
  {
    return erase(const_iterator(position));
  }
  iterator erase(const_iterator first, const_iterator last) {
    while (first != last) first = erase(first);
    return iterator::at(last);
  }

  /// Erases the element with this key, if any; returns how many (0 or 1). May shrink the table: that invalidates all
  /// iterators and references. `key` may be part of the element.
  /// Complexity: O(1) expected, O(bucket_count()) when it shrinks. Throws: only what hasher and equality throw on
  /// `key`.
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  PERTURB_ALWAYS_INLINE size_type erase(const key_parameter<K, key_type>& key) {
    return core_.erase(key, core_.hash(key)) ? 1 : 0;
  }
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  size_type erase(const key_parameter<K, key_type>& key, HashValue hash) {
    core_.check_hash(key, hash);
    return core_.erase(key, hash) ? 1 : 0;
  }

  /// Erases the elements for which `predicate` is true; returns how many. May shrink, once, at the end.
  /// Also callable as perturb::erase_if(table, predicate). Complexity: O(bucket_count()).
  template <class Predicate>
  size_type erase_if(Predicate predicate) {
    const size_type before = size();
    for (iterator it = begin(); it != end();) it = predicate(*it) ? erase(it) : std::next(it);
    core_.shrink_after_many();
    return before - size();
  }

  /// Takes an element out of the table: a pair of key and value (HashTable) or the key (HashSet), or nothing.
  /// May shrink, as erase(key).
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  std::optional<typename Element::Extracted> extract(const key_parameter<K, key_type>& key) {
    return extract_found(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  std::optional<typename Element::Extracted> extract(const key_parameter<K, key_type>& key, HashValue hash) {
    return extract_found(find_hashed(key, hash));
  }
  /// Takes out the element at `position`. Never rehashes.
  typename Element::Extracted extract(const_iterator position) {
    const Place place = position.position(core_.watch());
    const auto leaving = departure<Element::extracts_safely()>(place);
    return Element::extract(place.slot->value, [](auto&&... parts) {
      return typename Element::Extracted(std::forward<decltype(parts)>(parts)...);
    });
  }

  /// Erases all elements; keeps bucket_count() and the floor. Complexity: O(bucket_count()).
  void clear() noexcept { core_.clear(); }

  /// Exchanges elements, memory, floors, hashers and equalities. Iterators and references go along.
  /// Pre: the allocators are equal or propagate on swap.
  void swap(Container& other) noexcept(noexcept(std::declval<Core&>().swap(std::declval<Core&>()))) {
    core_.swap(other.core_);
  }

  // --- buckets ----------------------------------------------------------------------------------------------------

  /// The number of slots: 0, or a power of two from 8 on.
  [[nodiscard]] size_type bucket_count() const noexcept { return core_.capacity(); }
  [[nodiscard]] size_type max_bucket_count() const noexcept { return Core::Memory::max_capacity(); }
  /// The share of the slots that an element has: size() / bucket_count().
  [[nodiscard]] float load_factor() const noexcept {
    return bucket_count() == 0 ? 0.0F : static_cast<float>(size()) / static_cast<float>(bucket_count());
  }
  /// What fill never passes: 0.75 with growth::Dict.
  [[nodiscard]] float max_load_factor() const noexcept {
    constexpr std::size_t kCapacity = 1024;
    return static_cast<float>(Growth::max_fill(kCapacity)) / static_cast<float>(kCapacity);
  }
  /// Changes nothing: the growth policy, a template parameter, decides. Pre: `load > 0`.
  void max_load_factor([[maybe_unused]] float load) noexcept {
    PERTURB_ASSERT(load > 0, "max_load_factor takes a positive number (and changes nothing: choose a growth policy)");
  }
  /// The slots of erased elements that searches still have to pass; a rehash or an insertion takes them back.
  [[nodiscard]] size_type tombstone_count() const noexcept { return core_.tombstones(); }
  /// The bytes that the table has from its allocator.
  [[nodiscard]] size_type memory_bytes() const noexcept { return core_.memory_bytes(); }
  /// How well the hasher does: probe lengths, tag collisions, and a verdict. Complexity: O(bucket_count()).
  [[nodiscard]] TableStats stats() const { return stats_of<Element>(core_); }

  /// Makes room: while size() <= n from now on, bucket_count() does not change, and as long as nothing is erased
  /// insertions move nothing. After erasures one may move elements within the memory that is there.
  /// Complexity: O(bucket_count()) if it rehashes. Throws: std::length_error if n elements cannot be addressed.
  void reserve(size_type n) { core_.reserve(n); }
  /// Rehashes to the smallest power of two that is at least `n` (and 8) and enough for the elements; the table never
  /// shrinks below n by itself. rehash(0) drops that floor and takes the least memory there can be, none if empty.
  void rehash(size_type n) { core_.rehash(n); }
  /// rehash(0).
  void shrink_to_fit() { core_.rehash(0); }

  /// Equal: the same keys with equal values, whatever the histories. Complexity: O(n) expected.
  [[nodiscard]] friend bool operator==(const Container& a, const Container& b) {
    if (a.size() != b.size()) return false;
    for (const value_type& element : a) {
      const Place place = b.core_.find(Element::key_of(element), b.core_.hash(Element::key_of(element)));
      if (!place || !(place.slot->value == element)) return false;
    }
    return true;
  }

 protected:
  template <class, class, class, class, class>
  friend class Container;

  Container(const Hash& hash, const KeyEqual& equal,
            const Allocator& allocator) noexcept(std::is_nothrow_copy_constructible_v<Hash> &&
                                                 std::is_nothrow_copy_constructible_v<KeyEqual>)
      : core_(hash, equal, allocator) {}

  template <class It>
  It first() const noexcept {
    return empty() ? It() : It::first_from(core_.array(), core_.first_used(), core_.watch());
  }
  template <class It>
  It at_place(Place place) const noexcept {
    return It(place, core_.watch());
  }
  std::pair<iterator, bool> result(std::pair<Place, bool> inserted) const noexcept {
    return {at_place<iterator>(inserted.first), inserted.second};
  }

  template <class K>
  Place find_hashed(const K& key, HashValue hash) const {
    core_.check_hash(key, hash);
    return core_.find(key, hash);
  }

  template <class... Args>
  void construct(Slot* slot, Args&&... args) {
    SlotWriter<Element, Slot, Allocator>(core_allocator()).construct(slot, std::forward<Args>(args)...);
  }
  // Erases the element at `place` at the end of the scope in which its parts are taken. If that throws, the element
  // stays, unless its parts may be torn (kIsSafe is false): then its key may not be what it was.
  template <bool kIsSafe, bool kShrinks = false>
  auto departure(Place place) noexcept {
    struct Departure {
      Core& core;
      Place place;
      int exceptions = std::uncaught_exceptions();

      ~Departure() {
        if (std::uncaught_exceptions() > exceptions) {
          if (!kIsSafe) core.forget(place);
        } else {
          core.erase(place);
          if (kShrinks) core.shrink_after_erase();
        }
      }
    };
    return Departure{core_, place};
  }

  // Inserts an element made of `args`, whose key is `key`.
  template <class K, class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> insert_with_key(const K& key, Args&&... args) {
    return result(
        core_.find_or_insert(key, core_.hash(key), [&](Slot* slot) { construct(slot, std::forward<Args>(args)...); }));
  }

  std::optional<typename Element::Extracted> extract_found(Place place) {
    using Result = std::optional<typename Element::Extracted>;
    if (!place) return Result();
    const auto leaving = departure<Element::extracts_safely(), /*kShrinks=*/true>(place);
    return Element::extract(place.slot->value, [](auto&&... parts) {
      return Result(std::in_place, std::forward<decltype(parts)>(parts)...);
    });
  }

  Core core_;

 private:
  // An element outside the table, made before its key is known.
  class Temporary {
   public:
    template <class... Args>
    explicit Temporary(Core& core, Args&&... args) : writer_(const_cast<Allocator&>(core.allocator())) {
      writer_.construct(&slot_, std::forward<Args>(args)...);
    }
    ~Temporary() { writer_.destroy(&slot_); }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    const key_type& key() const noexcept { return Element::key_of(slot_.value); }
    void move_to(Slot* slot) { Element::move_construct(writer_.allocator(), std::addressof(slot->value), slot_.value); }

   private:
    SlotWriter<Element, Slot, Allocator> writer_;
    Slot slot_;
  };

  Allocator& core_allocator() noexcept { return const_cast<Allocator&>(core_.allocator()); }

  // Whether emplace can see the key in its arguments: (key), (key, value), (pair of key and value).
  template <class... Args>
  static constexpr bool key_comes_first() noexcept {
    if constexpr (sizeof...(Args) == 0) {
      return false;
    } else {
      return requires(const std::remove_cvref_t<Args>&... args) {
        { Element::key_in(args...) } -> std::same_as<const key_type&>;
      };
    }
  }
  template <class... Args>
  static constexpr const key_type& first_of(const Args&... args) noexcept {
    return Element::key_in(args...);
  }
};

}  // namespace detail::table

/// table.erase_if(predicate), under the standard library's name.
template <class Element, class Hash, class KeyEqual, class Allocator, class Growth, class Predicate>
std::size_t erase_if(detail::table::Container<Element, Hash, KeyEqual, Allocator, Growth>& table, Predicate predicate) {
  return table.erase_if(std::move(predicate));
}

}  // namespace perturb::inline PERTURB_ABI
