// SPDX-License-Identifier: MIT
/// @file Forward declarations of the public classes and class templates. All default template arguments are here.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>
#include <memory>
#include <utility>

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
struct NoShrink;
struct Doubling;
}  // namespace growth

// Tables
template <class Key, class T, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>,
          class Allocator = std::allocator<std::pair<const Key, T>>, class Growth = growth::Dict>
class HashTable;
template <class Key, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Allocator = std::allocator<Key>,
          class Growth = growth::Dict>
class HashSet;

// Rings
template <std::uint32_t PointsPerWeight = 256, class PointHash = XxHash<>>
class VirtualNodes;
template <class Node, class Hash = XxHash<>, class Placement = VirtualNodes<>>
class HashRing;
template <class Key, class T, class Node, class Hash = XxHash<>, class Placement = VirtualNodes<>>
class ShardedTable;
class TextbookRing;
class TextbookStore;

}  // namespace perturb::inline PERTURB_ABI
