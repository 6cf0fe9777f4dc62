// SPDX-License-Identifier: MIT
/// @file Stands for twemproxy.cpp in a build without yaml-cpp.
#include <string>

#include "../input_error.hpp"
#include "import.hpp"

namespace ring_tool {

Imported import_twemproxy(const TextFile& file, const std::string&) {
  throw InputError({file.name}, "this perturb-ring was built without yaml-cpp and cannot read YAML");
}

}  // namespace ring_tool
