// SPDX-License-Identifier: MIT
// Tables, hash values and parts of a ring as text, by operator<< and by {fmt}. <perturb/format.hpp> does the same with
// std::format.
#include <perturb/fmt.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/ostream.hpp>

#include <fmt/core.h>

#include <iostream>
#include <string>

int main() {
  const perturb::OrderedHashTable<std::string, int> stock{{"pears", 3}, {"apples", 12}};
  std::cout << stock << ' ' << stock.hash("pears") << '\n';
  fmt::print("{} {} {}\n", stock, stock.keys(), stock.hash("pears"));

  const perturb::HashRing<std::string> ring{"alpha", "beta"};
  std::cout << ring.points()[0] << ' ' << ring.arcs_of("beta")[0] << ' ' << perturb::NodeState::draining << '\n';
  fmt::print("{}\n", ring.points()[0]);
}
