// SPDX-License-Identifier: MIT
/// @file A `server` line of an HAProxy configuration: its address, and those of its parameters that a ring depends on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../ring_spec.hpp"

namespace ring_tool {

struct HaproxyServer {
  ServerSpec spec = {};
  std::string hash_key = {};  ///< of HAProxy 3
  std::string guid = {};
  bool is_backup = false;
};

/// The address as the manual writes it: an address, a name or a path, perhaps with a family before and a port behind.
void set_haproxy_address(ServerSpec& server, std::string_view text);

/// Reads the parameters from words[first] on. Throws: InputError for values that HAProxy refuses.
void read_haproxy_parameters(HaproxyServer& server, const std::vector<std::string>& words, std::size_t first,
                             const Place& place);

}  // namespace ring_tool
