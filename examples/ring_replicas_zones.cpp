// SPDX-License-Identifier: MIT
/// @file Three replicas of each key, in three zones if possible.
#include <perturb/hash_ring.hpp>

#include <iostream>
#include <set>
#include <string>

struct Machine {
  std::string name;
  std::string zone;

  const std::string& id() const { return name; }
};

int main() {
  perturb::HashRing<Machine> ring;
  for (const char* zone : {"north", "south", "west"}) {
    for (const char* number : {"1", "2", "3"}) ring.add_node({std::string(zone) + "-" + number, zone});
  }
  const auto zone_of = [](const Machine& machine) -> const std::string& { return machine.zone; };

  for (const char* key : {"user:1", "user:2", "user:3"}) {
    std::cout << key << " without zones:";
    for (const Machine* machine : ring.preference_list(key, 3)) std::cout << ' ' << machine->name;
    std::cout << "; with zones:";
    for (const Machine* machine : ring.preference_list(key, 3, zone_of)) std::cout << ' ' << machine->name;
    std::cout << '\n';
  }

  int in_three_zones = 0;
  int in_three_zones_by_chance = 0;
  for (int key = 0; key < 10'000; ++key) {
    std::set<std::string> zones;
    std::set<std::string> zones_by_chance;
    for (const Machine* machine : ring.preference_list(key, 3, zone_of)) zones.insert(machine->zone);
    for (const Machine* machine : ring.preference_list(key, 3)) zones_by_chance.insert(machine->zone);
    in_three_zones += zones.size() == 3 ? 1 : 0;
    in_three_zones_by_chance += zones_by_chance.size() == 3 ? 1 : 0;
  }
  std::cout << "in three zones: " << in_three_zones << " of 10000 keys, without zone_of " << in_three_zones_by_chance
            << '\n';
}
