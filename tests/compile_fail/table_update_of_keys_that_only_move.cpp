// expect: perturb: update from a table whose keys cannot be copied: use merge
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <memory>
#include <utility>

using Table = perturb::HashTable<std::unique_ptr<int>, int>;

void take_all(Table& table, Table& other) { table.update(std::move(other)); }
