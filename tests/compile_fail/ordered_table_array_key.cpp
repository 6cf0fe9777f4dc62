// expect: perturb: Key must be an object type that is no array
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

perturb::OrderedHashTable<int[4], int> table;
