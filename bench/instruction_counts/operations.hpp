// SPDX-License-Identifier: MIT
/// @file The operations on one table that are counted; local to each source, as in counting.hpp.
#pragma once

#include "counting.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

namespace {

template <class Table>
void count_operations(const std::string& type, std::size_t size) {
  using Key = typename Table::key_type;
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
  std::printf("groups_visited%s %zu\n", at.c_str(), table.stats().groups_visited);
  count("churn" + at, [&] {
    for (std::size_t i = 0; i < size; ++i) {
      table.erase(present[i]);
      table.try_emplace(absent[i], 1U);
    }
  });
  require(table.size() == size, "churn changed the size");
  std::printf("groups_visited_after_churn%s %zu\n", at.c_str(), table.stats().groups_visited);
  count("drain" + at, [&] {
    for (const Key& key : absent) table.erase(key);
  });
  require(table.empty(), "an element was left over");
}

}  // namespace
