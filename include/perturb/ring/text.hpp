// SPDX-License-Identifier: MIT
/// @file Text for people: parts of a ring as percentages, tokens in hexadecimal, tables with aligned columns.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A fraction as a percentage with two decimals, whatever the locale. Pre: 0 <= fraction < 2^50.
[[nodiscard]] inline std::string percent_text(double fraction) {
  const auto hundredths = static_cast<std::uint64_t>(std::llround(fraction * 10000));
  const std::string decimals = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + (decimals.size() == 1 ? ".0" : ".") + decimals + " %";
}

/// A token in hexadecimal, with all its digits.
template <TokenType Token>
[[nodiscard]] std::string token_text(Token token) {
  if constexpr (std::same_as<Token, Token128>) {
    return token_text(token.high) + token_text(token.low).substr(2);
  } else {
    std::string text = "0x";
    for (int shift = 8 * static_cast<int>(sizeof(Token)) - 4; shift >= 0; shift -= 4)
      text += "0123456789abcdef"[token >> shift & 15];
    return text;
  }
}

/// Rows of text in columns; the last two columns are numbers and aligned to the right.
class TextTable {
 public:
  using Row = std::vector<std::string>;

  explicit TextTable(Row titles) { add(std::move(titles)); }

  /// Pre: as many cells as there are titles.
  void add(Row row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] std::string text() const {
    std::vector<std::size_t> widths(rows_[0].size());
    for (const Row& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = (std::max)(widths[i], row[i].size());
    }
    std::string result;
    for (const Row& row : rows_) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string padding(widths[i] - row[i].size(), ' ');
        const bool is_name = i + kNumberColumns < row.size();
        line += (i == 0 ? "" : "  ") + (is_name ? row[i] + padding : padding + row[i]);
      }
      result += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return result;
  }

 private:
  static constexpr std::size_t kNumberColumns = 2;  // the last ones

  std::vector<Row> rows_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
