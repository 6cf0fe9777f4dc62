// SPDX-License-Identifier: MIT
#include "nginx_directives.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ring_tool {

namespace {

[[nodiscard]] bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// A word without its quotes, in which backslashes still stand.
[[nodiscard]] std::string unescaped(std::string_view raw) {
  std::string word;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char next = i + 1 < raw.size() ? raw[i + 1] : '\0';
    if (raw[i] == '\\' && (next == '"' || next == '\'' || next == '\\')) {
      word += next;
      ++i;
    } else if (raw[i] == '\\' && (next == 't' || next == 'r' || next == 'n')) {
      word += next == 't' ? '\t' : next == 'r' ? '\r' : '\n';
      ++i;
    } else {
      word += raw[i];
    }
  }
  return word;
}

}  // namespace

std::optional<NginxDirective> NginxReader::next() {
  const std::string& text = file_.text;
  NginxDirective directive{{}, NginxDirective::End::semicolon, here()};
  bool needs_space = false;  // behind a closing quote
  const auto ended = [&](char c) {
    directive.end = c == ';' ? NginxDirective::End::semicolon : NginxDirective::End::block;
    return std::move(directive);
  };
  for (;;) {
    if (at_ == text.size()) {
      if (directive.words.empty()) return std::nullopt;
      throw InputError(here(), "the file ends within \"" + directive.words[0] + "\"; a ; or } is missing");
    }
    const char c = text[at_];
    if (is_space(c)) {
      if (c == '\n') ++line_;
      ++at_;
      needs_space = false;
      continue;
    }
    if (c == ';' || c == '{') {
      if (directive.words.empty()) throw InputError(here(), "unexpected \"" + std::string(1, c) + "\"");
      ++at_;
      return ended(c);
    }
    if (needs_space) throw InputError(here(), "unexpected \"" + std::string(1, c) + "\" behind a closing quote");
    if (c == '}') {
      if (!directive.words.empty()) throw InputError(here(), "unexpected \"}\"; a ; is missing before it");
      ++at_;
      directive.end = NginxDirective::End::block_end;
      directive.place = here();
      return directive;
    }
    if (c == '#') {
      while (at_ < text.size() && text[at_] != '\n') ++at_;
      continue;
    }
    if (directive.words.empty()) directive.place = here();
    const char quote = c == '"' || c == '\'' ? c : '\0';
    const std::size_t opened_on = line_;
    const std::size_t begin = quote != '\0' ? ++at_ : at_;
    bool is_behind_dollar = false;  // where a brace belongs to a variable, as in ${uri}
    for (;; ++at_) {
      if (at_ >= text.size()) {
        throw InputError({file_.name, opened_on},
                         quote != '\0' ? "a quote is not closed" : "the file ends within a word; a ; or } is missing");
      }
      if (is_behind_dollar && text[at_] == '{') continue;
      is_behind_dollar = text[at_] == '$';
      if (text[at_] == '\n') ++line_;
      if (text[at_] == '\\') {
        ++at_;
        if (at_ < text.size() && text[at_] == '\n') ++line_;
      } else if (quote != '\0' ? text[at_] == quote : is_space(text[at_]) || text[at_] == ';' || text[at_] == '{') {
        break;
      }
    }
    directive.words.push_back(unescaped(std::string_view(text).substr(begin, at_ - begin)));
    const char last = text[at_++];
    if (quote != '\0') {
      needs_space = true;
    } else if (last == ';' || last == '{') {
      return ended(last);
    }
  }
}

void NginxReader::skip_foreign_block() {
  const std::string& text = file_.text;
  const Place begin = here();
  std::size_t depth = 1;
  char quote = '\0';
  for (; at_ < text.size(); ++at_) {
    const char c = text[at_];
    if (c == '\n') ++line_;
    if (quote != '\0') {
      if (c == '\\') {
        ++at_;
      } else if (c == quote || c == '\n') {
        quote = '\0';
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (text.compare(at_, 2, "--") == 0) {
      while (at_ + 1 < text.size() && text[at_ + 1] != '\n') ++at_;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      ++at_;
      return;
    }
  }
  throw InputError(begin, "a block is not closed");
}

}  // namespace ring_tool
