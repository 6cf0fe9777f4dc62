// SPDX-License-Identifier: MIT
/// @file tsl::robin_map.
#pragma once

#include "../subject.hpp"

#include <tsl/robin_map.h>

#include <functional>
#include <string>
#include <utility>

namespace compare {

struct RobinMap {
  static TableInfo info() {
#ifdef TSL_RH_VERSION_MAJOR
    const std::string version = std::to_string(TSL_RH_VERSION_MAJOR) + "." + std::to_string(TSL_RH_VERSION_MINOR);
#else
    const std::string version;
#endif
    return {"robin-map", version, Kind::flat, 4};
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = tsl::robin_map<Key, Value, Hash, std::equal_to<Key>, Allocator<std::pair<Key, Value>>>;
  template <class Key>
  using OwnHash = std::hash<Key>;
};

}  // namespace compare
