// expect: perturb::RandomSeed<Hash>: Hash must have a constructor from a std::uint64_t seed
#include <perturb/hashers.hpp>

int main() { return perturb::RandomSeed<perturb::IdentityHash>()(1) == 0; }
