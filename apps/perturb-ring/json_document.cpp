// SPDX-License-Identifier: MIT
#include "json_document.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ring_tool {

namespace {

/// Reads a text and counts its lines: nlohmann's parser says for a value only that it has been read.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* line) : at_(at), line_(line) {}

  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  std::size_t* line_;
};

/// Makes the document while the parser goes through the text.
class Builder {
 public:
  using number_integer_t = Json::number_integer_t;
  using number_unsigned_t = Json::number_unsigned_t;
  using number_float_t = Json::number_float_t;
  using string_t = Json::string_t;
  using binary_t = Json::binary_t;

  Builder(std::string file, const std::size_t& line) : file_(std::move(file)), line_(line) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(number_integer_t value) { return add(value); }
  bool number_unsigned(number_unsigned_t value) { return add(value); }
  bool number_float(number_float_t value, const string_t&) { return add(value); }
  bool string(string_t& value) { return add(std::move(value)); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return start(Json::object()); }
  bool start_array(std::size_t) { return start(Json::array()); }
  bool key(string_t& name) {
    Level& level = levels_.back();
    level.key = name;
    level.key_line = line_;
    if (level.value.contains(name)) throw InputError({file_, line_}, "the member \"" + name + "\" is there twice");
    return true;
  }
  bool end_object() { return end(); }
  bool end_array() { return end(); }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& error) {
    const std::string_view message = error.what();
    if (token.empty() || message.find("unexpected end of input") != std::string_view::npos) {
      throw InputError({file_, line_}, "the JSON ends too early");
    }
    // "[json.exception...] parse error at line 3, column 5: syntax error while parsing value - what is wrong; ..."
    const std::size_t dash = message.find(" - ");
    std::string why(dash == std::string_view::npos ? message : message.substr(dash + 3));
    // What was read last may be no text.
    throw InputError({file_, line_},
                     "this is no JSON: " + why.substr(0, std::min(why.find('\n'), why.find("; last read"))));
  }

  [[nodiscard]] Json take_root() { return std::move(root_); }
  [[nodiscard]] std::map<std::string, std::size_t> take_lines() { return std::move(lines_); }

 private:
  struct Level {
    Json value;
    std::string path;
    std::string key = {};
    std::size_t key_line = 0;
  };
  static constexpr std::size_t kDeepest = 64;

  // The path of the value that comes next; its line is that of its key, if it has one.
  std::string next_path() {
    if (levels_.empty()) {
      lines_[""] = line_;
      return {};
    }
    const Level& level = levels_.back();
    std::string path = level.path + "/" + (level.value.is_object() ? level.key : std::to_string(level.value.size()));
    lines_[path] = level.value.is_object() ? level.key_line : line_;
    return path;
  }
  void put(Json value) {
    if (levels_.empty()) {
      root_ = std::move(value);
    } else if (Level& level = levels_.back(); level.value.is_object()) {
      level.value[level.key] = std::move(value);
    } else {
      level.value.push_back(std::move(value));
    }
  }
  template <class Value>
  bool add(Value&& value) {
    next_path();
    put(Json(std::forward<Value>(value)));
    return true;
  }
  bool start(Json value) {
    if (levels_.size() == kDeepest) throw InputError({file_, line_}, "the JSON is nested too deeply");
    std::string path = next_path();
    levels_.push_back({std::move(value), std::move(path)});
    return true;
  }
  bool end() {
    Json value = std::move(levels_.back().value);
    levels_.pop_back();
    put(std::move(value));
    return true;
  }

  std::string file_;
  const std::size_t& line_;
  Json root_;
  std::vector<Level> levels_;
  std::map<std::string, std::size_t> lines_;
};

}  // namespace

JsonDocument::JsonDocument(const TextFile& file) : file_(file.name) {
  if (file.text.find_first_not_of(" \t\r\n") == std::string::npos) throw InputError({file_}, "it is empty");
  std::size_t line = 1;
  Builder builder(file.name, line);
  const char* const begin = file.text.data();
  Json::sax_parse(CountingIterator(begin, &line), CountingIterator(begin + file.text.size(), &line), &builder);
  root_ = builder.take_root();
  lines_ = builder.take_lines();
}

Place JsonDocument::place(std::string path) const {
  for (;;) {
    if (const auto it = lines_.find(path); it != lines_.end()) return {file_, it->second};
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {file_};
    path.resize(slash);
  }
}

void JsonValue::expect_object(std::string_view what, std::initializer_list<std::string_view> names) const {
  if (!value_->is_object()) refuse(std::string(what) + " must be an object {...}");
  for (const auto& [name, value] : value_->items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string list;
    for (const std::string_view known : names) list.append(list.empty() ? "" : ", ").append(known);
    member(name).refuse(std::string(what) + " has no member \"" + name + "\"; it can have " + list);
  }
}

std::string JsonValue::text(std::string_view what) const {
  if (!value_->is_string()) refuse(std::string(what) + " must be a text in quotes");
  return value_->get<std::string>();
}

double JsonValue::positive(std::string_view what) const {
  const double number = value_->is_number() ? value_->get<double>() : 0;
  if (!(number > 0) || !std::isfinite(number)) refuse(std::string(what) + " must be a number above 0");
  return number;
}

std::uint64_t JsonValue::whole(std::string_view what, std::uint64_t most) const {
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() > most) {
    refuse(std::string(what) + " must be a whole number from 0 to " + std::to_string(most));
  }
  return value_->get<std::uint64_t>();
}

std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace ring_tool
