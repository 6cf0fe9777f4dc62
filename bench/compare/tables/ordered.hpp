// SPDX-License-Identifier: MIT
/// @file perturb::OrderedHashTable.
#pragma once

#include "../subject.hpp"

#include <perturb/hashers.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/version.hpp>

#include <utility>

namespace compare {

struct Ordered {
  static TableInfo info() { return {"perturb-ordered", PERTURB_VERSION, Kind::dense, 99, Role::policy}; }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table =
      perturb::OrderedHashTable<Key, Value, Hash, perturb::Equal<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = perturb::XxHash<Key>;
};

}  // namespace compare
