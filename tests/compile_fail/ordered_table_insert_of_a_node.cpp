// expect: extract_gives_the_element_and_no_node
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

void move(perturb::OrderedHashTable<int, int>& to, perturb::OrderedHashTable<int, int>& from) {
  to.insert(from.extract(1));
}
