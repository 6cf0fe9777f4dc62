// SPDX-License-Identifier: MIT
/// @file write_svg: a picture of a ring.
///
///   std::ofstream file("ring.svg");
///   perturb::write_svg(ring, file);
///
/// Outside a circle with the arcs of each node in the node's colour, inside it a circle with the shares, beside them a
/// legend. The picture is 600 units wide, so that its text can be read at 600 pixels.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI {

namespace detail::ring::svg {

inline constexpr double kCentreX = 185;
inline constexpr double kCentreY = 200;
inline constexpr std::size_t kLegendRows = 24;
inline constexpr std::size_t kNameLength = 16;
// The outer circle has about 1050 pixels: with more than three arcs a pixel it is drawn in slices.
inline constexpr std::size_t kSlices = 3600;

/// `value` with `digits` decimals, whatever the locale.
[[nodiscard]] inline std::string fixed(double value, int digits) {
  std::int64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const auto scaled = std::int64_t{std::llround((std::abs)(value) * static_cast<double>(scale))};
  std::string decimals = std::to_string(scale + scaled % scale);  // a leading 1 keeps the zeros
  decimals[0] = '.';
  return (value < 0 && scaled != 0 ? "-" : "") + std::to_string(scaled / scale) + (digits == 0 ? "" : decimals);
}

/// The length of the UTF-8 sequence at the start of `text` if it is a character that XML allows, else 0.
[[nodiscard]] constexpr std::size_t character_length(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
  const std::size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3F);
  }
  const bool is_too_long = code < (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
  const bool is_surrogate = code >= 0xD800 && code < 0xE000;
  return is_too_long || is_surrogate || code > 0x10FFFF || (code & 0xFFFE) == 0xFFFE ? 0 : length;
}

/// `text` as the content of an XML element, cut after `limit` characters. What XML cannot hold becomes U+FFFD.
[[nodiscard]] inline std::string escaped(std::string_view text, std::size_t limit = std::string_view::npos) {
  std::string result;
  for (std::size_t count = 0; !text.empty(); ++count) {
    if (count == limit) return result + "\xE2\x80\xA6";
    const std::size_t length = character_length(text);
    switch (text[0]) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      default:
        result += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

/// The colour of node number `i`: hues a golden angle apart, so that neighbours in the legend differ, in three shades.
[[nodiscard]] inline std::string colour(std::size_t i) {
  constexpr double kGoldenAngle = 0.6180339887498949;
  constexpr std::array<double, 3> kLightness = {0.48, 0.62, 0.36};
  const double hue = std::fmod(0.58 + static_cast<double>(i) * kGoldenAngle, 1.0) * 6;
  const double lightness = kLightness[i % kLightness.size()];
  const double amplitude = 0.62 * (std::min)(lightness, 1 - lightness);
  std::string result = "#";
  for (const double offset : {0.0, 4.0, 2.0}) {
    const double k = std::fmod(hue + offset, 6.0);  // red, green, blue are a third of the circle apart
    const double ramp = std::clamp((std::abs)(k - 3) - 1, 0.0, 1.0);
    const auto level = static_cast<unsigned>(std::lround(255 * (lightness - amplitude + 2 * amplitude * ramp)));
    result += "0123456789abcdef"[level / 16];
    result += "0123456789abcdef"[level % 16];
  }
  return result;
}

/// A ring between two radii, of which parts are drawn.
struct Band {
  double outer;
  double inner;
};
inline constexpr Band kArcBand = {168, 132};
inline constexpr Band kShareBand = {120, 96};

/// Adds the part of `band` from `begin` to `end` (in turns, clockwise from the top) to the data of a filled path.
inline void add_sector(std::string& path, Band band, double begin, double end) {
  const auto point = [](double radius, double turn) {
    const double angle = turn * 2 * std::numbers::pi;
    return fixed(kCentreX + radius * std::sin(angle), 2) + " " + fixed(kCentreY - radius * std::cos(angle), 2);
  };
  const auto arc = [&](double radius, std::string_view clockwise, double to) {
    return "A" + fixed(radius, 0) + " " + fixed(radius, 0) + " 0 0 " + std::string(clockwise) + " " + point(radius, to);
  };
  // An arc of SVG that is longer than half a turn needs another flag; cutting long sectors avoids the case.
  while (end - begin > 1.0 / 3) {
    add_sector(path, band, begin, begin + 0.25);
    begin += 0.25;
  }
  path += "M" + point(band.outer, begin) + arc(band.outer, "1", end) + "L" + point(band.inner, end) +
          arc(band.inner, "0", begin) + "Z";
}

/// A position on the ring in turns.
template <TokenType Token>
[[nodiscard]] double turn_of(Token token) noexcept {
  return ring::fraction_of_ring(ring::widened(token));
}

/// The path of each node: all its arcs in the outer circle.
template <TokenType Token>
[[nodiscard]] std::vector<std::string> arc_paths(const TokenMap<Token>& arcs, std::size_t nodes) {
  std::vector<std::string> paths(nodes);
  if (arcs.empty()) return paths;
  if (arcs.size() > kSlices) {
    std::size_t i = 0;
    NodeNumber drawn = kNoNode;
    double begin = 0;
    for (std::size_t slice = 0; slice <= kSlices; ++slice) {
      const double middle = (static_cast<double>(slice) + 0.5) / kSlices;
      while (i < arcs.size() && svg::turn_of(arcs.token(i)) < middle) ++i;
      const NodeNumber node = slice == kSlices ? kNoNode : arcs.value(i == arcs.size() ? 0 : i);
      if (node == drawn) continue;
      const double here = static_cast<double>(slice) / kSlices;
      if (drawn != kNoNode) add_sector(paths[drawn], kArcBand, begin, here);
      drawn = node;
      begin = here;
    }
    return paths;
  }
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (ring::is_empty_arc(arcs, i)) continue;
    const Arc<Token> arc = ring::arc_at(arcs, i);
    const double end = svg::turn_of(arc.upto);
    const double begin = svg::turn_of(arc.after);
    svg::add_sector(paths[arcs.value(i)], kArcBand, arc.after < arc.upto ? begin : begin - 1, end);
  }
  return paths;
}

[[nodiscard]] inline std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// One line of text.
[[nodiscard]] inline std::string text_line(double x, double y, std::string_view attributes, std::string_view content) {
  return "<text x=\"" + fixed(x, 1) + "\" y=\"" + fixed(y, 1) + "\"" + std::string(attributes) + ">" +
         std::string(content) + "</text>\n";
}

}  // namespace detail::ring::svg

/// Writes a picture of a HashRing to `out`, a std::ostream or anything else to which a std::string can be written
/// by <<.
///
/// The outer circle shows the arcs of each node, clockwise from token 0 at the top. If there are more than 3600 arcs it
/// is drawn in 3600 slices, each in the colour of the owner of its middle. The inner circle shows the nodes' shares.
/// The legend names up to 24 nodes. Complexity: O(nodes + points).
template <class Node, class Hash, class Placement, class Stream>
void write_svg(const HashRing<Node, Hash, Placement>& ring, Stream& out) {
  namespace svg = detail::ring::svg;
  const auto nodes = ring.nodes();
  const std::vector<double> shares = ring.shares();
  const std::size_t rows = (std::min)(nodes.size(), svg::kLegendRows);
  const double height = (std::max)(400.0, 84.0 + 20.0 * static_cast<double>(rows));

  std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 " + svg::fixed(height, 1) +
                     "\" width=\"600\" height=\"" + svg::fixed(height, 1) +
                     "\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n<title>" +
                     svg::counted(nodes.size(), "node") + " on a hash ring</title>\n" +
                     "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";

  const std::vector<std::string> paths = svg::arc_paths(detail::ring::RingAccess::arcs(ring), nodes.size());
  double summed = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::string share_path;
    if (shares[i] > 0) svg::add_sector(share_path, svg::kShareBand, summed, summed + shares[i]);
    summed += shares[i];
    text += "<g fill=\"" + svg::colour(i) + "\"><title>" + svg::escaped(detail::ring::identity_text(nodes[i])) + ": " +
            svg::fixed(100 * shares[i], 2) + " %</title>\n<path d=\"" + paths[i] + "\"/>\n<path d=\"" + share_path +
            "\"/></g>\n";
  }
  if (nodes.empty()) {
    std::string whole;
    svg::add_sector(whole, svg::kArcBand, 0, 1);
    text += "<path fill=\"#ccc\" d=\"" + whole + "\"/>\n";
  }
  text += "<path stroke=\"#222\" d=\"M" + svg::fixed(svg::kCentreX, 1) + " 26V36\"/>\n";
  text += svg::text_line(svg::kCentreX, 21, " text-anchor=\"middle\"", "token 0");
  text += svg::text_line(svg::kCentreX, svg::kCentreY - 4, " text-anchor=\"middle\" font-size=\"18\"",
                         svg::counted(nodes.size(), "node"));
  text += svg::text_line(svg::kCentreX, svg::kCentreY + 18, " text-anchor=\"middle\"",
                         svg::counted(ring.points().size(), "point"));

  text += svg::text_line(388, 36, " font-weight=\"bold\"", "node");
  text += svg::text_line(590, 36, " font-weight=\"bold\" text-anchor=\"end\"", "share");
  for (std::size_t i = 0; i < rows; ++i) {
    const double y = 60 + 20 * static_cast<double>(i);
    text += "<rect x=\"368.0\" y=\"" + svg::fixed(y - 11, 1) + "\" width=\"13\" height=\"13\" fill=\"" +
            svg::colour(i) + "\"/>\n";
    text += svg::text_line(388, y, "", svg::escaped(detail::ring::identity_text(nodes[i]), svg::kNameLength));
    text += svg::text_line(590, y, " text-anchor=\"end\"", svg::fixed(100 * shares[i], 2) + " %");
  }
  if (rows < nodes.size()) {
    text += svg::text_line(388, 60 + 20 * static_cast<double>(rows), "",
                           "and " + std::to_string(nodes.size() - rows) + " more");
  }
  out << text + "</svg>\n";
}

}  // namespace perturb::inline PERTURB_ABI
