// SPDX-License-Identifier: MIT
/// @file How elements are constructed, moved and destroyed in slots: through the table's allocator, or as bytes where
/// it has no say.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>

#include <cstring>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Constructs and destroys elements in slots, through the table's allocator.
template <class Element, class Slot, class Allocator>
class SlotWriter {
 public:
  using Value = typename Element::Value;

  explicit SlotWriter(Allocator& allocator) noexcept : allocator_(allocator) {}

  template <class... Args>
  void construct(Slot* slot, Args&&... args) const {
    std::allocator_traits<Allocator>::construct(allocator_, std::addressof(slot->value), std::forward<Args>(args)...);
  }

  void destroy(Slot* slot) const noexcept {
    if constexpr (!destroys_nothing()) {
      std::allocator_traits<Allocator>::destroy(allocator_, std::addressof(slot->value));
    }
  }

  /// Constructs an element from another, with its hash.
  void copy(Slot* to, const Slot* from) const {
    if constexpr (copies_bytes()) {
      copy_slot_bytes(to, from);
    } else {
      construct(to, from->value);
      copy_hash(to, from);
    }
  }
  void move(Slot* to, Slot* from) const noexcept(moves_without_throwing<Element>()) {
    if constexpr (copies_bytes()) {
      copy_slot_bytes(to, from);
    } else {
      Element::move_construct(allocator_, std::addressof(to->value), from->value);
      copy_hash(to, from);
    }
  }
  /// Moves an element and destroys what is left of it.
  void relocate(Slot* to, Slot* from) const noexcept(moves_without_throwing<Element>()) {
    move(to, from);
    destroy(from);
  }

  /// Elements are bytes to this allocator: it has no say in how they are constructed.
  static constexpr bool copies_bytes() noexcept {
    return Element::is_bytes() && !requires(Allocator& a, Value* p, Value& v) { a.construct(p, std::move(v)); } &&
           destroys_nothing();
  }
  static constexpr bool destroys_nothing() noexcept {
    return std::is_trivially_destructible_v<Value> && !requires(Allocator& a, Value* p) { a.destroy(p); };
  }

  Allocator& allocator() const noexcept { return allocator_; }

 private:
  static void copy_hash(Slot* to, const Slot* from) noexcept {
    if constexpr (requires { to->hash; }) to->hash = from->hash;
  }
  static void copy_slot_bytes(Slot* to, const Slot* from) noexcept {
    std::memcpy(static_cast<void*>(to), static_cast<const void*>(from), sizeof(Slot));
  }

  Allocator& allocator_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
