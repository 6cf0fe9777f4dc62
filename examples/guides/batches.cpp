// SPDX-License-Identifier: MIT
/// @file Many keys at once.
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

int main() {
  // [insert]
  std::vector<std::pair<std::uint64_t, int>> rows;
  for (std::uint64_t i = 0; i < 1000; ++i) rows.emplace_back(i * 7, static_cast<int>(i));
  perturb::HashTable<std::uint64_t, int> table;
  std::cout << table.insert_batch(rows) << " inserted\n";
  // [insert]

  // [find]
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 700; ++i) keys.push_back(i);
  std::vector<const int*> values(keys.size());
  std::as_const(table).find_batch(keys, values);  // values[i] is what get(keys[i]) gives: nullptr if there is none
  std::size_t found = 0;
  for (const int* value : values) found += value != nullptr ? 1 : 0;
  std::cout << found << " of " << keys.size() << " found\n";
  // [find]

  // [hash]
  const auto hash = table.hash(21);  // hashed once, used three times
  if (table.contains(21, hash)) std::cout << *table.get(21, hash) << ", then " << table.erase(21, hash) << " erased\n";
  // [hash]

  // [ring]
  const perturb::HashRing<std::string> ring = {"a", "b", "c"};
  std::vector<const std::string*> owners(keys.size());
  ring.find_owner_batch(keys, owners);
  std::cout << "key 0 is on " << *owners[0] << '\n';
  // [ring]
}
