// expect: perturb::ShardedTable: key and value must both be movable without throwing, or both be copyable
// SPDX-License-Identifier: MIT
#include <perturb/sharded_table.hpp>

#include <memory>
#include <string>

struct CopyOnlyKey {
  std::string text;
  CopyOnlyKey(const CopyOnlyKey&) = default;
  friend bool operator==(const CopyOnlyKey&, const CopyOnlyKey&) = default;
  template <class State>
  friend void perturb_hash(State& state, const CopyOnlyKey& key) {
    state(key.text);
  }
};

void use(perturb::ShardedTable<CopyOnlyKey, std::unique_ptr<int>, int>& table) { table.add_node(1); }
