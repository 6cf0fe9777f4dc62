// SPDX-License-Identifier: MIT
/// @file Placements: the policy that says where a ring's points stand and which point owns a token. This file is for
/// authors of placements; VirtualNodes (virtual_nodes.hpp) is the default one.
///
/// The ring itself (HashRing) keeps sorted points, finds owners, lists arcs, computes shares and carries out changes.
/// All that differs between one kind of ring and another is in its placement, a copyable type with these members:
///
///   token_type    std::uint32_t, std::uint64_t or Token128: how finely the ring is divided
///   kBound        a BoundRule: which point owns a token
///   kTies         a TieRule: what happens to points with equal tokens
///
/// and one of four ways to say where the points are:
///
///   incremental   The points of a node follow from its identity and its weight alone:
///                   std::uint64_t point_count(double weight) const;
///                   template <class Node, class AddPoint>
///                   void place(const Node& node, double weight, AddPoint&& add_point) const;
///                 which calls add_point(token) once for each point. The ring merges them into the others, and no
///                 change ever moves a key between two nodes that stay.
///   whole         The points follow from all members together, as with weights relative to their sum:
///                   template <class Node, class AddPoint>
///                   void place_all(std::span<const Node> nodes, std::span<const double> weights,
///                                  AddPoint&& add_point) const;
///                 which calls add_point(index in nodes, token) once for each point. The ring places and sorts
///                 everything again at each change. `nodes` are those that are up; with
///                   static constexpr bool kPlacesAllMembers = true;
///                 they are all members, and the ring drops the points of those that are not up: for programs in which
///                 the points of a server depend on its place in the list.
///   counted       The points of a node are a part of a sequence that follows from its identity alone; which part
///                 follows from all members together:
///                   template <class Node>
///                   std::vector<perturb::PointRange> point_ranges(std::span<const Node> nodes,
///                                                                 std::span<const double> weights) const;
///                   template <class Node, class AddPoint>
///                   void place_range(const Node& node, perturb::PointRange range, AddPoint&& add_point) const;
///                 which calls add_point(token) for each point of that part of the node's sequence. Where ranges of one
///                 node begin alike, the ring places only what is beyond the shorter one.
///   in context    The points of a node follow from the points that are there when it joins, and then stay:
///                   std::uint64_t point_count(double weight) const;
///                   template <class Node, class AddPoint>
///                   void place_among(std::span<const token_type> tokens, std::span<const std::uint32_t> owners,
///                                    std::span<const Node> nodes, std::span<const double> weights,
///                                    std::span<const std::uint32_t> joining, AddPoint&& add_point) const;
///                 which calls add_point(index in nodes, token) once for each point of the nodes `joining`,
///                 point_count(weight) of each or fewer. `tokens` are the points that are there, sorted, and `owners`
///                 the indices of their nodes. A node that is not up has left: it has no points and weight 0 here. When
///                 it is up again it is among those that join, and its points stand where the placement puts them then.
///                 A change of several nodes at once first takes away the points of those that leave. Such a ring
///                 depends on its history, so a snapshot of it has all points. Not with a tie rule that keeps one of
///                 equal points. A node that gets another weight is placed anew, unless there is also
///                   template <class Node, class TakePoint>
///                   void give_up(tokens, owners, nodes, weights, reweighed, TakePoint&& take_point) const;
///                 of the same types, which is called first and calls take_point(index in nodes, token) once for each
///                 of the points that are there and that nodes of `reweighed` no longer have. Their other points stay,
///                 and place_among, with them among those that join, adds to them.
///
/// Where the token of a key is not simply its hash (a hash tag, a modulus, a hash wider than 64 bits), also:
///
///   key_token     template <class Hash, class Key> token_type key_token(const Hash& hash, const Key& key) const;
///
/// A placement that is to be named in snapshots of rings (HashRing::serialize) also has:
///
///   snapshot_name std::string snapshot_name() const; equal names must place points alike. A hasher can have one too.
///
/// A ring that chooses the same node as some other program is therefore a placement and a hasher, for instance:
///
///   struct TwoPointsByCrc {
///     using token_type = std::uint32_t;
///     static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
///     static constexpr perturb::TieRule kTies = perturb::TieRule::insertion;
///     std::uint64_t point_count(double) const { return 2; }
///     template <class Node, class AddPoint>
///     void place(const Node& node, double, AddPoint&& add_point) const {
///       for (const char* suffix : {"-0", "-1"}) add_point(crc32(node.name + suffix));
///     }
///     template <class Hash, class Key>
///     std::uint32_t key_token(const Hash& hash, const Key& key) const { return hash(key); }   // unmixed
///   };
///   perturb::HashRing<Server, Crc32, TwoPointsByCrc> ring;
///
/// The ring checks a weight (positive and finite) before it calls the placement. A placement may throw; the ring is
/// then unchanged. Placements are values: they are copied with the ring, and equal ones must place points alike.
#pragma once

#include <perturb/config.hpp>

#include <cstdint>

namespace perturb::inline PERTURB_ABI {

/// Which point owns a token. All rules wrap around the end of the ring.
enum class BoundRule {
  at_or_after,  ///< the first point whose token is not smaller
  after,        ///< the first point whose token is greater
  nearest,      ///< the nearer of the point at or after and the one before it; the one before where both are as near
};

/// What happens to points with equal tokens.
enum class TieRule {
  identity,    ///< all stay, ordered by their nodes' identities: the order of adding has no effect
  insertion,   ///< all stay, in the order in which their nodes were added
  keep_first,  ///< only the point of the node that was added first stays
  keep_last,   ///< only the point of the node that was added last stays
};

/// A part of the sequence of a node's points, in a unit of the placement's choice: from `first` up to and without
/// `last`.
struct PointRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  friend constexpr bool operator==(const PointRange&, const PointRange&) noexcept = default;
};

}  // namespace perturb::inline PERTURB_ABI
