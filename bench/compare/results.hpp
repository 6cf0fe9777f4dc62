// SPDX-License-Identifier: MIT
/// @file What a comparison yields: plain data, filled by the runner and read by the reports.
#pragma once

#include "memory.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace compare {

struct Measurement {
  std::string type;
  Pattern pattern;
  HashChoice hash;
  Workload workload;
  std::size_t size;  // elements of a table
  std::string table;
  std::vector<double> nanoseconds;  // one for each round
};

struct MemoryMeasurement {
  std::string type;
  Pattern pattern;
  std::size_t size;
  std::string table;
  Footprint footprint;
  std::optional<std::size_t> resident_bytes;
};

struct Results {
  std::vector<TableInfo> tables;  // in the order of their columns
  std::vector<Measurement> measurements;
  std::vector<MemoryMeasurement> memory;
};

}  // namespace compare
