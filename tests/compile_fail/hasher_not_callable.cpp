// expect: perturb: the hasher must be callable as std::uint64_t operator()(const Key&) const
#include <perturb/hashers.hpp>

#include <string>

int main() { return perturb::hash_key(perturb::IdentityHash(), std::string("key")) == perturb::HashValue(0); }
