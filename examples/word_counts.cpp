// SPDX-License-Identifier: MIT
// Counts words, in the order of their first appearance; then sorted by count, where those with equal counts keep it.
#include <perturb/ordered_hash_table.hpp>

#include <iostream>
#include <sstream>
#include <string>

int main() {
  std::istringstream text("the cat saw the dog and the dog saw the bird");
  perturb::OrderedHashTable<std::string, int> counts;
  for (std::string word; text >> word;) ++counts[word];
  for (const auto& [word, count] : counts) std::cout << word << ' ' << count << '\n';

  counts.sort([](const auto& a, const auto& b) { return a.second > b.second; });
  std::cout << "most often:";
  for (const auto& [word, count] : counts.entries().first(3)) std::cout << ' ' << word;
  std::cout << '\n';
}
