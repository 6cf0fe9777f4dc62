// SPDX-License-Identifier: MIT
/// @file The results as tables to read, and as JSON to draw.
#pragma once

#include "options.hpp"
#include "results.hpp"

#include <iosfwd>

namespace compare {

/// For each type and pattern a table of geometric means over the sizes, with perturb's ratio to the best flat peer and
/// to the best of all; then the memory, the noise, the whole, and where perturb is behind.
void print_report(std::ostream& out, const Results& results);

/// Everything that was measured and what it was measured on. Throws: std::runtime_error if the file cannot be written.
void write_json(const Options& options, const Results& results);

}  // namespace compare
