// SPDX-License-Identifier: MIT
#include "more_tables.hpp"
#include "operations.hpp"

#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>

namespace counting {
namespace {

using Numbers = perturb::HashTable<std::uint64_t, std::uint64_t>;

// Beyond 50 000 elements, where another growth factor holds: before a growth and after it.
constexpr std::size_t kFullSize = 60'000;
constexpr std::size_t kSparseSize = 100'000;

}  // namespace

void count_large_tables() {
  count_operations<Numbers>("u64", kFullSize);
  count_operations<Numbers>("u64", kSparseSize);
}

}  // namespace counting
