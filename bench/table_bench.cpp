// SPDX-License-Identifier: MIT
/// @file HashTable beside std::unordered_map, by Google Benchmark: BM_FindHit<perturb, u64>/6000.
///
/// The sizes lie just below and just above the growths at 6144 and at 393216 elements: the same code at the highest and
/// the lowest load. For more tables, types and sizes, and a fairer comparison, see compare/.
#include <perturb/hash_table.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

template <class Key>
using Perturb = perturb::HashTable<Key, std::uint64_t>;
template <class Key>
using Std = std::unordered_map<Key, std::uint64_t>;

template <class Key>
Key make_key(std::mt19937_64& random) {
  if constexpr (std::is_same_v<Key, std::string>) {
    std::string key(8 + random() % 33, '\0');
    for (char& character : key) character = static_cast<char>('a' + random() % 26);
    return key;
  } else {
    return random();
  }
}

// Keys that are in a table and keys that are not. Queries drawn from them are too many for a branch predictor to learn.
template <class Key>
class Keys {
 public:
  explicit Keys(std::size_t size) : random_(size) {
    for (std::size_t i = 0; i < size; ++i) {
      present.push_back(make_key<Key>(random_));
      absent.push_back(make_key<Key>(random_));
    }
  }

  std::vector<Key> draw(const std::vector<Key>& from) {
    std::vector<Key> queries;
    for (std::size_t i = 0; i < kQueries; ++i) queries.push_back(from[random_() % from.size()]);
    return queries;
  }

  void shuffle() { std::shuffle(present.begin(), present.end(), random_); }

  static constexpr std::size_t kQueries = std::size_t{1} << 17;
  std::vector<Key> present, absent;

 private:
  std::mt19937_64 random_;
};

template <class Table>
using KeyOf = typename Table::key_type;

std::size_t size_of(const benchmark::State& state) { return static_cast<std::size_t>(state.range(0)); }

void count_items(benchmark::State& state, std::size_t each) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

template <class Table>
Table filled(const std::vector<KeyOf<Table>>& keys) {
  Table table;
  for (std::size_t i = 0; i < keys.size(); ++i) table.try_emplace(keys[i], i);
  return table;
}

template <class Table>
void BM_Insert(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  for (auto _ : state) {
    Table table = filled<Table>(keys.present);
    benchmark::DoNotOptimize(table);
    state.PauseTiming();
    table = Table();
    keys.shuffle();
    state.ResumeTiming();
  }
  count_items(state, keys.present.size());
}

template <class Table>
void find_all(benchmark::State& state, const Table& table, const std::vector<KeyOf<Table>>& queries) {
  std::size_t at = 0;
  for (auto _ : state) {
    const auto found = table.find(queries[at]);
    benchmark::DoNotOptimize(found);
    at = (at + 1) % Keys<KeyOf<Table>>::kQueries;
  }
  count_items(state, 1);
}

template <class Table>
void BM_FindHit(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  find_all(state, filled<Table>(keys.present), keys.draw(keys.present));
}

template <class Table>
void BM_FindMiss(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  find_all(state, filled<Table>(keys.present), keys.draw(keys.absent));
}

// All elements, one by one; HashTable shrinks on the way, std::unordered_map keeps its buckets.
template <class Table>
void BM_Erase(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  for (auto _ : state) {
    state.PauseTiming();
    Table table = filled<Table>(keys.present);
    keys.shuffle();
    state.ResumeTiming();
    for (const auto& key : keys.present) table.erase(key);
    benchmark::DoNotOptimize(table);
    state.PauseTiming();
    table = Table();
    state.ResumeTiming();
  }
  count_items(state, keys.present.size());
}

template <class Table>
void BM_Iterate(benchmark::State& state) {
  const Keys<KeyOf<Table>> keys(size_of(state));
  const Table table = filled<Table>(keys.present);
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (const auto& element : table) sum += element.second;
    benchmark::DoNotOptimize(sum);
  }
  count_items(state, keys.present.size());
}

// The batch calls beside the single ones above; std::unordered_map has none.
template <class Table>
void BM_FindBatch(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  const Table table = filled<Table>(keys.present);
  const auto queries = keys.draw(keys.present);
  constexpr std::size_t kBatch = 1024;
  std::vector<const std::uint64_t*> found(kBatch);
  std::size_t at = 0;
  for (auto _ : state) {
    table.find_batch(std::span(queries).subspan(at, kBatch), found);
    benchmark::DoNotOptimize(found.data());
    benchmark::ClobberMemory();
    at = (at + kBatch) % queries.size();
  }
  count_items(state, kBatch);
}

template <class Table>
void BM_InsertBatch(benchmark::State& state) {
  Keys<KeyOf<Table>> keys(size_of(state));
  std::vector<std::pair<KeyOf<Table>, std::uint64_t>> elements;
  for (const auto& key : keys.present) elements.emplace_back(key, elements.size());
  std::mt19937_64 random(1);
  for (auto _ : state) {
    Table table;
    benchmark::DoNotOptimize(table.insert_batch(elements));
    state.PauseTiming();
    table = Table();
    std::shuffle(elements.begin(), elements.end(), random);
    state.ResumeTiming();
  }
  count_items(state, elements.size());
}

#define PERTURB_SIZES Arg(6000)->Arg(6300)->Arg(390000)->Arg(400000)->Arg(1000000)
#define PERTURB_BESIDE_STD(benchmark_name)                                                                   \
  BENCHMARK(benchmark_name<Perturb<std::uint64_t>>)->Name(#benchmark_name "<perturb, u64>")->PERTURB_SIZES;  \
  BENCHMARK(benchmark_name<Std<std::uint64_t>>)->Name(#benchmark_name "<std, u64>")->PERTURB_SIZES;          \
  BENCHMARK(benchmark_name<Perturb<std::string>>)->Name(#benchmark_name "<perturb, string>")->PERTURB_SIZES; \
  BENCHMARK(benchmark_name<Std<std::string>>)->Name(#benchmark_name "<std, string>")->PERTURB_SIZES

PERTURB_BESIDE_STD(BM_Insert);
PERTURB_BESIDE_STD(BM_FindHit);
PERTURB_BESIDE_STD(BM_FindMiss);
PERTURB_BESIDE_STD(BM_Erase);
PERTURB_BESIDE_STD(BM_Iterate);

BENCHMARK(BM_FindBatch<Perturb<std::uint64_t>>)->Name("BM_FindBatch<perturb, u64>")->PERTURB_SIZES;
BENCHMARK(BM_FindBatch<Perturb<std::string>>)->Name("BM_FindBatch<perturb, string>")->PERTURB_SIZES;
BENCHMARK(BM_InsertBatch<Perturb<std::uint64_t>>)->Name("BM_InsertBatch<perturb, u64>")->PERTURB_SIZES;
BENCHMARK(BM_InsertBatch<Perturb<std::string>>)->Name("BM_InsertBatch<perturb, string>")->PERTURB_SIZES;

// Far larger than the caches, where batches are meant to help.
#define PERTURB_HUGE(benchmark_name) \
  BENCHMARK(benchmark_name<Perturb<std::uint64_t>>)->Name(#benchmark_name "<perturb, u64>")->Arg(6000000)
PERTURB_HUGE(BM_FindHit);
PERTURB_HUGE(BM_FindBatch);
PERTURB_HUGE(BM_Insert);
PERTURB_HUGE(BM_InsertBatch);

}  // namespace
