// SPDX-License-Identifier: MIT
// Tables in cereal: how to save and load one, for every kind of archive, here binary and JSON.
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <cereal/archives/binary.hpp>
#include <cereal/archives/json.hpp>
#include <cereal/types/concepts/pair_associative_container.hpp>
#include <cereal/types/string.hpp>

#include <iostream>
#include <sstream>
#include <string>

// For HashTable, cereal's own functions for maps do: they ask for the interface of std::unordered_map. For an
// OrderedHashTable too, since new elements come last.

template <class Table, class Output, class Input>
Table through(const Table& table) {
  std::stringstream stream;
  {
    Output archive(stream);
    archive(table);
  }
  Table result;
  Input archive(stream);
  archive(result);
  return result;
}

int main() {
  using Ordered = perturb::OrderedHashTable<std::string, int>;
  using Nested = perturb::HashTable<std::string, perturb::HashTable<int, double>>;
  const Ordered ordered{{"z", 1}, {"a", 2}};
  const Nested nested{{"x", {{1, 0.5}}}, {"y", {}}};
  const auto same = through<Ordered, cereal::JSONOutputArchive, cereal::JSONInputArchive>(ordered);
  std::cout << same.front().first << ' ' << same.back().first << ' ' << (same == ordered) << ' '
            << (through<Nested, cereal::BinaryOutputArchive, cereal::BinaryInputArchive>(nested) == nested) << '\n';
}
