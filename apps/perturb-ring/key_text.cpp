// SPDX-License-Identifier: MIT
#include "key_text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "json_document.hpp"

namespace ring_tool {

std::string json_text(std::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_json_key(std::string& out, std::string_view key) {
  const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
  });
  if (is_plain) {
    out += "\"key\": \"";
    out += key;
    out += '"';
    return;
  }
  try {
    out += "\"key\": " + Json(std::string(key)).dump();
  } catch (const Json::type_error&) {
    out += "\"key_hex\": \"";
    for (const char c : key) {
      const auto byte = static_cast<unsigned char>(c);
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    }
    out += '"';
  }
}

}  // namespace ring_tool
