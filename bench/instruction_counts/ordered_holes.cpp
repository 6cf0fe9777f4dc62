// SPDX-License-Identifier: MIT
#include "counting.hpp"
#include "more_tables.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

namespace counting {

// Erases the second element again and again: between it and the first one are more and more holes.
void count_ordered_holes() {
  // So many that passing the holes one by one, or a word at a time, would be most of the work.
  constexpr std::size_t kSize = 50'000;
  perturb::OrderedHashTable<std::uint64_t, std::uint64_t> table;
  for (const std::uint64_t key : make_keys<std::uint64_t>(0, kSize)) table.try_emplace(key, 1U);
  count("erase_second/ordered-u64/" + std::to_string(kSize), [&] {
    while (table.size() > 1) table.erase(std::next(table.begin()));
  });
  require(table.size() == 1, "the first element was erased");
}

}  // namespace counting
