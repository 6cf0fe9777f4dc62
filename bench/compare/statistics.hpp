// SPDX-License-Identifier: MIT
/// @file The few statistics that the reports need.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace compare {

/// The value under which `part` of the samples lie, interpolated. Pre: samples is not empty; 0 <= part <= 1.
inline double quantile(std::vector<double> samples, double part) {
  std::sort(samples.begin(), samples.end());
  const double place = part * static_cast<double>(samples.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, samples.size() - 1);
  return std::lerp(samples[below], samples[above], place - static_cast<double>(below));
}

inline double median(const std::vector<double>& samples) { return quantile(samples, 0.5); }

class GeometricMean {
 public:
  void add(double value) {
    sum_of_logs_ += std::log(value);
    ++count_;
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] double value() const { return std::exp(sum_of_logs_ / static_cast<double>(count_)); }

 private:
  double sum_of_logs_ = 0.0;
  std::size_t count_ = 0;
};

}  // namespace compare
