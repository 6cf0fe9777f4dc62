// SPDX-License-Identifier: MIT
// What the debuggers' scripts are tried on: tables, sets and iterators in all their states, and memory that holds none.
// The debugger stops in stop_here.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/pmr.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace {

// All keys in one group, so that it fills up and its erased slots become tombstones.
struct OneGroup {
  using is_avalanching = void;
  std::uint64_t operator()(int key) const noexcept { return static_cast<std::uint64_t>(key) << 32; }
};

[[gnu::noinline]] void stop_here() { asm volatile("" ::: "memory"); }

template <class Table>
Table numbers(int count) {
  Table table;
  for (int i = 0; i < count; ++i) table.try_emplace(i, i * i);
  return table;
}

template <class Table>
Table* table_in(void* memory) {
  return static_cast<Table*>(memory);
}

}  // namespace

// Global, so that a debugger sees them in optimized code too.
namespace subjects {

using Table = perturb::HashTable<int, int>;
using Strings = perturb::HashTable<std::string, std::string>;
using Set = perturb::HashSet<std::string>;
using Ordered = perturb::OrderedHashTable<std::string, int>;
using OrderedSet = perturb::OrderedHashSet<int>;
using Tombstones = perturb::HashTable<int, int, OneGroup>;

Table empty_table;
Table reserved_table(8);
Table table_of_3;
Table table_of_6;
Table table_of_14;
Table table_of_15;
Table table_of_1000;
Table moved_from_table;
Strings strings;
perturb::HashTable<int, Table> nested;
// Types whose names compilers and debuggers write in several ways.
perturb::HashTable<int, std::array<int, 2>> of_arrays;
perturb::HashTable<int, const int* const*> of_pointers;
perturb::HashTable<int, Table::iterator> of_iterators;
perturb::HashTable<long long, long double> of_long_doubles;
perturb::pmr::HashTable<int, int> in_a_resource;
Tombstones with_tombstones;
Tombstones all_erased;
Set empty_set;
Set set;
Ordered empty_ordered;
Ordered ordered;
Ordered ordered_of_200;
OrderedSet ordered_set;
OrderedSet with_holes;

Table::iterator at_three;
Table::const_iterator at_end;
Table::iterator singular;
Tombstones::iterator at_erased;
Strings::iterator at_string;
Set::iterator at_set;
Ordered::iterator at_ordered;
Ordered::const_iterator ordered_end;
OrderedSet::iterator at_hole;
decltype(strings.keys()) keys;
decltype(ordered.values()) ordered_values;
perturb::HashValue hash(0);

// What a debugger sees before a constructor has run, and after a stray write.
alignas(64) std::array<std::byte, 1024> garbage;
std::array<std::array<std::byte, sizeof(Table)>, 4> overwritten;
std::array<std::array<std::byte, sizeof(Ordered)>, 2> overwritten_ordered;
Table* uninitialized_table;
Ordered* uninitialized_ordered;
Table::iterator* uninitialized_iterator;
Ordered::iterator* uninitialized_ordered_iterator;
Table* table_of_a_wrong_size;
Table* table_of_a_wrong_capacity;
Table* table_of_a_wrong_array;
Table* table_of_another_array;
Ordered* ordered_of_a_wrong_size;
Ordered* ordered_of_a_wrong_block;

}  // namespace subjects

using namespace subjects;

int main() {
  table_of_3 = {{1, 10}, {2, 20}, {3, 30}};
  table_of_6 = numbers<Table>(6);
  table_of_14 = numbers<Table>(14);
  table_of_15 = numbers<Table>(15);
  table_of_1000 = numbers<Table>(1000);
  moved_from_table = table_of_3;
  nested.try_emplace(1, std::move(moved_from_table));
  nested.try_emplace(2, Table());
  of_arrays = {{1, {4, 5}}};
  of_pointers = {{1, nullptr}};
  of_iterators.try_emplace(1, table_of_3.find(3));
  of_long_doubles = {{1, 2}};
  strings = {{"apple", "red"}, {"banana", "yellow"}};
  in_a_resource = {{1, 10}};
  with_tombstones = numbers<Tombstones>(40);
  for (int i = 0; i < 40; i += 2) with_tombstones.erase(with_tombstones.find(i));
  all_erased = numbers<Tombstones>(20);
  for (int i = 0; i < 20; ++i) all_erased.erase(all_erased.find(i));
  set = {"apple"};
  ordered = {{"zoe", 1}, {"al", 2}, {"mia", 3}};
  for (int i = 0; i < 200; ++i) ordered_of_200.try_emplace("key " + std::to_string(i), i);
  for (int i = 0; i < 200; i += 2) ordered_of_200.erase(ordered_of_200.find("key " + std::to_string(i)));
  ordered_set = {3, 1, 2};
  with_holes = {5, 4, 3, 2, 1};
  with_holes.erase(with_holes.find(4));
  at_hole = with_holes.find(2);
  with_holes.erase(at_hole);

  at_three = table_of_3.find(3);
  at_end = table_of_3.cend();
  at_erased = with_tombstones.find(1);
  with_tombstones.erase(at_erased);
  at_string = strings.find("banana");
  at_set = set.begin();
  at_ordered = ordered.find("al");
  ordered_end = ordered.cend();
  keys = strings.keys();
  ordered_values = ordered.values();
  hash = perturb::HashValue(0xFEED);

  std::memset(&garbage, 0xA5, sizeof garbage);
  uninitialized_table = table_in<Table>(&garbage);
  uninitialized_ordered = table_in<Ordered>(&garbage);
  uninitialized_iterator = table_in<Table::iterator>(&garbage);
  uninitialized_ordered_iterator = table_in<Ordered::iterator>(&garbage);
  // The words of a table: control bytes, mask, size, then the logarithm of the capacity in the second half.
  constexpr std::size_t kWord = sizeof(std::size_t);
  for (auto& bytes : overwritten) std::memcpy(&bytes, static_cast<const void*>(&table_of_1000), sizeof bytes);
  for (auto& bytes : overwritten_ordered) std::memcpy(&bytes, static_cast<const void*>(&ordered), sizeof bytes);
  std::memset(overwritten[0].data() + 2 * kWord, 0x7F, kWord);
  overwritten[1][3 * kWord + 4] = std::byte{60};
  std::memset(overwritten[2].data(), 0x10, kWord);
  std::memcpy(overwritten[3].data(), static_cast<const void*>(&table_of_15), kWord);
  std::memset(overwritten_ordered[0].data() + 3 * kWord, 0x7F, kWord);
  std::memset(overwritten_ordered[1].data() + kWord, 0, kWord);
  table_of_a_wrong_size = table_in<Table>(&overwritten[0]);
  table_of_a_wrong_capacity = table_in<Table>(&overwritten[1]);
  table_of_a_wrong_array = table_in<Table>(&overwritten[2]);
  table_of_another_array = table_in<Table>(&overwritten[3]);
  ordered_of_a_wrong_size = table_in<Ordered>(&overwritten_ordered[0]);
  ordered_of_a_wrong_block = table_in<Ordered>(&overwritten_ordered[1]);
  stop_here();
}
