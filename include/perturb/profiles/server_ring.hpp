// SPDX-License-Identifier: MIT
/// @file ServerRing: what all profiles have in common, a HashRing of servers in the words of server lists; and how a
/// profile is put together.
///
/// A profile chooses the same server for every key as some other program does with the same server list. It is no
/// ring of its own: it is HashRing with a placement, and the placement is put together from parts that each know one
/// thing:
///
///   key hash       token operator()(std::string_view key) const: the program's hash of keys, and what it does to the
///                  key before (a hash tag). Its result decides the width of the tokens.
///   points         where the points stand: place_all(), or point_count() and place(), as in ring/placement.hpp; for
///                  the ketama family made from a count rule (shares.hpp) and a string (node_text.hpp).
///                  Also kProfile, the profile's name in errors; check(server), which refuses what the program would
///                  refuse or mishandle; identity(server), by which the program finds duplicates.
///   bound and tie  as in ring/placement.hpp.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/profiles/server.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::profiles {

/// The placement of a profile: its points, and keys that become tokens by the key hash alone, unmixed.
template <class KeyHash, class Points, BoundRule bound = BoundRule::at_or_after, TieRule ties = TieRule::insertion>
class ProfilePlacement : public Points {
 public:
  using token_type = decltype(std::declval<const KeyHash&>()(std::string_view()));
  static constexpr BoundRule kBound = bound;
  static constexpr TieRule kTies = ties;

  explicit ProfilePlacement(Points points) : Points(std::move(points)) {}

  [[nodiscard]] token_type key_token(const KeyHash& hash, std::string_view key) const noexcept { return hash(key); }
};

/// The servers of a program and the ring that they make.
template <class KeyHash, class Points, BoundRule bound = BoundRule::at_or_after, TieRule ties = TieRule::insertion>
class ServerRing {
 public:
  using placement_type = ProfilePlacement<KeyHash, Points, bound, ties>;
  using ring_type = HashRing<ServerNode, KeyHash, placement_type>;
  using token_type = typename placement_type::token_type;

  /// Adds a server to the end of the list. @returns false, and changes nothing, if the program would call it a
  /// duplicate of one that is there.
  /// Throws: std::invalid_argument for a server that the program refuses or mishandles. Strong guarantee.
  bool add_server(const Server& server) { return add_servers(std::span(&server, 1)) == 1; }
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight = 1, std::string name = {}) {
    return add_server(Server{std::move(host), std::move(name), port, weight});
  }

  /// Adds the servers of a range in order and in one go; duplicates are skipped. @returns how many were added.
  /// Throws: as add_server; then none was added. Complexity: one change of the ring, however many servers.
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

  /// Removes a server: the ring is then that of the list without it. @returns false if there is none of this address.
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
  /// Complexity: hashing the key, and one load on average.
  [[nodiscard]] const Server* find_server(std::string_view key) const noexcept {
    return server_of(ring_.find_owner(key));
  }
  /// The server that owns a position: that of a key which was hashed before.
  [[nodiscard]] const Server* find_server_of_token(token_type token) const noexcept {
    return server_of(ring_.owner_of_token(token));
  }
  /// Where `key` stands: the program's hash of it.
  [[nodiscard]] token_type token(std::string_view key) const noexcept { return ring_.token(key); }

  [[nodiscard]] std::size_t size() const noexcept { return ring_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ring_.empty(); }
  /// The servers, in the order in which the program numbers them.
  [[nodiscard]] std::vector<Server> servers() const {
    std::vector<Server> result;
    for (const ServerNode& node : ring_.nodes()) result.push_back(node.server);
    return result;
  }

  /// What the program would pass over in silence: see the constants of type Warning. Complexity: O(points).
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

  /// The ring itself, for everything else that a ring can tell: points, shares, arcs, migration plans.
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

}  // namespace perturb::inline PERTURB_ABI::profiles
