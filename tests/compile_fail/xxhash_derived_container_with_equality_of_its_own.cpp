// expect: operator== of its own
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <vector>

struct FirstOnly : std::vector<int> {
  friend bool operator==(const FirstOnly& a, const FirstOnly& b) { return a.front() == b.front(); }
};

void insert(perturb::HashTable<FirstOnly, int>& table) { table[FirstOnly()] = 1; }
