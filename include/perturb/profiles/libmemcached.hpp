// SPDX-License-Identifier: MIT
/// @file LibmemcachedRing: the server that libmemcached chooses (1.1.4; the placement is that of 0.x and 1.0 too).
///
/// Points. Unweighted: 100 a server, the key hash of "host:port-i" ("host-i" on port 11211). Weighted: four from each
/// MD5 digest of these strings, on average 160 a server. Equal points are in the order of the servers in the list.
/// Owner: the first point at or after the key's hash.
///
/// libmemcached behaves unexpectedly in four ways, and so does the profile:
///   - The default key hash is one-at-a-time even with KETAMA, although the manual says MD5; only KETAMA_WEIGHTED sets
///     MD5.
///   - A server of weight above 1 in the list makes the ring weighted in any mode, and does not change the key hash.
///   - MEMCACHED_BEHAVIOR_KETAMA_HASH has no effect.
///   - The number of points is computed in floats (ketama_points.hpp).
/// The profile differs from libmemcached in these cases:
///   - Setting MEMCACHED_BEHAVIOR_KETAMA after weighted servers were pushed drops their weights in libmemcached. Set
///     behaviours first.
///   - libmemcached aborts at an assertion above 100 servers; the profile follows the same rules for any number.
///   - The weight 0, which libmemcached reads as 1, is refused, and so is a server that is listed twice.
/// With MEMCACHED_BEHAVIOR_SORT_HOSTS, add the servers sorted by host and port. A path has no port, as with
/// memcached_server_list_append and memcached_server_add_unix_socket; memcached_server_add gives it memcached's port,
/// which changes its strings.
///
/// Source: libmemcached 1.1.4, src/libmemcached/hosts.cc, hash.cc and behavior.cc. How the equality is known:
/// docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/hash/murmur3.hpp>
#include <perturb/profiles/ketama_points.hpp>
#include <perturb/profiles/legacy_key_hash.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// What is set on the memcached_st; where there are two settings, in this order.
enum class LibmemcachedMode : std::uint8_t {
  consistent,      ///< MEMCACHED_BEHAVIOR_DISTRIBUTION, MEMCACHED_DISTRIBUTION_CONSISTENT
  ketama,          ///< MEMCACHED_BEHAVIOR_KETAMA, 1 (or MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA): the same ring
  weighted,        ///< MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1: MD5, and weighted whatever the weights are
  spy,             ///< as weighted, then MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY: the strings of spymemcached
  spy_unweighted,  ///< MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY alone
};

/// memcached_hash_t. Debian's build of libmemcached refuses MEMCACHED_HASH_HSIEH.
enum class LibmemcachedHash : std::uint8_t {
  one_at_a_time,  ///< MEMCACHED_HASH_DEFAULT
  md5,
  crc,  ///< 15 bits: see warnings()
  fnv1_64,
  fnv1a_64,
  fnv1_32,
  fnv1a_32,
  hsieh,
  murmur,
  jenkins,
  murmur3,
  default_hash = one_at_a_time,
};

/// The settings of a memcached_st that have an effect on the choice of servers.
struct LibmemcachedOptions {
  LibmemcachedMode mode = LibmemcachedMode::consistent;
  /// MEMCACHED_BEHAVIOR_HASH, set after the mode. Without it: MD5 in the modes `weighted` and `spy`, else
  /// one-at-a-time.
  std::optional<LibmemcachedHash> hash = {};
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::LibmemcachedHash;
using perturb::profiles::LibmemcachedMode;

class LibmemcachedKeyHash {
 public:
  explicit LibmemcachedKeyHash(LibmemcachedHash hash) noexcept : hash_(hash) {}

  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept {
    if (hash_ == LibmemcachedHash::murmur3) {
      return hashing::murmur3_x86_32(key, 0xDEADBEEF * hashing::integer_cast<std::uint32_t>(key.size()));
    }
    return legacy_hash(static_cast<LegacyHash>(hash_), key);
  }
  [[nodiscard]] bool is_narrow() const noexcept { return hash_ == LibmemcachedHash::crc; }
  friend bool operator==(const LibmemcachedKeyHash&, const LibmemcachedKeyHash&) = default;

 private:
  static_assert(static_cast<int>(LibmemcachedHash::jenkins) == static_cast<int>(LegacyHash::jenkins),
                "LegacyHash lists the hashes of memcached_hash_t in its order");

  LibmemcachedHash hash_;
};

class LibmemcachedPoints {
 public:
  static constexpr std::string_view kProfile = "LibmemcachedRing";

  LibmemcachedPoints(LibmemcachedMode mode, LibmemcachedKeyHash hash) noexcept : mode_(mode), hash_(hash) {}

  static void check_server(const Server& server) {
    if (server.host.size() > kLongestHost) refuse_server(kProfile, server, "has a host of more than 1024 bytes");
  }
  static std::string identity(const Server& server) { return identity_by_address(listed(server)); }

  // Weighted: digests, counted from kFirstDigest to tell them from the points of an unweighted ring.
  [[nodiscard]] std::vector<PointRange> point_ranges(std::span<const ServerNode> nodes, std::span<const double>) const {
    const bool is_weighted =
        mode_ == LibmemcachedMode::weighted || mode_ == LibmemcachedMode::spy ||
        std::any_of(nodes.begin(), nodes.end(), [](const ServerNode& node) { return node.server.weight > 1; });
    if (!is_weighted) return std::vector<PointRange>(nodes.size(), PointRange{0, kUnweightedPoints});
    std::vector<PointRange> ranges = digest_ranges(nodes, digests_in_floats);
    for (PointRange& range : ranges) range = {kFirstDigest, kFirstDigest + range.last};
    return ranges;
  }
  template <class AddPoint>
  void place_range(const ServerNode& node, PointRange range, AddPoint&& add_point) const {
    const std::string prefix = text_of(node.server);
    if (range.first >= kFirstDigest) {
      emit_digests(prefix, {range.first - kFirstDigest, range.last - kFirstDigest}, add_point);
    } else {
      NumberedText text(prefix, '-');
      for (std::uint64_t i = range.first; i < range.last; ++i) add_point(hash_(text.with(i)));
    }
  }

  friend bool operator==(const LibmemcachedPoints&, const LibmemcachedPoints&) = default;

 private:
  static constexpr std::uint64_t kUnweightedPoints = 100;
  static constexpr std::uint64_t kFirstDigest = std::uint64_t{1} << 32;
  static constexpr std::size_t kLongestHost = 1024;  // NI_MAXHOST less the terminating zero

  // A path has no port, and no port is memcached's.
  [[nodiscard]] static Server listed(Server server) {
    if (server.host.starts_with('/')) {
      server.port = 0;
    } else if (server.port == 0) {
      server.port = kMemcachedPort;
    }
    return server;
  }
  [[nodiscard]] std::string text_of(const Server& server) const {
    const bool is_spy = mode_ == LibmemcachedMode::spy || mode_ == LibmemcachedMode::spy_unweighted;
    return is_spy ? '/' + address_of(listed(server)) : host_and_unusual_port(listed(server));
  }

  LibmemcachedMode mode_;
  LibmemcachedKeyHash hash_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a memcached_st: servers in the order in which they were pushed.
///
///   perturb::profiles::LibmemcachedRing ring({.mode = perturb::profiles::LibmemcachedMode::weighted});
///   ring.add_server("10.0.0.1", 11211, 600);
class LibmemcachedRing
    : public detail::profiles::ServerRing<detail::profiles::LibmemcachedKeyHash, detail::profiles::LibmemcachedPoints> {
 public:
  explicit LibmemcachedRing(LibmemcachedOptions options = {}) : LibmemcachedRing(options.mode, hash_of(options)) {}

 private:
  LibmemcachedRing(LibmemcachedMode mode, detail::profiles::LibmemcachedKeyHash hash)
      : ServerRing(hash, detail::profiles::LibmemcachedPoints(mode, hash)) {}

  static detail::profiles::LibmemcachedKeyHash hash_of(const LibmemcachedOptions& options) {
    const bool sets_md5 = options.mode == LibmemcachedMode::weighted || options.mode == LibmemcachedMode::spy;
    return detail::profiles::LibmemcachedKeyHash(
        options.hash.value_or(sets_md5 ? LibmemcachedHash::md5 : LibmemcachedHash::one_at_a_time));
  }
};

}  // namespace perturb::inline PERTURB_ABI::profiles
