// SPDX-License-Identifier: MIT
/// @file absl::flat_hash_map.
#pragma once

#include "../subject.hpp"

#include <absl/base/config.h>
#include <absl/container/flat_hash_map.h>

#include <functional>
#include <string>
#include <utility>

namespace compare {

struct Abseil {
  static TableInfo info() {
#ifdef ABSL_LTS_RELEASE_VERSION
    return {"absl-flat", std::to_string(ABSL_LTS_RELEASE_VERSION), Kind::flat, 3};
#else
    return {"absl-flat", "head", Kind::flat, 3};
#endif
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = absl::flat_hash_map<Key, Value, Hash, std::equal_to<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = absl::Hash<Key>;
};

}  // namespace compare
