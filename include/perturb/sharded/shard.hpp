// SPDX-License-Identifier: MIT
/// @file One of the tables of a sharded table. All use that the sharded table makes of a table's internals is here.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>

#include <memory>
#include <tuple>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Hash, class KeyEqual = Equal<Key>,
          class Allocator = std::allocator<std::pair<const Key, T>>>
class Shard : public HashTable<Key, T, Hash, KeyEqual, Allocator> {
  using Base = HashTable<Key, T, Hash, KeyEqual, Allocator>;

 public:
  using Base::Base;

  /// Inserts an entry whose key is known to be absent: compares no keys.
  /// Within reserve() it allocates nothing and moves no other entry.
  template <class K, class V>
  /// @returns where its value is.
  T* insert_unique(HashValue hash, K&& key, V&& value) {
    const auto inserted = this->core_.insert_unique(hash, [&](auto* slot) {
      this->construct(slot, std::piecewise_construct, std::forward_as_tuple(std::forward<K>(key)),
                      std::forward_as_tuple(std::forward<V>(value)));
    });
    return &this->result({inserted, true}).first->second;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
