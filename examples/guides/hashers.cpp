// SPDX-License-Identifier: MIT
/// @file Hashers: the ready ones, one of your own, and how to see whether it is any good.
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table_stats.hpp>

#include <cstdint>
#include <iostream>
#include <string>

// [own]
/// An order number: the year in the low ten bits, a running number above them.
struct OrderHash {
  std::uint64_t operator()(std::uint64_t order) const { return order >> 10; }
};
// [own]

// [bad]
/// Looks at the first letter only.
struct FirstLetter {
  using is_avalanching = void;  // a promise that it does not keep
  std::uint64_t operator()(const std::string& key) const {
    return key.empty() ? 0 : static_cast<unsigned char>(key[0]);
  }
};
// [bad]

int main() {
  // [ready]
  using perturb::HashTable;
  HashTable<std::string, int> by_default;                                                       // XxHash, seed 0
  HashTable<std::string, int, perturb::RandomSeed<perturb::XxHash<std::string>>> from_outside;  // attackers' keys
  HashTable<std::string, int, perturb::StdHash<std::string>> standard;                          // std::hash, mixed
  HashTable<std::uint64_t, int, perturb::IdentityHash> random_numbers;                          // mixed only
  HashTable<std::string, int, perturb::XxHash<std::string>> seeded(0, perturb::XxHash<std::string>(42));
  // [ready]
  by_default["a"] = from_outside["a"] = standard["a"] = random_numbers[1] = seeded["a"] = 1;

  // [own use]
  HashTable<std::uint64_t, std::string, OrderHash> orders;
  orders.emplace(std::uint64_t{7} << 10 | 26, "seven of 26");
  std::cout << orders.at(std::uint64_t{7} << 10 | 26) << '\n';
  // [own use]

  // [verdict]
  HashTable<std::string, int, FirstLetter> words;
  HashTable<std::string, int> good_words;
  for (int i = 0; i < 500; ++i) {
    words["key " + std::to_string(i)] = i;
    good_words["key " + std::to_string(i)] = i;
  }
  std::cout << "FirstLetter: " << words.stats().mean_probe_length() << " groups a search\n"
            << words.stats().verdict() << '\n';
  std::cout << "XxHash: " << good_words.stats().mean_probe_length() << " groups a search\n"
            << good_words.stats().verdict() << '\n';
  // [verdict]
}
