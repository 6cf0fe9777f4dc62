// SPDX-License-Identifier: MIT
/// @file What a table stores: elements with a key and a value (HashTable), or keys alone (HashSet).
///
/// The table sees its elements as const keys beside values, but has to move them from slot to slot, keys included.
/// mutable_key() alone casts the constness of a key away: the slot owns the element, and the element is destroyed
/// right after its key was moved from, or gets it back.
///
/// How an element moves while another may still fail follows from its parts (Transfer). Whether a type can be copied or
/// moved is asked only when a member that needs the answer is used: Key and T may be incomplete when the table's type
/// is named.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/scope_guard.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace perturb::inline PERTURB_ABI::detail::table {

/// How a part of an element, or all of it, gets into another slot. Moving is preferred: a copy costs more, and a type
/// may claim to be copyable and not be (std::deque of a move-only type).
enum class Transfer {
  moved,          ///< cannot throw
  moved_back,     ///< may throw; then the ones that have moved are moved back by assignment, which cannot
  copied,         ///< may throw; the originals stay until all copies are made
  moved_at_risk,  ///< may throw; then the ones that have moved are lost
  impossible
};

template <class T, int kDepth = 0>
constexpr bool can_copy() noexcept;

template <class T, int kDepth, std::size_t... Index>
constexpr bool can_copy_elements(std::index_sequence<Index...>) noexcept {
  return (can_copy<std::remove_cv_t<std::tuple_element_t<Index, T>>, kDepth>() && ...);
}
template <int kDepth, class... Ts>
constexpr bool can_copy_alternatives(const std::variant<Ts...>*) noexcept {
  return (can_copy<Ts, kDepth>() && ...);
}

/// Whether a `T` can really be copied: a container, or an optional, whose elements cannot be says yes and does not
/// compile. A type that contains itself is believed after a few levels.
template <class T, int kDepth>
constexpr bool can_copy() noexcept {
  if constexpr (!std::is_copy_constructible_v<T> || kDepth == 8) {
    return std::is_copy_constructible_v<T>;
  } else if constexpr (requires { std::tuple_size<T>::value; }) {
    return can_copy_elements<T, kDepth + 1>(std::make_index_sequence<std::tuple_size_v<T>>());
  } else if constexpr (requires(const T* variant) { table::can_copy_alternatives<0>(variant); }) {
    return table::can_copy_alternatives<kDepth + 1>(static_cast<const T*>(nullptr));
  } else if constexpr (requires {
                         typename T::value_type;
                         requires std::is_object_v<typename T::value_type>;
                         requires !std::same_as<typename T::value_type, T>;
                       }) {
    return can_copy<typename T::value_type, kDepth + 1>();
  } else {
    return true;
  }
}

template <class Part>
struct LvalueOrRvalue {
  operator const Part&() const;
  operator Part&&() const;
};
/// Whether a `Part` has a move assignment, rather than a copy assignment that rvalues bind to. For a class with a copy
/// constructor of its own, that would be the compiler's, and wrong.
template <class Part>
constexpr bool has_move_assignment() noexcept {
  // With both, such an argument is ambiguous.
  return std::is_move_assignable_v<Part> &&
         (!std::is_copy_assignable_v<Part> || !std::is_assignable_v<Part&, LvalueOrRvalue<Part>>);
}

template <class Part>
constexpr Transfer transfer_of() noexcept {
  if constexpr (std::is_nothrow_move_constructible_v<Part>) {
    return Transfer::moved;
  } else if constexpr (!std::is_move_constructible_v<Part>) {
    return Transfer::impossible;
  } else if constexpr (std::is_nothrow_move_assignable_v<Part> && has_move_assignment<Part>()) {
    return Transfer::moved_back;
  } else {
    return can_copy<Part>() ? Transfer::copied : Transfer::moved_at_risk;
  }
}

/// Whether the transfer of a `Part` can throw and can be undone.
template <class Part>
constexpr bool is_undoable() noexcept {
  return transfer_of<Part>() == Transfer::moved_back || transfer_of<Part>() == Transfer::copied;
}

/// A part as the argument of the constructor that transfers it.
template <class Part>
constexpr decltype(auto) to_transfer(Part& part) noexcept {
  if constexpr (transfer_of<Part>() == Transfer::copied) {
    return std::as_const(part);
  } else {
    return std::move(part);
  }
}

template <class Allocator, class Part>
constexpr void transfer_part(Allocator& allocator, Part& to, Part& from) {
  std::uninitialized_construct_using_allocator(std::addressof(to), allocator, table::to_transfer(from));
}
/// Gives what was moved to `made` back to `from`. Pre: the transfer of a `Part` is moved, moved_back or copied.
template <class Part>
constexpr void give_back(Part& from, Part& made) noexcept {
  if constexpr (transfer_of<Part>() == Transfer::moved_back) {
    from = std::move(made);
  } else if constexpr (transfer_of<Part>() == Transfer::moved) {
    std::destroy_at(std::addressof(from));
    std::construct_at(std::addressof(from), std::move(made));
  }
}
/// The same for a part that is to be destroyed as well.
template <class Part>
constexpr void undo_part(Part& from, Part& made) noexcept {
  table::give_back(from, made);
  std::destroy_at(std::addressof(made));
}

/// Whether a table can hold a `Part` at all.
template <class Part>
inline constexpr bool is_storable_v = std::is_object_v<Part> && !std::is_array_v<Part>;

/// Whether copying the bytes of a `Part` moves it. (A class all of whose copies and moves are deleted is trivially
/// copyable, as std::atomic is; it may hold its own address.)
template <class Part>
inline constexpr bool is_bytes_v = std::is_trivially_copyable_v<Part> && std::is_trivially_destructible_v<Part> &&
                                   transfer_of<Part>() == Transfer::moved;

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

  /// That of the worst part.
  static constexpr Transfer transfer() noexcept {
    return transfer_of<Key>() < transfer_of<T>() ? transfer_of<T>() : transfer_of<Key>();
  }
  static constexpr bool is_bytes() noexcept { return is_bytes_v<Key> && is_bytes_v<T>; }
  static constexpr bool is_destroyed_quietly() noexcept {
    return is_destroyed_quietly_v<Key> && is_destroyed_quietly_v<T>;
  }
  static constexpr bool is_copyable() noexcept { return can_copy<Key>() && can_copy<T>(); }

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

  // A transfer in two steps, for elements that can be rolled back: first the parts that may throw, of all elements,
  // then the others. Not by the constructor of the pair: when its second part threw, the first would be lost.

  /// Transfers the parts that may throw. If one does, `from` is as it was.
  template <class Allocator>
  static constexpr void transfer_undoable(Allocator& allocator, Value& to, Value& from) {
    if constexpr (is_undoable<Key>() && is_undoable<T>()) {
      table::transfer_part(allocator, mutable_key(to), mutable_key(from));
      ScopeGuard undo([&] { table::undo_part(mutable_key(from), mutable_key(to)); });
      table::transfer_part(allocator, to.second, from.second);
      undo.dismiss();
    } else if constexpr (is_undoable<Key>()) {
      table::transfer_part(allocator, mutable_key(to), mutable_key(from));
    } else if constexpr (is_undoable<T>()) {
      table::transfer_part(allocator, to.second, from.second);
    }
  }
  static constexpr void undo_transfer(Value& from, Value& made) noexcept {
    if constexpr (is_undoable<T>()) table::undo_part(from.second, made.second);
    if constexpr (is_undoable<Key>()) table::undo_part(mutable_key(from), mutable_key(made));
  }
  /// Transfers the parts that cannot throw.
  template <class Allocator>
  static constexpr void transfer_rest(Allocator& allocator, Value& to, Value& from) noexcept {
    if constexpr (!is_undoable<Key>()) table::transfer_part(allocator, mutable_key(to), mutable_key(from));
    if constexpr (!is_undoable<T>()) table::transfer_part(allocator, to.second, from.second);
  }

  /// Undoes a transfer of both parts, but does not destroy `made`.
  static constexpr void give_back_all(Value& from, Value& made) noexcept {
    table::give_back(mutable_key(from), mutable_key(made));
    table::give_back(from.second, made.second);
  }

  /// Calls `make` with both parts of `value`, moved from as far as that leaves `value` as it was if something throws
  /// (where extracts_safely()). A pair makes its key first, so it is gone when the second part throws.
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    if constexpr (transfer_of<T>() != Transfer::moved && can_copy<Key>()) {
      return make(std::as_const(value.first), table::to_transfer(value.second));
    } else {
      return make(table::to_transfer(mutable_key(value)), table::to_transfer(value.second));
    }
  }
  static constexpr bool extracts_safely() noexcept {
    return transfer() < Transfer::moved_at_risk && (transfer_of<T>() == Transfer::moved || can_copy<Key>());
  }
  /// The value of an element that is about to be erased, as the argument of the constructor that takes it.
  static constexpr decltype(auto) value_to_extract(Value& value) noexcept { return table::to_transfer(value.second); }

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
  static constexpr bool is_copyable() noexcept { return can_copy<Key>(); }

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
  static constexpr void transfer_undoable(Allocator& allocator, Value& to, Value& from) {
    if constexpr (is_undoable<Key>()) table::transfer_part(allocator, to, from);
  }
  static constexpr void undo_transfer(Value& from, Value& made) noexcept {
    if constexpr (is_undoable<Key>()) table::undo_part(from, made);
  }
  template <class Allocator>
  static constexpr void transfer_rest(Allocator&, Value&, Value&) noexcept {}
  template <class Make>
  static constexpr auto extract(Value& value, Make make) {
    return make(table::to_transfer(value));
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
  return Element::transfer() < Transfer::moved_at_risk;
}

/// Constructs `*to` from `from`, which is not destroyed. If that throws, `from` is as it was where it can roll back.
template <class Element, class Allocator>
constexpr void transfer_element(Allocator& allocator, typename Element::Value* to, typename Element::Value& from) {
  if constexpr (moves_without_throwing<Element>() || !can_roll_back<Element>()) {
    Element::move_construct(allocator, to, from);
  } else {
    Element::transfer_undoable(allocator, *to, from);
    Element::transfer_rest(allocator, *to, from);
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
