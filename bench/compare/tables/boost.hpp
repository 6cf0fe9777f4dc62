// SPDX-License-Identifier: MIT
/// @file boost::unordered_flat_map.
#pragma once

#include "../subject.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/version.hpp>

#include <functional>
#include <string>
#include <utility>

namespace compare {

struct Boost {
  static TableInfo info() {
    return {"boost-flat", std::to_string(BOOST_VERSION / 100'000) + "." + std::to_string(BOOST_VERSION / 100 % 1000),
            Kind::flat, 2};
  }
  template <class Key, class Value, class Hash, template <class> class Allocator>
  using Table = boost::unordered_flat_map<Key, Value, Hash, std::equal_to<Key>, Allocator<std::pair<const Key, Value>>>;
  template <class Key>
  using OwnHash = boost::hash<Key>;
};

}  // namespace compare
