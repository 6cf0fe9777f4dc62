// SPDX-License-Identifier: MIT
/// @file ServerRing: the base of all profiles, a HashRing of servers with the members that a server list needs; and how
/// a profile is put together.
///
/// A profile chooses the same server for every key as some other program does with the same server list. It is HashRing
/// with a placement (placement.hpp), and the placement is put together from parts that each know one thing:
///
///   key hash       token operator()(std::string_view key) const: the program's hash of keys, and what the program does
///                  to the key before (a hash tag). The type of its result is the type of the tokens.
///                  Where it has few bits for some options: is_narrow().
///   points         where the points stand: place_all(), or point_count() and place(), as in placement.hpp. The
///                  strings that programs hash for them are in node_text.hpp, the numbers of points of the ketama
///                  family in ketama_points.hpp and those of Envoy and gRPC in relative_points.hpp. Also:
///                    kProfile           the profile's name in messages
///                    check(server)      throws for what the program would refuse or mishandle (server_checks.hpp)
///                    identity(server)   by which the program recognizes duplicates
///   bound and tie  the BoundRule and TieRule of placement.hpp.
///
/// A new profile is a header in profiles/ with an options struct, a key hash, points, and a ring type that derives from
/// ServerRing; it also goes into profiles.hpp, tests/profiles/, tools/oracles/ and docs/profiles.md.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/profiles/server_checks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::kNarrowKeyHash;
using perturb::profiles::kServerWithoutPoints;
using perturb::profiles::Warning;

/// The placement of a profile: its points; and the token of a key is its hash, unmixed.
template <class KeyHash, class Points, BoundRule bound = BoundRule::at_or_after, TieRule ties = TieRule::insertion>
class ProfilePlacement : public Points {
 public:
  using token_type = decltype(std::declval<const KeyHash&>()(std::string_view()));
  static constexpr BoundRule kBound = bound;
  static constexpr TieRule kTies = ties;

  explicit ProfilePlacement(Points points) : Points(std::move(points)) {}

  [[nodiscard]] token_type key_token(const KeyHash& hash, std::string_view key) const noexcept { return hash(key); }
  friend bool operator==(const ProfilePlacement& a, const ProfilePlacement& b) {
    return detail::ring::are_equal<Points>(a, b);
  }
};

/// The members that all profiles have.
template <class KeyHash, class Points, BoundRule bound = BoundRule::at_or_after, TieRule ties = TieRule::insertion>
class ServerRing {
 public:
  using placement_type = ProfilePlacement<KeyHash, Points, bound, ties>;
  using ring_type = HashRing<ServerNode, KeyHash, placement_type>;
  using token_type = typename placement_type::token_type;

  /// Adds a server to the end of the list. @returns false, and changes nothing, if it is a duplicate by the program's
  /// rules.
  /// Throws: std::invalid_argument for a server that the program refuses or mishandles. Strong guarantee.
  /// Complexity: one change of the ring. Invalidates: all pointers, references and views that the ring gave out.
  bool add_server(const Server& server) { return add_servers(std::span(&server, 1)) == 1; }
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight = 1, std::string name = {}) {
    return add_server(Server{std::move(host), std::move(name), port, weight});
  }

  /// Adds the servers of a range in order; duplicates are skipped. @returns how many were added.
  /// Throws: as add_server; none is then added. Complexity: one change of the ring, however many servers.
  template <class Range>
  std::size_t add_servers(const Range& servers) {
    std::vector<std::pair<ServerNode, double>> joining;
    for (const Server& server : servers) {
      check_server(Points::kProfile, server);
      points().check(server);
      joining.emplace_back(ServerNode{server, points().identity(server)}, static_cast<double>(server.weight));
    }
    return ring_.add_nodes(joining);
  }
  std::size_t add_servers(std::initializer_list<Server> servers) {
    return add_servers(std::span<const Server>(servers.begin(), servers.size()));
  }

  /// Removes a server: the ring is then that of the list without it. @returns false if there is none with this address.
  /// Strong guarantee. Complexity and Invalidates: as add_server.
  bool remove_server(std::string_view host, std::uint16_t port) {
    const auto nodes = ring_.nodes();
    const auto it = std::find_if(nodes.begin(), nodes.end(), [&](const ServerNode& node) {
      return node.server.host == host && node.server.port == port;
    });
    if (it == nodes.end()) return false;
    const std::string identity = it->identity;
    return ring_.remove_node(identity);
  }

  /// The server that the program chooses for `key`, or nullptr if there are no servers. Valid until the next change.
  /// Complexity: hashing the key; then one load on average, O(log points) at worst.
  [[nodiscard]] const Server* find_server(std::string_view key) const noexcept {
    return server_of(ring_.find_owner(key));
  }
  /// The server that owns a token: for keys that are hashed elsewhere.
  /// Complexity: one load on average, O(log points) at worst.
  [[nodiscard]] const Server* find_server_of_token(token_type token) const noexcept {
    return server_of(ring_.owner_of_token(token));
  }
  /// The token of `key`: the program's hash of it.
  [[nodiscard]] token_type token(std::string_view key) const noexcept { return ring_.token(key); }

  /// The number of servers.
  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ring_.empty(); }
  /// The servers, in the order in which the program numbers them. Complexity: O(servers).
  [[nodiscard]] std::vector<Server> servers() const {
    std::vector<Server> result;
    for (const ServerNode& node : ring_.nodes()) result.push_back(node.server);
    return result;
  }

  /// What the user should know and the program does not report: kNarrowKeyHash, kServerWithoutPoints, or nothing.
  /// Complexity: O(points).
  [[nodiscard]] std::vector<Warning> warnings() const {
    std::vector<Warning> result;
    if constexpr (requires(const KeyHash& hash) { hash.is_narrow(); }) {
      if (ring_.hash_function().is_narrow()) result.push_back(kNarrowKeyHash);
    }
    std::vector<char> has_points(ring_.size());
    for (const auto point : ring_.points())
      has_points[static_cast<std::size_t>(&point.node - ring_.nodes().data())] = 1;
    if (std::find(has_points.begin(), has_points.end(), 0) != has_points.end()) result.push_back(kServerWithoutPoints);
    return result;
  }

  /// The HashRing inside: points, arcs, shares, balance, pictures.
  [[nodiscard]] const ring_type& ring() const noexcept { return ring_; }

 protected:
  ServerRing(KeyHash hash, Points points) : ring_(std::move(hash), placement_type(std::move(points))) {}

  [[nodiscard]] Points points() const { return ring_.placement(); }

 private:
  [[nodiscard]] static const Server* server_of(const ServerNode* node) noexcept {
    return node == nullptr ? nullptr : &node->server;
  }

  ring_type ring_;
};

/// The identity of a server where the program has no rule of its own.
[[nodiscard]] inline std::string identity_by_address(const Server& server) { return address_of(server); }

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
