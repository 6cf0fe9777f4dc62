// SPDX-License-Identifier: MIT
/// @file The deduction guides: those of std::unordered_map and std::unordered_set, tried on both.
#include "support/allocators.hpp"
#include "support/functors.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {

using Hash = kit::IdHash<int>;
using Equal = kit::IdEqual<int>;
using MapAllocator = kit::IdAllocator<std::pair<const int, std::string>, kit::kPropagateNever>;
using SetAllocator = kit::IdAllocator<int, kit::kPropagateNever>;

/// A map of int to std::string with these functions and this allocator.
template <class H, class E, class A, class Map>
void expect_map(const Map& map) {
  static_assert(std::is_same_v<typename Map::key_type, int>);
  static_assert(std::is_same_v<typename Map::mapped_type, std::string>);
  static_assert(std::is_same_v<typename Map::hasher, H>);
  static_assert(std::is_same_v<typename Map::key_equal, E>);
  static_assert(std::is_same_v<typename Map::allocator_type, A>);
  EXPECT_EQ(map.size(), 2u);
}

template <template <class...> class Map, class H, class E>
void deduce_maps() {
  using A = std::allocator<std::pair<const int, std::string>>;
  const std::vector<std::pair<int, std::string>> pairs = {{1, "one"}, {2, "two"}};
  const auto first = pairs.begin();
  const auto last = pairs.end();
  const MapAllocator allocator(1);
  expect_map<H, E, A>(Map(first, last));
  expect_map<H, E, A>(Map(first, last, 10));
  expect_map<Hash, E, A>(Map(first, last, 10, Hash()));
  expect_map<Hash, Equal, A>(Map(first, last, 10, Hash(), Equal()));
  expect_map<Hash, Equal, MapAllocator>(Map(first, last, 10, Hash(), Equal(), allocator));
  expect_map<H, E, MapAllocator>(Map(first, last, 10, allocator));
  expect_map<Hash, E, MapAllocator>(Map(first, last, 10, Hash(), allocator));

  const std::pair<int, std::string> one(1, "one");
  const std::pair<int, std::string> two(2, "two");
  expect_map<H, E, A>(Map({one, two}));
  expect_map<H, E, A>(Map({one, two}, 10));
  expect_map<Hash, E, A>(Map({one, two}, 10, Hash()));
  expect_map<Hash, Equal, A>(Map({one, two}, 10, Hash(), Equal()));
  expect_map<Hash, Equal, MapAllocator>(Map({one, two}, 10, Hash(), Equal(), allocator));
  expect_map<H, E, MapAllocator>(Map({one, two}, 10, allocator));
  expect_map<Hash, E, MapAllocator>(Map({one, two}, 10, Hash(), allocator));

  // A map's own elements have const keys; a copy is a copy.
  const Map map({one, two});
  expect_map<H, E, A>(Map(map.begin(), map.end()));
  expect_map<H, E, A>(Map(map));
}

template <class H, class E, class A, class Set>
void expect_set(const Set& set) {
  static_assert(std::is_same_v<typename Set::key_type, int>);
  static_assert(std::is_same_v<typename Set::hasher, H>);
  static_assert(std::is_same_v<typename Set::key_equal, E>);
  static_assert(std::is_same_v<typename Set::allocator_type, A>);
  EXPECT_EQ(set.size(), 3u);
}

template <template <class...> class Set, class H, class E>
void deduce_sets() {
  using A = std::allocator<int>;
  const std::vector<int> keys = {1, 2, 3};
  const auto first = keys.begin();
  const auto last = keys.end();
  const SetAllocator allocator(1);
  expect_set<H, E, A>(Set(first, last));
  expect_set<H, E, A>(Set(first, last, 10));
  expect_set<Hash, E, A>(Set(first, last, 10, Hash()));
  expect_set<Hash, Equal, A>(Set(first, last, 10, Hash(), Equal()));
  expect_set<Hash, Equal, SetAllocator>(Set(first, last, 10, Hash(), Equal(), allocator));
  expect_set<H, E, SetAllocator>(Set(first, last, 10, allocator));
  expect_set<Hash, E, SetAllocator>(Set(first, last, 10, Hash(), allocator));
  expect_set<H, E, A>(Set({1, 2, 3}));
  expect_set<H, E, A>(Set({1, 2, 3}, 10));
  expect_set<Hash, E, A>(Set({1, 2, 3}, 10, Hash()));
  expect_set<Hash, Equal, SetAllocator>(Set({1, 2, 3}, 10, Hash(), Equal(), allocator));
  expect_set<H, E, SetAllocator>(Set({1, 2, 3}, 10, allocator));
  expect_set<Hash, E, SetAllocator>(Set({1, 2, 3}, 10, Hash(), allocator));
  const Set set({1, 2, 3});
  expect_set<H, E, A>(Set(set));
}

TEST(ContractDeduction, StdMapsAreDeduced) { deduce_maps<std::unordered_map, std::hash<int>, std::equal_to<int>>(); }

TEST(ContractDeduction, MapsAreDeduced) {
  deduce_maps<perturb::HashTable, perturb::XxHash<int>, perturb::Equal<int>>();
}

TEST(ContractDeduction, StdSetsAreDeduced) { deduce_sets<std::unordered_set, std::hash<int>, std::equal_to<int>>(); }

TEST(ContractDeduction, SetsAreDeduced) { deduce_sets<perturb::HashSet, perturb::XxHash<int>, perturb::Equal<int>>(); }

}  // namespace
