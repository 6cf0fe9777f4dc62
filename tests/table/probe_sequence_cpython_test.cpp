// SPDX-License-Identifier: MIT
/// @file ProbeSequence beside a live CPython 3.11: the slots of its dicts, read from their dk_indices, are those that
/// the sequence chooses for the same hashes. Skipped where python3 is another version or absent.
#include "support/program_output.hpp"

#include <perturb/table/probe_sequence.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr long kEmpty = -1;
constexpr long kDummy = -2;

/// The command of an interpreter that is CPython 3.11, or empty; `seen` gets what the others are.
std::string find_cpython_3_11(std::string& seen) {
  for (const char* python : {"python3", "python3.11", "/usr/bin/python3.11"}) {
    const std::string version = kit::output_of(
        std::string(python) + " -c 'from platform import *; print(python_implementation(), python_version())' 2>&1");
    if (version.starts_with("CPython 3.11.")) return python;
    seen += std::string(python) + ": " + version;
  }
  return {};
}

/// CPython's dict as far as slots are concerned: an insertion takes the first slot of its sequence without an entry.
std::vector<long> slots_by_our_sequence(std::size_t size, std::istringstream& done) {
  std::vector<long> slots(size, kEmpty);
  std::vector<std::size_t> slot_of_entry;
  std::string change;
  while (done >> change) {
    const std::uint64_t number = std::stoull(change.substr(1));
    if (change.front() == '-') {
      slots[slot_of_entry.at(number)] = kDummy;
      continue;
    }
    perturb::ProbeSequence sequence(number, size - 1);
    while (slots[sequence.position()] >= 0) sequence.advance();
    slots[sequence.position()] = static_cast<long>(slot_of_entry.size());
    slot_of_entry.push_back(sequence.position());
  }
  return slots;
}

TEST(ProbeSequenceCpython, ChoosesTheSlotsThatALiveInterpreterChooses) {
  std::string seen;
  const std::string python = find_cpython_3_11(seen);
  if (python.empty()) GTEST_SKIP() << "no CPython 3.11 here to compare with\n" << seen;
  const std::filesystem::path script = std::filesystem::path(__FILE__).parent_path() / "cpython_dict_indices.py";
  std::istringstream dicts(kit::output_of(python + " '" + script.string() + "'"));
  std::string line;
  std::size_t compared = 0;
  std::size_t with_dummies = 0;
  std::size_t largest = 0;
  while (std::getline(dicts, line)) {
    std::istringstream fields(line);
    std::size_t size = 0;
    ASSERT_TRUE(fields >> size) << line;
    std::vector<long> theirs(size);
    for (long& slot : theirs) fields >> slot;
    std::string colon;
    fields >> colon;
    ASSERT_EQ(colon, ":");
    ASSERT_EQ(slots_by_our_sequence(size, fields), theirs) << "dict " << compared << " of " << size << " slots";
    ++compared;
    for (const long slot : theirs) {
      if (slot == kDummy) {
        ++with_dummies;
        break;
      }
    }
    if (size > largest) largest = size;
  }
  EXPECT_GT(compared, 2000u);
  EXPECT_GT(with_dummies, 300u);
  EXPECT_GE(largest, 65'536u);
}

}  // namespace
