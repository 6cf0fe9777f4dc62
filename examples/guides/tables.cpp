// SPDX-License-Identifier: MIT
/// @file Tables and growth policies compared.
#include <perturb/growth.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <iostream>
#include <string>

// [measure]
template <class Table>
void fill_and_drain(const char* name) {
  Table table;
  std::cout << name;
  for (const int size : {30'000, 100'000}) {
    for (int i = 0; i < size; ++i) table[i] = i;
    std::cout << ": " << size << " elements in " << table.bucket_count() << " buckets";
  }
  for (int i = 1'000; i < 100'000; ++i) table.erase(i);
  std::cout << ": the last 1000 in " << table.bucket_count() << '\n';
}
// [measure]

// [policy]
/// Grows by two beyond three quarters, and gives memory back.
struct Thrifty : perturb::growth::Quadrupling {
  static constexpr std::size_t rehash_to(std::size_t size, std::size_t capacity) {
    return 3 * (size + 1) < 2 * capacity ? capacity : 2 * capacity;
  }
};
static_assert(perturb::growth::is_consistent<Thrifty>());
// [policy]

int main() {
  // [kinds]
  perturb::HashTable<std::string, int> by_hash = {{"one", 1}, {"two", 2}, {"three", 3}};
  perturb::OrderedHashTable<std::string, int> by_insertion = {{"one", 1}, {"two", 2}, {"three", 3}};
  const perturb::HashSet<std::string> keys_alone = {"one", "two", "three"};

  for (const auto& [key, value] : by_insertion) std::cout << key << ' ';  // always this order
  std::cout << '\n' << by_insertion.front().first << " came first, " << by_insertion.back().first << " last\n";
  std::cout << std::boolalpha << keys_alone.contains("two") << ' ' << by_hash.contains("four") << '\n';
  // [kinds]

  // [policies]
  using Table = perturb::HashTable<int, int>;
  fill_and_drain<Table>("Dict       ");
  fill_and_drain<Table::with_growth<perturb::growth::Quadrupling>>("Quadrupling");
  fill_and_drain<Table::with_growth<perturb::growth::NoShrink>>("NoShrink   ");
  fill_and_drain<Table::with_growth<perturb::growth::Doubling>>("Doubling   ");
  fill_and_drain<Table::with_growth<Thrifty>>("Thrifty    ");
  // [policies]
}
