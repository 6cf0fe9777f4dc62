// SPDX-License-Identifier: MIT
/// @file GrpcRing: the endpoint that gRPC chooses by the load balancing policy ring_hash_experimental (core for C++ and
/// its wrappers, and grpc-go).
///
/// The points are those of Envoy's ring_hash (envoy.hpp) with smaller limits: a ring has 4096 points at most unless the
/// cap is raised, so 1000 endpoints have four each. grpc-go sorts the endpoints by their text first; core keeps the
/// order of the list. Older versions of grpc-go, in which the index i ran on from one endpoint to the next, placed
/// points in another way that moved nearly every key at each change; this profile does not cover them. gRPC adds up the
/// weights of an address that is listed twice; here the second one is a duplicate.
///
/// Source: gRPC core, src/core/load_balancing/ring_hash/ring_hash.cc; grpc-go, balancer/ringhash/ring.go. How the
/// equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/profiles/envoy.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/relative_points.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

/// Which gRPC: core (C++ and its wrappers) or grpc-go.
enum class GrpcImplementation : std::uint8_t { core, go };

/// The options of the policy, by their names in gRPC.
struct GrpcOptions {
  std::uint64_t min_ring_size = 1024;
  std::uint64_t max_ring_size = 4096;
  std::uint64_t ring_size_cap = 4096;  ///< GRPC_ARG_RING_HASH_LB_RING_SIZE_CAP; in Go the environment's ring hash cap
  GrpcImplementation implementation = GrpcImplementation::core;

  friend bool operator==(const GrpcOptions&, const GrpcOptions&) = default;
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::GrpcImplementation;
using perturb::profiles::GrpcOptions;

class GrpcPoints {
 public:
  static constexpr std::string_view kProfile = "GrpcRing";

  /// Throws: std::invalid_argument for sizes that gRPC refuses.
  explicit GrpcPoints(const GrpcOptions& options) : options_(options) {
    if (options.min_ring_size == 0 || options.min_ring_size > options.max_ring_size ||
        options.max_ring_size > kLargestRing || options.ring_size_cap == 0) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::GrpcRing: 1 <= min_ring_size <= max_ring_size <= 8388608 must hold, and the cap be "
          "positive");
    }
  }

  static void check_server(const Server& server) {
    if (server.name.empty() && !is_socket(server.host)) {
      refuse_server(
          kProfile, server,
          "must be an address or a path, or have a name as its hash key: gRPC hashes what the host resolves to");
    }
  }
  // The text that is hashed: the endpoint's hash key if it has one, else its address.
  static std::string identity(const Server& server) {
    return server.name.empty() ? socket_address(server) : server.name;
  }

  template <class AddPoint>
  void place_all(std::span<const ServerNode> nodes, std::span<const double>, AddPoint&& add_point) const {
    auto servers = weighted_texts(nodes, identity);
    if (options_.implementation == GrpcImplementation::go) {
      std::sort(servers.begin(), servers.end(),
                [](const WeightedText& a, const WeightedText& b) { return a.text < b.text; });
    }
    profiles::emit_relative_points(servers, (std::min)(options_.min_ring_size, options_.ring_size_cap),
                                   (std::min)(options_.max_ring_size, options_.ring_size_cap), xxh64_of, add_point);
  }

  friend bool operator==(const GrpcPoints&, const GrpcPoints&) = default;

 private:
  static constexpr std::uint64_t kLargestRing = 8388608;

  GrpcOptions options_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a channel with the policy ring_hash_experimental. A server's name is its hash key (by default its
/// address).
class GrpcRing : public detail::profiles::ServerRing<detail::profiles::XxHash64KeyHash, detail::profiles::GrpcPoints> {
 public:
  /// Throws: std::invalid_argument for sizes that gRPC refuses.
  explicit GrpcRing(const GrpcOptions& options = {})
      : ServerRing(detail::profiles::XxHash64KeyHash(), detail::profiles::GrpcPoints(options)) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
