// SPDX-License-Identifier: MIT
/// @file indivi::flat_wmap and indivi::flat_umap, which take no allocator.
#pragma once

#include "../subject.hpp"

#include <indivi/flat_umap.h>
#include <indivi/flat_wmap.h>

namespace compare {

struct IndiviW {
  static TableInfo info() { return {"indivi-w", "", Kind::flat, 5}; }
  template <class Key, class Value, class Hash, template <class> class>
  using Table = indivi::flat_wmap<Key, Value, Hash>;
  template <class Key>
  using OwnHash = indivi::hash<Key>;
};

struct IndiviU {
  static TableInfo info() { return {"indivi-u", "", Kind::flat, 6}; }
  template <class Key, class Value, class Hash, template <class> class>
  using Table = indivi::flat_umap<Key, Value, Hash>;
  template <class Key>
  using OwnHash = indivi::hash<Key>;
};

}  // namespace compare
