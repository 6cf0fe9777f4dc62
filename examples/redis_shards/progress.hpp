// SPDX-License-Identifier: MIT
/// @file A progress bar on stderr, if that is a terminal.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

namespace shards {

class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)), is_shown_(isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (is_drawn_) std::fputs("\r\x1b[K", stderr);
  }

  void show(double part, const std::string& note = {}) {
    if (!is_shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (is_drawn_ && now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    is_drawn_ = true;
    constexpr std::size_t kWidth = 30;
    const std::size_t full = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * kWidth);
    const std::string bar = std::string(full, '#') + std::string(kWidth - full, '.');
    std::fprintf(stderr, "\r%s [%s] %3.0f %% %s\x1b[K", what_.c_str(), bar.c_str(), 100 * part, note.c_str());
    std::fflush(stderr);
  }

 private:
  std::string what_;
  bool is_shown_;
  bool is_drawn_ = false;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace shards
