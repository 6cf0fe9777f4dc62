// SPDX-License-Identifier: MIT
/// @file A sharded table of a million entries: adding and removing an eleventh node, compared with inserting the
/// entries that move into one hash table; and a look-up compared with one in a single table.
#include <perturb/hash_table.hpp>
#include <perturb/sharded_table.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using Table = perturb::ShardedTable<std::uint64_t, std::uint64_t, std::uint64_t>;
using Single = perturb::HashTable<std::uint64_t, std::uint64_t>;

constexpr std::uint64_t kEntries = 1000000;
constexpr std::uint64_t kNodes = 10;

std::uint64_t key_of(std::uint64_t i) { return perturb::detail::hashing::mix(i); }

Table ten_nodes() {
  Table table;
  for (std::uint64_t node = 0; node < kNodes; ++node) table.add_node(node);
  for (std::uint64_t i = 0; i < kEntries; ++i) table.set(key_of(i), i);
  return table;
}

void report(benchmark::State& state, const Table& table, std::size_t moved) {
  state.counters["moved"] = static_cast<double>(moved);
  state.counters["share"] = table.ring().share(kNodes);
}

void BM_ShardedTableAddNode(benchmark::State& state) {
  Table table = ten_nodes();
  std::size_t moved = 0;
  for (auto _ : state) {
    moved = table.add_node(kNodes).moved;
    state.PauseTiming();
    report(state, table, moved);
    table.remove_node(kNodes);
    state.ResumeTiming();
  }
}

void BM_ShardedTableRemoveNode(benchmark::State& state) {
  Table table = ten_nodes();
  for (auto _ : state) {
    state.PauseTiming();
    table.add_node(kNodes);
    state.ResumeTiming();
    benchmark::DoNotOptimize(table.remove_node(kNodes).moved);
  }
}

void BM_HashTableInsertWhatMoves(benchmark::State& state) {
  Table table = ten_nodes();
  table.add_node(kNodes);
  std::vector<std::uint64_t> keys;
  table.for_each_on(kNodes, [&](std::uint64_t key, std::uint64_t) { keys.push_back(key); });
  for (auto _ : state) {
    Single single;
    for (const std::uint64_t key : keys) single.try_emplace(key, key);
    benchmark::DoNotOptimize(single.size());
  }
  report(state, table, keys.size());
}

void BM_ShardedTableGet(benchmark::State& state) {
  const Table table = ten_nodes();
  std::uint64_t i = 0;
  for (auto _ : state) {
    i = i + 1 == kEntries ? 0 : i + 1;
    benchmark::DoNotOptimize(table.get(key_of(i)));
  }
}

void BM_HashTableGet(benchmark::State& state) {
  Single single;
  for (std::uint64_t i = 0; i < kEntries; ++i) single.try_emplace(key_of(i), i);
  std::uint64_t i = 0;
  for (auto _ : state) {
    i = i + 1 == kEntries ? 0 : i + 1;
    benchmark::DoNotOptimize(single.get(key_of(i)));
  }
}

void BM_ShardedTableFill(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(ten_nodes().size());
}

BENCHMARK(BM_ShardedTableAddNode)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ShardedTableRemoveNode)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_HashTableInsertWhatMoves)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ShardedTableGet);
BENCHMARK(BM_HashTableGet);
BENCHMARK(BM_ShardedTableFill)->Unit(benchmark::kMillisecond);

}  // namespace
