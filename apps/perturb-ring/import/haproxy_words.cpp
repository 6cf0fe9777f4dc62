// SPDX-License-Identifier: MIT
#include "haproxy_words.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ring_tool {

namespace {

[[nodiscard]] bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
[[nodiscard]] int hex_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class LineReader {
 public:
  LineReader(std::string_view line, const Place& place, const Environment& environment)
      : line_(line), place_(place), environment_(environment) {}

  [[nodiscard]] std::vector<std::string> words() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (quote_ == '\0' && is_space(c)) {
        end_word();
        ++at_;
      } else if (quote_ == '\0' && c == '#') {
        break;
      } else if (c == quote_) {
        quote_ = '\0';
        ++at_;
      } else if (quote_ == '\0' && (c == '"' || c == '\'')) {
        quote_ = c;
        is_in_word_ = true;  // "" is a word
        ++at_;
      } else if (quote_ != '\'' && c == '\\') {
        escape();
      } else if (quote_ == '"' && c == '$') {
        variable();
      } else {
        add(c);
        ++at_;
      }
    }
    if (quote_ != '\0') throw InputError(place_, std::string("a quote ") + quote_ + " is not closed");
    end_word();
    return std::move(words_);
  }

 private:
  void add(char c) {
    word_ += c;
    is_in_word_ = true;
  }
  void end_word() {
    if (is_in_word_) words_.push_back(std::move(word_));
    word_.clear();
    is_in_word_ = false;
  }

  void escape() {
    if (at_ + 1 == line_.size()) throw InputError(place_, "the line ends with a backslash");
    const char c = line_[at_ + 1];
    at_ += 2;
    switch (c) {
      case 'n':
        return add('\n');
      case 'r':
        return add('\r');
      case 't':
        return add('\t');
      case 'x': {
        const int high = at_ + 1 < line_.size() ? hex_of(line_[at_]) : -1;
        const int low = high >= 0 ? hex_of(line_[at_ + 1]) : -1;
        if (low < 0) throw InputError(place_, "\\x needs two hexadecimal digits");
        at_ += 2;
        return add(static_cast<char>(high * 16 + low));
      }
      default:
        break;
    }
    // Before anything else that has no meaning of its own, a backslash stands for itself.
    const bool protects = is_space(c) || c == '\\' || c == '#' || c == '"' || (c == '\'' && quote_ == '\0') ||
                          (c == '$' && quote_ == '"');
    if (!protects) add('\\');
    add(c);
  }

  void variable() {
    ++at_;
    const bool has_brace = at_ < line_.size() && line_[at_] == '{';
    if (has_brace) ++at_;
    const std::size_t begin = at_;
    while (at_ < line_.size() && is_name(line_[at_])) ++at_;
    const std::string name(line_.substr(begin, at_ - begin));
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
      throw InputError(place_, "a $ in double quotes needs the name of an environment variable; \\$ is a dollar");
    std::optional<std::string> value = environment_(name);
    bool is_list = false;
    if (has_brace) {
      if (line_.substr(at_).starts_with("[*]")) {
        is_list = true;
        at_ += 3;
      }
      const std::size_t end = line_.find('}', at_);
      if (end == std::string_view::npos) throw InputError(place_, "the brace of ${" + name + " is not closed");
      if (line_[at_] == '-' && !value) value = line_.substr(at_ + 1, end - at_ - 1);
      if (line_[at_] != '-' && at_ != end) throw InputError(place_, "unexpected text in ${" + name);
      at_ = end + 1;
    }
    is_in_word_ = true;
    if (!value) return;
    for (const char c : *value) {
      if (is_list && is_space(c)) {
        end_word();
      } else {
        add(c);
      }
    }
  }

  std::string_view line_;
  const Place& place_;
  const Environment& environment_;
  std::size_t at_ = 0;
  char quote_ = '\0';
  bool is_in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> haproxy_words(std::string_view line, const Place& place, const Environment& environment) {
  return LineReader(line, place, environment).words();
}

}  // namespace ring_tool
