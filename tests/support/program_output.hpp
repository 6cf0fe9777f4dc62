// SPDX-License-Identifier: MIT
/// @file What another program prints.
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace kit {

/// What a shell command prints; empty if it cannot be run.
inline std::string output_of(const std::string& command) {
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
  std::string output;
  if (!pipe) return output;
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe.get())) output.append(buffer, n);
  return output;
}

}  // namespace kit
