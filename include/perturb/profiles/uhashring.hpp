// SPDX-License-Identifier: MIT
/// @file UhashringRing and UhashringKetamaRing: the node that Python's uhashring 2.1 chooses, by its own rules and with
/// hash_fn="ketama".
///
/// Points. By its own rules the whole MD5 digest of "name-i" as a number of 128 bits, vnodes (160) for each unit of
/// weight. With hash_fn="ketama" four words of each digest, vnodes (40) a node on average, counted in integers: for 25
/// nodes of equal weight 160 points, where libmemcached has 156. Of equal points that of the node added last stays.
/// Owner: the first point *after* the key's hash: a key that hits a point goes to the next one, unlike ketama.
///
/// A node's name is Server::name, or else its address as "host:port" ("host" without a port). Keys are the UTF-8 of
/// Python's strings. uhashring keeps points of a node whose weight was lowered in place; here and in a new HashRing of
/// the same nodes they are gone.
///
/// Source: uhashring 2.1, ring.py, ring_meta.py and ring_ketama.py. How the equality is known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server_ring.hpp>
#include <perturb/ring/token.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::inline PERTURB_ABI::profiles {

[[nodiscard]] inline std::string uhashring_name(const Server& server) {
  return server.name.empty() ? host_and_port(server) : server.name;
}

/// An MD5 digest as one big-endian number.
struct UhashringKeyHash {
  [[nodiscard]] Token128 operator()(std::string_view key) const noexcept {
    const detail::hashing::Md5Digest digest = detail::hashing::md5(key);
    Token128 token;
    for (std::size_t i = 0; i < 8; ++i) {
      token.high = token.high << 8 | digest[i];
      token.low = token.low << 8 | digest[8 + i];
    }
    return token;
  }
  friend bool operator==(UhashringKeyHash, UhashringKeyHash) = default;
};

struct UhashringOptions {
  std::uint32_t vnodes = 160;
};

class UhashringPoints {
 public:
  static constexpr std::string_view kProfile = "UhashringRing";

  /// Throws: std::invalid_argument for no vnodes.
  explicit UhashringPoints(const UhashringOptions& options) : vnodes_(options.vnodes) {
    if (vnodes_ == 0) detail::raise<std::invalid_argument>("perturb::profiles::UhashringRing: vnodes must be positive");
  }

  static void check(const Server&) {}
  static std::string identity(const Server& server) { return uhashring_name(server); }

  [[nodiscard]] std::uint64_t point_count(double weight) const noexcept {
    return vnodes_ * static_cast<std::uint64_t>(weight);
  }
  template <class Emit>
  void place(const ServerNode& node, double weight, Emit&& emit) const {
    NumberedText text(node.identity, '-');
    for (std::uint64_t i = 0, count = point_count(weight); i < count; ++i) emit(UhashringKeyHash()(text.with(i)));
  }

 private:
  std::uint32_t vnodes_;
};

/// The ring of a HashRing(nodes) in Python, of nodes in the order of adding.
class UhashringRing : public ServerRing<UhashringKeyHash, UhashringPoints, BoundRule::after, TieRule::keep_last> {
 public:
  /// Throws: std::invalid_argument for no vnodes.
  explicit UhashringRing(const UhashringOptions& options = {})
      : ServerRing(UhashringKeyHash(), UhashringPoints(options)) {}
};

struct UhashringKetamaKeyHash {
  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept { return md5_words(key)[0]; }
  friend bool operator==(UhashringKetamaKeyHash, UhashringKetamaKeyHash) = default;
};

struct UhashringKetamaOptions {
  std::uint32_t vnodes = 40;
  std::uint32_t replicas = 4;  ///< how many words of a digest become points: 1 to 4
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

  static void check(const Server&) {}
  static std::string identity(const Server& server) { return uhashring_name(server); }

  template <class Emit>
  void place_all(std::span<const ServerNode> nodes, std::span<const double>, Emit&& emit) const {
    const std::uint64_t total = total_weight(nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      std::uint32_t word = 0;
      emit_digests(nodes[i].identity, digests_in_integers(nodes[i].server.weight, total, nodes.size(), options_.vnodes),
                   [&](std::uint32_t token) {
                     if (word++ % 4 < options_.replicas) emit(i, token);
                   });
    }
  }

 private:
  UhashringKetamaOptions options_;
};

/// The ring of a HashRing(nodes, hash_fn="ketama") in Python, of nodes in the order of adding.
class UhashringKetamaRing
    : public ServerRing<UhashringKetamaKeyHash, UhashringKetamaPoints, BoundRule::after, TieRule::keep_last> {
 public:
  /// Throws: std::invalid_argument for no vnodes, or replicas of which there are none in a digest.
  explicit UhashringKetamaRing(const UhashringKetamaOptions& options = {})
      : ServerRing(UhashringKetamaKeyHash(), UhashringKetamaPoints(options)) {}
};

}  // namespace perturb::inline PERTURB_ABI::profiles
