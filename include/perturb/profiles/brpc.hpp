// SPDX-License-Identifier: MIT
/// @file BrpcRing: the server that brpc chooses by the load balancers c_murmurhash, c_md5 and c_ketama.
///
/// Points: `replicas` for each server, whatever its weight. A point is the hash of "ip:port-i"; with c_ketama each MD5
/// digest gives four points, so there are a quarter as many strings (25 by default). Unlike in other ketama rings the
/// port is never left out. Equal points are ordered by address, whose bytes are compared from the last to the first,
/// then by port. Owner: the first point at or after the request code.
///
/// In brpc the caller computes the request code, of 32 bits (Controller::set_request_code): pass it to
/// find_server_of_token(). find_server(key) computes it as brpc's documentation does, by MurmurHash32 with c_murmurhash
/// and by MD5Hash32 with the others. brpc can have several servers of one address with different tags; here an address
/// has one server.
///
/// Source: brpc, src/brpc/policy/consistent_hashing_load_balancer.cpp and hasher.cpp. How the equality is known:
/// docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/murmur3.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/ip_address.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

/// The load balancer, by its name in brpc.
enum class BrpcBalancer : std::uint8_t { c_murmurhash, c_md5, c_ketama };

/// The load balancer and its parameter.
struct BrpcOptions {
  BrpcBalancer balancer = BrpcBalancer::c_murmurhash;
  std::uint32_t replicas = 100;  ///< "c_murmurhash:replicas=100", or the flag chash_num_replicas
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::BrpcBalancer;
using perturb::profiles::BrpcOptions;

class BrpcKeyHash {
 public:
  explicit BrpcKeyHash(BrpcBalancer balancer) noexcept : is_murmur_(balancer == BrpcBalancer::c_murmurhash) {}

  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept {
    return is_murmur_ ? hashing::murmur3_x86_32(key, 0) : md5_words(key)[0];
  }
  friend bool operator==(const BrpcKeyHash&, const BrpcKeyHash&) = default;

 private:
  bool is_murmur_;
};

class BrpcPoints {
 public:
  static constexpr std::string_view kProfile = "BrpcRing";

  /// Throws: std::invalid_argument for numbers of replicas that brpc mishandles.
  explicit BrpcPoints(const BrpcOptions& options)
      : hash_(options.balancer), is_ketama_(options.balancer == BrpcBalancer::c_ketama), replicas_(options.replicas) {
    if (replicas_ == 0) detail::raise<std::invalid_argument>("perturb::profiles::BrpcRing: replicas must be positive");
    if (is_ketama_ && replicas_ % 4 != 0) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::BrpcRing: c_ketama needs a number of replicas that is a multiple of 4");
    }
  }

  static void check_server(const Server& server) {
    if (!parse_ipv4(server.host)) {
      refuse_server(kProfile, server, "must be an IPv4 address: brpc hashes what names resolve to");
    }
  }
  // Sorts as brpc does: by the address as a little-endian number, then by the port.
  static std::string identity(const Server& server) {
    const auto address = parse_ipv4(server.host);
    if (!address) return address_of(server);  // the identity of no server
    std::string result;
    for (std::size_t i = 4; i-- > 0;) result.push_back(static_cast<char>(address->bytes[i]));
    result.push_back(static_cast<char>(server.port >> 8));
    result.push_back(static_cast<char>(server.port));
    return result;
  }

  [[nodiscard]] std::uint64_t point_count(double) const noexcept { return replicas_; }
  template <class AddPoint>
  void place(const ServerNode& node, double, AddPoint&& add_point) const {
    const std::string address = address_of(node.server);
    if (is_ketama_) {
      emit_digests(address, {0, replicas_ / 4}, add_point);
    } else {
      NumberedText text(address, '-');
      for (std::uint32_t i = 0; i < replicas_; ++i) add_point(hash_(text.with(i)));
    }
  }

  friend bool operator==(const BrpcPoints&, const BrpcPoints&) = default;

 private:
  BrpcKeyHash hash_;
  bool is_ketama_;
  std::uint32_t replicas_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a channel with one of the consistent hashing load balancers.
///
///   perturb::profiles::BrpcRing ring({.balancer = perturb::profiles::BrpcBalancer::c_md5});
///   ring.add_server("10.0.0.1", 8000);
class BrpcRing : public detail::profiles::ServerRing<detail::profiles::BrpcKeyHash, detail::profiles::BrpcPoints,
                                                     BoundRule::at_or_after, TieRule::identity> {
 public:
  /// Throws: std::invalid_argument for numbers of replicas that brpc mishandles.
  explicit BrpcRing(const BrpcOptions& options = {})
      : ServerRing(detail::profiles::BrpcKeyHash(options.balancer), detail::profiles::BrpcPoints(options)) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
