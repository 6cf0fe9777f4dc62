// SPDX-License-Identifier: MIT
/// @file A progress bar on standard error for work that takes longer than half a second; nothing where that is no
/// terminal. (Debian 12 has no such library for C++.)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ring_tool {

class Progress {
 public:
  /// `whole` of 0: nobody knows how much there is, and the bar shows how much is done.
  Progress(std::string what, std::uint64_t whole);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// `done` of the whole is done.
  void show(std::uint64_t done) {
    if (is_terminal_) draw(done);
  }

 private:
  using Clock = std::chrono::steady_clock;

  void draw(std::uint64_t done);

  std::string what_;
  std::uint64_t whole_;
  bool is_terminal_;
  bool is_shown_ = false;
  Clock::time_point next_ = Clock::now() + std::chrono::milliseconds(500);
};

}  // namespace ring_tool
