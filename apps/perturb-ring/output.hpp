// SPDX-License-Identifier: MIT
/// @file What the tool prints.
#pragma once

#include <string>
#include <string_view>

namespace ring_tool {

/// Writes to standard output. Throws: std::runtime_error if it cannot be written.
void print(std::string_view text);
/// Writes what is still kept back. Throws: as print.
void flush_output();

/// A line on standard error that is no error: what an import leaves out.
void print_note(const std::string& note);

}  // namespace ring_tool
