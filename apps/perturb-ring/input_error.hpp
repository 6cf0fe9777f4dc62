// SPDX-License-Identifier: MIT
/// @file InputError: what makes perturb-ring end with status 2, with a message that names the file and the line.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace ring_tool {

/// A place in an input. Without a file it is the command line; line 0 is the whole file.
struct Place {
  std::string file = {};
  std::size_t line = 0;

  [[nodiscard]] std::string text() const {
    if (file.empty()) return {};
    return line == 0 ? file : file + ":" + std::to_string(line);
  }
};

class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
  InputError(const Place& place, const std::string& message)
      : std::runtime_error(place.file.empty() ? message : place.text() + ": " + message) {}
};

}  // namespace ring_tool
