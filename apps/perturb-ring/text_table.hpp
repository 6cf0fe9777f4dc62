// SPDX-License-Identifier: MIT
/// @file Text for people: numbers, and rows in columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ring_tool {

/// `value` with `digits` decimals.
[[nodiscard]] std::string fixed(double value, int digits);
/// A fraction as a percentage with two decimals: "12.34 %".
[[nodiscard]] std::string percent(double fraction);
/// A weight as it would be written: "2", "0.5".
[[nodiscard]] std::string weight_text(double weight);
/// "1 server", "2 servers".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Pre: as many cells as there are columns.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace ring_tool
