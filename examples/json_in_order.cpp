// SPDX-License-Identifier: MIT
// JSON whose objects are OrderedHashTables: members stay in the order in which they were written. And a table from
// JSON, where a key that comes twice is an error.
#include <perturb/json.hpp>

#include <iostream>
#include <string>

int main() {
  using perturb::OrderedJson;
  OrderedJson config =
      OrderedJson::parse(R"({"server": {"port": 8080, "host": "localhost"}, "debug": false, "admins": ["zoe", "al"]})");
  config["server"]["port"] = 9090;  // stays first
  config["version"] = 3;            // comes last
  config.erase("debug");
  std::cout << config.dump(2) << '\n';
  for (const auto& member : config.items()) std::cout << member.key() << '\n';

  using Limits = perturb::OrderedHashTable<std::string, int>;
  for (const auto& [key, limit] : perturb::parse_json<Limits>(R"({"open": 100, "idle": 5})")) {
    std::cout << key << " = " << limit << '\n';
  }
  try {
    static_cast<void>(perturb::parse_json<Limits>(R"({"open": 100, "idle": 5, "open": 7})"));
  } catch (const perturb::DuplicateKey& error) {
    std::cout << error.what() << '\n';
  }
}
