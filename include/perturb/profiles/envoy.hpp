// SPDX-License-Identifier: MIT
/// @file EnvoyRing: the host that Envoy chooses by the load balancing policy ring_hash.
///
/// Points: hashes of 64 bits of "address:port_i", so many that the whole ring has at least minimum_ring_size points. By
/// default that is 1024, so that 100 equal hosts have only 11 each and the busiest gets nearly twice the average: raise
/// it. How many points a host has depends on the other hosts and their order, so a change also moves keys between hosts
/// that stay. Owner: the first point at or after the key's hash.
///
/// The key is what the route's hash policy hashes, for instance the value of a header; pass a request hash that is
/// computed elsewhere to find_server_of_token(). The profile covers one priority and one locality of healthy hosts,
/// without hash_balance_factor. Equal points, which Envoy does not order, stay in the order of the list.
///
/// Source: Envoy, source/extensions/load_balancing_policies/ring_hash/ring_hash_lb.cc. How the equality is known:
/// docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/murmur2.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/relative_points.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

/// RingHash.HashFunction, which hashes the points. Keys are always hashed by xxHash64.
enum class EnvoyHashFunction : std::uint8_t {
  xx_hash,
  murmur_hash_2,  ///< MurmurHash64A, seeded as libstdc++'s std::hash
};

/// The options of the policy, by their names in Envoy.
struct EnvoyOptions {
  std::uint64_t minimum_ring_size = 1024;
  std::uint64_t maximum_ring_size = 8388608;
  EnvoyHashFunction hash_function = EnvoyHashFunction::xx_hash;
  /// Hash Server::name instead of the address. Set it also for hosts that have a `hash_key` in their metadata.
  bool use_hostname_for_hashing = false;

  friend bool operator==(const EnvoyOptions&, const EnvoyOptions&) = default;
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::EnvoyHashFunction;
using perturb::profiles::EnvoyOptions;

struct XxHash64KeyHash {
  [[nodiscard]] std::uint64_t operator()(std::string_view key) const noexcept { return xxh64_of(key); }
  friend bool operator==(XxHash64KeyHash, XxHash64KeyHash) = default;
};

class EnvoyPoints {
 public:
  static constexpr std::string_view kProfile = "EnvoyRing";

  /// Throws: std::invalid_argument for sizes that Envoy refuses.
  explicit EnvoyPoints(const EnvoyOptions& options) : options_(options) {
    if (options.minimum_ring_size == 0 || options.minimum_ring_size > options.maximum_ring_size ||
        options.maximum_ring_size > kLargestRing) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::EnvoyRing: 1 <= minimum_ring_size <= maximum_ring_size <= 8388608 must hold");
    }
  }

  void check_server(const Server& server) const {
    if (options_.use_hostname_for_hashing && server.name.empty()) {
      refuse_server(kProfile, server, "has no name, which use_hostname_for_hashing needs");
    }
    if (!options_.use_hostname_for_hashing && !is_socket(server.host)) {
      refuse_server(kProfile, server, "must be an address or a path: Envoy hashes what the name resolves to");
    }
  }
  static std::string identity(const Server& server) { return socket_address(server); }

  template <class AddPoint>
  void place_all(std::span<const ServerNode> nodes, std::span<const double>, AddPoint&& add_point) const {
    const auto servers = profiles::weighted_texts(nodes, [&](const Server& server) {
      return options_.use_hostname_for_hashing ? server.name : socket_address(server);
    });
    profiles::emit_relative_points(
        servers, options_.minimum_ring_size, options_.maximum_ring_size,
        [&](std::string_view text) { return hash(text); }, add_point);
  }

  friend bool operator==(const EnvoyPoints&, const EnvoyPoints&) = default;

 private:
  static constexpr std::uint64_t kLargestRing = 8388608;
  static constexpr std::uint64_t kMurmurSeed = 0xC70F6907;

  [[nodiscard]] std::uint64_t hash(std::string_view text) const noexcept {
    return options_.hash_function == EnvoyHashFunction::murmur_hash_2 ? hashing::murmur2_64a(text, kMurmurSeed)
                                                                      : xxh64_of(text);
  }

  EnvoyOptions options_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a cluster with the policy ring_hash: its hosts in their order, weights as load_balancing_weight.
///
///   perturb::profiles::EnvoyRing ring({.minimum_ring_size = 100'000});
///   ring.add_server("10.0.0.1", 8080);
class EnvoyRing
    : public detail::profiles::ServerRing<detail::profiles::XxHash64KeyHash, detail::profiles::EnvoyPoints> {
 public:
  /// Throws: std::invalid_argument for ring sizes that Envoy refuses.
  explicit EnvoyRing(const EnvoyOptions& options = {})
      : ServerRing(detail::profiles::XxHash64KeyHash(), detail::profiles::EnvoyPoints(options)) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
