// SPDX-License-Identifier: MIT
/// @file A picture of a ring, or of a ring before and after a change with what moves.
#pragma once

#include <string>

#include "../ring.hpp"

namespace ring_tool {

/// `after` may be nullptr. A server has one colour in both rings.
[[nodiscard]] std::string ring_picture(const Ring& ring, const Ring* after);

}  // namespace ring_tool
