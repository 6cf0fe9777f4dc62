// SPDX-License-Identifier: MIT
/// @file One of the tables of a sharded table. All use that the sharded table makes of a table's internals is here.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/departing_element.hpp>
#include <perturb/table/element.hpp>

#include <memory>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Hash, class KeyEqual = Equal<Key>,
          class Allocator = std::allocator<std::pair<const Key, T>>>
class Shard : public HashTable<Key, T, Hash, KeyEqual, Allocator> {
  using Base = HashTable<Key, T, Hash, KeyEqual, Allocator>;

 public:
  using Base::Base;

  using Element = table::MapElement<Key, T>;
  using const_iterator = typename Base::const_iterator;

  /// The value of the entry at `it`.
  static T* value_at(const_iterator it) noexcept { return std::addressof(entry_at(it).second); }

  /// Inserts the entry at `from`, of another table, whose key is known to be absent here: compares no keys. The entry
  /// is moved or copied as its Transfer says, and what is left of it stays where it is. Within reserve() it allocates
  /// nothing and moves no other entry. Guarantee: strong, as far as entries roll back.
  const_iterator insert_unique(HashValue hash, const_iterator from) {
    const auto inserted = this->core_.insert_unique(hash, [&](auto* slot) {
      auto allocator = this->get_allocator();
      table::transfer_element<Element>(allocator, std::addressof(slot->value), entry_at(from));
    });
    return this->result({inserted, true}).first;
  }

  /// Undoes insert_unique: `made` is erased here, and `from` is as it was.
  void give_back(const_iterator from, const_iterator made) noexcept {
    if constexpr (table::can_roll_back<Element>()) Element::give_back_all(entry_at(from), entry_at(made));
    this->erase(made);
  }

  /// Erases the entry with `key`; `count()` is called before it is destroyed. @returns whether there was one. Where the
  /// entry can be moved out, it is destroyed last: it may even change the nodes, and with them this table.
  template <class K, class Count>
  bool erase_counted(const K& key, HashValue hash, Count count) {
    if constexpr (table::DepartingElement<Element, table::Slot<Element>, typename Base::allocator_type>::moves_out()) {
      const auto departing = this->extract(key, hash);
      if (departing) count();
      return departing.has_value();
    } else {
      const auto place = this->find_hashed(key, hash);
      if (place) {
        count();
        this->core_.erase_and_shrink(place);
      }
      return static_cast<bool>(place);
    }
  }

 private:
  static typename Base::value_type& entry_at(const_iterator it) noexcept { return it.place().slot->value; }
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
