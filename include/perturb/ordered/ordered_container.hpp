// SPDX-License-Identifier: MIT
/// @file The members that ordered tables have and others have not: both ends, order, and elements as a span.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ordered/ordered_core.hpp>
#include <perturb/table/element.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ordered {

/// `Base` is a MapContainer or a SetContainer over OrderedCore.
template <class Base>
class OrderedContainer : public Base {
  using typename Base::Core;
  using typename Base::Place;
  using Element = typename Core::Element;

 protected:
  using Base::core_;

 public:
  using Base::Base;
  using typename Base::const_iterator;
  using typename Base::const_reference;
  using typename Base::iterator;
  using typename Base::key_type;
  using typename Base::size_type;
  using typename Base::value_type;
  using Base::operator=;
  /// The element as the table gives it out: the value can be assigned, the key cannot.
  using element_reference = typename Element::MutableValue&;

  OrderedContainer() = default;

  // --- both ends: O(1) --------------------------------------------------------------------------------------------

  /// The first element, and the last one. Pre: the table is not empty.
  [[nodiscard]] element_reference front() noexcept { return checked_front().slot->value; }
  [[nodiscard]] const_reference front() const noexcept { return checked_front().slot->value; }
  [[nodiscard]] element_reference back() noexcept { return checked_back().slot->value; }
  [[nodiscard]] const_reference back() const noexcept { return checked_back().slot->value; }

  /// Removes the first element, or the last one, and returns it, or nothing if the table is empty: dict.popitem. May
  /// shrink, as erase(key).
  std::optional<typename Element::Extracted> pop_front() {
    return this->extract_found(this->empty() ? Place() : core_.front());
  }
  std::optional<typename Element::Extracted> pop_back() {
    return this->extract_found(this->empty() ? Place() : core_.back());
  }

  /// Moves the element with this key behind all others (`last`), or before them: OrderedDict.move_to_end. Returns
  /// whether there is one. Pre: the element's move and destructor do not use the table. Complexity: O(1) expected and
  /// amortized. Invalidates: iterators and references to that element; all of them where the elements have to move to
  /// make room, which reserve does not prevent. Guarantee: strong, as far as elements roll back.
  template <class K = key_type>
  bool move_to_end(const typename Base::template key_parameter<K, key_type>& key, bool last = true) {
    return move_found(core_.find(key, core_.hash(key)), last);
  }
  template <class K = key_type>
  bool move_to_end(const typename Base::template key_parameter<K, key_type>& key, HashValue hash, bool last = true) {
    return move_found(this->find_hashed(key, hash), last);
  }

  // --- order ------------------------------------------------------------------------------------------------------

  /// An iterator at the element with `i` others before it, or end(). Complexity: O(1) where nothing was erased or moved
  /// to an end from between others since the elements last moved; else O((n + holes) / 64).
  [[nodiscard]] iterator nth(size_type i) noexcept { return core_.template iterator_at<iterator>(core_.nth(i)); }
  [[nodiscard]] const_iterator nth(size_type i) const noexcept {
    return core_.template iterator_at<const_iterator>(core_.nth(i));
  }

  /// Whether the elements lie one after the other: none was erased, or moved to an end, from between others since they
  /// last moved.
  [[nodiscard]] bool is_contiguous() const noexcept { return core_.is_dense(); }
  /// The elements as they lie in memory, in order; valid as long as references to them. Pre: is_contiguous().
  [[nodiscard]] std::span<typename Element::MutableValue> entries() noexcept {
    return span_of<typename Element::MutableValue>();
  }
  [[nodiscard]] std::span<const value_type> entries() const noexcept { return span_of<const value_type>(); }

  /// Sorts the elements by `compare(const value_type&, const value_type&)`; those that are equal keep their order.
  /// Pre: `compare` does not change the table.
  /// Complexity: O(n log n) comparisons. Invalidates: all iterators and references. Guarantee: strong where the
  /// comparison throws; else as reserve.
  template <class Compare>
  void sort(Compare compare) {
    core_.sort(std::move(compare));
  }

 private:
  Place checked_front() const noexcept {
    PERTURB_ASSERT(!this->empty(), kNoEnds);
    return core_.front();
  }
  Place checked_back() const noexcept {
    PERTURB_ASSERT(!this->empty(), kNoEnds);
    return core_.back();
  }
  static constexpr const char* kNoEnds = "front or back of an empty table: ask empty() first";

  bool move_found(Place place, bool last) {
    static_assert(table::can_move<Element>(),
                  "perturb: move_to_end of elements that cannot be moved: store a std::unique_ptr to such a value");
    if (place) core_.move_to_end(place, last);
    return static_cast<bool>(place);
  }

  template <class Value>
  std::span<Value> span_of() const noexcept {
    PERTURB_ASSERT(
        is_contiguous(),
        "entries() of a table with gaps, where elements were erased or moved to an end: rehash(bucket_count()) "
        "closes them");
    if (this->empty()) return {};
    return {std::addressof(core_.front().slot->value), this->size()};
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
