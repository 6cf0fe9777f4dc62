// SPDX-License-Identifier: MIT
/// @file Finding the owner of a token or a key: the direct index compared with binary search and a tree over the same
/// points. Look-ups are independent of each other. The argument is the number of nodes, of 256 points each.
#include <perturb/hash_ring.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

using Ring = perturb::HashRing<std::uint64_t>;

constexpr std::size_t kLookups = std::size_t{1} << 16;

const Ring& ring_of(std::int64_t nodes) {
  static std::map<std::int64_t, Ring> rings;
  const auto [it, is_new] = rings.try_emplace(nodes);
  if (is_new) {
    std::vector<std::uint64_t> numbers(static_cast<std::size_t>(nodes));
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
    it->second.add_nodes(numbers);
  }
  return it->second;
}

// Reproducible tokens without a pattern: the mixed values of a counter.
std::vector<std::uint64_t> random_tokens(std::size_t count = kLookups) {
  std::vector<std::uint64_t> tokens(count);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = perturb::detail::hashing::mix(i + 1);
  return tokens;
}

void report(benchmark::State& state, std::size_t count = kLookups) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
  state.counters["ns"] = benchmark::Counter(
      static_cast<double>(count) * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_RingOwnerOfToken(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  const std::vector<std::uint64_t> tokens = random_tokens();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const std::uint64_t token : tokens) sum += *ring.owner_of_token(token);
    benchmark::DoNotOptimize(sum);
  }
  report(state);
  state.counters["bytes_a_point"] =
      static_cast<double>(ring.memory_bytes()) / static_cast<double>(ring.points().size());
}

void BM_RingStdLowerBound(benchmark::State& state) {
  std::vector<std::uint64_t> points;
  for (const auto& [token, node] : ring_of(state.range(0)).points()) points.push_back(token);
  const std::vector<std::uint64_t> tokens = random_tokens();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const std::uint64_t token : tokens) {
      sum += static_cast<std::uint64_t>(std::lower_bound(points.begin(), points.end(), token) - points.begin());
    }
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

void BM_RingMapLowerBound(benchmark::State& state) {
  std::map<std::uint64_t, std::uint64_t> points;
  for (const auto& [token, node] : ring_of(state.range(0)).points()) points.emplace_hint(points.end(), token, node);
  const std::vector<std::uint64_t> tokens = random_tokens();
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const std::uint64_t token : tokens) {
      const auto it = points.lower_bound(token);
      sum += it == points.end() ? points.begin()->second : it->second;
    }
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

void BM_RingOwnerOfInteger(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::uint64_t key = 0; key < kLookups; ++key) sum += *ring.find_owner(key);
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

// Keys without a pattern, one by one and in batches, so many that the index does not stay in the cache by itself.
constexpr std::size_t kRandomLookups = std::size_t{1} << 20;

void BM_RingOwnerOfRandomInteger(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  const std::vector<std::uint64_t> keys = random_tokens(kRandomLookups);
  std::vector<const std::uint64_t*> owners(kRandomLookups);
  for (auto _ : state) {
    for (std::size_t i = 0; i < kRandomLookups; ++i) owners[i] = ring.find_owner(keys[i]);
    benchmark::DoNotOptimize(owners.data());
    benchmark::ClobberMemory();
  }
  report(state, kRandomLookups);
}

void BM_RingOwnerBatch(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  const std::vector<std::uint64_t> keys = random_tokens(kRandomLookups);
  std::vector<const std::uint64_t*> owners(kRandomLookups);
  for (auto _ : state) {
    ring.find_owner_batch(keys, owners);
    benchmark::DoNotOptimize(owners.data());
    benchmark::ClobberMemory();
  }
  report(state, kRandomLookups);
}

void BM_RingOwnerOfString(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < kLookups; ++i) keys.push_back("user:" + std::to_string(perturb::detail::hashing::mix(i)));
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const std::string& key : keys) sum += *ring.find_owner(key);
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

void BM_RingPreferenceListOf3(benchmark::State& state) {
  const Ring& ring = ring_of(state.range(0));
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::uint64_t key = 0; key < kLookups; ++key) sum += *ring.preference_list(key, 3)[0];
    benchmark::DoNotOptimize(sum);
  }
  report(state);
}

#define PERTURB_RING_SIZES Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond)

BENCHMARK(BM_RingOwnerOfToken)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingStdLowerBound)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingMapLowerBound)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingOwnerOfInteger)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingOwnerOfRandomInteger)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingOwnerBatch)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingOwnerOfString)->PERTURB_RING_SIZES;
BENCHMARK(BM_RingPreferenceListOf3)->PERTURB_RING_SIZES;

}  // namespace
