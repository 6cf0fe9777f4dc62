// SPDX-License-Identifier: MIT
/// @file What the user asked to compare.
#pragma once

#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace compare {

struct Options {
  std::vector<std::string> types;
  std::vector<Pattern> patterns;
  std::vector<HashChoice> hashes;
  std::vector<Workload> workloads;
  std::vector<std::string> tables;
  std::vector<std::size_t> sizes;        // of the single tables
  std::vector<std::size_t> small_sizes;  // of each of many small tables
  std::size_t rounds = 0;
  bool memory = true;
  bool each_size = false;
  bool python = false;  // Python's dict too
  std::uint64_t seed = 0;
  std::string json_file;
  std::string commit;
  std::string command;
};

/// From the command line. Prints help, the list of tables, or what is wrong, and ends the program where that is asked
/// for or needed: with 0, or 2 for bad input.
Options parse_options(int argc, char** argv, const std::vector<TableInfo>& known_tables);

}  // namespace compare
