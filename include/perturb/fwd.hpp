// SPDX-License-Identifier: MIT
/// @file Forward declarations of the public classes and class templates. All default template arguments are here.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>

#include <cstdint>
#include <type_traits>
#include <utility>
#include <version>

#if defined(__cpp_lib_containers_ranges)
#include <string>  // for std::from_range_t
#endif

namespace perturb::inline PERTURB_ABI {

// Hashing, hash_state.hpp and hashers.hpp
class HashState;
template <class Key = void>
struct XxHash;
template <class Key = void>
struct StdHash;
struct IdentityHash;
struct Md5Hash;
template <class Hash>
class RandomSeed;
template <class Key = void>
struct Equal;
struct HashValue;

// Growth policies, growth.hpp
namespace growth {
struct Dict;
struct Quadrupling;
struct NoShrink;
struct Doubling;
}  // namespace growth

// Tables
template <class Key, class T, class Hash = XxHash<std::remove_const_t<Key>>,
          class KeyEqual = Equal<std::remove_const_t<Key>>, class Allocator = std::allocator<std::pair<const Key, T>>,
          class Growth = growth::Dict>
class HashTable;
template <class Key, class Hash = XxHash<std::remove_const_t<Key>>, class KeyEqual = Equal<std::remove_const_t<Key>>,
          class Allocator = std::allocator<std::remove_const_t<Key>>, class Growth = growth::Dict>
class HashSet;
template <class Key, class T, class Hash = XxHash<std::remove_const_t<Key>>,
          class KeyEqual = Equal<std::remove_const_t<Key>>, class Allocator = std::allocator<std::pair<const Key, T>>,
          class Growth = growth::Dict>
class OrderedHashTable;
template <class Key, class Hash = XxHash<std::remove_const_t<Key>>, class KeyEqual = Equal<std::remove_const_t<Key>>,
          class Allocator = std::allocator<std::remove_const_t<Key>>, class Growth = growth::Dict>
class OrderedHashSet;

// Rings
template <std::uint32_t PointsPerWeight = 256, class PointHash = XxHash<>>
class VirtualNodes;
template <std::uint32_t PointsPerWeight = 256>
class BalancedTokens;
template <class Node, class Hash = XxHash<>, class Placement = VirtualNodes<>>
class HashRing;
template <class Key, class T, class Node, class Hash = XxHash<>, class Placement = VirtualNodes<>,
          class KeyEqual = Equal<Key>, class Allocator = std::allocator<std::pair<const Key, T>>>
class ShardedTable;
class TextbookRing;
class TextbookStore;

/// Says that a constructor's argument is a range of elements: std::from_range_t where the standard library has it.
#if defined(__cpp_lib_containers_ranges)
using from_range_t = std::from_range_t;
#else
struct from_range_t {
  explicit from_range_t() = default;
};
#endif
inline constexpr from_range_t from_range{};

}  // namespace perturb::inline PERTURB_ABI
