// expect: perturb: move_to_end of elements that cannot be moved: store a std::unique_ptr to such a value
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

struct Immovable {
  explicit Immovable(int) {}
  Immovable(const Immovable&) = delete;
};

void move(perturb::OrderedHashTable<int, Immovable>& table) { table.move_to_end(1); }
