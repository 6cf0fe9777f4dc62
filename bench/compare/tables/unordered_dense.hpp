// SPDX-License-Identifier: MIT
/// @file ankerl::unordered_dense::map.
#pragma once

#include "../subject.hpp"

#include <ankerl/unordered_dense.h>

#include <functional>
#include <string>
#include <utility>

namespace compare {

struct UnorderedDense {
  static TableInfo info() {
    return {"unordered-dense",
            std::to_string(ANKERL_UNORDERED_DENSE_VERSION_MAJOR) + "." +
                std::to_string(ANKERL_UNORDERED_DENSE_VERSION_MINOR) + "." +
                std::to_string(ANKERL_UNORDERED_DENSE_VERSION_PATCH),
            Kind::dense, 7};
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = ankerl::unordered_dense::map<Key, Value, Hash, std::equal_to<Key>, Allocator<std::pair<Key, Value>>>;
  template <class Key>
  using OwnHash = ankerl::unordered_dense::hash<Key>;
};

}  // namespace compare
