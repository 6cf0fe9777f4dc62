// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

std::size_t size_of(const perturb::HashTable<int, int>& table);

int main() { return size_of({{1, 2}}) == 1 ? 0 : 1; }
