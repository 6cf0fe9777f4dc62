// SPDX-License-Identifier: MIT
/// @file Python's dict, for scale: a script times it in a python3 of its own.
#pragma once

#include "options.hpp"
#include "results.hpp"

namespace compare {

/// Adds a table "python-dict" to the results: the workloads on one table that dict has, for random keys of the types
/// u64-u64 and string-u64, and the bytes of the dict itself. Throws: std::runtime_error if the script fails.
void add_python_dict(const Options& options, Results& results);

}  // namespace compare
