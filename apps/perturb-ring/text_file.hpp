// SPDX-License-Identifier: MIT
/// @file Whole files as text, and text as whole files.
#pragma once

#include <string>
#include <string_view>

namespace ring_tool {

/// How messages call standard input.
inline constexpr std::string_view kStandardInput = "standard input";

struct TextFile {
  std::string name;  ///< as messages call it
  std::string text;
};

/// The content of a file; "-" is standard input. Throws: InputError if it cannot be read.
[[nodiscard]] TextFile read_text(const std::string& path);

/// Writes a file. Throws: InputError if it cannot be opened, std::runtime_error if it cannot be written to its end.
void write_text(const std::string& path, std::string_view text);

}  // namespace ring_tool
