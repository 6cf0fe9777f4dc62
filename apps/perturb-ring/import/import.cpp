// SPDX-License-Identifier: MIT
#include "import.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "../input_error.hpp"

namespace ring_tool {

bool is_importable(std::string_view program) {
  return program == "nginx" || program == "haproxy" || program == "twemproxy" || program == "libmemcached";
}

Imported import_ring(std::string_view program, const std::string& input, const std::string& name) {
  Imported imported;
  if (program == "nginx") {
    imported = import_nginx(input, name);
  } else if (program == "haproxy") {
    imported = import_haproxy(read_text(input), name);
  } else if (program == "twemproxy") {
    imported = import_twemproxy(read_text(input), name);
  } else {
    if (!name.empty()) throw InputError("a libmemcached option string has one ring without a name");
    const bool has_options = input.find("--") != std::string::npos;
    imported = import_libmemcached(has_options ? TextFile{"libmemcached options", input} : read_text(input));
  }
  check_labels(imported.spec);
  return imported;
}

void refuse_name(const std::string& file, std::string_view what, const std::string& wanted,
                 const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  const std::string kind(what);
  if (names.empty()) throw InputError({file}, "there is no " + kind + " in it");
  if (wanted.empty()) throw InputError({file}, "there are several; name one " + kind + " of: " + list);
  throw InputError({file}, "there is no " + kind + " \"" + wanted + "\"; there are: " + list);
}

}  // namespace ring_tool
