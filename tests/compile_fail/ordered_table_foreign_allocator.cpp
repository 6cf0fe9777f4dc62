// expect: perturb: Allocator::value_type must be the table's value_type
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

#include <memory>
#include <utility>

perturb::OrderedHashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>, std::allocator<std::pair<int, int>>>
    table;
