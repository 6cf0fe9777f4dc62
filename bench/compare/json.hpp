// SPDX-License-Identifier: MIT
/// @file The results as JSON, for tools/plot_bench.py.
#pragma once

#include "options.hpp"
#include "results.hpp"

namespace compare {

/// Everything that was measured and what it was measured on. Throws: std::runtime_error if the file cannot be written.
void write_json(const Options& options, const Results& results);

}  // namespace compare
