// expect: perturb: Key must be an object type
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

perturb::HashTable<const int&, int> table;
