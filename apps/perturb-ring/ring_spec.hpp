// SPDX-License-Identifier: MIT
/// @file RingSpec: a ring as it is described in JSON or by options, before it is built.
///
///   {"profile": "haproxy", "options": {"function": "crc32"}, "key": "hdr(x-key)",
///    "servers": ["10.0.0.1:8080", {"host": "10.0.0.2", "port": 8080, "weight": 10, "name": "s2", "state": "down"}]}
#pragma once

#include <perturb/ring_members.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "input_error.hpp"
#include "json_document.hpp"

namespace ring_tool {

struct ServerSpec {
  std::string host = {};
  std::string name = {};
  std::uint16_t port = 0;  ///< 0: none
  double weight = 1;
  std::uint32_t id = 0;  ///< 0: none
  perturb::NodeState state = perturb::NodeState::up;
  std::string zone = {};
  Place place = {};

  /// What the tool calls the server, and by what its user names it: its name, or else its address.
  [[nodiscard]] std::string label() const;
};

struct RingSpec {
  std::string profile = "perturb";
  Json options = Json::object();  ///< by the profile's names (profile_options.hpp)
  std::string key = {};           ///< what the program hashes, for people: "$request_uri"
  std::vector<ServerSpec> servers = {};
  Place place = {};
  std::map<std::string, Place> option_places = {};

  [[nodiscard]] Place option_place(const std::string& option) const;
  /// The index of the server with this label. Throws: InputError, naming `from`, if there is none.
  [[nodiscard]] std::size_t index_of(std::string_view label, const Place& from = {}) const;
};

/// Profiles in which a host keeps the brackets of an address of version 6.
[[nodiscard]] bool keeps_brackets(std::string_view profile);

/// Host and port of "host", "host:port", "[address]:port", an address of version 6 or a path.
/// Throws: InputError for a port that is none.
void set_address(ServerSpec& server, std::string_view address, bool keeps_brackets);

/// A server as it is written on the command line: "10.0.0.1:11211,weight=2,name=a,id=7,zone=z,state=down".
[[nodiscard]] ServerSpec parse_server(std::string_view text, std::string_view profile, const Place& place);

[[nodiscard]] RingSpec parse_ring(const JsonValue& value);
[[nodiscard]] ServerSpec parse_server(const JsonValue& value, std::string_view profile);

/// Refuses a list in which two servers have one label.
void check_labels(const RingSpec& spec);

/// The description as JSON; what is as usual is left out.
[[nodiscard]] Json to_json(const RingSpec& spec);
[[nodiscard]] std::string_view text_of(perturb::NodeState state);

}  // namespace ring_tool
