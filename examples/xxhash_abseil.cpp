// SPDX-License-Identifier: MIT
// perturb's hasher in Abseil's tables, which take the result of a hasher as it is: so it must be a good one.
#include <perturb/hashers.hpp>

#include <absl/container/flat_hash_map.h>

#include <iostream>
#include <string>
#include <string_view>

int main() {
  absl::flat_hash_map<std::string, int, perturb::XxHash<std::string>, perturb::Equal<std::string>> table;
  table["one"] = 1;
  table["two"] = 2;
  std::cout << table.find(std::string_view("two"))->second << '\n';
}
