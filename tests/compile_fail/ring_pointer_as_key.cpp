// expect: perturb::HashRing: the address of an object says nothing in another process, so a pointer cannot be a key
// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <string>

const std::string* owner(const perturb::HashRing<std::string>& ring, const int* key) { return ring.find_owner(key); }
