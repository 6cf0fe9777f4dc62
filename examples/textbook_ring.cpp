// SPDX-License-Identifier: MIT
/// @file The hash ring of the textbooks, step by step: eight keys on a ring of 10^8 positions, a node that joins and
/// leaves, and three cases that such programs often get wrong.
#include <perturb/textbook.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

void print_nodes(const perturb::TextbookStore& store) {
  for (const std::uint64_t node : store.nodes()) {
    std::printf("  node %9llu holds %zu:", static_cast<unsigned long long>(node), store.node_size(node));
    for (const std::uint64_t position : store.positions_on(node)) {
      std::printf(" %llu", static_cast<unsigned long long>(position));
    }
    std::printf("\n");
  }
}

}  // namespace

int main() {
  constexpr std::uint64_t kCapacity = 100'000'000;
  const std::array<const char*, 8> keys = {
      "a",  "b", "cneiuouwenfouwnefonowuenfounwef", "d", "aasdiqwdbqowhdoqwd", "127hih12brilbo7912r", "iev3h98223nof23",
      "r56"};

  perturb::TextbookStore store(kCapacity);
  store.add_node(kCapacity);
  for (const char* key : keys) {
    store.set(key, std::string("value of ") + key);
    std::printf("%-32s stands at %llu\n", key, static_cast<unsigned long long>(store.position(key)));
  }
  std::printf("one node:\n");
  print_nodes(store);

  const perturb::MoveReport joined = store.add_node(50'000'000);
  std::printf("node 50000000 joins, %zu entries move:\n", joined.moved);
  print_nodes(store);
  std::printf("iev3h98223nof23 is now on node %llu: \"%s\"\n",
              static_cast<unsigned long long>(store.owner("iev3h98223nof23")), store.get("iev3h98223nof23")->c_str());

  const perturb::MoveReport left = store.remove_node(50'000'000);
  std::printf("it leaves, %zu entries move back:\n", left.moved);
  print_nodes(store);

  // More entries than positions, the highest node removed, the last node removed.
  perturb::TextbookStore crowded(4);
  crowded.add_node(4);
  for (const char* key : keys) crowded.set(key, "kept");
  std::printf("eight keys on four positions: %zu entries\n", crowded.size());

  store.add_node(50'000'000);
  const perturb::MoveReport highest = store.remove_node(kCapacity);
  std::printf("the highest node leaves, %zu entries wrap around to node %llu\n", highest.moved,
              static_cast<unsigned long long>(store.owner("b")));

  try {
    store.remove_node(50'000'000);
  } catch (const std::logic_error& refusal) {
    std::printf("the last node stays: %s\n", refusal.what());
  }
  return store.size() == keys.size() ? 0 : 1;
}
