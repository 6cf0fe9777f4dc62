// SPDX-License-Identifier: MIT
/// @file HashRing: which node owns a key, and how little changes when nodes come and go.
///
///   perturb::HashRing<std::string> ring;
///   ring.add_node("a");
///   ring.add_node("b", 2.0);                  // twice the share
///   const std::string& owner = ring.owner("some key");
///
/// Each node has many points on a circle of tokens. A key belongs to the node of the first point at or after the key's
/// own token. A new node takes over parts of the circle, and no other key moves. The placement decides where the points
/// stand and which point owns a token (placement.hpp). How an owner is found with one load: ring/direct_index.hpp.
///
/// Source: Karger et al., "Consistent Hashing and Random Trees", STOC 1997; weights by points as in Dynamo, SOSP 2007.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/fwd.hpp>
#include <perturb/hashers.hpp>
#include <perturb/node_traits.hpp>
#include <perturb/placement.hpp>
#include <perturb/preference_list.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/balance.hpp>
#include <perturb/ring/bounded_load.hpp>
#include <perturb/ring/explain.hpp>
#include <perturb/ring/failover.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/layout.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/node_range.hpp>
#include <perturb/ring/owner_batch.hpp>
#include <perturb/ring/placed_among.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/preference_walk.hpp>
#include <perturb/ring/snapshot.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring/warnings.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring/zones.hpp>
#include <perturb/ring_types.hpp>
#include <perturb/virtual_nodes.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// A consistent-hash ring.
///
/// `Node` is any copyable type with an identity (NodeTraits). `Hash` hashes keys of any type that it can be called
/// with; its results are mixed unless it is avalanching. `Placement` puts the nodes' points on the ring.
///
/// The result of every query follows from the nodes, their weights, the hasher and the placement. It does not depend on
/// the process, nor on the order in which nodes were added (unless the placement's tie rule says so).
///
/// Every change has the strong guarantee: if it throws, the ring is as before. A change invalidates all pointers,
/// references, spans and views that the ring gave out. Calling const members from several threads is safe.
///
/// Complexity, with n nodes and p points: a look-up takes one load on average and O(log p) at worst; a change takes
/// O(n + p) and sorts only the points that are new, or all of them where the placement needs it. Memory: 23 bytes a
/// point with 64-bit tokens and below 65 535 nodes.
template <class Node, class Hash, class Placement>
class HashRing {
  static_assert(
      detail::ring::PlacementBase<Placement>,
      "perturb::HashRing: the placement must be copyable and have token_type (std::uint32_t, std::uint64_t or "
      "perturb::Token128), kBound and kTies; see perturb/placement.hpp");
  static_assert(detail::ring::IncrementalPlacement<Placement, Node> || detail::ring::WholePlacement<Placement, Node> ||
                    detail::ring::ContextPlacement<Placement, Node>,
                "perturb::HashRing: the placement must have point_count(weight) and place(node, weight, emit), or "
                "place_all(nodes, weights, emit), or place_among(...), for this node type; see perturb/placement.hpp");
  static_assert(std::copyable<Node>, "perturb::HashRing: a node must be copyable");

  using Layout = detail::ring::Layout<typename Placement::token_type, Placement::kBound>;
  using Members = detail::ring::Members<Node, Placement::kTies == TieRule::identity>;

 public:
  using node_type = Node;
  using hasher = Hash;
  using placement_type = Placement;
  using token_type = typename Placement::token_type;
  /// How members take an identity: std::string_view or an integer.
  using identity_type = detail::ring::IdentityOf<Node>;
  using Point = RingPoint<Node, token_type>;

  /// A ring without nodes; allocates nothing.
  HashRing() = default;
  explicit HashRing(Hash hash, Placement placement = Placement())
      : hash_(std::move(hash)), placement_(std::move(placement)) {}
  explicit HashRing(Placement placement) : placement_(std::move(placement)) {}

  /// A ring of the nodes, or (node, weight) pairs, of a range; see add_nodes.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  explicit HashRing(const Range& nodes, Hash hash = Hash(), Placement placement = Placement())
      : hash_(std::move(hash)), placement_(std::move(placement)) {
    add_nodes(nodes);
  }
  HashRing(std::initializer_list<Node> nodes, Hash hash = Hash(), Placement placement = Placement())
      : hash_(std::move(hash)), placement_(std::move(placement)) {
    add_nodes(nodes);
  }

  // ---- Changes ------------------------------------------------------------------------------------------------------

  /// Adds a node. @returns false, and changes nothing, if its identity is present.
  /// Throws: std::invalid_argument for a weight that is not positive and finite, or if the ring would have 2^31 points
  /// or more; std::bad_alloc; what copying a node, its identity and the placement throw. Strong guarantee.
  bool add_node(const Node& node, double weight = 1.0) {
    detail::ring::check_weight(weight);
    return add({{node, weight}}) == 1;
  }

  /// Adds the nodes, or (node, weight) pairs, of a range in one change: the points are sorted and merged once. Of
  /// several with one identity the first is added; those that are present are skipped. @returns how many were added.
  /// Throws: as add_node; none is then added.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  std::size_t add_nodes(const Range& nodes) {
    std::vector<std::pair<Node, double>> joining;
    for (const auto& entry : nodes) {
      if constexpr (std::convertible_to<decltype(entry), const Node&>) {
        joining.emplace_back(entry, 1.0);
      } else {
        detail::ring::check_weight(entry.second);
        joining.emplace_back(entry.first, entry.second);
      }
    }
    return add(std::move(joining));
  }
  std::size_t add_nodes(std::initializer_list<std::pair<Node, double>> nodes) {
    return add_nodes(std::span<const std::pair<Node, double>>(nodes.begin(), nodes.size()));
  }

  /// Removes a node. @returns false if there is none with this identity.
  /// Throws: std::bad_alloc; what copying a node throws; where the placement keeps one of several equal points or is
  /// whole, also what it throws. Strong guarantee.
  bool remove_node(identity_type id) {
    const detail::ring::NodeNumber number = members_.find(id);
    if (number == detail::ring::kNoNode) return false;
    change_to(members_.without(number));
    return true;
  }

  /// Gives a node another weight. @returns false if there is none with this identity.
  /// Throws: as add_node.
  bool set_weight(identity_type id, double weight) {
    detail::ring::check_weight(weight);
    const detail::ring::NodeNumber number = members_.find(id);
    if (number == detail::ring::kNoNode) return false;
    if (members_.weights()[number] != weight) change_to(members_.with_weight(number, weight));
    return true;
  }

  /// Removes all nodes.
  void clear() noexcept {
    members_ = Members();
    layout_ = Layout();
  }

  // ---- Owners -------------------------------------------------------------------------------------------------------

  /// The node that owns `key`, or nullptr on an empty ring.
  /// Complexity: hashing the key; then one load on average, O(log p) at worst. Throws: what hashing throws.
  template <class Key>
  [[nodiscard]] const Node* find_owner(const Key& key) const noexcept(kHashesNothrow<Key>) {
    return owner_of_token(token(key));
  }

  /// The node that owns `key`. Complexity: as find_owner.
  /// Throws: EmptyRing if there are no nodes; what hashing throws.
  template <class Key>
  [[nodiscard]] const Node& owner(const Key& key) const {
    const Node* const node = find_owner(key);
    if (node == nullptr)
      detail::raise<EmptyRing>("perturb::HashRing: an empty ring has no owner for a key; add a node first");
    return *node;
  }

  /// Sets out[i] to the node that owns the i-th key of a range, or to nullptr on an empty ring. On large rings faster
  /// than single look-ups, since the memory accesses of many keys overlap.
  /// Pre: out.size() >= number of keys. Complexity: as find_owner for each key. Throws: what hashing throws.
  template <class Keys>
  void find_owner_batch(const Keys& keys, std::span<const Node*> out) const {
    detail::ring::find_owners(*this, layout_, keys, out);
  }

  /// The token of `key`: with 64-bit tokens, and unless the placement makes the tokens of keys, the value of
  /// HashTable::hash with an equal hasher.
  template <class Key>
  [[nodiscard]] token_type token(const Key& key) const noexcept(kHashesNothrow<Key>) {
    static_assert(is_value_hashed_v<Key>,
                  "perturb::HashRing: the address of an object says nothing in another process, so a pointer cannot be "
                  "a key; pass the object");
    if constexpr (detail::ring::MakesKeyTokens<Placement, Hash, Key>) {
      return placement_.key_token(hash_, key);
    } else {
      return detail::ring::token_of_hash<token_type>(hash_key(hash_, key));
    }
  }

  /// The node that owns `token`, or nullptr on an empty ring.
  /// Complexity: one load on average, O(log p) at worst.
  [[nodiscard]] const Node* owner_of_token(token_type token) const noexcept {
    const detail::ring::NodeNumber number = layout_.owner(token);
    return number == detail::ring::kNoNode ? nullptr : members_.nodes().data() + number;
  }

  /// Up to `limit` distinct nodes in ring order, the owner of `key` first: where to put replicas. Which node takes over
  /// when the owner leaves: failover_list.
  /// Complexity: O(log p) plus the points walked over. Allocates only for a list of more than 8 nodes.
  template <class Key>
  [[nodiscard]] PreferenceList<Node> preference_list(const Key& key, std::size_t limit) const {
    const Map& arcs = layout_.arcs();
    if (arcs.empty()) return {};
    return detail::ring::PreferenceWalk::from(arcs, arcs.first_at_or_after(token(key)), members_.nodes(), limit);
  }

  /// Up to `limit` distinct nodes, the owner of `key` first: in ring order one of each zone, then the others in ring
  /// order. zone_of(node) gives anything with ==; it is called often, so let it give a reference or a number.
  /// Complexity: O(log p + n) plus the points walked over, at most twice all. Allocates as preference_list does.
  template <class Key, class ZoneOf>
  [[nodiscard]] PreferenceList<Node> preference_list(const Key& key, std::size_t limit, const ZoneOf& zone_of) const {
    return detail::ring::zone_list(layout_.arcs(), token(key), members_.nodes(), limit, zone_of);
  }

  /// Up to `limit` distinct nodes in the order in which they take over: the owner of `key`, the node that owns it when
  /// that one is removed, the one when both are, and so on. It is the preference list where the bound rule is
  /// at_or_after or after and all points of a node stay when another leaves. It is another one for `nearest` (the next
  /// node may lie on the other side), where one of several equal points is kept, and where the points follow from all
  /// members. Complexity: in the latter two cases a removal for each node, O(n + p) or more; else as preference_list.
  template <class Key>
  [[nodiscard]] PreferenceList<Node> failover_list(const Key& key, std::size_t limit) const {
    return detail::ring::failover_list<kRebuilds>(*this, token(key), limit);
  }

  /// Consistent hashing with bounded loads: the first node of the preference list of `key` that may take one key more.
  /// load_of(node) is the number of keys that it has; with K of them on all nodes together a node may have at most
  /// ceil(bound * (K + 1) * weight / sum of weights). nullptr if no node may: on an empty ring, or when the room is on
  /// nodes without points or the loads change meanwhile. BoundedAssigner remembers who has what.
  /// Complexity: load_of for each node; then about bound^2 / (bound - 1)^2 nodes of the list, at worst all points.
  /// Throws: std::invalid_argument for a bound below 1; what load_of throws.
  template <class Key, class LoadOf>
  [[nodiscard]] const Node* pick_bounded(const Key& key, const LoadOf& load_of, double bound) const {
    return detail::ring::pick_bounded(layout_.arcs(), token(key), members_.nodes(), members_.weights(), load_of, bound);
  }

  // ---- Inspection ---------------------------------------------------------------------------------------------------

  /// The number of nodes.
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Whether there is a node with this identity. Complexity: O(log n), with tie rules other than identity O(n).
  [[nodiscard]] bool contains(identity_type id) const { return members_.find(id) != detail::ring::kNoNode; }
  /// The node with this identity, or nullptr. Complexity: as contains.
  [[nodiscard]] const Node* find_node(identity_type id) const {
    const detail::ring::NodeNumber number = members_.find(id);
    return number == detail::ring::kNoNode ? nullptr : members_.nodes().data() + number;
  }
  /// The weight of a node, 0 for an unknown identity. Complexity: as contains.
  [[nodiscard]] double weight(identity_type id) const {
    const detail::ring::NodeNumber number = members_.find(id);
    return number == detail::ring::kNoNode ? 0 : members_.weights()[number];
  }

  /// The nodes, ordered by identity (with tie rules other than identity in the order of adding). Complexity: O(1).
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return members_.nodes(); }
  /// The points in ring order: a random-access range of RingPoint{token, node}. Complexity: O(1).
  [[nodiscard]] RingView<Point> points() const noexcept {
    return {layout_.points().tokens(), layout_.points().values(), members_.nodes().data()};
  }
  /// Which node owns which tokens, whatever the bound rule: a random-access range of ArcEnd{upto, node}, ordered by
  /// `upto`. Complexity: O(1).
  [[nodiscard]] RingView<ArcEnd<Node, token_type>> arcs() const noexcept {
    return {layout_.arcs().tokens(), layout_.arcs().values(), members_.nodes().data()};
  }

  /// The arcs of a node in ring order, without empty ones; none for an unknown identity. Complexity: O(p).
  [[nodiscard]] std::vector<Arc<token_type>> arcs_of(identity_type id) const {
    std::vector<Arc<token_type>> result;
    const detail::ring::NodeNumber number = members_.find(id);
    if (number == detail::ring::kNoNode) return result;
    const Map& arcs = layout_.arcs();
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      if (arcs.value(i) == number && !detail::ring::is_empty_arc(arcs, i))
        result.push_back(detail::ring::arc_at(arcs, i));
    }
    return result;
  }

  /// The part of all tokens that a node owns, 0 for an unknown identity: summed exactly, rounded once.
  /// Complexity: O(p).
  [[nodiscard]] double share(identity_type id) const {
    const detail::ring::NodeNumber number = members_.find(id);
    return number == detail::ring::kNoNode ? 0 : detail::ring::exact_shares(layout_.arcs(), size())[number].fraction();
  }
  /// The shares of nodes(), in that order. Complexity: O(p).
  [[nodiscard]] std::vector<double> shares() const {
    std::vector<double> result;
    for (const detail::ring::ExactShare& share : detail::ring::exact_shares(layout_.arcs(), size()))
      result.push_back(share.fraction());
    return result;
  }
  /// How evenly the ring is shared, measured against the weights, and warnings of what makes it uneven: too few points,
  /// points that do not follow the weights, a key hash that does not spread some thousand short sample keys.
  /// Complexity: O(p), and hashing the samples.
  [[nodiscard]] Balance balance() const {
    Balance balance = detail::ring::balance_of(detail::ring::exact_shares(layout_.arcs(), size()), members_.weights());
    balance.warnings = detail::ring::ring_warnings(*this);
    return balance;
  }
  /// Why `key` has its owner, as text for people: its token, the point and the arc, the owner, the next nodes, and who
  /// takes over. Complexity: as failover_list for four nodes.
  template <class Key>
  [[nodiscard]] std::string explain(const Key& key) const {
    return detail::ring::explanation(*this, token(key), preference_list(key, 4), failover_list(key, 4));
  }

  /// The bytes allocated for points and index. Copies of a ring share the tokens of its points; each counts them.
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return layout_.memory_bytes(); }
  [[nodiscard]] Hash hash_function() const { return hash_; }
  [[nodiscard]] Placement placement() const { return placement_; }

  // ---- Snapshots ----------------------------------------------------------------------------------------------------

  /// The ring as bytes, the same on every platform: identities, weights, and the names of placement and hasher with
  /// which the points and the tokens of keys are made again. Equal rings give equal bytes. Complexity: O(n + p).
  [[nodiscard]] std::vector<std::byte> serialize() const { return detail::ring::Snapshot<HashRing>::write(*this); }

  /// The ring that serialize() wrote. A hasher with a seed() gets the seed of that ring; the placement is Placement(),
  /// unless it and the hasher are given. Nodes that are not strings or integers themselves are made by
  /// make_node(identity), since only their identities are kept.
  /// Throws: SnapshotError if the bytes are truncated, damaged, of a later format or of another kind of ring (the
  /// message says which), or if the placement or the hasher no longer gives what it gave; never makes another ring.
  [[nodiscard]] static HashRing deserialize(std::span<const std::byte> bytes) {
    return detail::ring::Snapshot<HashRing>::read(bytes, detail::ring::IdentityIsNode<Node>());
  }
  template <class MakeNode>
  [[nodiscard]] static HashRing deserialize(std::span<const std::byte> bytes, MakeNode make_node) {
    return detail::ring::Snapshot<HashRing>::read(bytes, make_node);
  }
  template <class MakeNode = detail::ring::IdentityIsNode<Node>>
  [[nodiscard]] static HashRing deserialize(std::span<const std::byte> bytes, Hash hash, Placement placement,
                                            MakeNode make_node = MakeNode()) {
    return detail::ring::Snapshot<HashRing>::read(bytes, HashRing(std::move(hash), std::move(placement)), make_node);
  }

  /// A number by which the members of a fleet check that they see the same ring: a hash of identities, weights, points,
  /// placement and hasher. Equal rings have equal fingerprints, on every platform. Complexity: O(n + p).
  [[nodiscard]] std::uint64_t fingerprint() const { return detail::ring::Snapshot<HashRing>::fingerprint(*this); }

  /// Whether both rings have the same nodes (by identity) with the same weights and points, and equal hashers (if these
  /// can be compared): they then give every key the same owner. Complexity: O(p).
  friend bool operator==(const HashRing& a, const HashRing& b) {
    if constexpr (std::equality_comparable<Hash>) {
      if (!(a.hash_ == b.hash_)) return false;
    }
    const auto same_identity = [](const Node& x, const Node& y) {
      return detail::ring::with_identity(y, [&](identity_type id) { return detail::ring::is_named(x, id); });
    };
    return std::ranges::equal(a.nodes(), b.nodes(), same_identity) &&
           std::ranges::equal(a.members_.weights(), b.members_.weights()) && a.layout_.points() == b.layout_.points();
  }

  friend void swap(HashRing& a,
                   HashRing& b) noexcept(std::is_nothrow_swappable_v<Hash> && std::is_nothrow_swappable_v<Placement>) {
    using std::swap;
    swap(a.hash_, b.hash_);
    swap(a.placement_, b.placement_);
    swap(a.members_, b.members_);
    swap(a.layout_, b.layout_);
  }

 private:
  friend struct detail::ring::RingAccess;
  using Map = detail::ring::TokenMap<token_type>;
  using Placed = detail::ring::PlacedPoint<token_type>;
  // Where one of several equal points is kept, removing its node can expose a dropped one, so such rings rebuild. So do
  // rings whose points follow from all members.
  static constexpr bool kPlacesAmong = detail::ring::ContextPlacement<Placement, Node>;
  static constexpr bool kRebuilds =
      !kPlacesAmong && (!detail::ring::IncrementalPlacement<Placement, Node> || detail::ring::keeps_one_v<Placement>);

  template <class Key>
  static constexpr bool kHashesNothrow = [] {
    if constexpr (detail::ring::MakesKeyTokens<Placement, Hash, Key>) {
      return noexcept(
          std::declval<const Placement&>().key_token(std::declval<const Hash&>(), std::declval<const Key&>()));
    } else {
      return noexcept(hash_key(std::declval<const Hash&>(), std::declval<const Key&>()));
    }
  }();

  std::size_t add(std::vector<std::pair<Node, double>> joining) {
    auto change = members_.with(std::move(joining));
    const std::size_t count = change.fresh.size();
    if (count != 0) change_to(std::move(change));
    return count;
  }

  // Everything that can throw comes before the two assignments.
  void change_to(typename Members::Change change) {
    Layout layout(points_after(change));
    members_ = std::move(change.members);
    layout_ = std::move(layout);
  }

  Map points_after(const typename Members::Change& change) const {
    if constexpr (kPlacesAmong) {
      return detail::ring::placed_among(placement_, layout_.points(), change);
    } else if constexpr (kRebuilds) {
      return place_all_members(change.members);
    } else {
      return detail::ring::merged_points<token_type>(layout_.points(), change.new_number,
                                                     place(change.members, change.fresh));
    }
  }

  // The points of the members with these numbers, sorted.
  std::vector<Placed> place(const Members& members, std::span<const detail::ring::NodeNumber> numbers) const {
    std::vector<Placed> points;
    if constexpr (detail::ring::IncrementalPlacement<Placement, Node>) {
      std::uint64_t count = 0;
      for (const detail::ring::NodeNumber number : numbers) count += placement_.point_count(members.weights()[number]);
      detail::ring::check_point_count(count);
      points.reserve(static_cast<std::size_t>(count));
      for (const detail::ring::NodeNumber number : numbers) {
        placement_.place(members.nodes()[number], members.weights()[number],
                         [&](token_type token) { points.push_back({token, number}); });
      }
    }
    std::sort(points.begin(), points.end());
    return points;
  }

  // The points of all members, without those that the tie rule drops.
  Map place_all_members(const Members& members) const {
    std::vector<Placed> points;
    if constexpr (detail::ring::IncrementalPlacement<Placement, Node>) {
      std::vector<detail::ring::NodeNumber> numbers(members.size());
      std::iota(numbers.begin(), numbers.end(), detail::ring::NodeNumber{0});
      points = place(members, numbers);
    } else {
      placement_.place_all(members.nodes(), members.weights(), [&](std::size_t number, token_type token) {
        detail::ring::check_point_count(points.size() + 1);
        points.push_back({token, static_cast<detail::ring::NodeNumber>(number)});
      });
      std::sort(points.begin(), points.end());
    }
    const auto same_token = [](const Placed& a, const Placed& b) { return a.token == b.token; };
    if constexpr (Placement::kTies == TieRule::keep_first) {
      points.erase(std::unique(points.begin(), points.end(), same_token), points.end());
    } else if constexpr (Placement::kTies == TieRule::keep_last) {
      points.erase(points.begin(), std::unique(points.rbegin(), points.rend(), same_token).base());
    }
    return detail::ring::points_of<token_type>(points);
  }

  PERTURB_NO_UNIQUE_ADDRESS Hash hash_;
  PERTURB_NO_UNIQUE_ADDRESS Placement placement_;
  Members members_;
  Layout layout_;
};

}  // namespace perturb::inline PERTURB_ABI
