// SPDX-License-Identifier: MIT
/// @file The interface that HashTable and HashSet share beyond what every table has (table_base.hpp): construction from
/// elements, insertion, erasure.
#pragma once

#include <perturb/config.hpp>
#include <perturb/facade/table_base.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/batch.hpp>
#include <perturb/table/departing_element.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/scope_guard.hpp>
#include <perturb/table/slot_writer.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

template <class It>
concept InputIterator = requires { typename std::iterator_traits<It>::iterator_category; };

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth,
          template <class, class, class, class, class> class Engine>
class Container : public TableBase<Element, Hash, KeyEqual, Allocator, Growth, Engine> {
  using Base = TableBase<Element, Hash, KeyEqual, Allocator, Growth, Engine>;

 protected:
  using Base::core_;
  using typename Base::Core;
  using typename Base::Place;
  using typename Base::Slot;

 public:
  using typename Base::const_iterator;
  using typename Base::iterator;
  using typename Base::key_type;
  using typename Base::size_type;
  using typename Base::value_type;
  template <class K, class Key>
  using key_parameter = typename Base::template key_parameter<K, Key>;
  using Base::Base;
  using Base::begin;
  using Base::end;
  using Base::size;

  Container() = default;

  /// A table of the elements in [first, last), of those with equal keys the first; at least `n` buckets, below which it
  /// never shrinks by itself. Complexity: O(n + distance) expected.
  template <InputIterator It>
  Container(It first, It last, size_type n = 0, const Hash& hash = Hash(), const KeyEqual& equal = KeyEqual(),
            const Allocator& allocator = Allocator())
      : Base(n, hash, equal, allocator) {
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

  Container(std::initializer_list<value_type> elements, size_type n, const Hash& hash, const KeyEqual& equal,
            const Allocator& allocator)
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
      : Base(n, hash, equal, allocator) {
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

  Container& operator=(std::initializer_list<value_type> elements) {
    Container replacement(elements, 0, core_.hash_function(), core_.key_equal(), core_.allocator());
    core_.swap(replacement.core_);
    return *this;
  }

  // --- insertion --------------------------------------------------------------------------------------------------
  // O(1) expected and amortized, O(bucket_count()) when it rehashes: when the load limit is reached. A rehash
  // invalidates all iterators, pointers and references. After reserve(m) an insertion that leaves size() <= m does not
  // rehash as long as nothing has been erased; later it may sweep tombstones, which moves elements but does not change
  // bucket_count(). Arguments may be, or be parts of, elements of this table. Strong guarantee where elements roll
  // back: where key and value can be moved without throwing, moved back by an assignment that does not throw, or
  // copied; else elements whose move throws in a rehash are lost (the table stays valid). Elements that can be neither
  // moved nor copied get std::length_error when they would have to be rehashed.

  /// Inserts an element constructed from `args`, if none has its key. Returns the element with that key, and whether it
  /// is new. Note: where `args` are a key that is a `key_type`, const or an rvalue, and one more argument, nothing is
  /// constructed or moved from if the key is there; try_emplace promises that for every key.
  template <class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> emplace(Args&&... args) {
    if constexpr (key_comes_first<Args...>()) {
      return insert_with_key(Element::key_in(args...), std::forward<Args>(args)...);
    } else {
      static_assert(table::can_move<Element>(),
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
  template <extract_gives_the_element_and_no_node Argument>
  void insert(std::optional<Argument>&&);
  template <class Range>
  void insert_range(Range&& range) {
    for (auto&& element : range) emplace(std::forward<decltype(element)>(element));
  }

  /// As insert_range, with the memory accesses of many elements overlapped; returns how many were inserted.
  /// Note: worth it from about 64 elements on, most where the table is larger than the caches.
  template <class Range>
  size_type insert_batch(Range&& range) {
    return table::batch::insert<Element>(
        core_, std::forward<Range>(range), [&](auto&& element) { emplace(std::forward<decltype(element)>(element)); },
        [&](const auto& element, HashValue hash) {
          core_.find_or_insert(Element::key_in(element), hash, [&](Slot* slot) { construct(slot, element); });
        });
  }

  /// Moves here each element of `source` whose key is not here yet; the others stay there. `source` may have other
  /// functions and another growth policy, and may keep its elements in another order. `source` does not shrink.
  /// Complexity: O(source.bucket_count()) expected. Guarantee: an element is in one of the two tables if something
  /// throws, except one that does not roll back and whose move throws: it is lost.
  template <class Hash2, class KeyEqual2, class Growth2, template <class, class, class, class, class> class Engine2>
  void merge(Container<Element, Hash2, KeyEqual2, Allocator, Growth2, Engine2>& source) {
    if (static_cast<const void*>(this) == static_cast<const void*>(std::addressof(source))) return;
    for (auto it = source.begin(); it != source.end();) {
      const auto place = it.checked_place(source.core_.generation());
      ++it;
      const key_type& key = Element::key_of(place.slot->value);
      core_.template find_or_insert<Core::Arguments::are_elsewhere>(key, core_.hash(key), [&](Slot* slot) {
        table::ScopeGuard lose([&] {
          if constexpr (!table::can_roll_back<Element>()) source.core_.forget(place);
        });
        table::transfer_element<Element>(core_allocator(), std::addressof(slot->value), place.slot->value);
        lose.dismiss();
        source.core_.erase(place, [&] { return it.place(); });
      });
    }
  }
  template <class Hash2, class KeyEqual2, class Growth2, template <class, class, class, class, class> class Engine2>
  void merge(Container<Element, Hash2, KeyEqual2, Allocator, Growth2, Engine2>&& source) {
    merge(source);
  }

  // --- erasure ----------------------------------------------------------------------------------------------------

  /// Erases the element at `position`; returns the one after it. Never rehashes, so only iterators and references to
  /// that element are invalidated, and `it = erase(it)` in a loop visits every element once.
  /// Complexity: O(1) expected beyond the way to the next element; `while (!empty()) erase(begin())` is linear in all.
  /// Note: the element is destroyed last. Its destructor may change this table if the element moves without throwing
  /// and its slot has at most 1 KiB, else only look up; what it invalidates includes the result.
  iterator erase(const_iterator position) {
    const Place place = position.checked_place(core_.generation());
    iterator next = iterator::at(position);
    next.step();
    core_.erase(place, [&] { return next.place(); });
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
  /// iterators and references. `key` may be part of the element. Its destructor may do as in erase(position).
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
  /// Pre: neither the predicate nor an element's destructor changes the table.
  /// Also callable as perturb::erase_if(table, predicate). Complexity: O(bucket_count()). Throws: what the predicate
  /// throws; what was erased stays erased.
  template <class Predicate>
  size_type erase_if(Predicate predicate) {
    [[maybe_unused]] const size_type before = size();
    size_type erased = 0;
    for (iterator it = begin(); it != end();) {
      if (must_erase(predicate, *it)) {
        it = erase(it);
        ++erased;
      } else {
        ++it;
      }
      PERTURB_ASSERT(
          size() + erased == before,
          "an element's destructor calls back into the table during erase_if: erase such elements one by one");
    }
    core_.shrink_after_many();
    return erased;
  }

  /// Takes an element out of the table: a pair of key and value (HashTable) or the key (HashSet), or nothing.
  /// May shrink, as erase(key). Guarantee: strong, except for an element that does not roll back and whose move throws:
  /// it is lost.
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  std::optional<typename Element::Extracted> extract(const key_parameter<K, key_type>& key) {
    return extract_found(core_.find(key, core_.hash(key)));
  }
  template <class K = key_type>
    requires(!std::convertible_to<K, iterator> && !std::convertible_to<K, const_iterator>)
  std::optional<typename Element::Extracted> extract(const key_parameter<K, key_type>& key, HashValue hash) {
    return extract_found(this->find_hashed(key, hash));
  }
  /// Takes out the element at `position`. Never rehashes. Guarantee: as above.
  typename Element::Extracted extract(const_iterator position) {
    static_assert(table::can_move<Element>(), "perturb: extract of elements that cannot be moved: use erase");
    const Place place = position.checked_place(core_.generation());
    table::ScopeGuard lose([&] { lose_if_torn(place); });
    // Declared here and returned, so that it is constructed in the caller's object: it may be too large for the stack.
    typename Element::Extracted extracted = Element::extract(place.slot->value, [](auto&&... parts) {
      return typename Element::Extracted(std::forward<decltype(parts)>(parts)...);
    });
    lose.dismiss();
    core_.erase(place);
    return extracted;
  }

  /// Erases all elements; keeps bucket_count() and the floor. Complexity: O(bucket_count()).
  /// Pre: no element's destructor uses the table. (So it is for assignments and the destructor.)
  void clear() noexcept { core_.clear(); }

  /// Exchanges elements, memory, floors, hashers and equalities. Iterators and references go along.
  /// Pre: the allocators are equal or propagate on swap.
  void swap(Container& other) noexcept(noexcept(std::declval<Core&>().swap(std::declval<Core&>()))) {
    core_.swap(other.core_);
  }

 protected:
  template <class, class, class, class, class, template <class, class, class, class, class> class>
  friend class Container;

  std::pair<iterator, bool> result(std::pair<Place, bool> inserted) const noexcept {
    return {core_.template iterator_at<iterator>(inserted.first), inserted.second};
  }

  template <class... Args>
  void construct(Slot* slot, Args&&... args) {
    const table::Unmodified guard(
        core_.generation(), "an element's constructor calls back into the table that it is made in, and modifies it");
    table::SlotWriter<Element, Slot, Allocator>(core_allocator()).construct(slot, std::forward<Args>(args)...);
  }

  // When taking the parts of an element throws: it stays, unless its parts may be torn. Then its key may not be what it
  // was.
  void lose_if_torn([[maybe_unused]] Place place) noexcept {
    if constexpr (!Element::extracts_safely()) core_.forget(place);
  }

  // Inserts an element constructed from `args`, whose key is `key`.
  template <class K, class... Args>
  PERTURB_ALWAYS_INLINE std::pair<iterator, bool> insert_with_key(const K& key, Args&&... args) {
    return result(
        core_.find_or_insert(key, core_.hash(key), [&](Slot* slot) { construct(slot, std::forward<Args>(args)...); }));
  }

  std::optional<typename Element::Extracted> extract_found(Place place) {
    static_assert(table::can_move<Element>(), "perturb: extract of elements that cannot be moved: use erase");
    std::optional<typename Element::Extracted> extracted;
    if (!place) return extracted;
    table::ScopeGuard lose([&] { lose_if_torn(place); });
    Element::extract(place.slot->value, [&](auto&&... parts) {
      extracted.emplace(std::forward<decltype(parts)>(parts)...);
      return true;
    });
    lose.dismiss();
    core_.erase_and_shrink(place);
    return extracted;
  }

 private:
  // An element outside the table, constructed before its key is known: on the stack, or in memory of its own if it is
  // large.
  class Temporary {
    using Writer = table::SlotWriter<Element, Slot, Allocator>;
    using SlotAllocator = typename std::allocator_traits<Allocator>::template rebind_alloc<Slot>;
    using SlotTraits = std::allocator_traits<SlotAllocator>;
    static constexpr bool kIsOnStack = table::fits_on_stack_v<Slot>;

   public:
    template <class... Args>
    explicit Temporary(Core& core, Args&&... args) : writer_(const_cast<Allocator&>(core.allocator())) {
      if constexpr (!kIsOnStack) {
        SlotAllocator allocator(writer_.allocator());
        memory_ = SlotTraits::allocate(allocator, 1);
      }
      table::ScopeGuard undo([&] { deallocate(); });
      writer_.construct(slot(), std::forward<Args>(args)...);
      undo.dismiss();
    }
    ~Temporary() {
      writer_.destroy(slot());
      deallocate();
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    const key_type& key() noexcept { return Element::key_of(slot()->value); }
    void move_to(Slot* target) {
      Element::move_construct(writer_.allocator(), std::addressof(target->value), slot()->value);
    }

   private:
    Slot* slot() noexcept { return std::to_address(memory()); }
    auto memory() noexcept {
      if constexpr (kIsOnStack) {
        return std::addressof(memory_);
      } else {
        return memory_;
      }
    }
    void deallocate() noexcept {
      if constexpr (!kIsOnStack) {
        SlotAllocator allocator(writer_.allocator());
        SlotTraits::deallocate(allocator, memory_, 1);
      }
    }

    Writer writer_;
    std::conditional_t<kIsOnStack, Slot, typename SlotTraits::pointer> memory_;
  };

  Allocator& core_allocator() noexcept { return const_cast<Allocator&>(core_.allocator()); }

  template <class Predicate, class Value>
  bool must_erase(Predicate& predicate, Value& element) {
    const table::Unmodified guard(core_.generation(),
                                  "the predicate of erase_if calls back into the table and modifies it");
    return static_cast<bool>(predicate(element));
  }

  // Whether emplace can see the key in its arguments: (key), (key, value), (pair of key and value).
  template <class... Args>
  static constexpr bool key_comes_first() noexcept {
    if constexpr (sizeof...(Args) == 0) {
      return false;
    } else {
      return kStoredAsGiven<std::tuple_element_t<0, std::tuple<Args...>>> &&
             requires(const std::remove_cvref_t<Args>&... args) {
               { Element::key_in(args...) } -> std::same_as<const key_type&>;
             };
    }
  }

  // Whether a key that is passed as an `Arg` is stored as it is. A class may have a constructor that makes another key
  // of an lvalue that is not const; then the key is only known when the element is constructed.
  template <class Arg>
  static constexpr bool kStoredAsGiven =
      !std::is_lvalue_reference_v<Arg> || std::is_const_v<std::remove_reference_t<Arg>> || std::is_scalar_v<key_type> ||
      hashing::StringLike<key_type>;
};

}  // namespace perturb::inline PERTURB_ABI::detail::facade
