// SPDX-License-Identifier: MIT
/// @file A progress bar on the terminal, and nothing where the output goes elsewhere.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace compare {

class Progress {
 public:
  explicit Progress(double whole) : whole_(whole), is_shown_(isatty(STDOUT_FILENO) == 1) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `part` of the whole was done; `next` says what comes now.
  void advance(double part, const std::string& next) {
    done_ += part;
    if (!is_shown_) return;
    const auto filled = static_cast<std::size_t>(std::clamp(done_ / whole_, 0.0, 1.0) * kWidth);
    const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '.');
    std::printf("\r\033[K[%s] %3.0f %%  %s", bar.c_str(), 100.0 * done_ / whole_, next.c_str());
    std::fflush(stdout);
  }

  void clear() {
    if (is_shown_) std::printf("\r\033[K");
  }

 private:
  static constexpr std::size_t kWidth = 30;

  double whole_;
  double done_ = 0.0;
  bool is_shown_;
};

}  // namespace compare
