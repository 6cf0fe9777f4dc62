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
///                    check_server(server)      throws for what the program would refuse or mishandle
///                    (server_checks.hpp) identity(server)   by which the program recognizes duplicates; without name
///                    and id, an address
///                  and, where the program differs from other programs in it:
///                    name_of(server)    the name of a server that was given none
///                    has_owner(key, n)  false for keys that the program sends to its n servers in turn
///                    kTakesHeavierDuplicate  a duplicate that is heavier gives the server its weight
///                    have_equal_points(nodes)  whether servers have the same points
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
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::profiles {

using perturb::profiles::kNarrowKeyHash;
using perturb::profiles::kServersWithEqualPoints;
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
  bool add_server(std::string host, std::uint16_t port, std::uint32_t weight, std::nullptr_t) = delete;

  /// Adds the servers of a range in order; duplicates are skipped. @returns how many were added.
  /// Throws: as add_server; none is then added. Complexity: one change of the ring, however many servers.
  template <class Range>
  std::size_t add_servers(Range&& servers) {
    Changes changes;
    [[maybe_unused]] std::map<std::string, std::uint32_t> heaviest;
    std::size_t heavier = 0;
    for (const Server& server : servers) {
      ServerNode node = checked_node(server);
      if constexpr (kTakesHeavierDuplicate) {
        const auto it = heaviest.find(node.identity);
        const double known = it != heaviest.end() ? it->second : ring_.weight(node.identity);
        if (known > 0) {
          if (server.weight <= known) continue;
          ++heavier;
          heaviest[node.identity] = server.weight;
          append_weight(changes, std::move(node));
          continue;
        }
        heaviest[node.identity] = server.weight;
      }
      changes.push_back(Change::add_node(std::move(node), static_cast<double>(server.weight)));
    }
    return ring_.apply(changes) - heavier;  // a heavier duplicate is two changes
  }
  std::size_t add_servers(std::initializer_list<Server> servers) {
    return add_servers(std::span<const Server>(servers.begin(), servers.size()));
  }

  /// Removes a server: the ring is then that of the list without it. A server is given by its address, in any form that
  /// add_server would call a duplicate, by its name (that of the program, for a server without one) or by its id. Of
  /// several the first in the list is meant. @returns false if there is none. Strong guarantee.
  /// Complexity and Invalidates: as add_server.
  bool remove_server(std::string_view host, std::uint16_t port) { return remove(by_address(host, port)); }
  bool remove_server(std::string_view name) { return remove(by_name(name)); }
  bool remove_server(std::uint32_t id) { return remove(by_id(id)); }

  /// Gives a server another weight, in the program's units. Otherwise as remove_server.
  /// Throws: as add_server.
  bool set_weight(std::string_view host, std::uint16_t port, std::uint32_t weight) {
    return change_weight(by_address(host, port), weight);
  }
  bool set_weight(std::string_view name, std::uint32_t weight) { return change_weight(by_name(name), weight); }
  bool set_weight(std::uint32_t id, std::uint32_t weight) { return change_weight(by_id(id), weight); }

  /// Gives a server another state. One that is not up has no keys and keeps its place in the list, its id and its
  /// weight: its keys go where the program sends them while the server is down, and come back with it. Otherwise as
  /// remove_server.
  bool set_state(std::string_view host, std::uint16_t port, NodeState state) {
    return change_state(by_address(host, port), state);
  }
  bool set_state(std::string_view name, NodeState state) { return change_state(by_name(name), state); }
  bool set_state(std::uint32_t id, NodeState state) { return change_state(by_id(id), state); }

  /// The server that the program chooses for `key`, or nullptr if no server is up, and where the program sends such a
  /// key to the servers in turn. Valid until the next change.
  /// Complexity: hashing the key; then one load on average, O(log points) at worst.
  [[nodiscard]] const Server* find_server(std::string_view key) const noexcept {
    if constexpr (requires { Points::has_owner(key, std::size_t{}); }) {
      if (!Points::has_owner(key, size())) return nullptr;
    }
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

  /// What the user should know and the program does not report: kNarrowKeyHash, kServerWithoutPoints,
  /// kServersWithEqualPoints, or nothing.
  /// Complexity: O(points).
  [[nodiscard]] std::vector<Warning> warnings() const {
    std::vector<Warning> result;
    if constexpr (requires(const KeyHash& hash) { hash.is_narrow(); }) {
      if (ring_.hash_function().is_narrow()) result.push_back(kNarrowKeyHash);
    }
    std::vector<char> is_without_points(ring_.size());
    for (std::size_t i = 0; i < ring_.size(); ++i) {
      is_without_points[i] = ring_.state(ring_.nodes()[i].identity) == NodeState::up ? 1 : 0;
    }
    for (const auto point : ring_.points()) {
      is_without_points[static_cast<std::size_t>(&point.node - ring_.nodes().data())] = 0;
    }
    if (std::find(is_without_points.begin(), is_without_points.end(), 1) != is_without_points.end()) {
      result.push_back(kServerWithoutPoints);
    }
    if constexpr (requires(const Points& p) { p.have_equal_points(ring_.nodes()); }) {
      if (points().have_equal_points(ring_.nodes())) result.push_back(kServersWithEqualPoints);
    }
    return result;
  }

  /// The HashRing inside: points, arcs, shares, balance, pictures.
  [[nodiscard]] const ring_type& ring() const noexcept { return ring_; }

 protected:
  ServerRing(KeyHash hash, Points points) : ring_(std::move(hash), placement_type(std::move(points))) {}

  [[nodiscard]] Points points() const { return ring_.placement(); }

 private:
  using Change = RingChange<ServerNode>;
  using Changes = std::vector<Change>;

  static constexpr bool kTakesHeavierDuplicate = requires {
    requires bool { Points::kTakesHeavierDuplicate };
  };

  [[nodiscard]] static const Server* server_of(const ServerNode* node) noexcept {
    return node == nullptr ? nullptr : &node->server;
  }

  [[nodiscard]] ServerNode checked_node(const Server& server) const {
    check_server(Points::kProfile, server);
    points().check_server(server);
    return ServerNode{server, points().identity(server)};
  }

  template <class Predicate>
  [[nodiscard]] const ServerNode* find(Predicate is_meant) const {
    const auto nodes = ring_.nodes();
    const auto it = std::find_if(nodes.begin(), nodes.end(), is_meant);
    return it == nodes.end() ? nullptr : &*it;
  }
  [[nodiscard]] const ServerNode* by_address(std::string_view host, std::uint16_t port) const {
    const auto address = [&](Server server) {
      server.name.clear();
      server.id = 0;
      return points().identity(server);
    };
    const std::string wanted = address(Server{std::string(host), {}, port});
    return find([&](const ServerNode& node) { return address(node.server) == wanted; });
  }
  [[nodiscard]] const ServerNode* by_name(std::string_view name) const {
    return find([&](const ServerNode& node) {
      if (!node.server.name.empty()) return node.server.name == name;
      if constexpr (requires { Points::name_of(node.server); }) {
        return Points::name_of(node.server) == name;
      } else {
        return host_and_port(node.server) == name;
      }
    });
  }
  [[nodiscard]] const ServerNode* by_id(std::uint32_t id) const {
    return find([&](const ServerNode& node) { return id != 0 && node.server.id == id; });
  }

  // The changes that give `node` its server's weight.
  static void append_weight(Changes& changes, ServerNode node) {
    const std::string identity = node.identity;
    const auto weight = static_cast<double>(node.server.weight);
    changes.push_back(Change::replace_node(std::move(node)));
    changes.push_back(Change::set_weight(identity, weight));
  }

  bool remove(const ServerNode* node) { return node != nullptr && ring_.remove_node(node->identity); }
  bool change_state(const ServerNode* node, NodeState state) {
    return node != nullptr && ring_.set_state(node->identity, state);
  }
  bool change_weight(const ServerNode* node, std::uint32_t weight) {
    if (node == nullptr) return false;
    Server server = node->server;
    server.weight = weight;
    Changes changes;
    append_weight(changes, checked_node(server));
    ring_.apply(changes);
    return true;
  }

  ring_type ring_;
};

/// The identity of a server where the program has no rule of its own.
[[nodiscard]] inline std::string identity_by_address(const Server& server) { return address_of(server); }

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
