// expect: perturb: the hasher must be callable as std::uint64_t operator()(const Key&) const
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

#include <string>

// Its call operator is not const.
struct Hash {
  unsigned operator()(const std::string& key) { return static_cast<unsigned>(key.size()); }
};

bool contains(const perturb::OrderedHashTable<std::string, int, Hash>& table) { return table.contains("key"); }
