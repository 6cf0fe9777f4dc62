// SPDX-License-Identifier: MIT
// perturb's hasher and equality in the standard's containers: with both, strings are found by string_view without a
// string being made.
#include <perturb/hashers.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>

int main() {
  std::unordered_map<std::string, int, perturb::XxHash<std::string>, perturb::Equal<std::string>> table;
  table["one"] = 1;
  table["two"] = 2;
  std::cout << table.find(std::string_view("two"))->second << '\n';

  // A seed that nobody outside knows, for keys that others choose.
  std::unordered_map<std::string, int, perturb::RandomSeed<perturb::XxHash<std::string>>> guarded{{"key", 3}};
  std::cout << guarded.at("key") << '\n';
}
