// SPDX-License-Identifier: MIT
/// @file Runs the tables in turns and keeps what they took.
#pragma once

#include "options.hpp"
#include "results.hpp"

#include <functional>
#include <string>
#include <vector>

namespace compare {

/// All tables that this program was built with, in the order of their columns.
std::vector<TableInfo> known_tables();

/// Calls `keep` with what there is so far after each type, kind of keys and hash, so that a
/// long run that is stopped is not lost.
/// Throws: std::runtime_error if tables that should have done the same work did not; what `keep` throws.
Results run(const Options& options, const std::function<void(const Results&)>& keep);

}  // namespace compare
