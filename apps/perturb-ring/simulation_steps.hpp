// SPDX-License-Identifier: MIT
/// @file The steps of a simulation: changes of a description, as they are written on the command line or in a file.
///
///   add:SERVER  remove:NAME  weight:NAME=W  down:NAME  drain:NAME  up:NAME  grow:N  shrink:N
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "input_error.hpp"
#include "ring_spec.hpp"
#include "text_file.hpp"

namespace ring_tool {

struct SimulationStep {
  std::string name;                      ///< what tables and plots call it
  std::function<void(RingSpec&)> apply;  ///< throws: InputError if there is no such server, or one already
};

/// One step of a text, or N for grow:N and shrink:N. Throws: InputError.
void append_steps(std::vector<SimulationStep>& steps, std::string_view text, const Place& place);

/// The steps of a JSON list: texts as above, or {"add": SERVER} with the server as in a ring. Throws: InputError.
void append_steps(std::vector<SimulationStep>& steps, const TextFile& file);

}  // namespace ring_tool
