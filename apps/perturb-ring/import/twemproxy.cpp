// SPDX-License-Identifier: MIT
/// @file A pool of twemproxy's nutcracker.yml with `distribution: ketama`.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "../input_error.hpp"
#include "import.hpp"

namespace ring_tool {

namespace {

constexpr std::array<std::string_view, 18> kDirectives = {"listen",
                                                          "hash",
                                                          "hash_tag",
                                                          "distribution",
                                                          "timeout",
                                                          "backlog",
                                                          "client_connections",
                                                          "redis",
                                                          "redis_auth",
                                                          "redis_db",
                                                          "preconnect",
                                                          "tcpkeepalive",
                                                          "reuseport",
                                                          "auto_eject_hosts",
                                                          "server_connections",
                                                          "server_retry_timeout",
                                                          "server_failure_limit",
                                                          "servers"};

class PoolReader {
 public:
  explicit PoolReader(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] Imported read(const std::string& name, const YAML::Node& pool) {
    RingSpec& spec = result_.spec;
    spec.profile = "twemproxy";
    spec.place = place_of(pool);
    expect_block_map(pool, "the pool " + name);
    std::set<std::string> known;
    bool has_servers = false;
    for (const auto& directive : pool) {
      const std::string key = scalar(directive.first, "a directive");
      const Place place = place_of(directive.first);
      if (std::find(kDirectives.begin(), kDirectives.end(), key) == kDirectives.end())
        throw InputError(place, "the directive \"" + key + "\" is unknown to twemproxy");
      if (!known.insert(key).second) throw InputError(place, "the directive \"" + key + "\" is there twice");
      const YAML::Node& value = directive.second;
      if (key == "servers") {
        has_servers = true;
        read_servers(value, place);
        continue;
      }
      const std::string text = scalar(value, key);
      if (key == "hash" || key == "hash_tag") {
        spec.options[key] = text;
        spec.option_places[key] = place_of(value);
      } else if (key == "distribution" && text != "ketama") {
        throw InputError(place_of(value),
                         "the pool " + name + " is no ring: it has distribution " + text + ", not ketama");
      } else if (key == "auto_eject_hosts" && text == "true") {
        result_.notes.push_back(place.text() +
                                ": auto_eject_hosts is left out: the owners are those while all servers are up");
      }
    }
    if (!has_servers || spec.servers.empty()) throw InputError(spec.place, "the pool " + name + " has no servers");
    return std::move(result_);
  }

  void expect_block_map(const YAML::Node& node, const std::string& what) const {
    if (!node.IsMap() || node.Style() == YAML::EmitterStyle::Flow)
      throw InputError(place_of(node), what + " must be lines of NAME: VALUE; twemproxy reads no {...}");
  }
  [[nodiscard]] std::string scalar(const YAML::Node& node, const std::string& what) const {
    if (!node.IsScalar()) throw InputError(place_of(node), what + " must be one value");
    return node.Scalar();
  }
  [[nodiscard]] Place place_of(const YAML::Node& node) const {
    return {file_, node.Mark().is_null() ? 0 : static_cast<std::size_t>(node.Mark().line) + 1};
  }

 private:
  void read_servers(const YAML::Node& list, const Place& place) {
    if (!list.IsSequence() || list.Style() == YAML::EmitterStyle::Flow)
      throw InputError(place, "servers must be lines that begin with -; twemproxy reads no [...]");
    for (const YAML::Node& item : list) add(scalar(item, "a server"), place_of(item));
  }

  // "host:port:weight" or "/path:weight", then perhaps a blank and a name; read from the end.
  void add(std::string_view text, const Place& place) {
    const auto refuse = [&](const char* what) {
      throw InputError(place, "\"" + std::string(text) + "\" " + what +
                                  "; a server is HOST:PORT:WEIGHT [NAME] or /PATH:WEIGHT [NAME]");
    };
    ServerSpec server;
    server.place = place;
    std::string_view rest = text;
    if (const std::size_t blank = rest.rfind(' '); blank != std::string_view::npos) {
      server.name = rest.substr(blank + 1);
      rest = rest.substr(0, blank);
    }
    const auto take_number = [&](const char* what) {
      const std::size_t colon = rest.rfind(':');
      if (colon == std::string_view::npos) refuse(what);
      const std::string_view digits = rest.substr(colon + 1);
      std::uint32_t number = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() || number == 0 ||
          number > 0x7FFFFFFF) {
        refuse(what);
      }
      rest = rest.substr(0, colon);
      return number;
    };
    server.weight = take_number("has no weight from 1 on");
    if (!text.starts_with('/')) {
      const std::string_view with_port = rest;
      const std::uint32_t port = take_number("has no port from 1 to 65535");
      if (port > 65535) refuse("has no port from 1 to 65535");
      server.port = static_cast<std::uint16_t>(port);
      // The text of the port is hashed as it is written.
      const bool is_usual = with_port.substr(rest.size() + 1) == std::to_string(port) || port == 11211;
      if (server.name.empty() && !is_usual) server.name = with_port;
    }
    server.host = rest;
    if (server.host.empty()) refuse("has no host");
    result_.spec.servers.push_back(std::move(server));
  }

  std::string file_;
  Imported result_;
};

}  // namespace

Imported import_twemproxy(const TextFile& file, const std::string& pool) {
  try {
    const YAML::Node root = YAML::Load(file.text);
    PoolReader reader(file.name);
    if (!root.IsDefined() || root.IsNull()) throw InputError({file.name}, "it is empty");
    reader.expect_block_map(root, "the configuration");
    std::vector<std::string> names;
    std::vector<YAML::Node> found;
    for (const auto& one : root) {
      names.push_back(reader.scalar(one.first, "a pool's name"));
      if (pool.empty() || names.back() == pool) found.push_back(one.second);
    }
    if (found.size() != 1) refuse_name(file.name, "pool", pool, names);
    return reader.read(pool.empty() ? names[0] : pool, found[0]);
  } catch (const YAML::Exception& error) {
    const std::size_t line = error.mark.is_null() ? 0 : static_cast<std::size_t>(error.mark.line) + 1;
    throw InputError({file.name, line}, "this is no YAML: " + error.msg);
  }
}

}  // namespace ring_tool
