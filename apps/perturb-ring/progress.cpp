// SPDX-License-Identifier: MIT
#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

namespace ring_tool {

Progress::Progress(std::string what, std::uint64_t whole)
    : what_(std::move(what)), whole_(whole), is_terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (is_shown_) (void)std::fprintf(stderr, "\r\033[K");
}

void Progress::draw(std::uint64_t done) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  is_shown_ = true;
  if (whole_ == 0) {
    (void)std::fprintf(stderr, "\r\033[K%s: %llu", what_.c_str(), static_cast<unsigned long long>(done));
    return;
  }
  constexpr std::size_t kColumns = 40;
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(whole_));
  const auto filled = static_cast<std::size_t>(part * kColumns);
  (void)std::fprintf(stderr, "\r\033[K%s [%s%s] %3.0f %%", what_.c_str(), std::string(filled, '#').c_str(),
                     std::string(kColumns - filled, '.').c_str(), 100 * part);
}

}  // namespace ring_tool
