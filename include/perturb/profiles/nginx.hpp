// SPDX-License-Identifier: MIT
/// @file NginxRing: the peer that nginx chooses by `hash KEY consistent` (1.22.1; the module is the same up to 1.29).
///
/// Points: 160 for each unit of weight, so weights are absolute. A point is the CRC-32 of HOST, a zero byte, PORT and
/// the server's point before it (0 for the first) as four little-endian bytes. HOST and PORT are the text of the
/// `server` directive, cut at its last colon if only digits follow it. Of equal points only that of the server listed
/// first stays. Owner: the first point at or after the CRC-32 of the key.
///
/// A name that resolves to several addresses is one server here and in nginx, which then uses its addresses in turn.
/// The profile covers a healthy upstream; when a peer is down, nginx tries the next points.
///
/// Source: nginx 1.22.1, src/http/modules/ngx_http_upstream_hash_module.c. How the equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/crc32.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/ip_address.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::profiles {

struct NginxKeyHash {
  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept { return hashing::crc32(key); }
  friend bool operator==(NginxKeyHash, NginxKeyHash) = default;
};

class NginxPoints {
 public:
  static constexpr std::string_view kProfile = "NginxRing";

  static void check_server(const Server& server) {
    if (server.weight > kHeaviest) {
      refuse_server(kProfile, server,
                    "has a weight above 65535, of which nginx would make more than ten million points; divide the "
                    "weights of all servers by a common factor");
    }
    if (!is_readable(host_and_port(server))) {
      refuse_server(kProfile, server,
                    "is not HOST, HOST:PORT or [ADDRESS]:PORT with a port from 1 to 65535, or nginx refuses it; an "
                    "address of version 6 needs brackets");
    }
  }
  // Several `server` lines with one text have the points of the heaviest.
  static constexpr bool kTakesHeavierDuplicate = true;
  // nginx sends requests with an empty key to several servers in turn.
  [[nodiscard]] static bool has_owner(std::string_view key, std::size_t servers) noexcept {
    return !key.empty() || servers < 2;
  }
  static std::string identity(const Server& server) { return host_and_port(server); }

  [[nodiscard]] static std::uint64_t point_count(double weight) {
    return kPointsPerWeight * static_cast<std::uint64_t>(weight);
  }
  template <class AddPoint>
  void place(const ServerNode& node, double weight, AddPoint&& add_point) const {
    hashing::Crc32 base;
    hash_address(base, node.identity);
    std::uint32_t previous = 0;
    for (std::uint64_t i = 0, count = point_count(weight); i < count; ++i) {
      hashing::Crc32 crc = base;
      std::array<char, 4> bytes{};
      for (std::size_t byte = 0; byte < 4; ++byte) bytes[byte] = static_cast<char>(previous >> (8 * byte));
      crc.update(std::string_view(bytes.data(), bytes.size()));
      previous = crc.value();
      add_point(previous);
    }
  }

 private:
  static constexpr std::uint64_t kPointsPerWeight = 160;
  static constexpr std::uint32_t kHeaviest = 65535;

  // `address` is the text after the word `server` in the configuration.
  static void hash_address(hashing::Crc32& crc, std::string_view address) {
    std::string_view port;
    if (is_unix_socket(address)) {
      address.remove_prefix(5);
    } else {
      const std::size_t before_digits = address.find_last_not_of("0123456789");
      if (before_digits != std::string_view::npos && address[before_digits] == ':') {
        port = address.substr(before_digits + 1);
        address = address.substr(0, before_digits);
      }
    }
    crc.update(address);
    crc.update(std::string_view("\0", 1));
    crc.update(port);
  }

  // Whether nginx takes it for a server.
  [[nodiscard]] static bool is_readable(std::string_view address) {
    if (is_unix_socket(address)) return true;
    std::size_t end = address.find(':');
    if (address.starts_with('[')) {
      end = address.find(']');
      if (end == std::string_view::npos || !parse_ipv6(address.substr(1, end - 1))) return false;
      ++end;
    }
    if (end >= address.size()) return true;
    std::string_view port = address.substr(end + 1);
    const auto number = take_number(port, 10, 5);
    return address[end] == ':' && number && port.empty() && *number > 0 && *number <= 65535;
  }

  // Whether it begins with "unix:", in upper or lower case.
  [[nodiscard]] static bool is_unix_socket(std::string_view address) {
    constexpr std::string_view kPrefix = "unix:";
    if (address.size() < kPrefix.size()) return false;
    for (std::size_t i = 0; i < kPrefix.size(); ++i) {
      const char lower = address[i] >= 'A' && address[i] <= 'Z' ? static_cast<char>(address[i] + 32) : address[i];
      if (lower != kPrefix[i]) return false;
    }
    return true;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of an `upstream` block with `hash KEY consistent`: its `server` lines in their order.
///
///   perturb::profiles::NginxRing ring;
///   ring.add_server("10.0.0.1", 8080, 2);         // server 10.0.0.1:8080 weight=2;
///   ring.add_server("backend.example.com", 0);    // server backend.example.com;    (no port in the text)
///   ring.add_server("unix:/run/backend.sock", 0);
///
/// Several `server` lines with one text are one server, with the weight of the heaviest, as nginx gives them the points
/// of the heaviest: add_server() is false for a line that is not heavier than those before, and true for one that is.
/// find_server() gives nullptr for the empty key if there are several servers: nginx sends it to them in turn.
class NginxRing : public detail::profiles::ServerRing<detail::profiles::NginxKeyHash, detail::profiles::NginxPoints,
                                                      BoundRule::at_or_after, TieRule::keep_first> {
 public:
  NginxRing() : ServerRing(detail::profiles::NginxKeyHash(), detail::profiles::NginxPoints()) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
