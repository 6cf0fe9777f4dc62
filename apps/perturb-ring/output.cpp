// SPDX-License-Identifier: MIT
#include "output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ring_tool {

namespace {

[[noreturn]] void refuse() {
  const std::string reason = std::strerror(errno);  // NOLINT(concurrency-mt-unsafe)
  throw std::runtime_error("standard output cannot be written: " + reason);
}

}  // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) refuse();
}

void flush_output() {
  if (std::fflush(stdout) != 0) refuse();
}

void print_note(const std::string& note) { (void)std::fprintf(stderr, "perturb-ring: note: %s\n", note.c_str()); }

}  // namespace ring_tool
