// SPDX-License-Identifier: MIT
/// @file Tables and rings as a function first uses them, made empty and in its sight: what an optimizing compiler then
/// knows must not make it warn. It is compiled, not run.
#include <perturb/perturb.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

int words();
int numbers();
std::size_t set_of_numbers();
int moved_from();
std::size_t copied();
std::uint64_t ring();

int words() {
  perturb::HashTable<std::string, int> table;
  table["a"] = 2;
  table.insert({"b", 3});
  return table.at("a") + static_cast<int>(table.erase("c")) + table.pop("b").value_or(0);
}

int numbers() {
  perturb::HashTable<int, int> table;
  table[1] = 2;
  table.try_emplace(3, 4);
  if (const auto it = table.find(3); it != table.end()) table.erase(it);
  int sum = table.get_or(5, 6);
  for (const auto& [key, value] : table) sum += key * value;
  return sum;
}

std::size_t set_of_numbers() {
  perturb::HashSet<std::uint64_t> set;
  const bool is_new = set.insert(3).second;
  return set.count(3) + set.erase(4) + (is_new && set.find(5) != set.end() ? 1U : 0U);
}

int moved_from() {
  perturb::HashTable<int, int> from;
  perturb::HashTable<int, int> to = std::move(from);
  to[4] = 1;
  from[5] = 2;  // NOLINT(bugprone-use-after-move): a moved-from table is empty and usable
  swap(from, to);
  return from[4] + to[5];
}

std::size_t copied() {
  perturb::HashTable<std::uint64_t, std::vector<int>> table;
  table[7].push_back(1);
  auto copy = table;
  copy.clear();
  copy.reserve(100);
  copy = table;
  return copy.size() + (copy == table ? 1U : 0U);
}

std::uint64_t ring() {
  perturb::HashRing<std::string> nodes;
  nodes.add_node("a");
  nodes.add_node("b", 2.0);
  return nodes.owner("key").size();
}
