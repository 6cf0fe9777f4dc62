// SPDX-License-Identifier: MIT
/// @file What a change will move, before it is made; and a snapshot by which others get the same ring.
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

int main() {
  const perturb::HashRing<std::string> before = {"alpha", "beta", "gamma"};
  perturb::HashRing<std::string> after = before;
  after.add_node("delta", 2.0);
  after.set_weight("beta", 0.5);

  const auto plan = perturb::diff(before, after);
  std::cout << "One replica:\n" << plan.table() << '\n';

  const auto replicated = perturb::diff(before, after, 2);
  std::cout << "Two replicas, what changes:\n" << replicated.table() << '\n';
  std::cout << "Two replicas, what has to be copied:\n" << replicated.transfers().table() << '\n';

  const std::string key = "user:42";
  const auto move = plan.find(before.token(key));
  if (move == plan.end()) {
    std::cout << key << " stays on " << before.owner(key) << '\n';
  } else {
    std::cout << key << " moves from " << move->from << " to " << move->to << '\n';
  }

  const std::vector<std::byte> image = after.serialize();
  const auto copy = perturb::HashRing<std::string>::deserialize(image);
  std::cout << "A snapshot of " << image.size() << " bytes gives " << (copy == after ? "the same ring" : "another ring")
            << ", fingerprint " << std::hex << copy.fingerprint() << '\n';
}
