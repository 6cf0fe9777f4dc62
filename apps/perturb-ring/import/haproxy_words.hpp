// SPDX-License-Identifier: MIT
/// @file The words of a line of an HAProxy configuration, by its rules of quoting (configuration manual, 2.2 and 2.3).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../input_error.hpp"

namespace ring_tool {

/// The value of an environment variable, or nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Throws: InputError for a quote that is not closed, and other text that HAProxy refuses.
[[nodiscard]] std::vector<std::string> haproxy_words(std::string_view line, const Place& place,
                                                     const Environment& environment);

}  // namespace ring_tool
