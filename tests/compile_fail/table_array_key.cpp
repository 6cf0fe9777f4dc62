// expect: perturb: Key must be an object type that is no array
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

perturb::HashTable<int[4], int> table;
