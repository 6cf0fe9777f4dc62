// SPDX-License-Identifier: MIT
/// @file Refusing a server that no program can use, or that a profile's program refuses.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::profiles {

/// Throws std::invalid_argument with the message "perturb::profiles::XRing: the server host:port ...".
[[noreturn]] inline void refuse_server(std::string_view profile, const Server& server, std::string_view why) {
  detail::raise<std::invalid_argument>("perturb::profiles::" + std::string(profile) + ": the server " +
                                       address_of(server) + ' ' + std::string(why));
}

/// Refuses what no program can use: a server without a host or without weight, or text that ends early in C.
inline void check_server(std::string_view profile, const Server& server) {
  if (server.host.empty()) refuse_server(profile, server, "has no host");
  if (server.weight == 0) {
    refuse_server(profile, server, "has the weight 0; leave a server out that shall have no keys");
  }
  if (server.host.find('\0') != std::string::npos || server.name.find('\0') != std::string::npos) {
    refuse_server(profile, server, "has a zero byte in its host or name");
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
