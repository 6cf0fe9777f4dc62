// SPDX-License-Identifier: MIT
/// @file How the demo shows what it found: lines, bars, a table, and a progress bar while it works.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

inline std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

inline std::string percent(double share) { return fixed(100.0 * share, 1) + " %"; }

/// The columns that `text`, in UTF-8, takes up on a terminal: one for each code point.
inline std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

struct Bar {
  std::string label;
  std::uint64_t value;
};

class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}

  void title(const std::string& text) { out_ << text << '\n' << std::string(columns(text), '=') << '\n'; }
  void section(const std::string& text) { out_ << '\n' << text << '\n'; }

  void line(const std::string& label, const std::string& value) { out_ << "  " << padded(label, 20) << value << '\n'; }
  void text(const std::string& text) { out_ << text << '\n'; }

  /// Steps of a development, joined by arrows and wrapped.
  void chain(const std::string& label, const std::vector<std::string>& steps) {
    constexpr std::size_t kMostColumns = 90;
    std::string text;
    std::size_t used = 0;
    for (const std::string& step : steps) {
      if (used != 0) {
        text += " ->";
        used += 3;
      }
      if (used + 1 + step.size() > kMostColumns) {
        text += '\n' + std::string(22, ' ');
        used = 0;
      } else if (used != 0) {
        text += ' ';
        ++used;
      }
      text += step;
      used += step.size();
    }
    line(label, text);
  }

  void line(const std::string& label, std::uint64_t value) { line(label, std::to_string(value)); }

  /// A horizontal bar for each value, the longest for the greatest.
  void bars(const std::string& label, const std::vector<Bar>& bars) {
    std::uint64_t greatest = 1;
    std::size_t widest_label = 0;
    std::size_t widest_value = 0;
    for (const Bar& bar : bars) {
      greatest = std::max(greatest, bar.value);
      widest_label = std::max(widest_label, columns(bar.label));
      widest_value = std::max(widest_value, std::to_string(bar.value).size());
    }
    out_ << "  " << label << '\n';
    for (const Bar& bar : bars) {
      const std::string value = std::to_string(bar.value);
      out_ << "    " << padded(bar.label, widest_label + 2) << std::string(widest_value - value.size(), ' ') << value
           << "  " << drawn(static_cast<double>(bar.value) / static_cast<double>(greatest)) << '\n';
    }
  }

  /// A row of a table: the first cell to the left, the others to the right of their columns.
  void table(const std::vector<std::string>& cells) {
    out_ << "  " << padded(cells.at(0), 20);
    for (std::size_t i = 1; i < cells.size(); ++i) {
      out_ << std::string(20 - std::min<std::size_t>(20, columns(cells[i])), ' ') << cells[i];
    }
    out_ << '\n';
  }

 private:
  static std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, columns(text)), ' ');
  }

  // A bar of eighths of a column; what is not nothing is seen.
  static std::string drawn(double share) {
    constexpr int kColumns = 40;
    static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int eighths = static_cast<int>(share * kColumns * 8 + 0.5);
    if (share > 0) eighths = std::max(eighths, 1);
    std::string bar;
    for (int i = 0; i < eighths / 8; ++i) bar += "█";
    return bar + kEighths[eighths % 8];
  }

  std::ostream& out_;
};

/// A progress bar on stderr, where that is a terminal and the work takes longer than a second.
class Progress {
 public:
  Progress(std::string what, std::size_t steps) : what_(std::move(what)), steps_(steps) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { done(); }

  void advance(std::size_t by = 1) {
    done_ += by;
    if (done_ >= next_look_) look();
  }

  /// Wipes the bar.
  void done() {
    if (is_shown_) std::fprintf(stderr, "\r\033[K");
    is_shown_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  void look() {
    next_look_ = done_ + std::max<std::size_t>(1, steps_ / 200);
    if (!is_terminal_ || Clock::now() - start_ < std::chrono::seconds(1)) return;
    constexpr std::size_t kColumns = 40;
    const std::size_t filled = kColumns * std::min(done_, steps_) / std::max<std::size_t>(1, steps_);
    std::fprintf(stderr, "\r%s [%s%s] %3zu %%", what_.c_str(), std::string(filled, '#').c_str(),
                 std::string(kColumns - filled, ' ').c_str(), 100 * filled / kColumns);
    is_shown_ = true;
  }

  std::string what_;
  std::size_t steps_;
  std::size_t done_ = 0;
  std::size_t next_look_ = 1;
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  bool is_shown_ = false;
  Clock::time_point start_ = Clock::now();
};

}  // namespace demo
