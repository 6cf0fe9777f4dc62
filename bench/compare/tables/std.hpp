// SPDX-License-Identifier: MIT
/// @file std::unordered_map.
#pragma once

#include "../subject.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

namespace compare {

struct Std {
  static TableInfo info() {
#ifdef _GLIBCXX_RELEASE
    return {"std-unordered", "libstdc++ " + std::to_string(_GLIBCXX_RELEASE), Kind::node, 8};
#else
    return {"std-unordered", "", Kind::node, 8};
#endif
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = std::unordered_map<Key, Value, Hash, std::equal_to<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = std::hash<Key>;
};

}  // namespace compare
