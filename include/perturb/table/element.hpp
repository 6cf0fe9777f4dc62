// SPDX-License-Identifier: MIT
/// @file What a table's elements are: a key with a value (MapElement) or a key alone (SetElement), and how one moves
/// from slot to slot.
///
/// An element is a `std::pair<const Key, T>` to the user. Moving it to another slot has to move the key too, so the
/// table, which owns the object and destroys it right after, sees its key as non-const. Key and T are judged apart:
/// a part that moves without throwing is moved; another is copied if it can be, so that the original is still there
/// when something throws; a part that can do neither is moved, and is lost if that throws.
///
/// None of the questions below is asked before a member that needs the answer is used: Key and T may be incomplete
/// when the table's type is named.
#pragma once

#include <perturb/config.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// How the part `P` of an element gets into a new slot while others may still fail.
enum class Transfer { moved, copied, moved_at_risk, impossible };

template <class P>
constexpr Transfer transfer_of() noexcept {
  if constexpr (std::is_nothrow_move_constructible_v<P>) {
    return Transfer::moved;
  } else if constexpr (std::is_copy_constructible_v<P>) {
    return Transfer::copied;
  } else if constexpr (std::is_move_constructible_v<P>) {
    return Transfer::moved_at_risk;
  } else {
    return Transfer::impossible;
  }
}

template <class P>
inline constexpr bool is_trivial_v = std::is_trivially_copyable_v<P> && std::is_trivially_destructible_v<P>;

/// An element with a key and a value.
template <class KeyType, class T>
struct MapElement {
  using Key = KeyType;
  using Value = std::pair<const Key, T>;
  using Extracted = std::pair<Key, T>;
  /// What `iterator` gives: the value can be assigned, the key cannot.
  using MutableValue = Value;

  static constexpr bool is_trivial() noexcept { return is_trivial_v<Key> && is_trivial_v<T>; }
  static constexpr Transfer key_transfer() noexcept { return transfer_of<Key>(); }
  static constexpr Transfer value_transfer() noexcept { return transfer_of<T>(); }
  /// One part is moved, the other copied.
  static constexpr bool is_mixed() noexcept {
    return (key_transfer() == Transfer::moved && value_transfer() == Transfer::copied) ||
           (key_transfer() == Transfer::copied && value_transfer() == Transfer::moved);
  }

  static constexpr const Key& key_of(const Value& value) noexcept { return value.first; }

  /// The key among the arguments from which an element is constructed, where it can be seen.
  template <std::same_as<Key> K, class V>
  static constexpr const Key& key_in(const K& key, const V&) noexcept {
    return key;
  }
  template <class V>
  static constexpr const Key& key_in(const std::pair<const Key, V>& element) noexcept {
    return element.first;
  }
  template <class V>
  static constexpr const Key& key_in(const std::pair<Key, V>& element) noexcept {
    return element.first;
  }

  /// Constructs `*to` from what `from` holds, moving both parts.
  template <class Allocator>
  static constexpr void move_construct(Allocator& allocator, Value* to, Value& from) {
    std::allocator_traits<Allocator>::construct(allocator, to, std::move(const_cast<Key&>(from.first)),
                                                std::move(from.second));
  }

  /// As move_construct, but copies a part whose move may throw. If it throws, `from` is as it was, unless a part is
  /// moved at risk.
  template <class Allocator>
  static constexpr void transfer_construct(Allocator& allocator, Value* to, Value& from) {
    if constexpr (is_mixed()) {
      construct_copied_part(allocator, to, from);
      construct_moved_part(allocator, to, from);
    } else {
      std::allocator_traits<Allocator>::construct(allocator, to, std::move_if_noexcept(const_cast<Key&>(from.first)),
                                                  std::move_if_noexcept(from.second));
    }
  }

  /// Calls `make` with both parts of `value`, each to be moved from if that cannot throw, else to be copied if it can
  /// be. If that throws, `value` is as it was where extracts_safely().
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    if constexpr (key_goes_first() && std::is_copy_constructible_v<Key>) {
      return make(std::as_const(value.first), std::as_const(value.second));
    } else {
      return make(std::move_if_noexcept(const_cast<Key&>(value.first)), std::move_if_noexcept(value.second));
    }
  }
  static constexpr bool extracts_safely() noexcept {
    return key_transfer() != Transfer::moved_at_risk && value_transfer() != Transfer::moved_at_risk &&
           (!key_goes_first() || std::is_copy_constructible_v<Key>);
  }

  // The parts by themselves, for elements of which one part is moved and the other copied: the copies, which may
  // throw, are all made before the first move.
  template <class Allocator>
  static constexpr void construct_copied_part(Allocator& allocator, Value* to, const Value& from) {
    if constexpr (key_transfer() == Transfer::copied) {
      std::uninitialized_construct_using_allocator(const_cast<Key*>(std::addressof(to->first)), allocator, from.first);
    } else {
      std::uninitialized_construct_using_allocator(std::addressof(to->second), allocator, from.second);
    }
  }
  static constexpr void destroy_copied_part(Value* value) noexcept {
    if constexpr (key_transfer() == Transfer::copied) {
      std::destroy_at(std::addressof(value->first));
    } else {
      std::destroy_at(std::addressof(value->second));
    }
  }
  template <class Allocator>
  static constexpr void construct_moved_part(Allocator& allocator, Value* to, Value& from) noexcept {
    if constexpr (key_transfer() == Transfer::copied) {
      std::uninitialized_construct_using_allocator(std::addressof(to->second), allocator, std::move(from.second));
    } else {
      std::uninitialized_construct_using_allocator(const_cast<Key*>(std::addressof(to->first)), allocator,
                                                   std::move(const_cast<Key&>(from.first)));
    }
  }

 private:
  // A pair makes its key first: that is gone already when the copy of the value throws.
  static constexpr bool key_goes_first() noexcept {
    return key_transfer() == Transfer::moved && value_transfer() == Transfer::copied;
  }
};

/// An element that is its own key.
template <class KeyType>
struct SetElement {
  using Key = KeyType;
  using Value = Key;
  using Extracted = Key;
  using MutableValue = const Value;

  static constexpr bool is_trivial() noexcept { return is_trivial_v<Key>; }
  static constexpr Transfer key_transfer() noexcept { return transfer_of<Key>(); }
  static constexpr Transfer value_transfer() noexcept { return key_transfer(); }
  static constexpr bool is_mixed() noexcept { return false; }

  static constexpr const Key& key_of(const Value& value) noexcept { return value; }
  template <std::same_as<Key> K>
  static constexpr const Key& key_in(const K& key) noexcept {
    return key;
  }

  template <class Allocator>
  static constexpr void move_construct(Allocator& allocator, Value* to, Value& from) {
    std::allocator_traits<Allocator>::construct(allocator, to, std::move(from));
  }
  template <class Allocator>
  static constexpr void transfer_construct(Allocator& allocator, Value* to, Value& from) {
    std::allocator_traits<Allocator>::construct(allocator, to, std::move_if_noexcept(from));
  }
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    return make(std::move_if_noexcept(value));
  }
  static constexpr bool extracts_safely() noexcept { return key_transfer() != Transfer::moved_at_risk; }
};

/// No part of the element can throw when it moves.
template <class Element>
constexpr bool moves_without_throwing() noexcept {
  return Element::key_transfer() == Transfer::moved && Element::value_transfer() == Transfer::moved;
}

/// The element can get into another slot at all.
template <class Element>
constexpr bool can_move() noexcept {
  return Element::key_transfer() != Transfer::impossible && Element::value_transfer() != Transfer::impossible;
}

/// Whatever throws while elements move to a new array, the old array can be as it was.
template <class Element>
constexpr bool can_roll_back() noexcept {
  return can_move<Element>() && Element::key_transfer() != Transfer::moved_at_risk &&
         Element::value_transfer() != Transfer::moved_at_risk;
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
