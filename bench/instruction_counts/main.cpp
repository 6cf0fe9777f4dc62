// SPDX-License-Identifier: MIT
/// @file Fixed operations on fixed tables, for tools/check_instructions.py: under valgrind --tool=callgrind each leaves
/// its instruction count in a dump, by a client request; how many groups are visited is printed on standard output, as
/// lines of a name and a number. Neither depends on the clock, so both can be compared with the figures of another day.
#include "more_tables.hpp"
#include "operations.hpp"

#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using Numbers = perturb::HashTable<std::uint64_t, std::uint64_t>;
using Strings = perturb::HashTable<std::string, std::uint64_t>;

// Just before a growth, when groups are full, and just after it, when the table is sparse.
constexpr std::size_t kFullSize = 6000;
constexpr std::size_t kSparseSize = 6300;

}  // namespace

int main() {
  count_operations<Numbers>("u64", kFullSize);
  count_operations<Numbers>("u64", kSparseSize);
  count_operations<Strings>("string", kFullSize);
  count_operations<Strings>("string", kSparseSize);
  counting::count_large_tables();
  counting::count_small_tables();
  counting::count_ordered_tables();
  counting::count_ordered_holes();
}
