// SPDX-License-Identifier: MIT
#include "counting.hpp"
#include "more_tables.hpp"

#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace counting {
namespace {

// Small tables are cheap, so that many are counted together, each with other keys.
constexpr std::size_t kSmallSize = 7;
constexpr std::size_t kSmallTables = 200;

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

void count_small_tables() {
  count_small_operations<std::uint64_t>("u64");
  count_small_operations<std::string>("string");
}

}  // namespace counting
