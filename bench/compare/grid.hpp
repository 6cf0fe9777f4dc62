// SPDX-License-Identifier: MIT
/// @file Rows of cells in aligned columns, the first to the left and the others to the right.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace compare {

class Grid {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  friend std::ostream& operator<<(std::ostream& out, const Grid& grid) {
    std::vector<std::size_t> widths;
    for (const auto& row : grid.rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : grid.rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out << (i == 0 ? std::left : std::right) << (i == 0 ? "" : "  ") << std::setw(static_cast<int>(widths[i]))
            << row[i];
      }
      out << '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace compare
