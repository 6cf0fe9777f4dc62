// SPDX-License-Identifier: MIT
#include "ring_spec.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>

namespace ring_tool {

namespace {

using perturb::NodeState;

constexpr std::uint64_t kLargestPort = 65535;
constexpr std::uint64_t kLargestId = std::numeric_limits<std::uint32_t>::max();

template <class Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

[[nodiscard]] std::uint64_t whole_number(std::string_view text, std::string_view what, std::uint64_t most,
                                         const Place& place) {
  const auto number = number_of<std::uint64_t>(text);
  if (!number || *number > most) {
    throw InputError(place, std::string(what) + " must be a whole number from 0 to " + std::to_string(most) +
                                ", and is \"" + std::string(text) + "\"");
  }
  return *number;
}

[[nodiscard]] NodeState state_of(std::string_view text, const Place& place) {
  if (text == "up") return NodeState::up;
  if (text == "draining") return NodeState::draining;
  if (text == "down") return NodeState::down;
  throw InputError(place, "a state must be up, draining or down, and is \"" + std::string(text) + "\"");
}

void set_field(ServerSpec& server, std::string_view name, std::string_view value, const Place& place) {
  if (name == "weight") {
    const auto weight = number_of<double>(value);
    if (!weight || !(*weight > 0) || !std::isfinite(*weight)) {
      throw InputError(place, "a weight must be a number above 0, and is \"" + std::string(value) + "\"");
    }
    server.weight = *weight;
  } else if (name == "name") {
    server.name = value;
  } else if (name == "id") {
    server.id = static_cast<std::uint32_t>(whole_number(value, "an id", kLargestId, place));
  } else if (name == "zone") {
    server.zone = value;
  } else if (name == "state") {
    server.state = state_of(value, place);
  } else {
    throw InputError(place, "a server has no \"" + std::string(name) + "\"; it can have weight, name, id, zone, state");
  }
}

void check_server(ServerSpec& server, std::string_view profile) {
  const bool can_be_a_name = profile == "perturb" || profile.starts_with("uhashring");
  if (server.host.empty() && can_be_a_name) server.host = server.name;
  if (server.host.empty()) throw InputError(server.place, "a server needs a host");
  for (const std::string* const text : {&server.host, &server.name, &server.zone}) {
    for (const char c : *text) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        throw InputError(server.place, "a host, a name or a zone cannot have control characters");
    }
  }
}

}  // namespace

std::string ServerSpec::label() const {
  if (!name.empty()) return name;
  if (port == 0) return host;
  const bool needs_brackets = host.find(':') != std::string::npos && !host.starts_with('[');
  return (needs_brackets ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Place RingSpec::option_place(const std::string& option) const {
  const auto it = option_places.find(option);
  return it == option_places.end() ? place : it->second;
}

std::size_t RingSpec::index_of(std::string_view label, const Place& from) const {
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (servers[i].label() == label) return i;
  }
  std::string list;
  for (std::size_t i = 0; i < servers.size() && i < 5; ++i) list += (i == 0 ? "" : ", ") + servers[i].label();
  if (servers.size() > 5) list += ", and " + std::to_string(servers.size() - 5) + " more";
  throw InputError(from,
                   "there is no server \"" + std::string(label) + "\"; there are " + (list.empty() ? "none" : list));
}

bool keeps_brackets(std::string_view profile) { return profile == "nginx" || profile == "ketama"; }

void set_address(ServerSpec& server, std::string_view address, bool keeps_brackets) {
  const auto set_port = [&](std::string_view port) {
    server.port = static_cast<std::uint16_t>(whole_number(port, "a port", kLargestPort, server.place));
    if (server.port == 0) throw InputError(server.place, "the port 0 is none; leave it out");
  };
  server.port = 0;
  server.host = address;
  if (address.starts_with('/') || address.starts_with('@') || address.starts_with("unix:")) return;
  if (address.starts_with('[')) {
    const std::size_t end = address.find(']');
    if (end == std::string_view::npos)
      throw InputError(server.place, "the bracket of \"" + std::string(address) + "\" is not closed");
    server.host = keeps_brackets ? address.substr(0, end + 1) : address.substr(1, end - 1);
    if (end + 1 == address.size()) return;
    if (address[end + 1] != ':')
      throw InputError(server.place, "\"" + std::string(address) + "\" has text after its bracket");
    return set_port(address.substr(end + 2));
  }
  const std::size_t colon = address.find(':');
  if (colon == std::string_view::npos || address.find(':', colon + 1) != std::string_view::npos) return;
  server.host = address.substr(0, colon);
  set_port(address.substr(colon + 1));
}

ServerSpec parse_server(std::string_view text, std::string_view profile, const Place& place) {
  ServerSpec server;
  server.place = place;
  std::size_t end = text.find(',');
  set_address(server, text.substr(0, end), keeps_brackets(profile));
  while (end != std::string_view::npos) {
    text.remove_prefix(end + 1);
    end = text.find(',');
    const std::string_view field = text.substr(0, end);
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) {
      throw InputError(place, "after the address of a server come weight=, name=, id=, zone= or state=, not \"" +
                                  std::string(field) + "\"");
    }
    set_field(server, field.substr(0, equals), field.substr(equals + 1), place);
  }
  check_server(server, profile);
  return server;
}

ServerSpec parse_server(const JsonValue& value, std::string_view profile) {
  if (value.json().is_string()) return parse_server(value.text("a server"), profile, value.place());
  value.expect_object("a server", {"host", "port", "weight", "name", "id", "state", "zone"});
  ServerSpec server;
  server.place = value.place();
  if (value.has("host")) server.host = value.member("host").text("a host");
  if (value.has("name")) server.name = value.member("name").text("a name");
  if (value.has("zone")) server.zone = value.member("zone").text("a zone");
  if (value.has("port")) server.port = static_cast<std::uint16_t>(value.member("port").whole("a port", kLargestPort));
  if (value.has("id")) server.id = static_cast<std::uint32_t>(value.member("id").whole("an id", kLargestId));
  if (value.has("weight")) server.weight = value.member("weight").positive("a weight");
  if (value.has("state")) server.state = state_of(value.member("state").text("a state"), value.member("state").place());
  check_server(server, profile);
  return server;
}

RingSpec parse_ring(const JsonValue& value) {
  value.expect_object("a ring", {"profile", "options", "key", "servers"});
  RingSpec spec;
  spec.place = value.place();
  spec.place.line = 0;
  if (value.has("profile")) {
    spec.profile = value.member("profile").text("the profile");
    spec.option_places["profile"] = value.member("profile").place();
  }
  if (value.has("key")) spec.key = value.member("key").text("the key");
  if (value.has("options")) {
    const JsonValue options = value.member("options");
    if (!options.json().is_object()) options.refuse("the options must be an object {...}");
    for (const auto& [name, option] : options.json().items()) {
      const JsonValue member = options.member(name);
      if (!option.is_string() && !option.is_number() && !option.is_boolean())
        member.refuse("the option \"" + name + "\" must be a text, a number, true or false");
      spec.options[name] = option;
      spec.option_places[name] = member.place();
    }
  }
  if (!value.has("servers")) value.refuse("a ring needs \"servers\": [...]");
  const JsonValue servers = value.member("servers");
  if (!servers.json().is_array()) servers.refuse("the servers must be a list [...]");
  for (std::size_t i = 0; i < servers.json().size(); ++i) {
    spec.servers.push_back(parse_server(servers.element(i), spec.profile));
  }
  check_labels(spec);
  return spec;
}

void check_labels(const RingSpec& spec) {
  std::unordered_map<std::string, const ServerSpec*> known;
  for (const ServerSpec& server : spec.servers) {
    const auto [it, is_new] = known.emplace(server.label(), &server);
    if (is_new) continue;
    const Place& first = it->second->place;
    throw InputError(server.place, "the server \"" + server.label() + "\" is there twice" +
                                       (first.line == 0 ? "" : ", first on line " + std::to_string(first.line)) +
                                       "; give each a name of its own");
  }
}

std::string_view text_of(NodeState state) {
  switch (state) {
    case NodeState::draining:
      return "draining";
    case NodeState::down:
      return "down";
    case NodeState::up:
    default:
      break;
  }
  return "up";
}

Json to_json(const RingSpec& spec) {
  Json json;
  json["profile"] = spec.profile;
  if (!spec.options.empty()) json["options"] = spec.options;
  if (!spec.key.empty()) json["key"] = spec.key;
  json["servers"] = Json::array();
  for (const ServerSpec& server : spec.servers) {
    Json item;
    item["host"] = server.host;
    if (server.port != 0) item["port"] = server.port;
    if (server.weight == std::floor(server.weight) && server.weight < 1e15) {
      item["weight"] = static_cast<std::uint64_t>(server.weight);
    } else {
      item["weight"] = server.weight;
    }
    if (!server.name.empty()) item["name"] = server.name;
    if (server.id != 0) item["id"] = server.id;
    if (!server.zone.empty()) item["zone"] = server.zone;
    if (server.state != NodeState::up) item["state"] = text_of(server.state);
    json["servers"].push_back(std::move(item));
  }
  return json;
}

}  // namespace ring_tool
