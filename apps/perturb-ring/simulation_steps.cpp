// SPDX-License-Identifier: MIT
#include "simulation_steps.hpp"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "json_document.hpp"

namespace ring_tool {

namespace {

constexpr std::size_t kMostAtOnce = 10000;

/// A server like the last one, under an address that is nobody's: a made-up name, or one of 192.0.2.0/24 and
/// 198.51.100.0/24 where the profile needs an address (RFC 5737 keeps them for documentation).
[[nodiscard]] ServerSpec next_server(const RingSpec& spec) {
  const std::string& profile = spec.profile;
  const bool needs_address = profile == "envoy" || profile == "maglev" || profile == "grpc" || profile == "brpc" ||
                             (profile == "haproxy" && spec.options.contains("hash_key"));
  const bool needs_name = profile == "haproxy" || profile == "envoy" || profile == "maglev";
  ServerSpec server;
  if (!spec.servers.empty()) {
    server.weight = spec.servers.back().weight;
    server.port = spec.servers.back().port;
    server.zone = spec.servers.back().zone;
  }
  for (std::size_t number = 1;; ++number) {
    server.host = "new-" + std::to_string(number);
    if (needs_name) server.name = server.host;
    if (needs_address) {
      if (number > 508) throw InputError("grow: there are no more addresses for documentation");
      server.host = (number <= 254 ? "192.0.2." : "198.51.100.") + std::to_string((number - 1) % 254 + 1);
    }
    bool is_taken = false;
    for (const ServerSpec& known : spec.servers) is_taken = is_taken || known.label() == server.label();
    if (!is_taken) return server;
  }
}

void add_server(RingSpec& spec, const ServerSpec& server) {
  for (const ServerSpec& known : spec.servers) {
    if (known.label() == server.label())
      throw InputError(server.place, "add: the server \"" + server.label() + "\" is there already");
  }
  spec.servers.push_back(server);
}

void remove_server(RingSpec& spec, std::size_t index) {
  spec.servers.erase(spec.servers.begin() + static_cast<std::ptrdiff_t>(index));
}

template <class Number>
[[nodiscard]] Number number_of(std::string_view text, std::string_view step, const Place& place) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number > 0)) {
    throw InputError(
        place, "the step \"" + std::string(step) + "\" needs a number above 0, and has \"" + std::string(text) + "\"");
  }
  return number;
}

}  // namespace

void append_steps(std::vector<SimulationStep>& steps, std::string_view text, const Place& place) {
  const std::size_t colon = text.find(':');
  const std::string verb(text.substr(0, colon));
  if (colon == std::string_view::npos || colon + 1 == text.size()) {
    throw InputError(place,
                     "a step is add:SERVER, remove:NAME, weight:NAME=W, down:NAME, drain:NAME, up:NAME, grow:N or "
                     "shrink:N, and \"" +
                         std::string(text) + "\" is not");
  }
  const std::string rest(text.substr(colon + 1));
  const std::string name = verb + " " + rest;
  const auto set_state = [&](perturb::NodeState state) {
    steps.push_back(
        {name, [rest, place, state](RingSpec& spec) { spec.servers[spec.index_of(rest, place)].state = state; }});
  };
  if (verb == "add") {
    steps.push_back(
        {name, [rest, place](RingSpec& spec) { add_server(spec, parse_server(rest, spec.profile, place)); }});
  } else if (verb == "remove") {
    steps.push_back({name, [rest, place](RingSpec& spec) { remove_server(spec, spec.index_of(rest, place)); }});
  } else if (verb == "weight") {
    const std::size_t equals = rest.rfind('=');
    if (equals == std::string::npos) throw InputError(place, "the step \"" + std::string(text) + "\" needs NAME=W");
    const auto weight = number_of<double>(std::string_view(rest).substr(equals + 1), text, place);
    steps.push_back({name, [server = rest.substr(0, equals), weight, place](RingSpec& spec) {
                       spec.servers[spec.index_of(server, place)].weight = weight;
                     }});
  } else if (verb == "down") {
    set_state(perturb::NodeState::down);
  } else if (verb == "drain") {
    set_state(perturb::NodeState::draining);
  } else if (verb == "up") {
    set_state(perturb::NodeState::up);
  } else if (verb == "grow" || verb == "shrink") {
    const auto count = number_of<std::size_t>(rest, text, place);
    if (count > kMostAtOnce)
      throw InputError(place, "the step \"" + std::string(text) + "\" is more than 10000 at once");
    for (std::size_t i = 0; i < count; ++i) {
      if (verb == "grow") {
        steps.push_back({"one more", [](RingSpec& spec) { spec.servers.push_back(next_server(spec)); }});
      } else {
        steps.push_back({"one fewer", [place](RingSpec& spec) {
                           if (spec.servers.empty()) throw InputError(place, "shrink: there is no server left");
                           spec.servers.pop_back();
                         }});
      }
    }
  } else {
    throw InputError(place,
                     "there is no step \"" + verb + "\"; there are add, remove, weight, down, drain, up, grow, shrink");
  }
}

void append_steps(std::vector<SimulationStep>& steps, const TextFile& file) {
  const JsonDocument document(file);
  const JsonValue list(document);
  if (!list.json().is_array()) list.refuse("the steps must be a list [...]");
  for (std::size_t i = 0; i < list.json().size(); ++i) {
    const JsonValue step = list.element(i);
    if (step.json().is_string()) {
      append_steps(steps, step.json().get<std::string>(), step.place());
      continue;
    }
    step.expect_object("a step", {"add"});
    if (!step.has("add")) step.refuse("a step is a text such as \"remove:a\", or {\"add\": {...}}");
    // Which profile it is for is known only when it is applied; the server is read now, so that mistakes have a line.
    const ServerSpec server = parse_server(step.member("add"), "perturb");
    steps.push_back({"add " + server.label(), [server](RingSpec& spec) { add_server(spec, server); }});
  }
}

}  // namespace ring_tool
