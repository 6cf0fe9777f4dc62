// SPDX-License-Identifier: MIT
/// @file The members that have another name elsewhere.
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <iostream>
#include <string>

int main() {
  // [std]
  perturb::HashTable<std::string, int> stock = {{"apple", 3}, {"pear", 5}};
  if (const auto it = stock.find("apple"); it != stock.end()) std::cout << it->second << '\n';  // as ever
  if (const int* count = stock.get("apple")) std::cout << *count << '\n';                       // or shorter
  stock.insert_or_assign("plum", 7);
  std::cout << stock.contains("cherry") << stock.count("plum") << stock.erase("pear") << '\n';
  // [std]

  // [dict]
  perturb::OrderedHashTable<std::string, int> d = {{"a", 1}, {"b", 2}};  // d = {"a": 1, "b": 2}
  d["c"] = 3;                                                            // d["c"] = 3
  std::cout << d.get_or("x", 0) << '\n';                                 // d.get("x", 0)
  std::cout << d.set_default("c", 9) << '\n';                            // d.setdefault("c", 9)
  std::cout << d.pop("a").value_or(-1) << '\n';                          // d.pop("a", -1)
  d.update({{"b", 20}, {"z", 26}});                                      // d.update({"b": 20, "z": 26})
  for (const std::string& key : d.keys()) std::cout << key << ' ';       // for key in d:
  for (const auto& [key, value] : d.items()) std::cout << key << value << ' ';
  std::cout << d.contains("z") << '\n';  // "z" in d
  // [dict]
}
