// SPDX-License-Identifier: MIT
/// @file Threads look up owners while a writer adds and removes a node.
#include <perturb/hash_ring.hpp>
#include <perturb/shared_ring.hpp>

#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int main() {
  perturb::SharedRing shared(perturb::HashRing<std::string>{"a", "b", "c"});

  std::atomic<bool> is_done = false;
  std::atomic<int> faults = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      for (int key = 0; !is_done; ++key) {
        const auto ring = shared.load();  // one ring until the end of this round, whatever the writer does
        const std::string& owner = ring->owner(key);
        if (owner != *ring->preference_list(key, 1)[0] || !ring->contains(owner)) ++faults;
      }
    });
  }
  for (int change = 0; change < 200; ++change) {
    shared.update([&](auto& ring) { return change % 2 == 0 ? ring.add_node("d") : ring.remove_node("d"); });
  }
  is_done = true;
  for (std::thread& reader : readers) reader.join();

  std::cout << "200 changes, " << faults << " faults seen by the readers\n";
  std::cout << "the ring has " << shared.load()->size() << " nodes\n";
}
