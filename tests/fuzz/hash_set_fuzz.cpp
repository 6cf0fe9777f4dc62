// SPDX-License-Identifier: MIT
// Operations on HashSet, with elements and growth policies of several kinds.
#include "fuzz/table_machine.hpp"

#include <perturb/hash_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

template <class Key, class Growth = perturb::growth::Dict>
using Failing = perturb::HashSet<Key, fuzz::ShapedHash, fuzz::FailingEqual, fuzz::Allocator<Key>, Growth>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  switch (input.below(4)) {
    case 0:
      fuzz::run_table_machine<perturb::HashSet<std::string>>(input);
      break;
    case 1:
      fuzz::run_table_machine<Failing<std::uint32_t>>(input);
      break;
    case 2:
      fuzz::run_table_machine<Failing<kit::MoveOnlyKey, perturb::growth::Doubling>>(input);
      break;
    default:
      fuzz::run_table_machine<Failing<fuzz::Fragile>>(input);
  }
  return 0;
}
