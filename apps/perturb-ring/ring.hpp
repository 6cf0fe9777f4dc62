// SPDX-License-Identifier: MIT
/// @file Ring: what the commands ask a ring, whatever its profile. Servers are named by their index in the description.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ring_spec.hpp"

namespace ring_tool {

/// No server: none is up, or the program sends such a key to its servers in turn.
inline constexpr std::uint32_t kNoServer = 0xFFFFFFFF;

/// A part of the ring that ends at `end` (in turns, from 0 to 1) and begins where the one before it ends.
struct RingArc {
  double end;
  std::uint32_t server;
};

/// Where a key stands.
struct KeyPlace {
  std::string token;
  std::string point;  ///< the point that owns it
  std::string rule;   ///< why that one
  std::string after;  ///< the arc: from behind this token
  std::string upto;   ///< ... to this one
  double share = 0;   ///< of the ring
  std::uint32_t owner = kNoServer;
};

struct PlanMove {
  std::uint32_t rank;
  std::string after;  ///< the arc, as tokens
  std::string upto;
  double share;      ///< of the ring
  std::string from;  ///< labels; empty: nobody
  std::string to;
};

struct Plan {
  double fraction = 0;  ///< the part of all (token, rank) pairs that changes its server
  std::vector<PlanMove> moves = {};
};

struct ServerShare {
  double share = 0;   ///< of the ring
  double wanted = 0;  ///< by its weight among those that are up
  std::size_t points = 0;
};

struct RingBalance {
  std::vector<ServerShare> servers = {};
  double peak = 0;  ///< the largest share / wanted
  double least = 0;
  double deviation = 0;
  std::vector<std::string> warnings = {};
};

class Ring {
 public:
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  virtual ~Ring() = default;

  [[nodiscard]] virtual const RingSpec& spec() const = 0;
  /// Pre: out is as long as keys.
  virtual void find_owners(std::span<const std::string_view> keys, std::span<std::uint32_t> out) const = 0;
  /// Where to put replicas: the owner, and the next servers in ring order; if servers have zones, one of each first.
  [[nodiscard]] virtual std::vector<std::uint32_t> replicas(std::string_view key, std::size_t limit) const = 0;
  /// Who takes over, in turn.
  [[nodiscard]] virtual std::vector<std::uint32_t> failover(std::string_view key, std::size_t limit) const = 0;
  [[nodiscard]] virtual KeyPlace place(std::string_view key) const = 0;
  [[nodiscard]] virtual RingBalance balance() const = 0;
  [[nodiscard]] virtual std::vector<RingArc> arcs() const = 0;
  [[nodiscard]] virtual std::size_t point_count() const = 0;

  /// The ring of another description: built anew, except where the placement depends on the ring before.
  /// Throws: as make_ring.
  [[nodiscard]] virtual std::unique_ptr<Ring> changed_to(const RingSpec& spec) const;
  /// What moves from this ring to `after`. Throws: InputError if keys have other tokens in it.
  [[nodiscard]] virtual Plan plan(const Ring& after, std::size_t replicas) const = 0;
};

/// Builds a ring. Throws: InputError for a profile, an option or a server that is wrong, with its place.
[[nodiscard]] std::unique_ptr<Ring> make_ring(const RingSpec& spec);

/// The names of all profiles.
[[nodiscard]] std::span<const std::string_view> profile_names();

}  // namespace ring_tool
