// SPDX-License-Identifier: MIT
/// @file UhashringRing and UhashringKetamaRing: the node that Python's uhashring 2.1 chooses, by its own rules and with
/// hash_fn="ketama".
///
/// Points. By its own rules: `vnodes` (160) for each unit of weight; point i is the whole MD5 digest of "name-i" as a
/// number of 128 bits. With hash_fn="ketama": on average `vnodes` (40) digests a node, each of which gives four points.
/// Their number is computed in integers: 160 points for each of 25 nodes of equal weight, where libmemcached has 156.
/// Of equal points only that of the node added last stays. Owner: the first point *after* the key's hash; a key that
/// hits a point exactly belongs to the next one, unlike in other ketama rings.
///
/// A node's name is Server::name; without one it is "host:port" ("host" without a port). Keys are the UTF-8 of Python's
/// strings. uhashring keeps the points of a node whose weight is lowered in place; here they are removed, as in a new
/// HashRing of the same nodes.
///
/// Source: uhashring 2.1, ring.py, ring_meta.py and ring_ketama.py. How the equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_ring.hpp>
#include <perturb/ring_types.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// The arguments of HashRing(nodes) in Python.
struct UhashringOptions {
  std::uint32_t vnodes = 160;
};

/// The arguments of HashRing(nodes, hash_fn="ketama") in Python.
struct UhashringKetamaOptions {
  std::uint32_t vnodes = 40;
  std::uint32_t replicas = 4;  ///< how many words of a digest become points: 1 to 4

  friend bool operator==(const UhashringKetamaOptions&, const UhashringKetamaOptions&) = default;
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::UhashringKetamaOptions;
using perturb::profiles::UhashringOptions;

[[nodiscard]] inline std::string uhashring_name(const Server& server) {
  return server.name.empty() ? host_and_port(server) : server.name;
}

/// An MD5 digest as one big-endian number.
struct UhashringKeyHash {
  [[nodiscard]] Token128 operator()(std::string_view key) const noexcept {
    const hashing::Md5Digest digest = hashing::md5(key);
    Token128 token;
    for (std::size_t i = 0; i < 8; ++i) {
      token.high = token.high << 8 | digest[i];
      token.low = token.low << 8 | digest[8 + i];
    }
    return token;
  }
  friend bool operator==(UhashringKeyHash, UhashringKeyHash) = default;
};

class UhashringPoints {
 public:
  static constexpr std::string_view kProfile = "UhashringRing";

  /// Throws: std::invalid_argument for no vnodes.
  explicit UhashringPoints(const UhashringOptions& options) : vnodes_(options.vnodes) {
    if (vnodes_ == 0) detail::raise<std::invalid_argument>("perturb::profiles::UhashringRing: vnodes must be positive");
  }

  static void check_server(const Server&) {}
  static std::string identity(const Server& server) { return uhashring_name(server); }

  [[nodiscard]] std::uint64_t point_count(double weight) const noexcept {
    return vnodes_ * static_cast<std::uint64_t>(weight);
  }
  template <class AddPoint>
  void place(const ServerNode& node, double weight, AddPoint&& add_point) const {
    NumberedText text(node.identity, '-');
    for (std::uint64_t i = 0, count = point_count(weight); i < count; ++i) add_point(UhashringKeyHash()(text.with(i)));
  }

  friend bool operator==(const UhashringPoints&, const UhashringPoints&) = default;

 private:
  std::uint32_t vnodes_;
};

struct UhashringKetamaKeyHash {
  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept { return md5_words(key)[0]; }
  friend bool operator==(UhashringKetamaKeyHash, UhashringKetamaKeyHash) = default;
};

class UhashringKetamaPoints {
 public:
  static constexpr std::string_view kProfile = "UhashringKetamaRing";

  /// Throws: std::invalid_argument for no vnodes, or replicas of which there are none in a digest.
  explicit UhashringKetamaPoints(const UhashringKetamaOptions& options) : options_(options) {
    if (options.vnodes == 0 || options.replicas == 0 || options.replicas > 4) {
      detail::raise<std::invalid_argument>(
          "perturb::profiles::UhashringKetamaRing: vnodes must be positive, and replicas between 1 and 4");
    }
  }

  static void check_server(const Server&) {}
  static std::string identity(const Server& server) { return uhashring_name(server); }

  [[nodiscard]] std::vector<PointRange> point_ranges(std::span<const ServerNode> nodes, std::span<const double>) const {
    return digest_ranges(nodes, [&](std::uint64_t weight, std::uint64_t total, std::size_t servers) {
      return digests_in_integers(weight, total, servers, options_.vnodes);
    });
  }
  template <class AddPoint>
  void place_range(const ServerNode& node, PointRange range, AddPoint&& add_point) const {
    std::uint32_t word = 0;
    emit_digests(node.identity, range, [&](std::uint32_t token) {
      if (word++ % 4 < options_.replicas) add_point(token);
    });
  }

  friend bool operator==(const UhashringKetamaPoints&, const UhashringKetamaPoints&) = default;

 private:
  UhashringKetamaOptions options_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of HashRing(nodes) in Python, with the nodes in the order of adding.
class UhashringRing
    : public detail::profiles::ServerRing<detail::profiles::UhashringKeyHash, detail::profiles::UhashringPoints,
                                          BoundRule::after, TieRule::keep_last> {
 public:
  /// Throws: std::invalid_argument for no vnodes.
  explicit UhashringRing(const UhashringOptions& options = {})
      : ServerRing(detail::profiles::UhashringKeyHash(), detail::profiles::UhashringPoints(options)) {}
};

/// The ring of HashRing(nodes, hash_fn="ketama") in Python, with the nodes in the order of adding.
class UhashringKetamaRing : public detail::profiles::ServerRing<detail::profiles::UhashringKetamaKeyHash,
                                                                detail::profiles::UhashringKetamaPoints,
                                                                BoundRule::after, TieRule::keep_last> {
 public:
  /// Throws: std::invalid_argument for no vnodes, or replicas of which there are none in a digest.
  explicit UhashringKetamaRing(const UhashringKetamaOptions& options = {})
      : ServerRing(detail::profiles::UhashringKetamaKeyHash(), detail::profiles::UhashringKetamaPoints(options)) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
