// expect: is not the equality of the converted key
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

using Set = perturb::HashSet<float, perturb::XxHash<>, perturb::Equal<>>;
bool contains(const Set& set) { return set.contains(16777217); }
