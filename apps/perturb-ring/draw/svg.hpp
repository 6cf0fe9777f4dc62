// SPDX-License-Identifier: MIT
/// @file A writer of SVG: elements with attributes, text that is escaped, groups that are closed. (Debian has no SVG
/// library for C++ that writes text as text.)
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ring_tool {

/// A length with at most two decimals: "12.5".
[[nodiscard]] std::string svg_number(double value);

/// The data of a path: commands with their numbers.
class SvgPath {
 public:
  template <class... Numbers>
  SvgPath& add(std::string_view command, Numbers... numbers) {
    data_ += command;
    bool is_first = true;
    ((data_.append(is_first ? "" : " ").append(svg_number(numbers)), is_first = false), ...);
    return *this;
  }
  [[nodiscard]] const std::string& data() const { return data_; }
  [[nodiscard]] bool empty() const { return data_.empty(); }

 private:
  std::string data_;
};

class Svg {
 public:
  struct Attribute {
    Attribute(std::string_view its_name, std::string_view its_value) : name(its_name), value(its_value) {}
    Attribute(std::string_view its_name, const SvgPath& its_value) : name(its_name), value(its_value.data()) {}
    Attribute(std::string_view its_name, double its_value) : name(its_name), value(svg_number(its_value)) {}

    std::string_view name;
    std::string value;
  };
  using Attributes = std::initializer_list<Attribute>;

  /// A white picture of this size.
  Svg(double width, double height, std::string_view title);

  void element(std::string_view tag, Attributes attributes);
  /// With a text that is shown when the pointer is on the element.
  void element(std::string_view tag, Attributes attributes, std::string_view tip);
  /// A line of text whose base line is at y, cut after `limit` characters.
  void text(double x, double y, std::string_view content, Attributes attributes = {},
            std::size_t limit = std::string_view::npos);
  /// The whole picture. Call it once.
  [[nodiscard]] std::string finish();

 private:
  void open(std::string_view tag, Attributes attributes);

  std::string out_;
};

/// The colour of server number `i`: 36 of them, the first twelve the most distinct.
[[nodiscard]] std::string_view server_colour(std::size_t i);

/// As the pictures of measurements in this project have them.
inline constexpr std::string_view kGridColour = "#e0e0e0";
inline constexpr std::string_view kTextColour = "#222222";
inline constexpr std::string_view kFaintColour = "#666666";

}  // namespace ring_tool
