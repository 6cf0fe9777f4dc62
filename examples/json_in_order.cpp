// SPDX-License-Identifier: MIT
// nlohmann::json with OrderedHashTable as the type of its objects: members stay in the order in which they were
// written.
#include <perturb/ordered_hash_table.hpp>

#include <nlohmann/json.hpp>

#include <iostream>

// As the library wants it: with an allocator in the fourth place, and the comparison of the third under a name.
template <class Key, class T, class Compare, class Allocator>
struct JsonObject : perturb::OrderedHashTable<Key, T>::template with_allocator<Allocator> {
  using Base = typename perturb::OrderedHashTable<Key, T>::template with_allocator<Allocator>;
  using Base::Base;
  using key_compare = Compare;
};
using Json = nlohmann::basic_json<JsonObject>;

int main() {
  Json config =
      Json::parse(R"({"server": {"port": 8080, "host": "localhost"}, "debug": false, "admins": ["zoe", "al"]})");
  config["server"]["port"] = 9090;  // stays first
  config["version"] = 3;            // comes last
  config.erase("debug");
  std::cout << config.dump(2) << '\n';
  for (const auto& member : config.items()) std::cout << member.key() << '\n';
}
