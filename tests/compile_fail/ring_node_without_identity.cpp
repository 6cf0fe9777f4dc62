// expect: perturb: this node type has no identity; give it a member id() that returns a string or an integer
// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

struct Machine {
  int rack;
};

perturb::HashRing<Machine> ring;
