// SPDX-License-Identifier: MIT
/// @file Keys as members of JSON objects, written without making the objects.
#pragma once

#include <string>
#include <string_view>

namespace ring_tool {

/// A text as a JSON string; what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(std::string_view text);

/// Appends `"key": "..."`, or `"key_hex": "..."` for a key that is no UTF-8.
void append_json_key(std::string& out, std::string_view key);

}  // namespace ring_tool
