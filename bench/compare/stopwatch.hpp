// SPDX-License-Identifier: MIT
/// @file A stopwatch that counts the processor time of this thread, the kernel's work for it (page faults) included:
/// time that other programs take meanwhile does not count, as it would by wall-clock time.
#pragma once

#include <algorithm>
#include <ctime>
#include <limits>

namespace compare {

class Stopwatch {
 public:
  void start() { started_ = now(); }
  void stop() { nanoseconds_ += now() - started_ - cost(); }
  [[nodiscard]] double nanoseconds() const { return std::max(nanoseconds_, 1.0); }

 private:
  static double now() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
  }

  // Reading the clock is a system call: its own cost is subtracted.
  static double cost() {
    static const double least = [] {
      double result = std::numeric_limits<double>::max();
      for (int i = 0; i < 1000; ++i) {
        const double before = now();
        result = std::min(result, now() - before);
      }
      return result;
    }();
    return least;
  }

  double started_ = 0.0;
  double nanoseconds_ = 0.0;
};

}  // namespace compare
