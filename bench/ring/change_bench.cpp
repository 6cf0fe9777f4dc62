// SPDX-License-Identifier: MIT
/// @file What a change of a ring costs: building it in one go, adding and removing a node. The argument is the number
/// of nodes, of 256 points each.
#include <perturb/hash_ring.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

using Ring = perturb::HashRing<std::uint64_t>;

std::vector<std::uint64_t> nodes_of(const benchmark::State& state) {
  std::vector<std::uint64_t> nodes(static_cast<std::size_t>(state.range(0)));
  std::iota(nodes.begin(), nodes.end(), std::uint64_t{0});
  return nodes;
}

void BM_RingBuild(benchmark::State& state) {
  const std::vector<std::uint64_t> nodes = nodes_of(state);
  for (auto _ : state) {
    const Ring ring(nodes);
    benchmark::DoNotOptimize(ring.points().size());
  }
}

void BM_RingBuildOneByOne(benchmark::State& state) {
  const std::vector<std::uint64_t> nodes = nodes_of(state);
  for (auto _ : state) {
    Ring ring;
    for (const std::uint64_t node : nodes) ring.add_node(node);
    benchmark::DoNotOptimize(ring.points().size());
  }
}

// The ring alternates between n and n + 1 nodes; only the change of interest is timed.
void BM_RingAddNode(benchmark::State& state) {
  Ring ring(nodes_of(state));
  std::uint64_t next = 1000000;
  for (auto _ : state) {
    ring.add_node(next);
    state.PauseTiming();
    ring.remove_node(next++);
    state.ResumeTiming();
  }
}

void BM_RingRemoveNode(benchmark::State& state) {
  Ring ring(nodes_of(state));
  std::uint64_t next = 1000000;
  for (auto _ : state) {
    state.PauseTiming();
    ring.add_node(next);
    state.ResumeTiming();
    ring.remove_node(next++);
  }
}

#define PERTURB_RING_SIZES Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond)

BENCHMARK(BM_RingBuild)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingBuildOneByOne)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_RingAddNode)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingRemoveNode)->PERTURB_RING_SIZES;

}  // namespace
