// SPDX-License-Identifier: MIT
// What the debuggers' scripts are tried on: rings and sharded tables. The debugger stops in stop_here.
#include <perturb/hash_ring.hpp>
#include <perturb/sharded_table.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

namespace {

[[gnu::noinline]] void stop_here() { asm volatile("" ::: "memory"); }

}  // namespace

// Global, so that a debugger sees them in optimized code too.
namespace subjects {

using Ring = perturb::HashRing<std::string>;
using Sharded = perturb::ShardedTable<int, std::string, std::string>;

Ring empty_ring;
Ring ring;
Sharded empty_sharded;
Sharded sharded;
Sharded sharded_of_500;
Sharded::iterator at_sharded;
Sharded::iterator sharded_end;
perturb::Token128 token{1, 2};
perturb::PreferenceList<std::string> preferred;
alignas(64) std::array<std::byte, 1024> garbage;
Ring* uninitialized_ring;
Sharded* uninitialized_sharded;
perturb::PreferenceList<std::string>* uninitialized_list;

}  // namespace subjects

using namespace subjects;

int main() {
  ring = {"alpha", {"beta", 2.0}, "gamma"};
  ring.set_state("gamma", perturb::NodeState::draining);
  sharded = Sharded(ring);
  sharded.set(1, "one");
  sharded.set(2, "two");
  sharded_of_500 = Sharded(ring);
  for (int i = 0; i < 500; ++i) sharded_of_500.set(i, std::to_string(i));
  at_sharded = sharded.begin();
  sharded_end = sharded.end();
  preferred = ring.preference_list("key", 3);
  std::memset(&garbage, 0xA5, sizeof garbage);
  uninitialized_ring = static_cast<Ring*>(static_cast<void*>(&garbage));
  uninitialized_sharded = static_cast<Sharded*>(static_cast<void*>(&garbage));
  uninitialized_list = static_cast<perturb::PreferenceList<std::string>*>(static_cast<void*>(&garbage));
  stop_here();
}
