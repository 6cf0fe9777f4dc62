// SPDX-License-Identifier: MIT
/// @file What all profiles share: a server as other programs list it, the node that it becomes, and warnings.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

/// A line of a server list. A profile ignores the members that its program does not have.
struct Server {
  std::string host;          ///< a name, an address, or the path of a unix socket, as in the program's configuration
  std::string name = {};     ///< the server's own name, in programs where servers can have one
  std::uint16_t port = 0;    ///< 0: none, as for unix sockets
  std::uint32_t weight = 1;  ///< in the program's units
  std::uint32_t id = 0;      ///< in programs with numeric ids; 0: the program numbers the server itself

  friend bool operator==(const Server&, const Server&) = default;
};

/// A fact about a ring that its user should know and that the program does not report.
struct Warning {
  std::string_view name;     ///< for programs: "narrow-key-hash"
  std::string_view message;  ///< for people

  friend bool operator==(const Warning&, const Warning&) = default;
};

/// The hash of keys has fewer bits than the tokens of the points.
inline constexpr Warning kNarrowKeyHash{
    "narrow-key-hash",
    "the key hash has 15 bits, so all keys lie on the first 32768 of 4294967296 positions; unless the points come from "
    "the same hash, one server gets nearly all keys"};
/// A server has no points at all.
inline constexpr Warning kServerWithoutPoints{
    "server-without-points",
    "the weight of a server is so small compared with the others that it has no point and never gets a key"};

/// Servers that differ have the same points, so one of them gets no keys of its own.
inline constexpr Warning kServersWithEqualPoints{
    "servers-with-equal-points",
    "the ids of two servers are equal modulo 1048576, so all their points are equal and one of them gets nearly no "
    "keys; give ids below 1048576"};

/// The node of a profile's ring: what ring().nodes(), points() and arcs() refer to.
struct ServerNode {
  Server server;
  std::string identity;  ///< by which the program recognizes duplicates

  [[nodiscard]] const std::string& id() const noexcept { return identity; }
};

}  // namespace perturb::inline PERTURB_ABI::profiles
