// expect: write a perturb_hash for the type
// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <cstddef>
#include <functional>
#include <string>

struct Point {
  int x;
  int y;
  bool operator==(const Point&) const = default;
};
template <>
struct std::hash<Point> {
  std::size_t operator()(const Point& point) const { return static_cast<std::size_t>(point.x); }
};

const std::string& owner(const perturb::HashRing<std::string>& ring) { return ring.owner(Point{1, 2}); }
