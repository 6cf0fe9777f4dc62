// SPDX-License-Identifier: MIT
/// @file The directives of an nginx configuration, as nginx's own reader splits them (src/core/ngx_conf_file.c): quotes
/// only at the start of a word, a backslash that protects the next character, comments only where a word could begin.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "../input_error.hpp"
#include "../text_file.hpp"

namespace ring_tool {

struct NginxDirective {
  enum class End { semicolon, block, block_end };

  std::vector<std::string> words;  ///< none for the end of a block
  End end;
  Place place;
};

class NginxReader {
 public:
  explicit NginxReader(const TextFile& file) : file_(file) {}

  /// The next directive, or the beginning or the end of a block; nothing at the end of the file.
  /// Throws: InputError for what nginx would refuse as well.
  [[nodiscard]] std::optional<NginxDirective> next();
  /// Goes on behind the brace that closes a block of another language, for instance Lua.
  void skip_foreign_block();

 private:
  [[nodiscard]] Place here() const { return {file_.name, line_}; }

  const TextFile& file_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace ring_tool
