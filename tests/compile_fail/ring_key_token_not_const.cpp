// expect: key_token of the placement must be a const member and return exactly token_type
// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <cstdint>

struct Points : perturb::VirtualNodes<> {
  template <class Hash, class Key>
  std::uint64_t key_token(const Hash&, const Key&) {
    return 7;
  }
};

std::uint64_t token(const perturb::HashRing<int, perturb::XxHash<>, Points>& ring) { return ring.token(42); }
