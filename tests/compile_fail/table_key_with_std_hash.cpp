// expect: perturb::StdHash<Key>
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <cstddef>
#include <functional>

struct Point {
  int x;
  int y;
  bool operator==(const Point&) const = default;
};
template <>
struct std::hash<Point> {
  std::size_t operator()(const Point& point) const { return static_cast<std::size_t>(point.x); }
};

void insert(perturb::HashTable<Point, int>& table) { table.try_emplace(Point{1, 2}, 3); }
