// SPDX-License-Identifier: MIT
/// @file The results as tables to read.
#pragma once

#include "options.hpp"
#include "results.hpp"

#include <iosfwd>

namespace compare {

/// The memory by size; for each type, kind of keys and hash a table of geometric means over the sizes, with the ratio
/// of perturb to its peers; then the means of everything, where perturb is slower than a flat peer, and the
/// noise.
void print_report(std::ostream& out, const Options& options, const Results& results);

}  // namespace compare
