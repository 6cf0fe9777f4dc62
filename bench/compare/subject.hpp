// SPDX-License-Identifier: MIT
/// @file One table under measurement: what it has to do in each workload. Each table and type is a translation unit of
/// its own (case.cpp.in), so that the code of other tables does not change what the compiler inlines.
#pragma once

#include "key_set.hpp"
#include "memory.hpp"
#include "small_key_set.hpp"
#include "small_tables.hpp"
#include "stopwatch.hpp"
#include "timing.hpp"
#include "warm_keys.hpp"
#include "workloads.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace compare {

/// How a table stores its elements, which decides what it can be good at.
enum class Kind { flat, dense, node };

constexpr std::string_view name_of(Kind kind) {
  return kind == Kind::flat ? "flat" : kind == Kind::dense ? "dense" : "node";
}

/// What a table is compared as. Only peers count as such in ratios.
enum class Role { peer, ours, again, policy };

constexpr std::string_view name_of(Role role) {
  switch (role) {
    case Role::peer:
      return "peer";
    case Role::ours:
      return "ours";
    case Role::again:
      return "again";
    case Role::policy:
      return "policy";
  }
  return "";
}

struct TableInfo {
  std::string name;
  std::string version;
  Kind kind;
  int rank;  // the place of its column
  Role role = Role::peer;
};

template <class Type>
class Subject {
 public:
  virtual ~Subject() = default;
  /// Measures. Workloads that only read leave their tables behind for the next one, until `discard`.
  virtual Timing run(Workload workload, const Inputs<typename Type::Key>& inputs) = 0;
  virtual Timing run(Workload workload, const SmallInputs<typename Type::Key>& inputs) = 0;
  virtual void discard() = 0;
  /// What tables take that have `size` of the keys each.
  virtual Footprint footprint(const std::vector<typename Type::Key>& keys, std::size_t size) = 0;
  /// Builds a table and destroys it.
  virtual void build_once(const std::vector<typename Type::Key>& keys) = 0;
};

/// The subjects of a type, each with what its table is called and how it hashes.
template <class Type>
struct Entry {
  TableInfo table;
  HashChoice hash;
  std::unique_ptr<Subject<Type>> (*make)();
};

template <class Type>
std::vector<Entry<Type>>& entries() {
  static std::vector<Entry<Type>> all;
  return all;
}

/// `Tables` is one of tables/*.hpp.
template <class Type, class Tables, class Hash>
class SubjectOf final : public Subject<Type> {
  using Key = typename Type::Key;
  using Value = typename Type::Value;
  using Table = typename Tables::template Table<Key, Value, Hash, std::allocator>;

 public:
  Timing run(Workload workload, const Inputs<Key>& inputs) override {
    switch (workload) {
      case Workload::build:
        return build(inputs, false);
      case Workload::build_reserved:
        return build(inputs, true);
      case Workload::churn:
        return churn(inputs);
      case Workload::drain:
        return drain(inputs);
      case Workload::find_hit:
        return find(standing(inputs), inputs.hits);
      case Workload::find_hit_chained:
        return find_chained(standing(inputs), inputs.hits);
      case Workload::find_miss:
        return find(standing(inputs), inputs.misses);
      case Workload::find_mix:
        return find(standing(inputs), inputs.mixed);
      case Workload::iterate:
        return iterate(standing(inputs), inputs.repeats);
      case Workload::iterate_sparse:
        return iterate_sparse(inputs);
      case Workload::copy:
        return copy(standing(inputs), inputs.repeats);
      case Workload::clear_refill:
        return clear_refill(inputs);
      case Workload::small_build:
      case Workload::small_find_hit:
      case Workload::small_find_miss:
      case Workload::small_walk:
      case Workload::small_copy:
        break;
    }
    throw_not_done(workload);
  }

  Timing run(Workload workload, const SmallInputs<Key>& inputs) override {
    if (workload == Workload::small_build) return small_.build(inputs);
    if (workload == Workload::small_find_hit) return small_.find(inputs, inputs.hits);
    if (workload == Workload::small_find_miss) return small_.find(inputs, inputs.misses);
    if (workload == Workload::small_walk) return small_.walk(inputs);
    if (workload == Workload::small_copy) return small_.copy(inputs);
    throw_not_done(workload);
  }

  void discard() override {
    standing_.reset();
    small_.discard();
  }

  Footprint footprint(const std::vector<Key>& keys, std::size_t size) override {
    using Counted = typename Tables::template Table<Key, Value, Hash, CountingAllocator>;
    const std::size_t count = keys.size() / size;
    const auto fill = [&](auto& tables) {
      for (std::size_t i = 0; i < count; ++i) insert(tables.emplace_back(), std::span(keys).subspan(i * size, size));
    };
    Footprint result{.tables = count, .object_bytes = sizeof(Table)};
    if constexpr (!std::same_as<Counted, Table>) {
      std::vector<Counted> tables;
      tables.reserve(count);
      allocated_bytes = {};
      fill(tables);
      result.asked_bytes = allocated_bytes.now;
      result.peak_bytes = allocated_bytes.peak;
      result.malloc_bytes = allocated_bytes.in_malloc;
    } else {
      // No allocator to count with: what malloc says, less what it says of the keys' own memory.
      const auto all = malloc_growth([&] { return reserved<Table>(count); }, fill);
      const auto characters = malloc_growth([&] { return reserved<Key>(keys.size()); },
                                            [&](auto& copies) { copies.assign(keys.begin(), keys.end()); });
      if (all && characters) result.malloc_bytes = *all - std::min(*all, *characters);
    }
    return result;
  }

  void build_once(const std::vector<Key>& keys) override {
    Table table;
    insert(table, std::span(keys));
  }

 private:
  [[noreturn]] static void throw_not_done(Workload workload) {
    throw std::logic_error("there is no code for the workload " + std::string(name_of(workload)));
  }

  template <class T>
  static std::vector<T> reserved(std::size_t count) {
    std::vector<T> result;
    result.reserve(count);
    return result;
  }

  // Calls `f` for parts of the keys, one after the other, with the watch running and the keys warm.
  template <class Each, class F>
  static void timed(Stopwatch& watch, std::span<const Each> keys, F f) {
    const std::size_t most = owns_memory<Key> ? kWarmKeys : keys.size();
    while (!keys.empty()) {
      const auto part = keys.first(std::min(most, keys.size()));
      keys = keys.subspan(part.size());
      for (const Each& key : part) warm(key);
      watch.start();
      f(part);
      watch.stop();
    }
  }

  template <class AnyTable>
  static void insert(AnyTable& table, std::span<const Key> keys) {
    std::uint64_t value = 0;
    for (const Key& key : keys) table.try_emplace(key, make_value<Value>(value++));
  }

  static std::span<const Key> order(const Inputs<Key>& inputs, std::size_t i) {
    return std::span(inputs.orders).subspan(i * inputs.size, inputs.size);
  }

  const Table& standing(const Inputs<Key>& inputs) {
    if (!standing_) {
      standing_ = std::make_unique<Table>();
      insert(*standing_, std::span(inputs.present));
    }
    return *standing_;
  }

  [[gnu::noinline]] static Timing build(const Inputs<Key>& inputs, bool reserves) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    for (std::size_t i = 0; i < inputs.repeats; ++i) {
      auto table = std::make_unique<Table>();
      if (reserves) {
        watch.start();
        table->reserve(inputs.size);
        watch.stop();
      }
      timed(watch, order(inputs, i), [&](auto keys) { insert(*table, keys); });
      checksum += table->size();
      watch.start();
      table.reset();
      watch.stop();
    }
    return timing(watch, inputs.repeats * inputs.size, checksum);
  }

  [[gnu::noinline]] static Timing churn(const Inputs<Key>& inputs) {
    Table table;
    insert(table, std::span(inputs.present));
    std::uint64_t checksum = 0;
    Stopwatch watch;
    timed(watch, std::span(inputs.churned), [&](auto pairs) {
      for (const auto& [going, coming] : pairs) {
        checksum += table.erase(going);
        table.try_emplace(coming, make_value<Value>(checksum));
      }
    });
    return timing(watch, inputs.churned.size(), checksum + table.size());
  }

  [[gnu::noinline]] static Timing drain(const Inputs<Key>& inputs) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    for (std::size_t i = 0; i < inputs.repeats; ++i) {
      Table table;
      insert(table, std::span(inputs.present));
      timed(watch, order(inputs, i), [&](auto keys) {
        for (const Key& key : keys) checksum += table.erase(key);
      });
      checksum += table.size();
    }
    return timing(watch, inputs.repeats * inputs.size, checksum);
  }

  [[gnu::noinline]] static Timing find(const Table& table, const std::vector<Key>& queries) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    timed(watch, std::span(queries), [&](auto keys) {
      for (const Key& key : keys) {
        const auto found = table.find(key);
        if (found != table.end()) checksum += 1 + digest(found->second);
      }
    });
    return timing(watch, queries.size(), checksum);
  }

  [[gnu::noinline]] static Timing find_chained(const Table& table, const std::vector<Key>& queries) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    timed(watch, std::span(queries), [&](auto keys) {
      for (std::size_t i = 0; i < keys.size();) {
        const std::uint64_t value = digest(table.find(keys[i])->second);
        checksum += value;
        // No value reaches 2^31, which the processor cannot know.
        i += 1 + static_cast<std::size_t>(value >> 31);
      }
    });
    return timing(watch, queries.size(), checksum);
  }

  [[gnu::noinline]] static Timing iterate(const Table& table, std::size_t repeats) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    watch.start();
    for (std::size_t i = 0; i < repeats; ++i) {
      for (const auto& element : table) checksum += digest(element.second);
    }
    watch.stop();
    return timing(watch, repeats * table.size(), checksum);
  }

  [[gnu::noinline]] static Timing iterate_sparse(const Inputs<Key>& inputs) {
    Table table;
    insert(table, std::span(inputs.present));
    const std::size_t erased = inputs.size / 10 * 9;
    for (std::size_t i = 0; i < erased; ++i) table.erase(inputs.orders[i]);
    return iterate(table, 10 * inputs.repeats);
  }

  [[gnu::noinline]] static Timing copy(const Table& table, std::size_t repeats) {
    std::uint64_t checksum = 0;
    Stopwatch watch;
    for (std::size_t i = 0; i < repeats; ++i) {
      watch.start();
      const Table copied(table);
      watch.stop();
      checksum += copied.size();
    }
    return timing(watch, repeats * table.size(), checksum);
  }

  [[gnu::noinline]] static Timing clear_refill(const Inputs<Key>& inputs) {
    Table table;
    insert(table, std::span(inputs.present));
    std::uint64_t checksum = 0;
    Stopwatch watch;
    for (std::size_t i = 0; i < inputs.repeats; ++i) {
      watch.start();
      table.clear();
      watch.stop();
      timed(watch, order(inputs, i), [&](auto keys) { insert(table, keys); });
      checksum += table.size();
    }
    return timing(watch, inputs.repeats * inputs.size, checksum);
  }

  std::unique_ptr<Table> standing_;
  SmallTables<Table, Key, Value> small_;
};

/// A static one of these makes a table known, with `hash`, and with its own hash as well if that is the same type.
template <class Type, class Tables, class Hash>
struct Registration {
  explicit Registration(HashChoice hash) {
    add(hash);
    if constexpr (std::same_as<Hash, typename Tables::template OwnHash<typename Type::Key>>) {
      if (hash == HashChoice::same) add(HashChoice::own);
    }
  }

 private:
  static void add(HashChoice hash) {
    entries<Type>().push_back(
        {Tables::info(), hash,
         [] { return std::unique_ptr<Subject<Type>>(std::make_unique<SubjectOf<Type, Tables, Hash>>()); }});
  }
};

}  // namespace compare
