// SPDX-License-Identifier: MIT
#include "haproxy_server.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "../input_error.hpp"

namespace ring_tool {

namespace {

// Parameters without a value (configuration manual, 5.2). All others have one, except `source`.
constexpr std::array<std::string_view, 19> kWithoutValue = {"agent-check",
                                                            "allow-0rtt",
                                                            "backup",
                                                            "check",
                                                            "check-send-proxy",
                                                            "check-ssl",
                                                            "check-via-socks4",
                                                            "check-reuse-pool",
                                                            "disabled",
                                                            "enabled",
                                                            "non-stick",
                                                            "renegotiate",
                                                            "send-proxy",
                                                            "send-proxy-v2",
                                                            "send-proxy-v2-ssl",
                                                            "send-proxy-v2-ssl-cn",
                                                            "ssl",
                                                            "stick",
                                                            "tfo"};

[[nodiscard]] bool has_value(std::string_view name) {
  if (name.starts_with("no-") || name.starts_with("force-") || name == "ssl-reuse" || name == "tls-tickets")
    return false;
  return std::find(kWithoutValue.begin(), kWithoutValue.end(), name) == kWithoutValue.end();
}

}  // namespace

void set_haproxy_address(ServerSpec& server, std::string_view text) {
  server.port = 0;
  for (const std::string_view family :
       {"ipv4@", "ipv6@", "unix@", "abns@", "abnsz@", "udp@", "udp4@", "udp6@", "tcp@", "tcp4@", "tcp6@", "quic4@",
        "quic6@", "sockpair@", "fd@", "rhttp@", "stream+ipv4@", "stream+ipv6@"}) {
    if (!text.starts_with(family)) continue;
    text.remove_prefix(family.size());
    if (family == "unix@" || family == "abns@" || family == "abnsz@") {
      server.host = text;
      return;
    }
    break;
  }
  server.host = text;
  const std::size_t colon = text.rfind(':');
  if (text.starts_with('/') || colon == std::string_view::npos || (text.starts_with('[') && text.ends_with(']')))
    return;
  const std::string digits(text.substr(colon + 1));
  server.host = text.substr(0, colon);
  if (server.host.starts_with('[') && server.host.ends_with(']'))
    server.host = server.host.substr(1, server.host.size() - 2);
  const bool is_port = !digits.empty() && digits.size() <= 5 &&
                       std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  const long port = is_port ? std::atol(digits.c_str()) : 0;  // "+100" maps the client's port: no port of its own
  if (port > 65535) throw InputError(server.place, "\"" + std::string(text) + "\" has no port up to 65535");
  server.port = static_cast<std::uint16_t>(port);
}

void read_haproxy_parameters(HaproxyServer& server, const std::vector<std::string>& words, std::size_t first,
                             const Place& place) {
  for (std::size_t i = first; i < words.size(); ++i) {
    const std::string& name = words[i];
    if (name == "backup" || name == "no-backup") {
      server.is_backup = name == "backup";
    } else if (name == "disabled") {
      server.spec.state = perturb::NodeState::down;
    } else if (name == "enabled") {
      server.spec.state = perturb::NodeState::up;
    }
    if (!has_value(name)) continue;
    if (i + 1 == words.size()) throw InputError(place, "\"" + name + "\" needs a value");
    const std::string& value = words[++i];
    if (name == "weight") {
      const long weight = std::atol(value.c_str());
      if (weight < 0 || weight > 256) throw InputError(place, "a weight is from 0 to 256, and this one is " + value);
      server.spec.weight = weight == 0 ? 1 : static_cast<double>(weight);
      // Without weight a server has no points, as if it were being drained.
      if (weight == 0 && server.spec.state == perturb::NodeState::up) server.spec.state = perturb::NodeState::draining;
      if (weight != 0 && server.spec.state == perturb::NodeState::draining) server.spec.state = perturb::NodeState::up;
    } else if (name == "id") {
      const long id = std::atol(value.c_str());
      if (id <= 0 || id > 0x7FFFFFFF)
        throw InputError(place, "an id is from 1 to 2147483647, and this one is " + value);
      server.spec.id = static_cast<std::uint32_t>(id);
    } else if (name == "hash-key") {
      server.hash_key = value;
    } else if (name == "guid") {
      server.guid = value;
    } else if (name == "source") {
      while (i + 2 < words.size() && (words[i + 1] == "usesrc" || words[i + 1] == "interface")) i += 2;
    }
  }
}

}  // namespace ring_tool
