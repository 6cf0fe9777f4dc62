// expect: perturb: the hasher must return an integer of at most 64 bits, such as std::uint64_t
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

#include <string>

struct Hash {
  std::string operator()(int n) const { return std::to_string(n); }
};

void insert(perturb::HashSet<int, Hash>& set) { set.insert(1); }
