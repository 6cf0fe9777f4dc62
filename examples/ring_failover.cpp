// SPDX-License-Identifier: MIT
/// @file A node leaves and comes back: which keys move, and where to.
#include <perturb/hash_ring.hpp>

#include <iostream>
#include <map>
#include <string>
#include <vector>

int main() {
  perturb::HashRing<std::string> ring = {"cache-1", "cache-2", "cache-3", "cache-4"};
  std::cout << ring.explain("user:42") << '\n';

  std::vector<std::string> before;
  for (int key = 0; key < 10'000; ++key) before.push_back(ring.owner(key));

  // Who takes over the keys of cache-2? Asked beforehand, and counted after it has left.
  std::map<std::string, int> promised;
  std::map<std::string, int> taken;
  for (int key = 0; key < 10'000; ++key) {
    if (const auto list = ring.failover_list(key, 2); *list[0] == "cache-2") ++promised[*list[1]];
  }
  ring.remove_node("cache-2");
  int other_moves = 0;
  for (int key = 0; key < 10'000; ++key) {
    const std::string& old_owner = before[static_cast<std::size_t>(key)];
    if (old_owner == "cache-2") ++taken[ring.owner(key)];
    if (old_owner != "cache-2" && old_owner != ring.owner(key)) ++other_moves;
  }
  for (const auto& [node, count] : taken)
    std::cout << node << " takes over " << count << " keys of cache-2, promised " << promised[node] << '\n';
  std::cout << other_moves << " other keys moved\n";

  ring.add_node("cache-2");
  int differ = 0;
  for (int key = 0; key < 10'000; ++key) differ += before[static_cast<std::size_t>(key)] != ring.owner(key) ? 1 : 0;
  std::cout << "after its return " << differ << " keys are elsewhere than before\n";
}
