// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <deque>
#include <memory>

using Table = perturb::HashTable<int, std::deque<std::unique_ptr<int>>>;
Table copy(const Table& table) { return table; }
