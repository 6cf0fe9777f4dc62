// expect: is not the equality of the converted key
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <cstdint>

using Table = perturb::HashTable<std::int64_t, int, perturb::XxHash<>, perturb::Equal<>>;
auto find(const Table& table) { return table.find(0.5); }
