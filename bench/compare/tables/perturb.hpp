// SPDX-License-Identifier: MIT
/// @file perturb::HashTable, under two names: the same code twice, as different types. What the two differ by in the
/// results is noise: that of the machine, and of where the linker happened to put the code.
#pragma once

#include "../subject.hpp"

#include <perturb/hash_table.hpp>
#include <perturb/version.hpp>

#include <memory>
#include <utility>

namespace compare {

struct Perturb {
  static TableInfo info() { return {"perturb", PERTURB_VERSION, Kind::flat, 0}; }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = perturb::HashTable<Key, Value, Hash, perturb::Equal<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

template <class Key>
struct EqualAgain : perturb::Equal<Key> {};

struct PerturbAgain {
  static TableInfo info() { return {"perturb-again", PERTURB_VERSION, Kind::flat, 1}; }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = perturb::HashTable<Key, Value, Hash, EqualAgain<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

}  // namespace compare
