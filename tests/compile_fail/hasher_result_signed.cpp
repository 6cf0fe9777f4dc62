// expect: perturb: the hasher must return an unsigned integer of at most 64 bits
#include <perturb/hashers.hpp>

struct SignedHash {
  int operator()(int key) const { return key; }
};

int main() { return perturb::hash_key(SignedHash(), 1) == perturb::HashValue(0); }
