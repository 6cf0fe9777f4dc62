// expect: perturb: T must be an object type that is no array: store a std::array, a pointer or a std::reference_wrapper
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

perturb::OrderedHashTable<int, int[4]> table;
