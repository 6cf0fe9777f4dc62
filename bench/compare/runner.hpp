// SPDX-License-Identifier: MIT
/// @file Runs the tables in turns and keeps what they took.
#pragma once

#include "options.hpp"
#include "results.hpp"

#include <string>
#include <vector>

namespace compare {

/// All tables that this program was built with, in the order of their columns.
std::vector<TableInfo> known_tables();

/// Throws: std::runtime_error if tables that should have done the same work did not.
Results run(const Options& options);

}  // namespace compare
