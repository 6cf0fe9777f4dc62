// SPDX-License-Identifier: MIT
/// @file pmr::HashTable, pmr::HashSet and the ordered ones: the tables with std::pmr::polymorphic_allocator, which
/// takes memory from a resource that is chosen at run time:
///
///     std::pmr::monotonic_buffer_resource memory;
///     perturb::pmr::HashTable<std::string, int> table(&memory);
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <memory_resource>
#include <utility>

namespace perturb::inline PERTURB_ABI::pmr {

/// HashTable with memory from a std::pmr::memory_resource.
template <class Key, class T, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using HashTable =
    perturb::HashTable<Key, T, Hash, KeyEqual, std::pmr::polymorphic_allocator<std::pair<const Key, T>>, Growth>;

/// HashSet with memory from a std::pmr::memory_resource.
template <class Key, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using HashSet = perturb::HashSet<Key, Hash, KeyEqual, std::pmr::polymorphic_allocator<Key>, Growth>;

/// OrderedHashTable with memory from a std::pmr::memory_resource.
template <class Key, class T, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using OrderedHashTable =
    perturb::OrderedHashTable<Key, T, Hash, KeyEqual, std::pmr::polymorphic_allocator<std::pair<const Key, T>>, Growth>;

/// OrderedHashSet with memory from a std::pmr::memory_resource.
template <class Key, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using OrderedHashSet = perturb::OrderedHashSet<Key, Hash, KeyEqual, std::pmr::polymorphic_allocator<Key>, Growth>;

}  // namespace perturb::inline PERTURB_ABI::pmr
