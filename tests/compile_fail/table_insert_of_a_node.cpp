// expect: extract_gives_the_element_and_no_node
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

void move(perturb::HashTable<int, int>& to, perturb::HashTable<int, int>& from) { to.insert(from.extract(1)); }
