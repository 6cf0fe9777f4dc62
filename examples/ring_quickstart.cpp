// SPDX-License-Identifier: MIT
#include <perturb/sharded_table.hpp>

#include <iostream>
#include <string>

int main() {
  perturb::HashRing<std::string> ring = {"cache-1", "cache-2"};
  ring.add_node("cache-3", 2.0);  // twice the share
  std::cout << "user:42 belongs to " << ring.owner("user:42") << '\n';
  std::cout << "and, if that is down, to " << *ring.preference_list("user:42", 2)[1] << '\n';

  // A table whose entries live on the nodes, and move by themselves.
  perturb::ShardedTable<std::string, int, std::string> visits;
  visits.add_node("a");
  visits.add_node("b");
  visits.set("user:42", 1);
  const perturb::MoveReport report = visits.add_node("c");
  std::cout << report.moved << " of " << visits.size() << " entries moved; user:42 is on " << visits.owner("user:42");
  std::cout << '\n';
}
