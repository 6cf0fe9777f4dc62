// SPDX-License-Identifier: MIT
/// @file The strings that programs hash for the points of a server.
#pragma once

#include <perturb/config.hpp>
#include <perturb/profiles/ip_address.hpp>
#include <perturb/profiles/server.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::Server;
using perturb::profiles::ServerNode;

/// host:port, also with the port 0. The text of a server in error messages.
[[nodiscard]] inline std::string address_of(const Server& server) {
  return server.host + ':' + std::to_string(server.port);
}

/// memcached's port, which the programs of the ketama family leave out of their strings.
inline constexpr std::uint16_t kMemcachedPort = 11211;

/// host:port, or host alone without a port.
[[nodiscard]] inline std::string host_and_port(const Server& server) {
  return server.port == 0 ? server.host : address_of(server);
}

/// As host_and_port, but an address of version 6 in its one form by RFC 5952, and with a port in brackets: how Envoy
/// and gRPC print sockets.
[[nodiscard]] inline std::string socket_address(const Server& server) {
  const auto address = parse_ip_address(server.host);
  if (!address || address->size != 16) return host_and_port(server);
  const std::string text = ipv6_text(*address);
  return server.port == 0 ? text : '[' + text + "]:" + std::to_string(server.port);
}

/// Whether a host is an address or the path of a unix socket, and not a name.
[[nodiscard]] inline bool is_socket(std::string_view host) {
  return parse_ip_address(host) || host.starts_with('/') || host.starts_with('@') || host.starts_with("unix:");
}

/// host on memcached's port, host:port on any other.
[[nodiscard]] inline std::string host_and_unusual_port(const Server& server) {
  return server.port == kMemcachedPort ? server.host : address_of(server);
}

/// A prefix, a separator and a running number, for instance "10.0.1.1:11211-17". Only the number is rewritten.
class NumberedText {
 public:
  NumberedText(std::string_view prefix, char separator) : text_(prefix), end_(prefix.size() + 1) {
    text_.push_back(separator);
  }

  [[nodiscard]] std::string_view with(std::uint64_t number) {
    std::array<char, 20> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text_.resize(end_);
    text_.append(digits.data(), static_cast<std::size_t>(result.ptr - digits.data()));
    return text_;
  }

 private:
  std::string text_;
  std::size_t end_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
