// SPDX-License-Identifier: MIT
// Tables in boost::serialization: how to save and load one, for every kind of archive. Loading a table that was saved
// by another process needs nothing but the elements: hash values are not stored.
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <boost/archive/text_iarchive.hpp>
#include <boost/archive/text_oarchive.hpp>
#include <boost/serialization/string.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>

namespace my {

template <class Archive, class Table>
void save_table(Archive& archive, const Table& table) {
  const std::uint64_t count = table.size();
  archive << count;
  for (const auto& [key, value] : table) archive << key << value;
}

template <class Archive, class Table>
void load_table(Archive& archive, Table& table) {
  std::uint64_t count = 0;
  archive >> count;
  table.clear();
  table.reserve(std::min<std::uint64_t>(count, 4096));  // a damaged archive may ask for any number
  for (; count != 0; --count) {
    typename Table::key_type key;
    typename Table::mapped_type value;
    archive >> key >> value;
    table.try_emplace(std::move(key), std::move(value));
  }
}

}  // namespace my

namespace boost::serialization {

template <class Archive, class Key, class T, class... Rest>
void serialize(Archive& archive, perturb::HashTable<Key, T, Rest...>& table, unsigned) {
  if constexpr (Archive::is_saving::value) {
    my::save_table(archive, table);
  } else {
    my::load_table(archive, table);
  }
}
template <class Archive, class Key, class T, class... Rest>
void serialize(Archive& archive, perturb::OrderedHashTable<Key, T, Rest...>& table, unsigned) {
  if constexpr (Archive::is_saving::value) {
    my::save_table(archive, table);
  } else {
    my::load_table(archive, table);
  }
}

}  // namespace boost::serialization

int main() {
  const perturb::OrderedHashTable<std::string, int> ordered{{"z", 1}, {"a", 2}};
  const perturb::HashTable<std::string, perturb::HashTable<int, double>> nested{{"x", {{1, 0.5}}}, {"y", {}}};
  std::stringstream stream;
  {
    boost::archive::text_oarchive archive(stream);
    archive << ordered << nested;
  }
  perturb::OrderedHashTable<std::string, int> ordered_again;
  perturb::HashTable<std::string, perturb::HashTable<int, double>> nested_again;
  boost::archive::text_iarchive archive(stream);
  archive >> ordered_again >> nested_again;
  std::cout << ordered_again.front().first << ' ' << ordered_again.back().first << ' ' << (ordered_again == ordered)
            << ' ' << (nested_again == nested) << '\n';
}
