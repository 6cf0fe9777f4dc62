// SPDX-License-Identifier: MIT
/// @file Fixed operations on fixed tables, for tools/check_instructions.py: under valgrind --tool=callgrind each leaves
/// its instruction count in a dump, by a client request; how many groups are visited is printed on standard output, as
/// lines of a name and a number. Neither depends on the clock, so both can be compared with the figures of another day.
#include <perturb/hash_table.hpp>

#include <valgrind/callgrind.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

// Just before a growth, when groups are full, and just after it, when the table is sparse.
constexpr std::size_t kFullSize = 6000;
constexpr std::size_t kSparseSize = 6300;
// Beyond 50 000 elements, where another growth factor holds: before a growth and after it.
constexpr std::size_t kLargeSizes[] = {60'000, 100'000};
// Small tables are cheap, so that many are counted together, each with other keys.
constexpr std::size_t kSmallSize = 7;
constexpr std::size_t kSmallTables = 200;

std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void make_key(std::uint64_t i, std::uint64_t& key) { key = scramble(i + 1); }

// 8 to 40 characters.
void make_key(std::uint64_t i, std::string& key) {
  key.assign(8 + scramble(i + 1) % 33, 'x');
  for (std::size_t at = 0; at < 8; ++at) key[at] = static_cast<char>('a' + (i >> (4 * at) & 15));
}

template <class Key>
std::vector<Key> make_keys(std::size_t first, std::size_t count) {
  std::vector<Key> keys(count);
  for (std::size_t i = 0; i < count; ++i) make_key(first + i, keys[i]);
  return keys;
}

void require(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "instruction_counts: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(EXIT_FAILURE);
}

// Counts the instructions of `operation` alone, under this name.
template <class Operation>
void count(const std::string& name, Operation operation) {
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  operation();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

template <class Key>
void count_operations(const std::string& type, std::size_t size) {
  using Table = perturb::HashTable<Key, std::uint64_t>;
  const std::string at = "/" + type + "/" + std::to_string(size);
  const std::vector<Key> present = make_keys<Key>(0, size);
  const std::vector<Key> absent = make_keys<Key>(size, size);

  Table table;
  count("insert" + at, [&] {
    for (const Key& key : present) table.try_emplace(key, 1U);
  });
  std::uint64_t sum = 0;
  count("find_hit" + at, [&] {
    for (const Key& key : present) sum += table.find(key)->second;
  });
  require(sum == size, "a key was lost");
  std::size_t found = 0;
  count("find_miss" + at, [&] {
    for (const Key& key : absent) found += table.contains(key) ? 1U : 0U;
  });
  require(found == 0, "a key was found that was never inserted");
  std::vector<std::uint64_t*> values(size);
  count("find_batch" + at, [&] { table.find_batch(std::span(present), values); });
  require(values.back() != nullptr, "find_batch lost a key");
  sum = 0;
  count("iterate" + at, [&] {
    for (const auto& element : table) sum += element.second;
  });
  require(sum == size, "an element was not visited");
  count("copy" + at, [&] {
    const Table copied(table);
    sum += copied.size();
  });
  std::printf("groups_looked_at%s %zu\n", at.c_str(), table.stats().groups_visited);
  count("churn" + at, [&] {
    for (std::size_t i = 0; i < size; ++i) {
      table.erase(present[i]);
      table.try_emplace(absent[i], 1U);
    }
  });
  require(table.size() == size, "churn changed the size");
  std::printf("groups_looked_at_after_churn%s %zu\n", at.c_str(), table.stats().groups_visited);
  count("drain" + at, [&] {
    for (const Key& key : absent) table.erase(key);
  });
  require(table.empty(), "an element was left over");
}

template <class Key>
void count_small_operations(const std::string& type) {
  using Table = perturb::HashTable<Key, std::uint64_t>;
  const std::string at = "/" + type + "/" + std::to_string(kSmallSize);
  const std::vector<Key> present = make_keys<Key>(0, kSmallTables * kSmallSize);
  const auto fill = [&](std::vector<Table>& tables) {
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (i % kSmallSize == 0) tables.emplace_back();
      tables.back().try_emplace(present[i], 1U);
    }
  };

  std::vector<Table> tables;
  tables.reserve(kSmallTables);
  count("small_build_destroy" + at, [&] {
    fill(tables);
    tables.clear();
  });
  fill(tables);
  std::uint64_t sum = 0;
  count("small_find_hit" + at, [&] {
    for (std::size_t i = 0; i < present.size(); ++i) sum += tables[i / kSmallSize].find(present[i])->second;
  });
  require(sum == present.size(), "a key of a small table was lost");
  sum = 0;
  count("small_walk" + at, [&] {
    for (const Table& table : tables) {
      for (const auto& element : table) sum += element.second;
    }
  });
  require(sum == present.size(), "an element of a small table was not visited");
  std::vector<Table> copies;
  copies.reserve(kSmallTables);
  count("small_copy" + at, [&] {
    for (const Table& table : tables) copies.push_back(table);
  });
  require(copies.back().size() == kSmallSize, "a copy lost elements");
}

}  // namespace

int main() {
  count_operations<std::uint64_t>("u64", kFullSize);
  count_operations<std::uint64_t>("u64", kSparseSize);
  for (const std::size_t size : kLargeSizes) count_operations<std::uint64_t>("u64", size);
  count_operations<std::string>("string", kFullSize);
  count_operations<std::string>("string", kSparseSize);
  count_small_operations<std::uint64_t>("u64");
  count_small_operations<std::string>("string");
}
