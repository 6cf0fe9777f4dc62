// expect: perturb: Key must be an object type without const or &: write HashTable<K, T>, not HashTable<const K&, T>
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

perturb::HashTable<const int, int> table;
