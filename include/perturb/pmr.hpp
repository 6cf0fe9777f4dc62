// SPDX-License-Identifier: MIT
/// @file The tables with std::pmr::polymorphic_allocator, which takes memory from a resource given at run time.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <memory_resource>
#include <utility>

namespace perturb::inline PERTURB_ABI::pmr {

template <class Key, class T, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using HashTable =
    perturb::HashTable<Key, T, Hash, KeyEqual, std::pmr::polymorphic_allocator<std::pair<const Key, T>>, Growth>;

template <class Key, class Hash = XxHash<Key>, class KeyEqual = Equal<Key>, class Growth = growth::Dict>
using HashSet = perturb::HashSet<Key, Hash, KeyEqual, std::pmr::polymorphic_allocator<Key>, Growth>;

}  // namespace perturb::inline PERTURB_ABI::pmr
