// expect: perturb: extract of elements that cannot be moved: use erase
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

struct Immovable {
  explicit Immovable(int) {}
  Immovable(const Immovable&) = delete;
};

void take(perturb::OrderedHashTable<int, Immovable>& table) { table.pop_front(); }
