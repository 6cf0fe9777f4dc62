// SPDX-License-Identifier: MIT
#include "simulation_plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../text_table.hpp"
#include "svg.hpp"

namespace ring_tool {

namespace {

constexpr double kWidth = 820;
constexpr double kLeft = 74;
constexpr double kRight = kWidth - 24;
constexpr std::string_view kMovedColour = "#d62728";
constexpr std::string_view kLeastColour = "#7f7f7f";
constexpr std::string_view kPeakColour = "#1f77b4";
constexpr std::string_view kLowestColour = "#ff7f0e";

/// The distance of grid lines of which there are three to seven up to `most`: 1, 2 or 5 times a power of ten.
[[nodiscard]] double grid_step(double most) {
  double step = std::pow(10.0, std::floor(std::log10(most)));
  while (most / step > 7) step *= most / step > 15 ? 5 : 2;
  while (most / step < 3) step /= 2;
  return step;
}

/// How many decimals the multiples of `step` need.
[[nodiscard]] int decimals_of(double step) {
  int digits = 0;
  while (digits < 6 && std::abs(step - std::round(step)) > 1e-6 * step) {
    step *= 10;
    ++digits;
  }
  return digits;
}

/// A panel with a vertical axis from 0.
class Panel {
 public:
  Panel(Svg& svg, double top, double bottom, double most, std::size_t steps)
      : svg_(svg), top_(top), bottom_(bottom), most_(most > 0 ? most * 1.08 : 1), steps_(steps) {}

  [[nodiscard]] double x(double step) const {
    return kLeft + (kRight - kLeft) * (step + 0.5) / static_cast<double>(steps_);
  }
  [[nodiscard]] double y(double value) const { return bottom_ - (bottom_ - top_) * value / most_; }
  [[nodiscard]] double bottom() const { return bottom_; }

  template <class TextOf>
  void axis(std::string_view title, const TextOf& text_of) {
    const double step = grid_step(most_);
    for (double value = 0; value <= most_; value += step) {
      svg_.element(
          "path",
          {{"stroke", kGridColour}, {"fill", "none"}, {"d", SvgPath().add("M", kLeft, y(value)).add("H", kRight)}});
      svg_.text(kLeft - 8, y(value) + 4, text_of(value, step), {{"text-anchor", "end"}, {"font-size", 11.0}});
    }
    svg_.element("path", {{"stroke", kFaintColour},
                          {"fill", "none"},
                          {"d", SvgPath().add("M", kLeft, top_).add("V", bottom_).add("H", kRight)}});
    svg_.text(kLeft, top_ - 12, title, {{"font-weight", "bold"}});
  }
  void line(const std::vector<double>& values, std::string_view colour, std::string_view dashes) {
    SvgPath path;
    for (std::size_t i = 0; i < values.size(); ++i)
      path.add(i == 0 ? "M" : "L", x(static_cast<double>(i)), y(values[i]));
    svg_.element(
        "path",
        {{"stroke", colour}, {"stroke-width", 1.8}, {"stroke-dasharray", dashes}, {"fill", "none"}, {"d", path}});
  }
  void dot(std::size_t step, double value, std::string_view colour, const std::string& tip) {
    svg_.element("circle", {{"cx", x(static_cast<double>(step))}, {"cy", y(value)}, {"r", 3.2}, {"fill", colour}}, tip);
  }
  void bar(std::size_t step, double value, std::string_view colour, const std::string& tip) {
    const double width = std::min(46.0, 0.62 * (kRight - kLeft) / static_cast<double>(steps_));
    svg_.element("rect",
                 {{"x", x(static_cast<double>(step)) - width / 2},
                  {"y", y(value)},
                  {"width", width},
                  {"height", bottom_ - y(value)},
                  {"fill", colour}},
                 tip);
  }
  /// A short line across the bar.
  void mark(std::size_t step, double value, std::string_view colour) {
    const double width = std::min(58.0, 0.8 * (kRight - kLeft) / static_cast<double>(steps_));
    svg_.element("path",
                 {{"stroke", colour},
                  {"stroke-width", 2.0},
                  {"d", SvgPath().add("M", x(static_cast<double>(step)) - width / 2, y(value)).add("h", width)}});
  }

 private:
  Svg& svg_;
  double top_;
  double bottom_;
  double most_;
  std::size_t steps_;
};

void legend_entry(Svg& svg, double x, double y, std::string_view colour, std::string_view text) {
  svg.element("rect", {{"x", x}, {"y", y - 9}, {"width", 14.0}, {"height", 9.0}, {"fill", colour}});
  svg.text(x + 20, y, text, {{"font-size", 11.0}});
}

}  // namespace

std::string simulation_plot(const std::vector<SimulationPoint>& points, const std::string& title) {
  double most_moved = 0;
  double highest = 1;
  std::size_t longest = 0;
  for (const SimulationPoint& point : points) {
    most_moved = std::max({most_moved, point.moved, point.least});
    highest = std::max(highest, point.peak);
    longest = std::max(longest, point.change.size());
  }
  // With many steps only some are named, so that the names do not touch.
  const double room = (kRight - kLeft) / static_cast<double>(points.size());
  const auto every = static_cast<std::size_t>(std::ceil(16 / room));
  const double names_height = 26 + 4.6 * static_cast<double>(std::min<std::size_t>(longest, 26));
  const double height = 500 + names_height;

  Svg svg(kWidth, height, title);
  svg.text(kLeft, 28, title, {{"font-size", 15.0}, {"font-weight", "bold"}}, 90);

  Panel moved(svg, 74, 240, most_moved, points.size());
  moved.axis("keys that move at the step",
             [](double value, double step) { return fixed(100 * value, decimals_of(100 * step)) + " %"; });
  legend_entry(svg, kRight - 330, 62, kMovedColour, "moved");
  legend_entry(svg, kRight - 250, 62, kLeastColour, "least that must move for fair shares");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SimulationPoint& point = points[i];
    if (point.change.empty()) continue;
    moved.bar(i, point.moved, kMovedColour, point.change + ": " + percent(point.moved) + " of the keys move");
    moved.mark(i, point.least, kLeastColour);
  }

  Panel load(svg, 306, 472, highest, points.size());
  load.axis("load after the step, as a multiple of the fair share",
            [](double value, double step) { return fixed(value, decimals_of(step)); });
  legend_entry(svg, kRight - 330, 294, kPeakColour, "busiest server");
  legend_entry(svg, kRight - 210, 294, kLowestColour, "least busy server");
  std::vector<double> peaks;
  std::vector<double> lows;
  for (const SimulationPoint& point : points) {
    peaks.push_back(point.peak);
    lows.push_back(point.lowest);
  }
  load.line(std::vector<double>(points.size(), 1.0), kLeastColour, "4 4");
  load.line(lows, kLowestColour, "none");
  load.line(peaks, kPeakColour, "none");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string where = points[i].change.empty() ? "at first" : points[i].change;
    load.dot(i, lows[i], kLowestColour, where + ": least busy " + fixed(lows[i], 3));
    load.dot(i, peaks[i], kPeakColour, where + ": busiest " + fixed(peaks[i], 3));
    if (i % every != 0) continue;
    const double x = load.x(static_cast<double>(i));
    const double y = load.bottom() + 15;
    const std::string turned = SvgPath().add("rotate(-40 ", x, y).add(")").data();
    svg.text(
        x + 4, y,
        (points[i].change.empty() ? "at first" : points[i].change) + " (" + std::to_string(points[i].servers) + ")",
        {{"text-anchor", "end"}, {"font-size", 10.5}, {"transform", turned}}, 32);
  }
  svg.text(kRight, height - 8, "in parentheses: how many servers are up",
           {{"text-anchor", "end"}, {"font-size", 10.5}, {"fill", kFaintColour}});
  return svg.finish();
}

}  // namespace ring_tool
