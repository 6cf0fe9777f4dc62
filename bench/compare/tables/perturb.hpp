// SPDX-License-Identifier: MIT
/// @file perturb::HashTable, under two names: the same code twice, as different types. What the two differ by in the
/// results is noise: that of the machine, and of where the linker happened to put the code. And with other growth
/// policies than the default.
#pragma once

#include "../subject.hpp"

#include <perturb/growth.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/version.hpp>

#include <string>
#include <utility>

namespace compare {

struct Perturb {
  static TableInfo info() { return {"perturb", PERTURB_VERSION, Kind::flat, 0, Role::ours}; }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = perturb::HashTable<Key, Value, Hash, perturb::Equal<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

template <class Key>
struct EqualAgain : perturb::Equal<Key> {};

struct PerturbAgain {
  static TableInfo info() { return {"perturb-again", PERTURB_VERSION, Kind::flat, 1, Role::again}; }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = perturb::HashTable<Key, Value, Hash, EqualAgain<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

/// What a growth policy that is compared derives from. CMakeLists.txt lists them, and generates a header of them.
template <class Growth>
struct PerturbWith {
  static TableInfo named(std::string name, int rank) {
    return {std::move(name), PERTURB_VERSION, Kind::flat, rank, Role::policy};
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table =
      perturb::HashTable<Key, Value, Hash, perturb::Equal<Key>, Allocator<std::pair<const Key, Value>>, Growth>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

}  // namespace compare
