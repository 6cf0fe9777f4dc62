// expect: perturb::XxHash cannot hash this type: write template <class State> void perturb_hash(State& state,
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

struct Point {
  int x;
  int y;
  bool operator==(const Point&) const = default;
};

void insert(perturb::OrderedHashTable<Point, int>& table) { table.try_emplace(Point{1, 2}, 3); }
