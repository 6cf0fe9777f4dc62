// expect: perturb: emplace of elements that cannot be moved: use try_emplace(key, args...)
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

#include <tuple>
#include <utility>

struct Immovable {
  explicit Immovable(int) {}
  Immovable(const Immovable&) = delete;
};

void insert(perturb::OrderedHashTable<int, Immovable>& table) {
  table.emplace(std::piecewise_construct, std::forward_as_tuple(1), std::forward_as_tuple(2));
}
