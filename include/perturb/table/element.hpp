// SPDX-License-Identifier: MIT
/// @file What a table stores: elements with a key and a value (HashTable), or keys alone (HashSet).
///
/// The table sees its elements as const keys beside values, but has to move them from slot to slot, keys included.
/// These are the only places that cast the constness of a key away: the slot owns the element, and the element is
/// destroyed right after its key was moved from, or gets it back.
///
/// How an element moves while another may still fail follows from its parts (Transfer). Whether a type can be copied or
/// moved is asked only when a member that needs the answer is used: Key and T may be incomplete when the table's type
/// is named.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/scope_guard.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// How an element gets into another slot. Moving is preferred: a copy costs more, and a type may claim to be copyable
/// and not be (std::deque of a move-only type).
enum class Transfer {
  moved,          ///< cannot throw
  moved_back,     ///< may throw; then the elements that have moved are moved back by assignment, which cannot
  copied,         ///< may throw; the originals stay until all copies are made
  moved_at_risk,  ///< may throw; then the elements that have moved are lost
  impossible
};

/// Whether a `T` can really be copied: a container whose elements cannot be says yes and does not compile.
template <class T>
constexpr bool can_copy() noexcept {
  if constexpr (!std::is_copy_constructible_v<T>) {
    return false;
  } else if constexpr (requires {
                         typename T::value_type;
                         typename T::reference;
                         requires std::same_as<typename T::reference, typename T::value_type&>;
                         requires !std::same_as<typename T::value_type, T>;
                       }) {
    return can_copy<typename T::value_type>();
  } else if constexpr (requires {
                         typename T::first_type;
                         typename T::second_type;
                       }) {
    return can_copy<std::remove_cv_t<typename T::first_type>>() &&
           can_copy<std::remove_cv_t<typename T::second_type>>();
  } else {
    return true;
  }
}

template <class Part>
constexpr bool moves_or_moves_back() noexcept {
  return std::is_nothrow_move_constructible_v<Part> ||
         (std::is_move_constructible_v<Part> && std::is_nothrow_move_assignable_v<Part>);
}

/// How an element with these parts moves: as its worst part.
template <class... Parts>
constexpr Transfer transfer_of() noexcept {
  if constexpr ((std::is_nothrow_move_constructible_v<Parts> && ...)) {
    return Transfer::moved;
  } else if constexpr ((moves_or_moves_back<Parts>() && ...)) {
    return Transfer::moved_back;
  } else if constexpr ((can_copy<Parts>() && ...)) {
    return Transfer::copied;
  } else if constexpr ((std::is_move_constructible_v<Parts> && ...)) {
    return Transfer::moved_at_risk;
  } else {
    return Transfer::impossible;
  }
}

/// Gives `to` the value of `from`, which is destroyed. Pre: moves_or_moves_back<Part>().
template <class Part>
constexpr void move_back(Part& to, Part& from) noexcept {
  if constexpr (std::is_nothrow_move_constructible_v<Part>) {
    std::destroy_at(std::addressof(to));
    std::construct_at(std::addressof(to), std::move(from));
  } else {
    to = std::move(from);
  }
  std::destroy_at(std::addressof(from));
}

template <class Part>
inline constexpr bool is_bytes_v = std::is_trivially_copyable_v<Part> && std::is_trivially_destructible_v<Part>;

/// Whether destroying a `Part` runs no code of a user's, who might call back into the table.
template <class Part>
inline constexpr bool is_destroyed_quietly_v = std::is_trivially_destructible_v<Part>;
template <class C, class CharTraits>
inline constexpr bool is_destroyed_quietly_v<std::basic_string<C, CharTraits, std::allocator<C>>> = true;

/// An element with a key and a value.
template <class KeyType, class T>
struct MapElement {
  using Key = KeyType;
  using Value = std::pair<const Key, T>;
  using Extracted = std::pair<Key, T>;
  /// What `iterator` gives: the value can be assigned, the key cannot.
  using MutableValue = Value;

  static constexpr Transfer transfer() noexcept { return transfer_of<Key, T>(); }
  static constexpr bool is_bytes() noexcept { return is_bytes_v<Key> && is_bytes_v<T>; }
  static constexpr bool is_destroyed_quietly() noexcept {
    return is_destroyed_quietly_v<Key> && is_destroyed_quietly_v<T>;
  }
  static constexpr bool is_copyable() noexcept {
    return std::is_copy_constructible_v<Key> && std::is_copy_constructible_v<T>;
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

  /// Constructs `*to` from what `from` holds, moving both parts. If that throws, `from` may have lost its key.
  template <class Allocator>
  static constexpr void move_construct(Allocator& allocator, Value* to, Value& from) {
    std::allocator_traits<Allocator>::construct(allocator, to, std::move(mutable_key(from)), std::move(from.second));
  }

  /// Constructs `*to` from `from` as transfer() says; `from` is not destroyed. If it throws, `from` is as it was,
  /// except for Transfer::moved_at_risk.
  template <class Allocator>
  static constexpr void transfer_construct(Allocator& allocator, Value* to, Value& from) {
    if constexpr (transfer() == Transfer::copied) {
      std::allocator_traits<Allocator>::construct(allocator, to, std::as_const(from));
    } else if constexpr (transfer() == Transfer::moved_back) {
      // Not by the constructor of the pair: if its second part threw, the first would be gone.
      Key* const key = std::addressof(mutable_key(*to));
      std::uninitialized_construct_using_allocator(key, allocator, std::move(mutable_key(from)));
      ScopeGuard undo([&] { table::move_back(mutable_key(from), *key); });
      std::uninitialized_construct_using_allocator(std::addressof(to->second), allocator, std::move(from.second));
      undo.dismiss();
    } else {
      move_construct(allocator, to, from);
    }
  }
  /// Gives what transfer_construct moved to `moved` back to `from`, and destroys `moved`. Pre: Transfer::moved_back.
  static constexpr void transfer_back(Value& from, Value& moved) noexcept {
    table::move_back(from.second, moved.second);
    table::move_back(mutable_key(from), mutable_key(moved));
  }

  /// Calls `make` with both parts of `value`, moved from as far as that leaves `value` as it was if something throws
  /// (where extracts_safely()).
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    if constexpr (transfer() == Transfer::copied) {
      return make(std::as_const(value.first), std::as_const(value.second));
    } else if constexpr (transfer() != Transfer::moved && can_copy<Key>()) {
      // A pair makes its key first: if that were moved, it would be gone when the value's move throws.
      return make(std::as_const(value.first), std::move(value.second));
    } else {
      return make(std::move(mutable_key(value)), std::move(value.second));
    }
  }
  static constexpr bool extracts_safely() noexcept {
    return transfer() == Transfer::moved || transfer() == Transfer::copied ||
           (transfer() == Transfer::moved_back && can_copy<Key>());
  }
  /// The value of an element that is about to be erased: to be moved from, unless elements are copied.
  static constexpr decltype(auto) value_to_extract(Value& value) noexcept {
    if constexpr (transfer() == Transfer::copied) {
      return std::as_const(value.second);
    } else {
      return std::move(value.second);
    }
  }

 private:
  static constexpr Key& mutable_key(Value& value) noexcept { return const_cast<Key&>(value.first); }
};

/// An element that is its own key.
template <class KeyType>
struct SetElement {
  using Key = KeyType;
  using Value = Key;
  using Extracted = Key;
  using MutableValue = const Value;

  static constexpr Transfer transfer() noexcept { return transfer_of<Key>(); }
  static constexpr bool is_bytes() noexcept { return is_bytes_v<Key>; }
  static constexpr bool is_destroyed_quietly() noexcept { return is_destroyed_quietly_v<Key>; }
  static constexpr bool is_copyable() noexcept { return std::is_copy_constructible_v<Key>; }

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
    if constexpr (transfer() == Transfer::copied) {
      std::allocator_traits<Allocator>::construct(allocator, to, std::as_const(from));
    } else {
      move_construct(allocator, to, from);
    }
  }
  static constexpr void transfer_back(Value& from, Value& moved) noexcept { table::move_back(from, moved); }
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    if constexpr (transfer() == Transfer::copied) {
      return make(std::as_const(value));
    } else {
      return make(std::move(value));
    }
  }
  static constexpr bool extracts_safely() noexcept { return transfer() != Transfer::moved_at_risk; }
};

/// No part of the element can throw when it moves.
template <class Element>
constexpr bool moves_without_throwing() noexcept {
  return Element::transfer() == Transfer::moved;
}

/// The element can get into another slot at all.
template <class Element>
constexpr bool can_move() noexcept {
  return Element::transfer() != Transfer::impossible;
}

/// Whatever throws while elements move to a new array, the old array can be as it was.
template <class Element>
constexpr bool can_roll_back() noexcept {
  return can_move<Element>() && Element::transfer() != Transfer::moved_at_risk;
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
