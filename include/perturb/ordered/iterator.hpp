// SPDX-License-Identifier: MIT
/// @file The bidirectional iterator over an ordered table's elements, in their order.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ordered/entries.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::ordered {

/// `Value` is the element as the user may see it: const or not. At the end it has no slot, so that it stays the end
/// when elements come and go.
template <class Value, class Slot>
class OrderedIterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = std::remove_const_t<Value>;
  using difference_type = std::ptrdiff_t;
  using pointer = Value*;
  using reference = Value&;

  constexpr OrderedIterator() noexcept = default;

  /// At `slot` of `block`, or at its end if null.
  OrderedIterator(Slot* slot, Block<Slot>* block, const table::Generation& generation) noexcept
      : slot_(slot), block_(block), check_(generation) {}

  /// From iterator to const_iterator.
  template <class Other>
    requires(std::is_same_v<const Other, Value> && !std::is_same_v<Other, Value>)
  constexpr OrderedIterator(const OrderedIterator<Other, Slot>& other) noexcept  // NOLINT(google-explicit-constructor)
      : slot_(other.slot_), block_(other.block_), check_(other.check_) {}

  /// For the table: an iterator at the position of `other`, const or not.
  template <class Other>
  static OrderedIterator at(const OrderedIterator<Other, Slot>& other) noexcept {
    OrderedIterator it;
    it.slot_ = other.slot_;
    it.block_ = other.block_;
    it.check_ = other.check_;
    return it;
  }

  [[nodiscard]] reference operator*() const noexcept {
    check_usable();
    return slot_->value;
  }
  [[nodiscard]] pointer operator->() const noexcept {
    check_usable();
    return std::addressof(slot_->value);
  }

  OrderedIterator& operator++() noexcept {
    check_usable();
    step();
    return *this;
  }
  OrderedIterator operator++(int) noexcept {
    OrderedIterator before = *this;
    ++*this;
    return before;
  }
  /// Pre: there is an element before it.
  OrderedIterator& operator--() noexcept {
    const std::size_t position = slot_ == nullptr ? block_->end : block_->position_of(slot_);
    PERTURB_ASSERT(position > block_->first, "-- of an iterator at the first element");
    slot_ = block_->entry(block_->previous(position - 1));
    return *this;
  }
  OrderedIterator operator--(int) noexcept {
    OrderedIterator before = *this;
    --*this;
    return before;
  }

  [[nodiscard]] friend bool operator==(const OrderedIterator& a, const OrderedIterator& b) noexcept {
    a.check_.comparable_with(b.check_);
    return a.slot_ == b.slot_;
  }

  /// For the table: goes on.
  void step() noexcept {
    ++slot_;
    if (slot_ >= block_->entry(block_->plain)) [[unlikely]] {
      const std::size_t position = block_->position_of(slot_);
      slot_ = position < block_->end ? block_->entry(block_->next(position)) : nullptr;
    }
  }

  /// For the table: its place; empty at the end. Where its index entry is, is not known.
  [[nodiscard]] table::Place<Slot> place() const noexcept { return {nullptr, slot_}; }
  /// The same for an iterator that a user gave: a checked build aborts if it does not belong to the table with this
  /// generation counter, or cannot be used any more.
  [[nodiscard]] table::Place<Slot> checked_place(const table::Generation& generation) const noexcept {
    check_usable();
    check_.belongs_to(generation);
    return place();
  }

 private:
  template <class, class>
  friend class OrderedIterator;

  void check_usable() const noexcept {
    check_.usable(slot_ != nullptr, [this] {
      const std::size_t position = block_->position_of(slot_);
      return position >= block_->first && position < block_->end && !block_->is_hole(position);
    });
  }

  Slot* slot_ = nullptr;
  Block<Slot>* block_ = nullptr;
  PERTURB_NO_UNIQUE_ADDRESS table::IteratorCheck check_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
