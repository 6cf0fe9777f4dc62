// SPDX-License-Identifier: MIT
#include "more_tables.hpp"
#include "operations.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace counting {
namespace {

using Numbers = perturb::OrderedHashTable<std::uint64_t, std::uint64_t>;
using Strings = perturb::OrderedHashTable<std::string, std::uint64_t>;

// Just before the index grows, and just after it.
constexpr std::size_t kFullSize = 6000;
constexpr std::size_t kSparseSize = 6300;

}  // namespace

void count_ordered_tables() {
  count_operations<Numbers>("ordered-u64", kFullSize);
  count_operations<Numbers>("ordered-u64", kSparseSize);
  count_operations<Strings>("ordered-string", kFullSize);
  count_operations<Strings>("ordered-string", kSparseSize);
}

}  // namespace counting
