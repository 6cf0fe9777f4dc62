// SPDX-License-Identifier: MIT
/// @file A server as the other programs list it, and as the node of a profile's ring.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

/// A line of a server list. What a program has no word for is ignored by its profile.
struct Server {
  std::string host;          ///< a name, an address, or the path of a unix socket, as in the program's configuration
  std::string name = {};     ///< where the program lets servers have names
  std::uint16_t port = 0;    ///< 0: none, as for unix sockets
  std::uint32_t weight = 1;  ///< in the program's own units
  std::uint32_t id = 0;      ///< where the program has numeric ids; 0: the program numbers the servers itself

  friend bool operator==(const Server&, const Server&) = default;
};

/// A fact about a ring that the program would pass over in silence. `name` is for programs, `sentence` for people.
struct Warning {
  std::string_view name;
  std::string_view sentence;

  friend bool operator==(const Warning&, const Warning&) = default;
};

/// The hash of keys has fewer bits than the points.
inline constexpr Warning kNarrowKeyHash{
    "narrow-key-hash",
    "the key hash has 15 bits, so all keys stand on the first 32768 of 4294967296 positions; unless the points come "
    "from the same hash, one server gets nearly all keys"};
/// A server has no points at all.
inline constexpr Warning kServerWithoutPoints{
    "server-without-points",
    "the weight of a server is so small beside the others that it has no point on the ring and never gets a key"};

/// A server on a profile's ring.
struct ServerNode {
  Server server;
  std::string identity;  ///< what the program tells servers apart by

  [[nodiscard]] const std::string& id() const noexcept { return identity; }
};

/// The text of a server in errors: host:port.
[[nodiscard]] inline std::string address_of(const Server& server) {
  return server.host + ':' + std::to_string(server.port);
}

/// Refuses a server, in the words "perturb::profiles::XRing: the server host:port ...".
[[noreturn]] inline void refuse_server(std::string_view profile, const Server& server, std::string_view why) {
  detail::raise<std::invalid_argument>("perturb::profiles::" + std::string(profile) + ": the server " +
                                       address_of(server) + ' ' + std::string(why));
}

/// What no program can use: a server without a host or without weight, or text that a C program would cut.
inline void check_server(std::string_view profile, const Server& server) {
  if (server.host.empty()) refuse_server(profile, server, "has no host");
  if (server.weight == 0) {
    refuse_server(profile, server, "has the weight 0; leave a server out that shall have no keys");
  }
  if (server.host.find('\0') != std::string::npos || server.name.find('\0') != std::string::npos) {
    refuse_server(profile, server, "has a zero byte in its host or name");
  }
}

}  // namespace perturb::inline PERTURB_ABI::profiles
