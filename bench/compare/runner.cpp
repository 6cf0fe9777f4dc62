// SPDX-License-Identifier: MIT
#include "runner.hpp"

#include "key_set.hpp"
#include "memory.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "results.hpp"
#include "small_key_set.hpp"
#include "subject.hpp"
#include "timing.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
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
constexpr std::size_t kManyRoundsBelow = 100'000;

std::size_t rounds_of(const Options& options, std::size_t size) {
  return size < kManyRoundsBelow ? 5 * options.rounds : options.rounds;
}

template <class T>
bool contains(const std::vector<T>& values, const auto& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The workloads in groups that are run one after the other: those that read share their tables, so they are one group.
struct Plan {
  std::vector<Workload> workloads;
  std::vector<std::vector<Workload>> groups;
  bool has_readers = false;
  bool has_changers = false;

  Plan(const std::vector<Workload>& chosen, bool small) {
    std::vector<Workload> readers;
    for (const Workload workload : chosen) {
      if (is_small(workload) != small) continue;
      workloads.push_back(workload);
      if (is_reading(workload)) {
        readers.push_back(workload);
      } else {
        groups.push_back({workload});
      }
    }
    has_readers = !readers.empty();
    has_changers = !groups.empty();
    if (has_readers) groups.push_back(readers);
  }
};

template <class Type>
class Comparison {
 public:
  Comparison(const Options& options, Pattern pattern, HashChoice hash, Results& results, Progress& progress)
      : options_(options), pattern_(pattern), hash_(hash), results_(results), progress_(progress) {
    std::vector<const Entry<Type>*> chosen;
    for (const Entry<Type>& entry : entries<Type>()) {
      if (entry.hash == hash && contains(options.tables, entry.table.name)) chosen.push_back(&entry);
    }
    std::sort(chosen.begin(), chosen.end(), [](auto* a, auto* b) { return a->table.rank < b->table.rank; });
    for (const Entry<Type>* entry : chosen) tables_.push_back({entry->table.name, entry->make()});
  }

  void run() {
    if (tables_.empty()) return;
    const Plan small(options_.workloads, true);
    const Plan single(options_.workloads, false);
    for (const std::size_t size : options_.small_sizes) {
      if (!small.workloads.empty()) run_small_size(small, size);
    }
    for (const std::size_t size : options_.sizes) {
      if (!single.workloads.empty()) run_size(single, size);
    }
  }

 private:
  using Key = typename Type::Key;
  struct Table {
    std::string name;
    std::unique_ptr<Subject<Type>> subject;
  };

  void run_size(const Plan& plan, std::size_t size) {
    KeySet<Type> keys(pattern_, size, options_.seed);
    if (measures_memory()) measure_memory(keys.draw(false, false).present, size);
    run_rounds(plan, size, size, std::to_string(size) + " elements",
               [&]() -> const auto& { return keys.draw(plan.has_readers, plan.has_changers); });
  }

  void run_small_size(const Plan& plan, std::size_t size) {
    SmallKeySet<Type> keys(pattern_, size, options_.seed);
    if (measures_memory()) measure_memory(keys.draw(false).keys, size);
    run_rounds(plan, size, kWorkOfSmall, "tables of " + std::to_string(size),
               [&]() -> const auto& { return keys.draw(plan.has_readers); });
  }

  template <class Draw>
  void run_rounds(const Plan& plan, std::size_t size, std::size_t work, const std::string& what, Draw draw) {
    if (options_.rounds == 0) return;
    samples_.clear();
    const std::size_t rounds = rounds_of(options_, size);
    // The first round touches memory and code for the first time; it does not count.
    for (std::size_t round = 0; round <= rounds; ++round) {
      const std::string where = std::string(Type::kName) + ", " + std::string(name_of(pattern_)) + " keys, " +
                                std::string(name_of(hash_)) + " hash, " + what + ", round " + std::to_string(round);
      run_round(plan, draw(), work, round, where);
    }
    for (const Workload workload : plan.workloads) {
      for (const Table& table : tables_) {
        results_.measurements.push_back({std::string(Type::kName), pattern_, hash_, workload, size, table.name,
                                         std::move(samples_[{workload, table.name}])});
      }
    }
  }

  template <class AnyInputs>
  void run_round(const Plan& plan, const AnyInputs& inputs, std::size_t work, std::size_t round,
                 const std::string& where) {
    std::map<Workload, std::uint64_t> checksums;
    for (const std::vector<Workload>& group : plan.groups) {
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
        progress_.advance(static_cast<double>(work * group.size()), where);
      }
    }
  }

  static void check_same_work(std::uint64_t expected, const Timing& timing, Workload workload, const Table& table) {
    // Also after most elements were erased: the values of the others follow from the order of insertion.
    if (timing.checksum != expected) {
      throw std::runtime_error("'" + table.name + "' did not do in " + std::string(name_of(workload)) + " of " +
                               std::string(Type::kName) + " what the others did: one of them is wrong");
    }
  }

  // The hash makes no difference to it.
  [[nodiscard]] bool measures_memory() const { return options_.memory && hash_ == options_.hashes.front(); }

  void measure_memory(const std::vector<Key>& keys, std::size_t size) {
    for (const Table& table : tables_) {
      MemoryMeasurement memory{
          std::string(Type::kName), pattern_, size, table.name, table.subject->footprint(keys, size), {}};
      // Pages are too coarse to weigh smaller tables with.
      if (size >= kManyRoundsBelow) {
        memory.resident_bytes = resident_growth([&] { table.subject->build_once(keys); });
      }
      results_.memory.push_back(memory);
    }
  }

  const Options& options_;
  Pattern pattern_;
  HashChoice hash_;
  Results& results_;
  Progress& progress_;
  std::vector<Table> tables_;
  std::mt19937_64 random_{1};
  std::map<std::pair<Workload, std::string>, std::vector<double>> samples_;

 public:
  // About as much work as a single table of that many elements.
  static constexpr std::size_t kWorkOfSmall = std::size_t{1} << 14;
};

// Calls `f.operator()<Type>(pattern, hash)` for everything that was asked for.
template <class F>
void for_each_choice(const Options& options, F f) {
  for_each_type([&]<class Type>() {
    if (!contains(options.types, Type::kName)) return;
    for (const Pattern pattern : options.patterns) {
      if (!Type::has(pattern)) continue;
      for (const HashChoice hash : options.hashes) f.template operator()<Type>(pattern, hash);
    }
  });
}

// Nothing that was chosen may be skipped without a message.
void check_choices(const Options& options) {
  for_each_type([&]<class Type>() {
    if (!contains(options.types, Type::kName)) return;
    const std::string type(Type::kName);
    for (const Pattern pattern : options.patterns) {
      if (!Type::has(pattern)) {
        std::cerr << "perturb_compare: " << type << " is not run with " << name_of(pattern) << " keys\n";
      }
    }
    for (const HashChoice hash : options.hashes) {
      for (const TableInfo& table : known_tables()) {
        const bool is_known = std::any_of(entries<Type>().begin(), entries<Type>().end(), [&](const auto& entry) {
          return entry.hash == hash && entry.table.name == table.name;
        });
        if (!is_known && contains(options.tables, table.name)) {
          throw std::runtime_error("'" + table.name + "' was not built for " + type + " with --hash " +
                                   std::string(name_of(hash)));
        }
      }
    }
  });
}

double amount_of_work(const Options& options) {
  double work = 0.0;
  const auto small = static_cast<std::size_t>(
      std::count_if(options.workloads.begin(), options.workloads.end(), [](Workload w) { return is_small(w); }));
  for_each_choice(options, [&]<class Type>(Pattern, HashChoice) {
    double each = 0.0;
    for (const std::size_t size : options.sizes) {
      each += static_cast<double>(size * (rounds_of(options, size) + 1) * (options.workloads.size() - small));
    }
    for (const std::size_t size : options.small_sizes) {
      each += static_cast<double>(Comparison<Type>::kWorkOfSmall * (rounds_of(options, size) + 1) * small);
    }
    work += each * static_cast<double>(options.tables.size());
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
  check_choices(options);
  Results results;
  for (const TableInfo& table : known_tables()) {
    if (contains(options.tables, table.name)) results.tables.push_back(table);
  }
  settle_allocator();
  Progress progress(amount_of_work(options));
  for_each_choice(options, [&]<class Type>(Pattern pattern, HashChoice hash) {
    Comparison<Type>(options, pattern, hash, results, progress).run();
    keep(results);
  });
  return results;
}

}  // namespace compare
