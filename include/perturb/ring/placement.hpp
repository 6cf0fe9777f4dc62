// SPDX-License-Identifier: MIT
/// @file Placements: the rule that says where a ring's points stand and which point owns a token.
///
/// The ring itself (HashRing) keeps sorted points, finds owners, lists arcs, counts shares and carries out changes. All
/// that differs between one kind of ring and another is in its placement:
///
///   token_type    std::uint32_t, std::uint64_t or Token128: how finely the ring is divided
///   kBound        which point owns a token: the first at or after it, the first after it, or the nearest (BoundRule)
///   kTies         what becomes of points with equal tokens (TieRule)
///   and one of two ways to say where the points are:
///
///   incremental   the points of a node follow from its identity and its weight alone:
///                   std::uint64_t point_count(double weight) const;
///                   template <class Node, class Emit>
///                   void place(const Node& node, double weight, Emit&& emit) const;       // emit(token), once a point
///                 The ring merges them into the others, and no change ever moves a key between two nodes that stay.
///   whole         the points follow from all members together, as with weights relative to their sum:
///                   template <class Node, class Emit>
///                   void place_all(std::span<const Node> nodes, std::span<const double> weights, Emit&& emit) const;
///                                                                               // emit(number of the node, token)
///                 The ring places and sorts everything again at each change.
///
///   and, where keys do not become tokens by the ring's hasher alone (a hash tag, a modulus, a hash wider than 64
///   bits):
///
///   key_token     template <class Hash, class Key> token_type key_token(const Hash& hash, const Key& key) const;
///
/// So a profile, a ring that chooses the same node as some other program, is a placement and a hasher, for instance:
///
///   struct TwoPointsByCrc {
///     using token_type = std::uint32_t;
///     static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
///     static constexpr perturb::TieRule kTies = perturb::TieRule::insertion;
///     std::uint64_t point_count(double) const { return 2; }
///     template <class Node, class Emit>
///     void place(const Node& node, double, Emit&& emit) const {
///       for (const char* suffix : {"-0", "-1"}) emit(crc32(node.name + suffix));
///     }
///     template <class Hash, class Key>
///     std::uint32_t key_token(const Hash& hash, const Key& key) const { return hash(key); }   // unmixed
///   };
///   perturb::HashRing<Server, Crc32, TwoPointsByCrc> ring;
///
/// The ring has checked a weight (positive and finite) before the placement sees it. A placement may throw; the ring is
/// then unchanged. Placements are values: copied with the ring, and equal ones place alike.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ring/node_traits.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace perturb::inline PERTURB_ABI {

/// Which point owns a token; all wrap around the end of the ring.
enum class BoundRule {
  at_or_after,  ///< the first point whose token is not smaller
  after,        ///< the first point whose token is greater
  nearest,      ///< the nearer of the point at or after and the one before it; the one before where both are as near
};

/// What becomes of points with equal tokens.
enum class TieRule {
  identity,    ///< all stay, ordered by their nodes' identities: no matter in which order the nodes were added
  insertion,   ///< all stay, in the order in which their nodes were added
  keep_first,  ///< only the point of the node that was added first
  keep_last,   ///< only the point of the node that was added last
};

namespace detail::ring {

template <class P>
concept PlacementBase = std::copyable<P> && TokenType<typename P::token_type> && requires {
  { P::kBound } -> std::convertible_to<BoundRule>;
  { P::kTies } -> std::convertible_to<TieRule>;
};

/// Whether the points follow from all members together.
template <class P, class Node>
concept WholePlacement =
    PlacementBase<P> && requires(const P& placement, std::span<const Node> nodes, std::span<const double> weights) {
      placement.place_all(nodes, weights, [](std::size_t, typename P::token_type) {});
    };

/// Whether the points of a node follow from its identity and weight.
template <class P, class Node>
concept IncrementalPlacement = PlacementBase<P> && requires(const P& placement, const Node& node, double weight) {
  { placement.point_count(weight) } -> std::convertible_to<std::uint64_t>;
  placement.place(node, weight, [](typename P::token_type) {});
};

/// Whether a placement keeps only one of several points with equal tokens.
template <class P>
inline constexpr bool keeps_one = P::kTies == TieRule::keep_first || P::kTies == TieRule::keep_last;

/// Whether a placement makes the tokens of keys itself.
template <class P, class Hash, class Key>
concept MakesKeyTokens = requires(const P& placement, const Hash& hash, const Key& key) {
  { placement.key_token(hash, key) } -> std::same_as<typename P::token_type>;
};

/// The shortest text that reads back as `number`.
[[nodiscard]] inline std::string text_of(double number) {
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return std::string(digits.data(), result.ptr);
}

/// Refuses a weight that is no weight.
inline void check_weight(double weight) {
  if (!(std::isfinite(weight) && weight > 0)) {
    detail::raise<std::invalid_argument>("perturb::HashRing: the weight " + text_of(weight) +
                                         " is not a positive finite number");
  }
}

}  // namespace detail::ring

/// The default placement: `PointsPerWeight` points for a node of weight 1, in proportion for others: round(weight *
/// PointsPerWeight), at least one. Weights are absolute: a node's points do not depend on the other nodes, so a change
/// moves keys only to or from the node that changes; a heavier weight adds points to those that are there.
///
/// The token of point i is the hash of the identity's bytes followed by i as four little-endian bytes.
/// `PointHash` hashes a std::string_view; its result is mixed if it is not avalanching.
///
/// How even the shares are follows from the number of points alone: the busiest node of equal ones has on average 1.10
/// times the mean share among 10 nodes and 1.16 times among 100, with 256 points each.
template <std::uint32_t PointsPerWeight, class PointHash>
class VirtualNodes {
  static_assert(PointsPerWeight >= 1, "perturb::VirtualNodes: a node needs at least one point");

 public:
  using token_type = std::uint64_t;
  static constexpr BoundRule kBound = BoundRule::at_or_after;
  static constexpr TieRule kTies = TieRule::identity;

  VirtualNodes() = default;
  explicit VirtualNodes(PointHash point_hash) : point_hash_(std::move(point_hash)) {}

  /// Throws: std::invalid_argument when no ring can have so many points.
  [[nodiscard]] std::uint64_t point_count(double weight) const {
    const double points = std::round(weight * PointsPerWeight);
    if (!(points < static_cast<double>(detail::ring::kPointLimit))) {
      detail::raise<std::invalid_argument>("perturb::VirtualNodes: the weight " + detail::ring::text_of(weight) +
                                           " makes more than " + "2147483647 points");
    }
    return points < 1 ? 1 : static_cast<std::uint64_t>(points);
  }

  template <class Node, class Emit>
  void place(const Node& node, double weight, Emit&& emit) const {
    std::string bytes = detail::ring::identity_bytes(node);
    const std::size_t end = bytes.size();
    bytes.resize(end + 4);
    for (std::uint64_t i = 0, count = point_count(weight); i < count; ++i) {
      for (std::size_t byte = 0; byte < 4; ++byte) bytes[end + byte] = static_cast<char>(i >> (8 * byte));
      emit(hash_key(point_hash_, std::string_view(bytes)).value);
    }
  }

 private:
  PERTURB_NO_UNIQUE_ADDRESS PointHash point_hash_;
};

}  // namespace perturb::inline PERTURB_ABI
