// SPDX-License-Identifier: MIT
/// @file The plot of a simulation: what moves at each step, and how much the busiest server has after it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ring_tool {

struct SimulationPoint {
  std::string change;       ///< "" for the beginning
  std::size_t servers = 0;  ///< that are up
  double moved = 0;         ///< the part of all keys that moved
  double least = 0;         ///< the part that has to, for the shares to be as the weights
  double peak = 0;          ///< the largest share / what its weight deserves
  double lowest = 0;        ///< the smallest
};

/// Pre: not empty.
[[nodiscard]] std::string simulation_plot(const std::vector<SimulationPoint>& points, const std::string& title);

}  // namespace ring_tool
