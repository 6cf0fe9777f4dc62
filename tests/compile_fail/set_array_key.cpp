// expect: perturb: Key must be an object type that is no array
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

perturb::HashSet<int[4]> set;
