// SPDX-License-Identifier: MIT
/// @file JSON whose values know the line on which they stand, so that messages can name it.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "input_error.hpp"
#include "text_file.hpp"

namespace ring_tool {

/// Members in the order in which they are written.
using Json = nlohmann::ordered_json;

class JsonDocument {
 public:
  /// Throws: InputError with the line of the first mistake; also if an object has a member twice.
  explicit JsonDocument(const TextFile& file);

  [[nodiscard]] const Json& root() const { return root_; }
  /// The place of a value by its path ("/servers/2/weight"), or of the innermost value around it that has one.
  [[nodiscard]] Place place(std::string path) const;

 private:
  std::string file_;
  Json root_;
  std::map<std::string, std::size_t> lines_;
};

/// A value of a document with its path: gives its members, and refuses what they should not be.
class JsonValue {
 public:
  JsonValue(const JsonDocument& document, const Json& value, std::string path)
      : document_(&document), value_(&value), path_(std::move(path)) {}
  explicit JsonValue(const JsonDocument& document) : JsonValue(document, document.root(), "") {}

  [[nodiscard]] const Json& json() const { return *value_; }
  [[nodiscard]] Place place() const { return document_->place(path_); }
  [[noreturn]] void refuse(const std::string& message) const { throw InputError(place(), message); }

  /// Refuses anything but an object with members of these names. `what` is the object's name in messages.
  void expect_object(std::string_view what, std::initializer_list<std::string_view> names) const;
  [[nodiscard]] bool has(const std::string& name) const { return value_->contains(name); }
  /// Pre: there is such a member.
  [[nodiscard]] JsonValue member(const std::string& name) const {
    return {*document_, value_->at(name), path_ + "/" + name};
  }
  /// Pre: it is an array of more than `index` elements.
  [[nodiscard]] JsonValue element(std::size_t index) const {
    return {*document_, value_->at(index), path_ + "/" + std::to_string(index)};
  }

  /// A text, a positive number, a whole number from 0 to `most`. `what` is the value's name in messages.
  [[nodiscard]] std::string text(std::string_view what) const;
  [[nodiscard]] double positive(std::string_view what) const;
  [[nodiscard]] std::uint64_t whole(std::string_view what, std::uint64_t most) const;

 private:
  const JsonDocument* document_;
  const Json* value_;
  std::string path_;
};

/// Text that is no UTF-8 with U+FFFD for what is wrong, as JSON for `dump`.
[[nodiscard]] std::string dumped(const Json& json);

}  // namespace ring_tool
