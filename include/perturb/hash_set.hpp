// SPDX-License-Identifier: MIT
/// @file HashSet<Key>: HashTable's engine with keys alone, and the interface of std::unordered_set.
///
/// Its contract stands in table/container.hpp; what hash_table.hpp says on memory, invalidation and threads holds.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/container.hpp>

#include <initializer_list>
#include <span>
#include <utility>

namespace perturb::inline PERTURB_ABI {

template <class Key, class Hash, class KeyEqual, class Allocator, class Growth>
class HashSet : public table::Container<table::SetElement<Key>, Hash, KeyEqual, Allocator, Growth> {
  using Base = table::Container<table::SetElement<Key>, Hash, KeyEqual, Allocator, Growth>;
  using typename Base::Place;
  using typename Base::Slot;

 public:
  using typename Base::allocator_type;
  using typename Base::const_iterator;
  using typename Base::hasher;
  using typename Base::iterator;
  using typename Base::key_equal;
  using typename Base::key_type;
  using typename Base::size_type;
  using typename Base::value_type;

  using Base::Base;
  HashSet() = default;
  HashSet& operator=(std::initializer_list<value_type> elements) {
    Base::operator=(elements);
    return *this;
  }
  void swap(HashSet& other) noexcept(noexcept(std::declval<Base&>().swap(std::declval<Base&>()))) { Base::swap(other); }
  friend void swap(HashSet& a, HashSet& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }
};

}  // namespace perturb::inline PERTURB_ABI
