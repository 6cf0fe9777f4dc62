// expect: perturb: Key must be an object type that is no array
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_set.hpp>

perturb::OrderedHashSet<int[4]> set;
