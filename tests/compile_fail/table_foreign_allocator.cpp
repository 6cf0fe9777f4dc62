// expect: perturb: Allocator::value_type must be the table's value_type
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <memory>
#include <utility>

perturb::HashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>, std::allocator<std::pair<int, int>>> table;
