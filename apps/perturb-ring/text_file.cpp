// SPDX-License-Identifier: MIT
#include "text_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "input_error.hpp"

namespace ring_tool {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) (void)std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[nodiscard]] std::string reason(int error) { return std::strerror(error); }  // NOLINT(concurrency-mt-unsafe)

}  // namespace

TextFile read_text(const std::string& path) {
  const bool is_standard_input = path == "-";
  TextFile result{is_standard_input ? std::string(kStandardInput) : path, {}};
  const File file(is_standard_input ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) throw InputError({result.name}, "cannot be opened: " + reason(errno));
  std::string block(65536, '\0');
  for (;;) {
    errno = 0;
    const std::size_t count = std::fread(block.data(), 1, block.size(), file.get());
    if (count == 0 && std::ferror(file.get()) != 0) throw InputError({result.name}, "cannot be read: " + reason(errno));
    if (count == 0) return result;
    result.text.append(block, 0, count);
  }
}

void write_text(const std::string& path, std::string_view text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw InputError({path}, "cannot be written: " + reason(errno));
  const bool is_written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !is_written)
    throw std::runtime_error(path + ": cannot be written to its end: " + reason(errno));
}

}  // namespace ring_tool
