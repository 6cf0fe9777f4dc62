// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <memory>

using Table = perturb::HashTable<int, std::unique_ptr<int>>;
Table copy(const Table& table) { return table; }
