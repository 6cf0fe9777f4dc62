// SPDX-License-Identifier: MIT
/// @file HaproxyRing: the server that HAProxy chooses by `hash-type consistent` (2.6; address keys: 3.x).
///
/// Points: 16 for each unit of weight, so weights are absolute. Point i is full_hash(base + i), where the base is 4096
/// times the server's id. Owner: the *nearest* point on either side, the one before where both are as near. Equal
/// points stay in the order of the list.
///
/// A server without an id in the configuration gets its index in the list, counted from 1, without the numbers that
/// other servers have as ids. A change in the middle of a list without ids therefore moves nearly all keys, here as in
/// HAProxy. Give ids, or in HAProxy 3.x a hash-key. A server that goes down keeps its id: use set_state() for that.
///
/// The profile covers a healthy backend without hash-balance-factor, for `balance hdr()`, `url_param`, `uri`, `hash`
/// and the like; `balance source` hashes the four bytes of an address in another way. Requests with an empty header go
/// to the servers in turn in HAProxy; an empty url_param is hashed.
///
/// Source: HAProxy 2.6.12, src/lb_chash.c, backend.c and cfgparse.c; hash-key: 3.x, src/lb_chash.c. How the equality is
/// known: docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/crc32.hpp>
#include <perturb/hash/haproxy.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/ip_address.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>
#include <perturb/profiles/server_ring.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// The function of `hash-type consistent FUNCTION`.
enum class HaproxyFunction : std::uint8_t { sdbm, djb2, wt6, crc32 };

/// `hash-key` of a server line (since HAProxy 3.0): what the points of a server are computed from.
enum class HaproxyHashKey : std::uint8_t {
  id,
  addr,       ///< the host must be an address
  addr_port,  ///< the host must be an address
  id32,
  guid,  ///< Server::name is the guid; the id is used for a server without one
};

/// `hash-type consistent [FUNCTION [avalanche]]`. Without a function HAProxy uses sdbm *and* avalanche; with one, the
/// hash is mixed only if `avalanche` follows.
struct HaproxyOptions {
  std::optional<HaproxyFunction> function = {};
  bool avalanche = false;
  HaproxyHashKey hash_key = HaproxyHashKey::id;
};

}  // namespace perturb::inline PERTURB_ABI::profiles

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::HaproxyFunction;
using perturb::profiles::HaproxyHashKey;
using perturb::profiles::HaproxyOptions;

class HaproxyKeyHash {
 public:
  explicit HaproxyKeyHash(const HaproxyOptions& options) noexcept
      : function_(options.function.value_or(HaproxyFunction::sdbm)),
        is_mixed_(options.avalanche || !options.function.has_value()) {}

  [[nodiscard]] std::uint32_t operator()(std::string_view key) const noexcept {
    const std::uint32_t hash = plain(key);
    return is_mixed_ ? hashing::haproxy_full_hash(hash) : hash;
  }
  friend bool operator==(const HaproxyKeyHash&, const HaproxyKeyHash&) = default;

 private:
  [[nodiscard]] std::uint32_t plain(std::string_view key) const noexcept {
    switch (function_) {
      case HaproxyFunction::djb2:
        return hashing::djb2(key);
      case HaproxyFunction::wt6:
        return hashing::wt6(key);
      case HaproxyFunction::crc32:
        return hashing::crc32(key);
      case HaproxyFunction::sdbm:
      default:
        break;
    }
    return hashing::sdbm(key);
  }

  HaproxyFunction function_;
  bool is_mixed_;
};

class HaproxyPoints {
 public:
  static constexpr std::string_view kProfile = "HaproxyRing";

  explicit HaproxyPoints(HaproxyHashKey hash_key) noexcept : hash_key_(hash_key) {}

  void check_server(const Server& server) const {
    if (server.weight > 256) refuse_server(kProfile, server, "has a weight above 256, HAProxy's limit");
    if (server.id > 0x7FFFFFFF) refuse_server(kProfile, server, "has an id above 2147483647, HAProxy's limit");
    if (uses_address() && !parse_ip_address(server.host)) {
      refuse_server(kProfile, server,
                    "must be an address for the hash-keys addr and addr-port: HAProxy hashes what "
                    "the name resolves to");
    }
  }
  // HAProxy tells servers apart by their names; here those without one by address and id.
  static std::string identity(const Server& server) {
    if (!server.name.empty()) return server.name;
    return server.id == 0 ? address_of(server) : address_of(server) + " id " + std::to_string(server.id);
  }
  // A server that is down keeps its place, from which the ids of others follow.
  static constexpr bool kPlacesAllMembers = true;
  [[nodiscard]] bool have_equal_points(std::span<const ServerNode> nodes) const {
    if (hash_key_ != HaproxyHashKey::id && hash_key_ != HaproxyHashKey::guid) return false;
    std::vector<std::uint32_t> bases;
    const std::vector<std::uint32_t> ids = ids_of(nodes);
    bases.reserve(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) bases.push_back(base_of(nodes[i].server, ids[i]));
    std::sort(bases.begin(), bases.end());
    return std::adjacent_find(bases.begin(), bases.end()) != bases.end();
  }

  template <class AddPoint>
  void place_all(std::span<const ServerNode> nodes, std::span<const double>, AddPoint&& add_point) const {
    const std::vector<std::uint32_t> ids = ids_of(nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const std::uint32_t base = base_of(nodes[i].server, ids[i]);
      for (std::uint32_t k = 0; k < kPointsPerWeight * nodes[i].server.weight; ++k) {
        add_point(i, hashing::haproxy_full_hash(base + k));
      }
    }
  }

  friend bool operator==(const HaproxyPoints&, const HaproxyPoints&) = default;

 private:
  static constexpr std::uint32_t kPointsPerWeight = 16;
  static constexpr std::uint32_t kIdStep = 4096;  // the heaviest server's points: 16 * 256

  [[nodiscard]] bool uses_address() const noexcept {
    return hash_key_ == HaproxyHashKey::addr || hash_key_ == HaproxyHashKey::addr_port;
  }

  // The ids of the configuration; a server without one gets the first free number from its index + 1 on.
  [[nodiscard]] static std::vector<std::uint32_t> ids_of(std::span<const ServerNode> nodes) {
    std::vector<std::uint32_t> ids;
    std::vector<std::uint32_t> taken;
    for (const ServerNode& node : nodes) {
      ids.push_back(node.server.id);
      if (node.server.id != 0) taken.push_back(node.server.id);
    }
    std::sort(taken.begin(), taken.end());
    if (const auto twin = std::adjacent_find(taken.begin(), taken.end()); twin != taken.end()) {
      detail::raise<std::invalid_argument>("perturb::profiles::HaproxyRing: two servers have the id " +
                                           std::to_string(*twin) + "; HAProxy refuses that");
    }
    std::uint32_t next = 1;
    for (std::uint32_t& id : ids) {
      if (id == 0) {
        while (std::binary_search(taken.begin(), taken.end(), next)) ++next;
        id = next;
      }
      ++next;
    }
    return ids;
  }

  [[nodiscard]] std::uint32_t base_of(const Server& server, std::uint32_t id) const {
    switch (hash_key_) {
      case HaproxyHashKey::addr:
        return hash_of_address(server, 0);
      case HaproxyHashKey::addr_port:
        return hash_of_address(server, hashing::haproxy_full_hash(server.port));
      case HaproxyHashKey::id32: {
        // The id's bytes in network order, read as a little-endian number.
        const std::uint32_t turned = (id << 24) | ((id & 0xFF00) << 8) | ((id >> 8) & 0xFF00) | (id >> 24);
        return hashing::haproxy_full_hash(turned);
      }
      case HaproxyHashKey::guid:
        if (!server.name.empty()) return hashing::xxh32(server.name.data(), server.name.size(), 0);
        break;
      case HaproxyHashKey::id:
      default:
        break;
    }
    return id * kIdStep;
  }

  [[nodiscard]] static std::uint32_t hash_of_address(const Server& server, std::uint32_t start) {
    const IpAddress address = parse_ip_address(server.host).value_or(IpAddress());
    if (address.size == 16) return hashing::xxh32(address.bytes.data(), 16, start);
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) word |= std::uint32_t{address.bytes[i]} << (8 * i);
    return hashing::haproxy_full_hash(start + word);
  }

  HaproxyHashKey hash_key_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::profiles

namespace perturb::inline PERTURB_ABI::profiles {

/// The ring of a backend with `hash-type consistent`: its `server` lines in their order.
///
///   perturb::profiles::HaproxyRing ring;                  // hash-type consistent
///   ring.add_server("10.0.0.1", 8080, 10, 1);             // server s1 10.0.0.1:8080 weight 10 id 1
class HaproxyRing
    : public detail::profiles::ServerRing<detail::profiles::HaproxyKeyHash, detail::profiles::HaproxyPoints,
                                          BoundRule::nearest, TieRule::insertion> {
 public:
  explicit HaproxyRing(HaproxyOptions options = {})
      : ServerRing(detail::profiles::HaproxyKeyHash(options), detail::profiles::HaproxyPoints(options.hash_key)) {}

  bool add_server(const Server& server) { return ServerRing::add_server(server); }
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight = 1, std::string name = {}) {
    return ServerRing::add_server(std::move(host), port, weight, std::move(name));
  }
  /// Adds a server with the id that its line gives (0: none given).
  template <std::integral Id>
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight, Id id, std::string name = {}) {
    return add_server(Server{std::move(host), std::move(name), port, weight, static_cast<std::uint32_t>(id)});
  }
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight, std::nullptr_t) = delete;
};

}  // namespace perturb::inline PERTURB_ABI::profiles
