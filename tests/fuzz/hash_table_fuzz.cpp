// SPDX-License-Identifier: MIT
// Operations on HashTable, with elements and growth policies of several kinds.
#include "fuzz/table_machine.hpp"

#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace {

template <class Key, class T, class Growth = perturb::growth::Dict>
using Failing =
    perturb::HashTable<Key, T, fuzz::ShapedHash, fuzz::FailingEqual, fuzz::Allocator<std::pair<const Key, T>>, Growth>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  switch (input.below(5)) {
    case 0:
      fuzz::run_table_machine<perturb::HashTable<std::uint32_t, std::uint32_t>>(input);
      break;
    case 1:
      fuzz::run_table_machine<Failing<std::uint64_t, std::string, perturb::growth::Quadrupling>>(input);
      break;
    case 2:
      fuzz::run_table_machine<Failing<std::string, std::uint32_t, perturb::growth::Doubling>>(input);
      break;
    case 3:
      fuzz::run_table_machine<Failing<std::uint16_t, std::unique_ptr<std::uint64_t>, perturb::growth::NoShrink>>(input);
      break;
    default:
      fuzz::run_table_machine<Failing<std::uint32_t, fuzz::Fragile>>(input);
  }
  return 0;
}
