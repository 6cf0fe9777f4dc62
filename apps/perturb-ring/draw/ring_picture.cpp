// SPDX-License-Identifier: MIT
#include "ring_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../text_table.hpp"
#include "svg.hpp"

namespace ring_tool {

namespace {

// The circles are drawn in slices, each in the colour of the server at its middle.
constexpr std::size_t kSlices = 3600;
constexpr std::uint32_t kNothing = kNoServer;

struct Band {
  double outer;
  double inner;
};
constexpr Band kMoved = {176, 162};  // what moves, in the colour of the server before
constexpr Band kArcs = {158, 118};   // who owns what
constexpr Band kShares = {108, 88};  // how much each owns
constexpr double kCentreY = 236;
constexpr double kRingWidth = 400;
constexpr double kLegendTop = 440;
constexpr double kRowHeight = 19;
constexpr std::size_t kMostRows = 40;

/// A ring in slices, by the numbers of the legend.
using Slices = std::vector<std::uint32_t>;

class Legend {
 public:
  std::uint32_t number_of(const std::string& label) {
    const auto [it, is_new] = numbers_.emplace(label, static_cast<std::uint32_t>(labels_.size()));
    if (is_new) labels_.push_back(label);
    return it->second;
  }
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> labels_;
};

[[nodiscard]] Slices slices_of(const Ring& ring, Legend& legend) {
  Slices slices(kSlices, kNothing);
  const std::vector<RingArc> arcs = ring.arcs();
  if (arcs.empty()) return slices;
  std::size_t arc = 0;
  for (std::size_t i = 0; i < kSlices; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) / kSlices;
    while (arc + 1 < arcs.size() && arcs[arc].end < middle) ++arc;
    slices[i] = legend.number_of(ring.spec().servers[arcs[arc].server].label());
  }
  return slices;
}

class RingDrawing {
 public:
  RingDrawing(Svg& svg, double centre_x) : svg_(svg), centre_x_(centre_x) {}

  void band(Band band, const Slices& slices, const Legend& legend) {
    std::vector<SvgPath> paths(legend.labels().size());
    for (std::size_t i = 0; i < slices.size();) {
      std::size_t end = i;
      while (end < slices.size() && slices[end] == slices[i]) ++end;
      if (slices[i] != kNothing) sector(paths[slices[i]], band, turn(i), turn(end));
      i = end;
    }
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (!paths[i].empty()) svg_.element("path", {{"fill", server_colour(i)}, {"d", paths[i]}}, legend.labels()[i]);
    }
  }
  void shares(const std::vector<double>& shares, const Legend& legend) {
    double begin = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] <= 0) continue;
      SvgPath path;
      const double gap = std::min(0.0012, shares[i] / 4);
      sector(path, kShares, begin + gap, begin + shares[i] - gap);
      svg_.element("path", {{"fill", server_colour(i)}, {"d", path}}, legend.labels()[i] + ": " + percent(shares[i]));
      begin += shares[i];
    }
  }
  void empty(Band band) {
    SvgPath path;
    sector(path, band, 0, 1);
    svg_.element("path", {{"fill", "#dddddd"}, {"d", path}});
  }
  void title(std::string_view text) {
    svg_.text(centre_x_, 26, text, {{"text-anchor", "middle"}, {"font-size", 15.0}, {"font-weight", "bold"}});
    svg_.element(
        "path", {{"stroke", kTextColour}, {"fill", "none"}, {"d", SvgPath().add("M", centre_x_, 46.0).add("V", 57.0)}});
    svg_.text(centre_x_, 42, "token 0", {{"text-anchor", "middle"}, {"font-size", 10.5}, {"fill", kFaintColour}});
  }
  void centre(const std::vector<std::string>& lines) {
    double y = kCentreY - 8 * static_cast<double>(lines.size() - 1) + 5;
    for (std::size_t i = 0; i < lines.size(); ++i, y += 19) {
      svg_.text(centre_x_, y, lines[i],
                {{"text-anchor", "middle"}, {"font-size", i == 0 ? 16.0 : 12.0}, {"fill", kTextColour}});
    }
  }

 private:
  [[nodiscard]] static double turn(std::size_t slice) { return static_cast<double>(slice) / kSlices; }
  [[nodiscard]] double x(double radius, double turn) const {
    return centre_x_ + radius * std::sin(turn * 2 * std::numbers::pi);
  }
  [[nodiscard]] static double y(double radius, double turn) {
    return kCentreY - radius * std::cos(turn * 2 * std::numbers::pi);
  }
  // Adds the part of a band between two turns, clockwise from the top. An arc of SVG of more than half a turn needs
  // another flag; long parts are cut instead.
  void sector(SvgPath& path, Band band, double begin, double end) const {
    while (end - begin > 1.0 / 3) {
      sector(path, band, begin, begin + 0.25);
      begin += 0.25;
    }
    path.add("M", x(band.outer, begin), y(band.outer, begin));
    path.add("A", band.outer, band.outer, 0.0, 0.0, 1.0, x(band.outer, end), y(band.outer, end));
    path.add("L", x(band.inner, end), y(band.inner, end));
    path.add("A", band.inner, band.inner, 0.0, 0.0, 0.0, x(band.inner, begin), y(band.inner, begin)).add("Z");
  }

  Svg& svg_;
  double centre_x_;
};

/// The shares of a ring by the numbers of the legend; negative: not in the ring.
[[nodiscard]] std::vector<double> shares_of(const Ring& ring, Legend& legend) {
  std::vector<double> shares;
  const RingBalance balance = ring.balance();
  for (std::size_t i = 0; i < balance.servers.size(); ++i) {
    const std::uint32_t number = legend.number_of(ring.spec().servers[i].label());
    if (shares.size() <= number) shares.resize(number + 1, -1);
    shares[number] = balance.servers[i].share;
  }
  return shares;
}

/// "5 servers", or how many of them are up.
[[nodiscard]] std::string servers_text(const RingSpec& spec) {
  std::size_t up = 0;
  for (const ServerSpec& server : spec.servers) up += server.state == perturb::NodeState::up ? 1 : 0;
  if (up == spec.servers.size()) return counted(up, "server");
  return std::to_string(up) + " of " + counted(spec.servers.size(), "server") + " up";
}

[[nodiscard]] std::string share_text(const std::vector<double>& shares, std::size_t number) {
  return number < shares.size() && shares[number] >= 0 ? percent(shares[number]) : "\xE2\x80\x93";
}

}  // namespace

std::string ring_picture(const Ring& ring, const Ring* after) {
  Legend legend;
  const std::vector<double> shares = shares_of(ring, legend);
  const std::vector<double> shares_after = after != nullptr ? shares_of(*after, legend) : std::vector<double>();
  const Slices slices = slices_of(ring, legend);
  const Slices slices_after = after != nullptr ? slices_of(*after, legend) : Slices();

  const std::size_t rows = std::min(legend.labels().size(), kMostRows);
  const std::size_t columns = after != nullptr ? 2 : 1;
  const std::size_t column_rows = (rows + columns - 1) / columns;
  const double width = kRingWidth * static_cast<double>(columns);
  const double height = kLegendTop + kRowHeight * (static_cast<double>(column_rows) + 1) + 16;
  Svg svg(width, height, after != nullptr ? "A ring before and after a change" : "A ring of " + ring.spec().profile);

  const auto draw = [&](const Ring& one, const Slices& its_slices, const std::vector<double>& its_shares, double x,
                        std::string_view title) {
    RingDrawing drawing(svg, x);
    drawing.title(title);
    if (one.point_count() == 0) {
      drawing.empty(kArcs);
    } else {
      drawing.band(kArcs, its_slices, legend);
      drawing.shares(its_shares, legend);
    }
    return drawing;
  };
  const std::string profile = "profile " + ring.spec().profile;
  RingDrawing left = draw(ring, slices, shares, kRingWidth / 2, after != nullptr ? "before" : profile);
  left.centre({servers_text(ring.spec()), counted(ring.point_count(), "point")});
  if (after != nullptr) {
    RingDrawing right = draw(*after, slices_after, shares_after, kRingWidth * 1.5, "after");
    Slices moved(kSlices, kNothing);
    for (std::size_t i = 0; i < kSlices; ++i) {
      if (slices[i] != slices_after[i]) moved[i] = slices[i];
    }
    right.band(kMoved, moved, legend);
    right.centre({percent(ring.plan(*after, 1).fraction), "of the keys move", servers_text(after->spec()),
                  counted(after->point_count(), "point")});
    svg.text(kRingWidth * 1.5, kCentreY + 194, "outermost: what moves, in the colour of its server before",
             {{"text-anchor", "middle"}, {"font-size", 10.5}, {"fill", kFaintColour}});
  }

  for (std::size_t column = 0; column < columns; ++column) {
    const double x = kRingWidth * static_cast<double>(column) + 26;
    const std::size_t first = column * column_rows;
    if (first >= rows) break;
    svg.text(x + 20, kLegendTop + 12, "server", {{"font-weight", "bold"}});
    if (after != nullptr)
      svg.text(x + 262, kLegendTop + 12, "before", {{"font-weight", "bold"}, {"text-anchor", "end"}});
    svg.text(x + 340, kLegendTop + 12, after != nullptr ? "after" : "share",
             {{"font-weight", "bold"}, {"text-anchor", "end"}});
    for (std::size_t i = first; i < std::min(rows, first + column_rows); ++i) {
      const double y = kLegendTop + 12 + kRowHeight * static_cast<double>(i - first + 1);
      svg.element("rect", {{"x", x}, {"y", y - 11}, {"width", 13.0}, {"height", 13.0}, {"fill", server_colour(i)}});
      svg.text(x + 20, y, legend.labels()[i], {}, 24);
      if (after != nullptr) svg.text(x + 262, y, share_text(shares, i), {{"text-anchor", "end"}});
      svg.text(x + 340, y, share_text(after != nullptr ? shares_after : shares, i), {{"text-anchor", "end"}});
    }
  }
  if (rows < legend.labels().size()) {
    svg.text(46, height - 8, "and " + std::to_string(legend.labels().size() - rows) + " more",
             {{"fill", kFaintColour}});
  }
  return svg.finish();
}

}  // namespace ring_tool
