// SPDX-License-Identifier: MIT
#include "svg.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace ring_tool {

namespace {

// Input is UTF-8 without control characters (ring_spec.cpp), except what came from files that are no JSON.
[[nodiscard]] std::string escaped(std::string_view text, std::size_t limit = std::string_view::npos) {
  std::string result;
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80 && count++ == limit) return result + "\xE2\x80\xA6";
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += byte < 0x20 ? ' ' : c;
    }
  }
  return result;
}

}  // namespace

std::string svg_number(double value) {
  std::array<char, 64> text{};
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2);
  std::string number(text.data(), result.ptr);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number == "-0" ? "0" : number;
}

Svg::Svg(double width, double height, std::string_view title) {
  open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
               {"viewBox", SvgPath().add("0 0 ", width, height)},
               {"width", width},
               {"height", height},
               {"font-family", "DejaVu Sans, Verdana, sans-serif"},
               {"font-size", 12.0},
               {"fill", kTextColour}});
  out_.append(">\n<title>").append(escaped(title)).append("</title>\n");
  element("rect", {{"width", width}, {"height", height}, {"fill", "#ffffff"}});
}

void Svg::open(std::string_view tag, Attributes attributes) {
  out_.append("<").append(tag);
  for (const Attribute& attribute : attributes) {
    out_.append(" ").append(attribute.name).append("=\"").append(escaped(attribute.value)).append("\"");
  }
}

void Svg::element(std::string_view tag, Attributes attributes) {
  open(tag, attributes);
  out_ += "/>\n";
}

void Svg::element(std::string_view tag, Attributes attributes, std::string_view tip) {
  open(tag, attributes);
  out_.append("><title>").append(escaped(tip)).append("</title></").append(tag).append(">\n");
}

void Svg::text(double x, double y, std::string_view content, Attributes attributes, std::size_t limit) {
  out_.append("<text x=\"").append(svg_number(x)).append("\" y=\"").append(svg_number(y)).append("\"");
  for (const Attribute& attribute : attributes) {
    out_.append(" ").append(attribute.name).append("=\"").append(escaped(attribute.value)).append("\"");
  }
  out_.append(">").append(escaped(content, limit)).append("</text>\n");
}

std::string Svg::finish() {
  out_ += "</svg>\n";
  return std::move(out_);
}

std::string_view server_colour(std::size_t i) {
  static constexpr std::array<std::string_view, 36> kColours = {
      "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22",
      "#393b79", "#e7969c", "#637939", "#6baed6", "#fdae6b", "#74c476", "#9e9ac8", "#969696", "#ce6dbd",
      "#3182bd", "#e6550d", "#31a354", "#756bb1", "#636363", "#843c39", "#9ecae1", "#fdd0a2", "#a1d99b",
      "#bcbddc", "#c7c7c7", "#8ca252", "#5254a3", "#bd9e39", "#ad494a", "#a55194", "#6b6ecf", "#cedb9c"};
  return kColours[i % kColours.size()];
}

}  // namespace ring_tool
