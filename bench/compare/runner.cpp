// SPDX-License-Identifier: MIT
#include "runner.hpp"

#include "key_set.hpp"
#include "memory.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "results.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace compare {
namespace {

// Sizes below are measured fast, and need more rounds because where code and data happen to lie counts more.
constexpr std::size_t kSmallSize = 100'000;

std::size_t rounds_of(const Options& options, std::size_t size) {
  return size < kSmallSize ? 5 * options.rounds : options.rounds;
}

template <class T>
bool contains(const std::vector<T>& values, const auto& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

template <class Type>
class Comparison {
 public:
  Comparison(const Options& options, Pattern pattern, Results& results, Progress& progress)
      : options_(options), pattern_(pattern), results_(results), progress_(progress) {
    std::vector<const Entry<Type>*> chosen;
    for (const Entry<Type>& entry : entries<Type>()) {
      if (entry.own_hash == options.own_hash && contains(options.tables, entry.table.name)) chosen.push_back(&entry);
    }
    std::sort(chosen.begin(), chosen.end(), [](auto* a, auto* b) { return a->table.rank < b->table.rank; });
    for (const Entry<Type>* entry : chosen) tables_.push_back({entry->table.name, entry->make()});
    // Those that read share one table, so they come together.
    std::vector<Workload> readers;
    for (const Workload workload : options.workloads) {
      if (is_reading(workload)) {
        readers.push_back(workload);
      } else {
        groups_.push_back({workload});
      }
    }
    if (!readers.empty()) groups_.push_back(readers);
    has_readers_ = !readers.empty();
    has_changers_ = groups_.size() > (has_readers_ ? 1U : 0U);
  }

  void run() {
    if (tables_.empty()) return;
    for (const std::size_t size : options_.sizes) run_size(size);
  }

 private:
  using Key = typename Type::Key;
  struct Table {
    std::string name;
    std::unique_ptr<Subject<Type>> subject;
  };

  void run_size(std::size_t size) {
    KeySet<Type> keys(pattern_, size, options_.seed);
    if (options_.memory) measure_memory(keys.draw(false, false));
    samples_.clear();
    const std::size_t rounds = rounds_of(options_, size);
    // The first round touches memory and code for the first time; it does not count.
    for (std::size_t round = 0; round <= rounds; ++round) {
      const std::string where = std::string(Type::kName) + ", " + std::string(name_of(pattern_)) + " keys, " +
                                std::to_string(size) + " elements, round " + std::to_string(round);
      run_round(keys.draw(has_readers_, has_changers_), round, where);
    }
    for (const Workload workload : options_.workloads) {
      for (const Table& table : tables_) {
        results_.measurements.push_back({std::string(Type::kName), pattern_, workload, size, table.name,
                                         std::move(samples_[{workload, table.name}])});
      }
    }
  }

  void run_round(const Inputs<Key>& inputs, std::size_t round, const std::string& where) {
    std::map<Workload, std::uint64_t> checksums;
    for (const std::vector<Workload>& group : groups_) {
      // In a new order each time: a table that always came after the same other one would find the heap and the caches
      // as that one leaves them.
      std::vector<Table*> order;
      for (Table& table : tables_) order.push_back(&table);
      std::shuffle(order.begin(), order.end(), random_);
      for (Table* const turn : order) {
        Table& table = *turn;
        progress_.advance(0.0, where);
        tidy_heap();
        for (const Workload workload : group) {
          const Timing timing = table.subject->run(workload, inputs);
          check_same_work(checksums.try_emplace(workload, timing.checksum).first->second, timing, workload, table);
          if (round > 0) samples_[{workload, table.name}].push_back(timing.nanoseconds_each);
        }
        table.subject->discard();
        progress_.advance(static_cast<double>(inputs.size * group.size()), where);
      }
    }
  }

  static void check_same_work(std::uint64_t expected, const Timing& timing, Workload workload, const Table& table) {
    // What is left after thinning keeps its values, and those follow from the order of insertion.
    if (timing.checksum != expected) {
      throw std::runtime_error("'" + table.name + "' did not do in " + std::string(name_of(workload)) + " of " +
                               std::string(Type::kName) + " what the others did: one of them is wrong");
    }
  }

  void measure_memory(const Inputs<Key>& inputs) {
    for (const Table& table : tables_) {
      MemoryMeasurement memory{
          std::string(Type::kName), pattern_, inputs.size, table.name, table.subject->footprint(inputs.present), {}};
      // Pages are too coarse to weigh small tables with.
      if (inputs.size >= kSmallSize) {
        memory.resident_bytes = resident_growth([&] { table.subject->build_once(inputs.present); });
      }
      results_.memory.push_back(memory);
    }
  }

  const Options& options_;
  Pattern pattern_;
  Results& results_;
  Progress& progress_;
  std::vector<Table> tables_;
  std::vector<std::vector<Workload>> groups_;
  bool has_readers_ = false;
  bool has_changers_ = false;
  std::mt19937_64 random_{1};
  std::map<std::pair<Workload, std::string>, std::vector<double>> samples_;
};

// Calls `f.operator()<Type>(pattern)` for everything that was asked for.
template <class F>
void for_each_choice(const Options& options, F f) {
  for_each_type([&]<class Type>() {
    if (!contains(options.types, Type::kName)) return;
    for (const Pattern pattern : options.patterns) {
      if (Type::has(pattern)) f.template operator()<Type>(pattern);
    }
  });
}

double amount_of_work(const Options& options) {
  double work = 0.0;
  for_each_choice(options, [&]<class Type>(Pattern) {
    const auto tables = std::count_if(entries<Type>().begin(), entries<Type>().end(), [&](const Entry<Type>& entry) {
      return entry.own_hash == options.own_hash && contains(options.tables, entry.table.name);
    });
    for (const std::size_t size : options.sizes) {
      work += static_cast<double>(size * (rounds_of(options, size) + 1) * options.workloads.size()) *
              static_cast<double>(tables);
    }
  });
  return work;
}

}  // namespace

std::vector<TableInfo> known_tables() {
  std::map<int, TableInfo> tables;
  for_each_type([&]<class Type>() {
    for (const Entry<Type>& entry : entries<Type>()) tables.emplace(entry.table.rank, entry.table);
  });
  std::vector<TableInfo> result;
  for (const auto& [rank, table] : tables) result.push_back(table);
  return result;
}

Results run(const Options& options, const std::function<void(const Results&)>& keep) {
  Results results;
  for (const TableInfo& table : known_tables()) {
    if (contains(options.tables, table.name)) results.tables.push_back(table);
  }
  settle_allocator();
  Progress progress(amount_of_work(options));
  for_each_choice(options, [&]<class Type>(Pattern pattern) {
    Comparison<Type>(options, pattern, results, progress).run();
    keep(results);
  });
  return results;
}

}  // namespace compare
