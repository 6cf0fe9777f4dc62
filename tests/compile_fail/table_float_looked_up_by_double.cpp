// expect: is not the equality of the converted key
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

using Table = perturb::HashTable<float, int, perturb::XxHash<>, perturb::Equal<>>;
bool contains(const Table& table) { return table.contains(0.1); }
