// SPDX-License-Identifier: MIT
/// @file What a table takes, and how to make it take less or faster memory.
#include <perturb/growth.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/huge_pages.hpp>
#include <perturb/pmr.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory_resource>
#include <utility>

int main() {
  // [bytes]
  using Table = perturb::HashTable<std::uint64_t, std::uint64_t>;
  Table table;
  Table::with_growth<perturb::growth::Doubling> doubling;
  for (std::uint64_t i = 0; i < 10'000; ++i) table[i] = doubling[i] = i;
  std::cout << table.memory_bytes() / table.size() << " bytes an element by default, "
            << doubling.memory_bytes() / doubling.size() << " with growth::Doubling\n";
  table.shrink_to_fit();
  std::cout << table.memory_bytes() / table.size() << " after shrink_to_fit()\n";
  // [bytes]

  // [small]
  Table small;
  small[1] = 1;
  std::cout << small.memory_bytes() << " bytes for one element, " << Table().memory_bytes() << " for none\n";
  // [small]

  // [huge]
  using Element = std::pair<const std::uint64_t, std::uint64_t>;
  Table::with_allocator<perturb::HugePageAllocator<Element>> large;  // for tables of 4 MiB and more, on Linux
  large.reserve(200'000);
  large[1] = 2;
  std::cout << large.at(1) << '\n';
  // [huge]

  // [pmr]
  std::array<std::byte, 4096> buffer{};
  std::pmr::monotonic_buffer_resource resource(buffer.data(), buffer.size(), std::pmr::null_memory_resource());
  perturb::pmr::HashTable<int, int> on_the_stack(&resource);
  for (int i = 0; i < 50; ++i) on_the_stack[i] = i * i;
  std::cout << on_the_stack.at(7) << '\n';
  // [pmr]
}
