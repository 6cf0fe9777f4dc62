// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

std::size_t size_of(const perturb::HashTable<int, int>& table) { return table.size(); }
