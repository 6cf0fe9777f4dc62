// expect: perturb: a pointer cannot be the node of a ring, since its address says nothing in another process
// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

perturb::HashRing<const int*> ring;
