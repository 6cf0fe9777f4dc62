// SPDX-License-Identifier: MIT
// perturb's hasher in Boost's tables: they read that it is avalanching, and do not mix its results again.
#include <perturb/hashers.hpp>

#include <boost/unordered/hash_traits.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <iostream>
#include <string>
#include <string_view>

int main() {
  using Hash = perturb::XxHash<std::string>;
  static_assert(boost::unordered::hash_is_avalanching<Hash>::value);
  static_assert(boost::unordered::hash_is_avalanching<perturb::RandomSeed<Hash>>::value);
  static_assert(!boost::unordered::hash_is_avalanching<perturb::StdHash<std::string>>::value);

  boost::unordered_flat_map<std::string, int, Hash, perturb::Equal<std::string>> table;
  table["one"] = 1;
  table["two"] = 2;
  std::cout << table.find(std::string_view("two"))->second << '\n';
}
