// SPDX-License-Identifier: MIT
/// @file The table of one arc. All use that the sharded table makes of a table's internals is here.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>

#include <tuple>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::sharded {

template <class Key, class T, class Hash>
class Shard : public HashTable<Key, T, Hash, Equal<Key>> {
  using Base = HashTable<Key, T, Hash, Equal<Key>>;
  using Growth = typename Base::growth_policy;

 public:
  using Base::Base;

  /// Inserts an entry whose key is known to be absent: compares no keys.
  /// Within reserve() it allocates nothing and moves no other entry.
  template <class K, class V>
  typename Base::const_iterator insert_unique(HashValue hash, K&& key, V&& value) {
    const auto inserted = this->core_.insert_unique(hash, [&](auto* slot) {
      this->construct(slot, std::piecewise_construct, std::forward_as_tuple(std::forward<K>(key)),
                      std::forward_as_tuple(std::forward<V>(value)));
    });
    return this->result({inserted, true}).first;
  }

  /// Whether the table would be smaller if its entries had been erased by key.
  [[nodiscard]] bool is_oversized() const noexcept {
    const auto capacity = this->bucket_count();
    return capacity != 0 && (this->empty() || Growth::shrink_to(this->size(), capacity) < capacity);
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
