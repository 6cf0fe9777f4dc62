// SPDX-License-Identifier: MIT
/// @file Where keys come from: the command line, a file with a key a line, or a made-up sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ring_tool {

/// Gives keys in batches.
class KeySource {
 public:
  KeySource() = default;
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;
  virtual ~KeySource() = default;

  /// The next keys, valid until the next call; none at the end. Throws: InputError if they cannot be read.
  virtual const std::vector<std::string_view>& next() = 0;
  /// For a progress bar: how much there is, and how much has been given. 0: nobody knows.
  [[nodiscard]] virtual std::uint64_t whole() const = 0;
  [[nodiscard]] virtual std::uint64_t done() const = 0;
};

[[nodiscard]] std::unique_ptr<KeySource> listed_keys(std::vector<std::string> keys);
/// A key is a line without its newline, or what stands before a zero byte. "-" is standard input.
/// Throws: InputError if the file cannot be opened.
[[nodiscard]] std::unique_ptr<KeySource> keys_of_file(const std::string& path, bool is_zero_terminated);
/// "key:0" to "key:<count - 1>".
[[nodiscard]] std::unique_ptr<KeySource> sample_keys(std::uint64_t count);

}  // namespace ring_tool
