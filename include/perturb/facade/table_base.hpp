// SPDX-License-Identifier: MIT
/// @file What every table has, whatever it stores: types, copying and moving, iteration, look-up by key, capacity.
///
/// In every contract below, n is size(); "expected" is over the hasher's values, "worst" is all keys in one probe
/// sequence; a rehash costs O(bucket_count()). What a user's hasher, equality, constructor or allocator throws is
/// passed on; unless a member says otherwise the table is then as it was before.
///
/// Keys. Where both hasher and equality are transparent (by default: for strings), members that look a key up take
/// whatever those two take, and no key is made from it. Elsewhere they take a `const key_type&`.
///
/// Hashes. Each member that looks a key up has an overload that takes `hash(key)`, computed before: after the key for
/// look-ups and erasures, `find(key, hash)`, and before it for insertions, `try_emplace(hash, key, args...)`, where any
/// number of arguments may follow. Pre: it is that key's hash by this table's hasher; a checked build aborts where it
/// is not.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/stats.hpp>
#include <perturb/table_stats.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

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

// Members that other tables have and these have not: the name of the constraint is the message.
// NOLINTBEGIN(readability-identifier-naming): so it reads as one
template <class Argument>
concept a_table_has_no_buckets_to_walk = !std::same_as<Argument, Argument>;
template <class Argument>
concept extract_gives_the_element_and_no_node = !std::same_as<Argument, Argument>;
// NOLINTEND(readability-identifier-naming)

/// `Engine` stores the elements: TableCore, or another class with its members.
template <class Element, class Hash, class KeyEqual, class Allocator, class Growth,
          template <class, class, class, class, class> class Engine>
class TableBase {
 protected:
  using Core = Engine<Element, Hash, KeyEqual, Allocator, Growth>;
  using Slot = typename Core::Slot;
  using Place = typename Core::Place;
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
  using iterator = typename Core::template Iterator<typename Element::MutableValue>;
  using const_iterator = typename Core::template Iterator<const value_type>;

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
  TableBase() noexcept(std::is_nothrow_default_constructible_v<Hash> &&
                       std::is_nothrow_default_constructible_v<KeyEqual> &&
                       std::is_nothrow_default_constructible_v<Allocator>)
      : TableBase(Hash(), KeyEqual(), Allocator()) {}

  explicit TableBase(const Allocator& allocator) : TableBase(Hash(), KeyEqual(), allocator) {}

  /// An empty table of at least `n` buckets (a power of two; n = 0: none), below which it never shrinks by itself.
  /// Complexity: O(n). Throws: std::length_error if n buckets cannot be addressed.
  explicit TableBase(size_type n, const Hash& hash = Hash(), const KeyEqual& equal = KeyEqual(),
                     const Allocator& allocator = Allocator())
      : TableBase(hash, equal, allocator) {
    if (n != 0) core_.rehash(n);
  }
  TableBase(size_type n, const Allocator& allocator) : TableBase(n, Hash(), KeyEqual(), allocator) {}
  TableBase(size_type n, const Hash& hash, const Allocator& allocator) : TableBase(n, hash, KeyEqual(), allocator) {}

  /// A copy: equal elements in a table of equal bucket_count(), without the floor that reserve set.
  /// Complexity: O(bucket_count()).
  TableBase(const TableBase& other)
      : core_(other.core_,
              std::allocator_traits<Allocator>::select_on_container_copy_construction(other.core_.allocator())) {}
  TableBase(const TableBase& other, const Allocator& allocator) : core_(other.core_, allocator) {}

  /// Takes the elements, memory and floor of `other`, which is then empty and can be used on. Iterators and references
  /// go along. Complexity: O(1). Its hasher and equality are copied, unless only moving them cannot throw.
  TableBase(TableBase&& other) = default;
  /// As above if `allocator` equals the other's; else each element is moved: O(bucket_count()). If a move throws,
  /// `other` is as before, or, where elements do not roll back, without those that had moved.
  TableBase(TableBase&& other, const Allocator& allocator) : core_(std::move(other.core_), allocator) {}

  /// Guarantee: strong if hasher and equality swap without throwing; else the table may end up empty.
  TableBase& operator=(const TableBase& other) = default;
  /// Guarantee: noexcept where allocator (propagating or always equal), hasher and equality allow; else basic.
  TableBase& operator=(TableBase&& other) = default;
  ~TableBase() = default;

  [[nodiscard]] allocator_type get_allocator() const noexcept { return core_.allocator(); }
  [[nodiscard]] hasher hash_function() const { return core_.hash_function(); }
  [[nodiscard]] key_equal key_eq() const { return core_.key_equal(); }

  // --- iteration ----------------------------------------------------------------------------------------------------
  // In slot order, which is the same for equal histories and unspecified otherwise; ordered tables: as inserted.

  /// Complexity: O(1) expected; O(bucket_count() / n) after many erasures, see erase(iterator) for draining; of ordered
  /// tables always O(1).
  [[nodiscard]] iterator begin() noexcept { return core_.template first<iterator>(); }
  [[nodiscard]] const_iterator begin() const noexcept { return core_.template first<const_iterator>(); }
  [[nodiscard]] const_iterator cbegin() const noexcept { return begin(); }
  [[nodiscard]] iterator end() noexcept { return core_.template end<iterator>(); }
  [[nodiscard]] const_iterator end() const noexcept { return core_.template end<const_iterator>(); }
  [[nodiscard]] const_iterator cend() const noexcept { return end(); }

  // --- size -----------------------------------------------------------------------------------------------------

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] size_type size() const noexcept { return core_.size(); }
  [[nodiscard]] size_type max_size() const noexcept { return core_.max_size(); }

  // --- look-up: O(1) expected, O(bucket_count()) worst; nothing is invalidated -------------------------------------

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
    return core_.template iterator_at<iterator>(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
  [[nodiscard]] PERTURB_ALWAYS_INLINE const_iterator find(const key_parameter<K, key_type>& key) const {
    return core_.template iterator_at<const_iterator>(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
  [[nodiscard]] iterator find(const key_parameter<K, key_type>& key, HashValue hash) {
    return core_.template iterator_at<iterator>(find_hashed(key, hash));
  }
  template <class K = key_type>
  [[nodiscard]] const_iterator find(const key_parameter<K, key_type>& key, HashValue hash) const {
    return core_.template iterator_at<const_iterator>(find_hashed(key, hash));
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
    return range_of(find<K>(key));
  }
  template <class K = key_type>
  [[nodiscard]] std::pair<const_iterator, const_iterator> equal_range(const key_parameter<K, key_type>& key) const {
    return range_of(find<K>(key));
  }
  template <class K = key_type>
  [[nodiscard]] std::pair<iterator, iterator> equal_range(const key_parameter<K, key_type>& key, HashValue hash) {
    return range_of(find<K>(key, hash));
  }
  template <class K = key_type>
  [[nodiscard]] std::pair<const_iterator, const_iterator> equal_range(const key_parameter<K, key_type>& key,
                                                                      HashValue hash) const {
    return range_of(find<K>(key, hash));
  }

  // --- buckets ----------------------------------------------------------------------------------------------------

  /// The number of slots: 0, or a power of two from 8 on (ordered tables: from 16 on).
  [[nodiscard]] size_type bucket_count() const noexcept { return core_.capacity(); }
  [[nodiscard]] size_type max_bucket_count() const noexcept { return core_.max_capacity(); }
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
  [[nodiscard]] TableStats stats() const { return table::stats_of<Element>(core_); }

  template <a_table_has_no_buckets_to_walk Argument>
  void bucket(const Argument&) const;
  template <a_table_has_no_buckets_to_walk Argument>
  void bucket_size(Argument) const;
  template <a_table_has_no_buckets_to_walk Argument>
  void begin(Argument) const;
  template <a_table_has_no_buckets_to_walk Argument>
  void end(Argument) const;
  template <a_table_has_no_buckets_to_walk Argument>
  void cbegin(Argument) const;
  template <a_table_has_no_buckets_to_walk Argument>
  void cend(Argument) const;

  /// Makes room: while size() <= n from now on, bucket_count() does not change, and as long as nothing is erased,
  /// or moved to an end, insertions move nothing. After that one may sweep tombstones, which moves elements; without
  /// allocating, if neither the hasher nor a move can throw. Does nothing if n <= size(), and sets no floor then.
  /// Complexity: O(bucket_count()) if it rehashes. Throws: std::length_error if n elements cannot be addressed.
  void reserve(size_type n) { core_.reserve(n); }
  /// Rehashes to the smallest power of two that is at least `n` (and 8, or 16 in an ordered table) and enough for the
  /// elements; the table never shrinks below n by itself. rehash(0) drops that floor and takes the least memory there
  /// can be, none if empty.
  void rehash(size_type n) { core_.rehash(n); }
  /// rehash(0).
  void shrink_to_fit() { core_.rehash(0); }

  /// Equal: the same keys with equal values, whatever the histories. Complexity: O(n) expected.
  [[nodiscard]] friend bool operator==(const TableBase& a, const TableBase& b) {
    if (a.size() != b.size()) return false;
    for (const value_type& element : a) {
      const Place place = b.core_.find(Element::key_of(element), b.core_.hash(Element::key_of(element)));
      if (!place || !(place.slot->value == element)) return false;
    }
    return true;
  }

 protected:
  TableBase(const Hash& hash, const KeyEqual& equal,
            const Allocator& allocator) noexcept(std::is_nothrow_copy_constructible_v<Hash> &&
                                                 std::is_nothrow_copy_constructible_v<KeyEqual>)
      : core_(hash, equal, allocator) {}

  template <class K>
  Place find_hashed(const K& key, HashValue hash) const {
    core_.check_hash(key, hash);
    return core_.find(key, hash);
  }
  template <class It>
  std::pair<It, It> range_of(It found) const noexcept {
    const It last = core_.template end<It>();
    return {found, found == last ? last : std::next(found)};
  }

  Core core_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::facade
