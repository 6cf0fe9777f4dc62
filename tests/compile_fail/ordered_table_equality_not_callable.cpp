// expect: perturb: the key equality must be callable as bool operator()(const Key&, const Key&) const
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

struct NotConst {
  bool operator()(int a, int b) { return a == b; }
};

bool contains(const perturb::OrderedHashTable<int, int, perturb::XxHash<int>, NotConst>& table) {
  return table.contains(1);
}
