// SPDX-License-Identifier: MIT
/// @file Rings: points, weights, and how even the shares are.
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/virtual_nodes.hpp>

#include <iostream>
#include <string>

// [peak]
template <class Placement>
double peak_of_ten_nodes() {
  perturb::HashRing<std::string, perturb::XxHash<>, Placement> ring;
  for (int i = 0; i < 10; ++i) ring.add_node("cache-" + std::to_string(i));
  return ring.balance().peak;  // the largest share, over what it should be
}
// [peak]

int main() {
  // [weights]
  perturb::HashRing<std::string> ring = {"small-1", "small-2"};
  ring.add_node("large", 2.0);  // twice the points, so about twice the keys
  for (const std::string& node : ring.nodes()) std::cout << node << " has " << ring.share(node) << " of all keys\n";
  // [weights]

  // [points]
  std::cout << "VirtualNodes<16>: " << peak_of_ten_nodes<perturb::VirtualNodes<16>>() << '\n';
  std::cout << "VirtualNodes<256>: " << peak_of_ten_nodes<perturb::VirtualNodes<256>>() << '\n';
  std::cout << "VirtualNodes<4096>: " << peak_of_ten_nodes<perturb::VirtualNodes<4096>>() << '\n';
  std::cout << "BalancedTokens<256>: " << peak_of_ten_nodes<perturb::BalancedTokens<256>>() << '\n';
  // [points]

  // [warnings]
  perturb::HashRing<std::string> wrong = {{"a", 0.01}, {"b", 0.01}, {"c", 0.02}};  // weights that are shares
  for (const std::string& warning : wrong.balance().warnings) std::cout << warning << '\n';
  // [warnings]
}
