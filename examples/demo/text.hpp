// SPDX-License-Identifier: MIT
/// @file Reading a text for the demo: its words, and the letters in them.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace demo {

/// The file cannot be used; the text says which and why.
class UnusableFile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file's words: what stands between ASCII white space and NUL bytes, of any bytes and any length.
class Text {
 public:
  /// Throws: UnusableFile if the file cannot be read or has no words.
  explicit Text(const std::string& path) : bytes_(read(path)) {
    constexpr std::string_view kBetweenWords(" \t\n\v\f\r\0", 7);
    const std::string_view all(bytes_);
    for (std::size_t begin = 0;;) {
      begin = all.find_first_not_of(kBetweenWords, begin);
      if (begin == std::string_view::npos) break;
      const std::size_t end = std::min(all.find_first_of(kBetweenWords, begin), all.size());
      words_.push_back(all.substr(begin, end - begin));
      begin = end;
    }
    if (words_.empty()) throw UnusableFile(path + " has no words; name a file with some text in it");
  }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  [[nodiscard]] const std::vector<std::string_view>& words() const { return words_; }

 private:
  static std::string read(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      throw UnusableFile(path + " is a directory; name a file");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) throw UnusableFile(path + " cannot be opened: " + std::strerror(errno));
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file.bad()) throw UnusableFile(path + " cannot be read to its end: " + std::strerror(errno));
    return bytes;
  }

  std::string bytes_;
  std::vector<std::string_view> words_;
};

/// The code point at the beginning of `bytes`, which become what follows it. A byte that does not begin a well-formed
/// UTF-8 sequence stands for itself, as in Latin-1. Pre: not empty.
inline char32_t next_code_point(std::string_view& bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  const std::size_t length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
  char32_t code = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes.size() || (static_cast<unsigned char>(bytes[i]) & 0xc0U) != 0x80) {
      bytes.remove_prefix(1);
      return lead;
    }
    code = code << 6 | (static_cast<unsigned char>(bytes[i]) & 0x3fU);
  }
  bytes.remove_prefix(length);
  return code;
}

/// Calls `visit(first, second)` for each two neighbouring letters of `word`, ASCII letters as lower case. Everything
/// beyond ASCII counts as a letter.
template <class Visit>
void for_each_letter_pair(std::string_view word, Visit visit) {
  constexpr char32_t kNoLetter = 0;
  char32_t before = kNoLetter;
  while (!word.empty()) {
    char32_t letter = next_code_point(word);
    if (letter >= U'A' && letter <= U'Z') letter += U'a' - U'A';
    if (letter < 0x80 && (letter < U'a' || letter > U'z')) letter = kNoLetter;
    if (before != kNoLetter && letter != kNoLetter) visit(before, letter);
    before = letter;
  }
}

/// `code` in UTF-8.
inline std::string utf8(char32_t code) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f))};
  if (code < 0x10000) {
    return {byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f))};
  }
  return {byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)), byte(0x80 | (code >> 6 & 0x3f)),
          byte(0x80 | (code & 0x3f))};
}

/// `word` in a form that can be shown: what is not printable as \xNN, and cut if it is long.
inline std::string shortened(std::string_view word) {
  constexpr std::size_t kMostBytes = 24;
  constexpr char kHex[] = "0123456789abcdef";
  std::string shown;
  while (!word.empty() && shown.size() < kMostBytes) {
    const std::string_view before = word;
    const char32_t code = next_code_point(word);
    const std::size_t length = before.size() - word.size();
    if (code < 0x20 || (length == 1 && code >= 0x7f) || (code >= 0x80 && code < 0xa0)) {
      for (const char c : before.substr(0, length)) {
        const auto byte = static_cast<unsigned char>(c);
        shown += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
      }
    } else {
      shown += before.substr(0, length);
    }
  }
  return word.empty() ? shown : shown + "...";
}

}  // namespace demo
