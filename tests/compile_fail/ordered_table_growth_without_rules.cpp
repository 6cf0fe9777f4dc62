// expect: perturb: Growth must have static functions max_fill, rehash_to, shrink_to and capacity_for
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

#include <memory>
#include <utility>

struct Growth {};

perturb::OrderedHashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>,
                          std::allocator<std::pair<const int, int>>, Growth>
    table;
