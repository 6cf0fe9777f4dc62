// SPDX-License-Identifier: MIT
/// @file Thousands of small tables under measurement: what they have to do in each workload. The cost of one table is
/// small, so it is taken over all of them; and they lie side by side in memory, as the tables of a program do.
#pragma once

#include "small_key_set.hpp"
#include "stopwatch.hpp"
#include "timing.hpp"
#include "types.hpp"
#include "warm_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace compare {

template <class Table, class Key, class Value>
class SmallTables {
 public:
  using Inputs = SmallInputs<Key>;

  [[gnu::noinline]] static Timing build(const Inputs& inputs) {
    Stopwatch watch;
    std::vector<Table> tables = built(inputs, watch);
    const std::uint64_t checksum = total_size(tables);
    watch.start();
    tables.clear();
    watch.stop();
    return timing(watch, inputs.tables, checksum);
  }

  [[gnu::noinline]] Timing find(const Inputs& inputs, const std::vector<typename Inputs::Query>& queries) {
    const std::vector<Table>& tables = standing(inputs);
    std::uint64_t checksum = 0;
    Stopwatch watch;
    const std::size_t step = owns_memory<Key> ? kWarmKeys : queries.size();
    for (std::size_t first = 0; first < queries.size(); first += step) {
      const std::size_t last = std::min(first + step, queries.size());
      for (std::size_t i = first; i < last; ++i) warm(queries[i].key);
      watch.start();
      for (std::size_t i = first; i < last; ++i) {
        const Table& table = tables[queries[i].table];
        const auto found = table.find(queries[i].key);
        if (found != table.end()) checksum += 1 + digest(found->second);
      }
      watch.stop();
    }
    return timing(watch, queries.size(), checksum);
  }

  [[gnu::noinline]] Timing walk(const Inputs& inputs) {
    const std::vector<Table>& tables = standing(inputs);
    std::uint64_t checksum = 0;
    Stopwatch watch;
    watch.start();
    for (const Table& table : tables) {
      for (const auto& element : table) checksum += digest(element.second);
    }
    watch.stop();
    return timing(watch, inputs.tables, checksum);
  }

  [[gnu::noinline]] Timing copy(const Inputs& inputs) {
    const std::vector<Table>& tables = standing(inputs);
    std::vector<Table> copies;
    copies.reserve(tables.size());
    Stopwatch watch;
    watch.start();
    for (const Table& table : tables) copies.push_back(table);
    watch.stop();
    return timing(watch, inputs.tables, total_size(copies));
  }

  void discard() { standing_ = {}; }

 private:
  static std::uint64_t total_size(const std::vector<Table>& tables) {
    std::uint64_t size = 0;
    for (const Table& table : tables) size += table.size();
    return size;
  }

  static std::vector<Table> built(const Inputs& inputs, Stopwatch& watch) {
    std::vector<Table> tables;
    tables.reserve(inputs.tables);
    const std::size_t step = owns_memory<Key> ? std::max(kWarmKeys / inputs.size, std::size_t{1}) : inputs.tables;
    for (std::size_t first = 0; first < inputs.tables; first += step) {
      const std::size_t last = std::min(first + step, inputs.tables);
      for (std::size_t i = first; i < last; ++i) {
        for (const Key& key : inputs.keys_of(i)) warm(key);
      }
      watch.start();
      for (std::size_t i = first; i < last; ++i) {
        Table& table = tables.emplace_back();
        std::uint64_t value = 0;
        for (const Key& key : inputs.keys_of(i)) table.try_emplace(key, make_value<Value>(value++));
      }
      watch.stop();
    }
    return tables;
  }

  const std::vector<Table>& standing(const Inputs& inputs) {
    if (standing_.empty()) {
      Stopwatch unused;
      standing_ = built(inputs, unused);
    }
    return standing_;
  }

  std::vector<Table> standing_;
};

}  // namespace compare
