// SPDX-License-Identifier: MIT
/// @file Failover, replicas, and data that moves.
#include <perturb/bounded_assigner.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/sharded_table.hpp>
#include <perturb/shared_ring.hpp>

#include <iostream>
#include <string>

int main() {
  // [failover]
  perturb::HashRing<std::string> ring = {"a", "b", "c", "d"};
  const auto list = ring.failover_list("user:42", 2);
  std::cout << "on " << *list[0] << ", then on " << *list[1] << '\n';

  const std::string owner = ring.owner("user:42");
  ring.set_state(owner, perturb::NodeState::down);  // it stays a member, and owns nothing
  std::cout << "now on " << ring.owner("user:42") << '\n';
  ring.set_state(owner, perturb::NodeState::up);
  std::cout << "and back on " << ring.owner("user:42") << '\n';
  // [failover]

  // [plan]
  perturb::HashRing<std::string> larger = ring;
  larger.add_node("e");
  const auto plan = perturb::diff(ring, larger);
  std::cout << plan.table();
  const auto move = plan.find(ring.token("user:7"));
  std::cout << (move == plan.end() ? "user:7 stays" : "user:7 moves from " + move->from + " to " + move->to) << '\n';
  // [plan]

  // [sharded]
  perturb::ShardedTable<int, int, std::string> table;
  table.add_nodes({"a", "b", "c"});
  for (int key = 0; key < 9000; ++key) table.set(key, key);
  const perturb::MoveReport report = table.add_node("d");
  std::cout << report.moved << " of " << table.size() << " entries moved, all to d, which has " << table.node_size("d")
            << '\n';
  // [sharded]

  // [bounded]
  perturb::BoundedAssigner<std::string> sessions(ring, 1.25);
  const std::string& node = sessions.assign("user:42");
  // [bounded]
  std::cout << "a session on " << node << '\n';

  // [shared]
  perturb::SharedRing shared(ring);
  const auto snapshot = shared.load();              // readers: one ring until the handle is gone
  shared.update([](auto& r) { r.add_node("e"); });  // a writer: copies, changes, publishes
  // [shared]
  std::cout << snapshot->size() << " nodes, then " << shared.load()->size() << '\n';
}
