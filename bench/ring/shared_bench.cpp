// SPDX-License-Identifier: MIT
/// @file Reading a SharedRing, by one thread and by two, while nothing is published and while another thread publishes
/// a hundred times a second; beside look-ups in a ring of the thread's own. Compare the items a second of two threads
/// with those of one: with fewer free processors than threads they say nothing about the ring.
#include <perturb/hash_ring.hpp>
#include <perturb/shared_ring.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace {

using Ring = perturb::HashRing<std::uint64_t>;
constexpr std::uint64_t kNodes = 100;
constexpr std::uint64_t kLookups = std::uint64_t{1} << 12;

const Ring& plain_ring() {
  static const Ring ring = [] {
    std::vector<std::uint64_t> nodes(kNodes);
    std::iota(nodes.begin(), nodes.end(), std::uint64_t{0});
    return Ring(nodes);
  }();
  return ring;
}
perturb::SharedRing<Ring>& shared_ring() {
  static perturb::SharedRing<Ring> shared(plain_ring());
  return shared;
}

void report(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLookups));
}

void BM_RingRead(benchmark::State& state) {
  const Ring& ring = plain_ring();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::uint64_t key = 0; key < kLookups; ++key) sum += *ring.find_owner(key);
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

void read_shared(benchmark::State& state) {
  perturb::SharedRing<Ring>& shared = shared_ring();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::uint64_t key = 0; key < kLookups; ++key) sum += *shared.load()->find_owner(key);
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

void BM_SharedRingRead(benchmark::State& state) { read_shared(state); }

void BM_SharedRingReadWhilePublishing(benchmark::State& state) {
  std::optional<std::jthread> writer;
  if (state.thread_index() == 0) {
    writer.emplace([](const std::stop_token& stop) {
      auto next = std::chrono::steady_clock::now();
      for (bool is_up = false; !stop.stop_requested(); is_up = !is_up) {
        shared_ring().update(
            [&](Ring& ring) { ring.set_state(7, is_up ? perturb::NodeState::up : perturb::NodeState::down); });
        next += std::chrono::milliseconds(10);
        std::this_thread::sleep_until(next);
      }
    });
  }
  read_shared(state);
}

#define PERTURB_THREADS Threads(1)->Threads(2)->UseRealTime()->Unit(benchmark::kMicrosecond)

BENCHMARK(BM_RingRead)->PERTURB_THREADS;
BENCHMARK(BM_SharedRingRead)->PERTURB_THREADS;
BENCHMARK(BM_SharedRingReadWhilePublishing)->PERTURB_THREADS;

}  // namespace
