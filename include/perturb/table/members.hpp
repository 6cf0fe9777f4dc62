// SPDX-License-Identifier: MIT
/// @file The members of every table, whatever its storage: what it knows of its memory (State), hasher and equality,
/// allocator, generation counter; and the calls of hasher and equality, which a checked build watches.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/functions.hpp>
#include <perturb/table/generation.hpp>

#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// `State` is default-constructed for a table without memory.
template <class ElementType, class Hash, class KeyEqual, class AllocatorType, class State>
class TableMembers {
 public:
  using Element = ElementType;
  using Allocator = AllocatorType;
  using Key = typename Element::Key;
  using Value = typename Element::Value;
  using Functions = TableFunctions<Hash, KeyEqual>;

  TableMembers(const Functions& functions, const Allocator& allocator) : functions_(functions), allocator_(allocator) {}
  TableMembers(Functions&& functions, const Allocator& allocator) noexcept(Functions::kMovesWithoutThrowing)
      : functions_(std::move(functions)), allocator_(allocator) {}
  TableMembers(Functions&& functions, Allocator&& allocator) noexcept(Functions::kMovesWithoutThrowing)
      : functions_(std::move(functions)), allocator_(std::move(allocator)) {}
  TableMembers(const TableMembers&) = delete;
  TableMembers& operator=(const TableMembers&) = delete;

  const Hash& hash_function() const noexcept { return functions_.hash(); }
  const KeyEqual& key_equal() const noexcept { return functions_.equal(); }
  const Allocator& allocator() const noexcept { return allocator_; }
  const Generation& generation() const noexcept { return generation_; }

  template <class K>
  PERTURB_ALWAYS_INLINE HashValue hash(const K& key) const
      noexcept(noexcept(perturb::hash_key(std::declval<const Hash&>(), key))) {
    const Unmodified guard(generation_, "the hasher modified the table that called it");
    return perturb::hash_key(functions_.hash(), key);
  }

  /// In a checked build, aborts when `hash` is not the hash of `key`.
  template <class K>
  void check_hash([[maybe_unused]] const K& key, [[maybe_unused]] HashValue hash) const {
    PERTURB_ASSERT(perturb::hash_key(functions_.hash(), key) == hash,
                   "the precomputed hash is not that of this key: take it from this table's hash(key)");
  }

 protected:
  ~TableMembers() = default;

  template <class K, class Slot>
  PERTURB_ALWAYS_INLINE bool is_equal(const K& key, const Slot* slot) const {
    static_assert(
        requires(const KeyEqual& equal, const Key& stored) { static_cast<bool>(equal(key, stored)); },
        "perturb: the key equality must be callable as bool operator()(const Key&, const Key&) const (and, if "
        "it is transparent, with what is looked up): write one, or operator== for Key");
    const Unmodified guard(generation_, "the key equality modified the table that called it");
    return static_cast<bool>(functions_.equal()(key, Element::key_of(slot->value)));
  }

  // In a checked build, aborts when the element constructed in `slot` has a key of another hash than was looked up.
  template <class Slot>
  void check_stored_key([[maybe_unused]] const Slot* slot, [[maybe_unused]] HashValue hash) const noexcept {
    PERTURB_ASSERT(perturb::hash_key(functions_.hash(), Element::key_of(slot->value)) == hash,
                   "the hash of the stored key is not that of the key it was made from: a transparent hasher must give "
                   "both the same, and the key that is constructed must equal the one that was looked up");
  }

  State state_;
  PERTURB_NO_UNIQUE_ADDRESS Functions functions_;
  PERTURB_NO_UNIQUE_ADDRESS Allocator allocator_;
  PERTURB_NO_UNIQUE_ADDRESS Generation generation_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
