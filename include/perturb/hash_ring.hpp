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
#include <perturb/ring/member_edit.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/node_range.hpp>
#include <perturb/ring/owner_batch.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/placing.hpp>
#include <perturb/ring/preference_walk.hpp>
#include <perturb/ring/snapshot.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring/warnings.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring/zones.hpp>
#include <perturb/ring_members.hpp>
#include <perturb/ring_types.hpp>
#include <perturb/virtual_nodes.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
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
/// The result of every query follows from the nodes, their weights and states, the hasher and the placement. It does
/// not depend on the process, nor on the order in which nodes were added (unless the placement's tie rule says so, or
/// it places points among those that are there, as BalancedTokens does).
///
/// Every change has the strong guarantee: if it throws, the ring is as before. A change invalidates all pointers,
/// references, spans and views that the ring gave out, unless it returns false or 0 (assign: always). Calling const
/// members from several threads is safe.
///
/// Complexity, with n nodes and p points: a look-up takes one load on average, three in a ring of 2^21 points or more,
/// and O(log p) at worst; a change takes O(n + p) and sorts only the points that are new, or all of them where the
/// placement needs it. Memory: 21 bytes a point with 64-bit tokens and below 65 535 nodes, 12 in a ring of 2^21
/// points or more; up to 24 and 15 after changes of single nodes.
template <class Node, class Hash, class Placement>
class HashRing {
  static_assert(
      detail::ring::PlacementBase<Placement>,
      "perturb::HashRing: the placement must be copyable and have token_type (std::uint32_t, std::uint64_t or "
      "perturb::Token128), kBound and kTies; see perturb/placement.hpp");
  static_assert(
      detail::ring::IncrementalPlacement<Placement, Node> || detail::ring::CountedPlacement<Placement, Node> ||
          detail::ring::ContextPlacement<Placement, Node> || detail::ring::WholePlacement<Placement, Node>,
      "perturb::HashRing: the placement must have point_count(weight) and place(node, weight, add_point), or "
      "point_ranges(nodes, weights) and place_range(node, range, add_point), or point_count(weight) and "
      "place_among(...), or place_all(nodes, weights, add_point), for this node type; see perturb/placement.hpp");
  static_assert(!detail::ring::ContextPlacement<Placement, Node> || !detail::ring::keeps_one_v<Placement>,
                "perturb::HashRing: a placement with place_among(...) must keep all of several equal points");
  static_assert(std::copyable<Node>, "perturb::HashRing: a node must be copyable");

  static constexpr bool kByIdentity = Placement::kTies == TieRule::identity;
  using Layout = detail::ring::Layout<typename Placement::token_type, Placement::kBound>;
  using Members = detail::ring::Members<Node, kByIdentity>;
  using Edit = detail::ring::MemberEdit<Node, kByIdentity>;

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

  /// A ring of the nodes, or (node, weight) pairs, of a range or a list; see add_nodes.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  explicit HashRing(Range&& nodes, Hash hash = Hash(), Placement placement = Placement())
      : hash_(std::move(hash)), placement_(std::move(placement)) {
    add_nodes(nodes);
  }
  HashRing(std::initializer_list<RingMember<Node>> nodes, Hash hash = Hash(), Placement placement = Placement())
      : hash_(std::move(hash)), placement_(std::move(placement)) {
    add_nodes(nodes);
  }

  HashRing(const HashRing&) = default;
  HashRing(HashRing&&) = default;
  /// Strong guarantee. Assigning a ring to itself, also by a move, changes nothing.
  HashRing& operator=(const HashRing& other) {
    // Not by value: the copy assignment of a class with a ring as a member would be noexcept.
    HashRing copy(other);
    swap(*this, copy);
    return *this;
  }
  HashRing& operator=(HashRing&& other) noexcept(std::is_nothrow_move_constructible_v<HashRing> &&
                                                 std::is_nothrow_swappable_v<Hash> &&
                                                 std::is_nothrow_swappable_v<Placement>) {
    HashRing moved(std::move(other));
    swap(*this, moved);
    return *this;
  }
  ~HashRing() = default;

  // ---- Changes ------------------------------------------------------------------------------------------------------

  /// Adds a node. @returns false, and changes nothing, if its identity is present.
  /// Throws: std::invalid_argument for a weight that is not positive and finite, or if the ring would have 2^31 points
  /// or more; std::bad_alloc; what copying nodes and the placement throw. Strong guarantee.
  bool add_node(const Node& node, double weight = 1.0) {
    return change([&](Edit& edit) { return edit.add(node, weight); });
  }

  /// Adds the nodes, the (node, weight) pairs or the RingMembers of a range in one change: the points are sorted and
  /// merged once. Of several with one identity the first is added; those that are present are skipped.
  /// @returns how many were added. Throws: as add_node; none is then added.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  std::size_t add_nodes(Range&& nodes) {
    const auto joining = detail::ring::listed_members<Node>(nodes);
    return change([&](Edit& edit) {
      std::size_t added = 0;
      for (const auto& member : joining) {
        added += edit.add(member.node, member.weight, member.state.value_or(NodeState::up)) ? 1U : 0U;
      }
      return added;
    });
  }
  std::size_t add_nodes(std::initializer_list<RingMember<Node>> nodes) { return add_nodes(std::span(nodes)); }

  /// Removes a node. @returns false if there is none with this identity. Throws and strong guarantee: as add_node.
  bool remove_node(identity_type id) {
    return change([&](Edit& edit) { return edit.remove(id); });
  }
  /// Removes the nodes with these identities in one change; unknown ones are skipped. @returns how many were removed.
  template <class Range = std::initializer_list<identity_type>>
    requires detail::ring::IdentityRange<Range, Node>
  std::size_t remove_nodes(Range&& ids) {
    return change([&](Edit& edit) {
      std::size_t removed = 0;
      for (auto&& id : ids) removed += edit.remove(detail::ring::identity_in<Node>(id)) ? 1 : 0;
      return removed;
    });
  }

  /// Gives a node another weight. @returns false if there is none with this identity. Throws: as add_node.
  bool set_weight(identity_type id, double weight) {
    return change([&](Edit& edit) { return edit.set_weight(id, weight); });
  }
  /// Gives a node another state (NodeState): one that is not up owns no keys and stays a member. @returns false if
  /// there is none with this identity. Throws: as add_node.
  bool set_state(identity_type id, NodeState state) {
    return change([&](Edit& edit) { return edit.set_state(id, state); });
  }
  /// Puts `node` in the place of the node with the same identity. Weight, state and points stay, so no key moves.
  /// @returns false if there is none with this identity. Throws: std::bad_alloc; what copying nodes throws. Strong.
  /// Pre: the placement reads only the identity of a node. Complexity: O(n).
  bool replace_node(const Node& node) {
    return change([&](Edit& edit) { return edit.replace(node); });
  }

  /// Makes these the members: a range as for add_nodes. Nodes with another identity are removed; those that stay are
  /// replaced (replace_node) and get this weight, 1 for a bare node. Their state changes only where RingMembers give
  /// it.
  /// @returns whether the list had each identity once; of several the first counts. Throws: as add_node.
  template <class Range>
    requires detail::ring::NodeRange<Range, Node>
  bool assign(Range&& nodes) {
    const auto listed = detail::ring::listed_members<Node>(nodes);
    return change([&](Edit& edit) {
      bool is_new = true;
      edit.begin_list();
      for (const auto& member : listed) is_new = edit.list(member.node, member.weight, member.state) && is_new;
      return is_new;
    });
  }
  bool assign(std::initializer_list<RingMember<Node>> nodes) { return assign(std::span(nodes)); }

  /// Makes many changes in one: the ring is then as after one by one (with a placement that places points among those
  /// that are there, see there), and none is made if one of them throws.
  /// @returns how many had an effect, counting those for which the member of the same name returns true.
  /// Throws: as add_node.
  template <class Range = std::initializer_list<RingChange<Node>>>
    requires std::convertible_to<decltype(*std::begin(std::declval<Range&>())), const RingChange<Node>&>
  std::size_t apply(Range&& changes) {
    return change([&](Edit& edit) {
      std::size_t made = 0;
      for (const RingChange<Node>& one : changes) made += one.make(edit) ? 1U : 0U;
      return made;
    });
  }

  /// Removes all nodes.
  void clear() noexcept {
    members_ = Members();
    layout_ = Layout();
  }

  // ---- Owners -------------------------------------------------------------------------------------------------------

  /// The node that owns `key`, or nullptr if no node is up.
  /// Complexity: hashing the key; then one load on average, O(log p) at worst. Throws: what hashing throws.
  template <class Key>
  [[nodiscard]] const Node* find_owner(const Key& key) const
      noexcept(detail::ring::makes_tokens_nothrow_v<Placement, Hash, Key>) {
    return owner_of_token(token(key));
  }

  /// The node that owns `key`. Complexity: as find_owner.
  /// Throws: EmptyRing if no node is up; what hashing throws.
  template <class Key>
  [[nodiscard]] const Node& owner(const Key& key) const {
    const Node* const node = find_owner(key);
    if (node == nullptr)
      detail::raise<EmptyRing>("perturb::HashRing: no node is up, so a key has no owner; add a node first");
    return *node;
  }

  /// Sets out[i] to the node that owns the i-th key of a range, or to nullptr if no node is up. On large rings faster
  /// than single look-ups, since the memory accesses of many keys overlap.
  /// Pre: out.size() >= number of keys. Complexity: as find_owner for each key. Throws: what hashing throws.
  template <class Keys>
  void find_owner_batch(const Keys& keys, std::span<const Node*> out) const {
    detail::ring::find_owners(*this, layout_, keys, out);
  }

  /// The token of `key`: with 64-bit tokens, and unless the placement makes the tokens of keys, the value of
  /// HashTable::hash with an equal hasher.
  template <class Key>
  [[nodiscard]] token_type token(const Key& key) const
      noexcept(detail::ring::makes_tokens_nothrow_v<Placement, Hash, Key>) {
    static_assert(!detail::hashing::key_traits<Key>().by_address,
                  "perturb::HashRing: the address of an object says nothing in another process, so a pointer cannot be "
                  "a key; pass the object");
    static_assert(!detail::hashing::hashes_by_std_hash_v<Hash, Key>,
                  "perturb::HashRing: XxHash hashes this key by its std::hash, whose results differ between platforms; "
                  "write a perturb_hash for the type, or pass perturb::StdHash<Key> as the hasher if all processes "
                  "have the same standard library");
    detail::ring::check_key_token<Placement, Hash, Key>();
    if constexpr (detail::ring::MakesKeyTokens<Placement, Hash, Key>) {
      return placement_.key_token(hash_, key);
    } else {
      return detail::ring::token_of_hash<token_type>(perturb::hash_key(hash_, key));
    }
  }

  /// The node that owns `token`, or nullptr if no node is up.
  /// Complexity: one load on average, O(log p) at worst.
  [[nodiscard]] const Node* owner_of_token(token_type token) const noexcept { return node_at(layout_.owner(token)); }

  /// Up to `limit` distinct nodes that are up, in ring order, the owner of `key` first: where to put replicas. Which
  /// node takes over when the owner leaves: failover_list. Complexity: O(log p) plus the points walked over. Allocates
  /// only for a list of more than 8 nodes.
  template <class Key>
  [[nodiscard]] PreferenceList<Node> preference_list(const Key& key, std::size_t limit) const {
    const auto& arcs = layout_.arcs();
    if (arcs.empty()) return {};
    return detail::ring::PreferenceWalk::from(arcs, layout_.arc_of(token(key)), members_.nodes(),
                                              (std::min)(limit, members_.up_count()));
  }

  /// Up to `limit` distinct nodes that are up, the owner of `key` first: in ring order one of each zone, then the
  /// others in ring order. zone_of(node) gives anything with ==; it is called often, so let it give a reference or a
  /// number. Complexity: O(log p + n) plus the points walked over, at most twice all. Allocates as preference_list
  /// does.
  template <class Key, class ZoneOf>
  [[nodiscard]] PreferenceList<Node> preference_list(const Key& key, std::size_t limit, const ZoneOf& zone_of) const {
    return detail::ring::zone_list(layout_.arcs(), token(key), members_.nodes(), members_.states(), limit, zone_of);
  }

  /// Up to `limit` distinct nodes that are up, in the order in which they take over: the owner of `key`, the node that
  /// owns it when that one is removed, the one when both are, and so on. It is the preference list where the bound rule
  /// is at_or_after or after and all points of a node stay when another leaves. It is another one for `nearest` (the
  /// next node may lie on the other side), where one of several equal points is kept, and where the points follow from
  /// all members. Complexity: in the latter two cases a removal for each node, O(n + p) or more; else as
  /// preference_list.
  template <class Key>
  [[nodiscard]] PreferenceList<Node> failover_list(const Key& key, std::size_t limit) const {
    return detail::ring::failover_list<kRebuilds>(*this, token(key), limit);
  }

  /// Consistent hashing with bounded loads: the first node of the preference list of `key` that may take one key more.
  /// load_of(node) is the number of keys that it has; with K of them on all nodes that are up, such a node may have at
  /// most ceil(bound * (K + 1) * weight / sum of their weights). nullptr if no node may: on an empty ring, or when the
  /// room is on nodes without points or the loads change meanwhile. BoundedAssigner remembers who has what. Complexity:
  /// load_of for each node; then about bound^2 / (bound - 1)^2 nodes of the list, at worst all points. Throws:
  /// std::invalid_argument for a bound below 1; what load_of throws.
  template <class Key, class LoadOf>
  [[nodiscard]] const Node* pick_bounded(const Key& key, const LoadOf& load_of, double bound) const {
    return detail::ring::pick_bounded(layout_.arcs(), token(key), members_, load_of, bound);
  }

  // ---- Inspection ---------------------------------------------------------------------------------------------------

  /// The number of nodes, whatever their states.
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Whether there is a node with this identity. Complexity: O(log n), with tie rules other than identity O(n).
  [[nodiscard]] bool contains(identity_type id) const { return members_.find(id) != detail::ring::kNoNode; }
  /// The node with this identity, or nullptr. Complexity: as contains.
  [[nodiscard]] const Node* find_node(identity_type id) const { return node_at(members_.find(id)); }
  /// The weight of a node, 0 for an unknown identity. Complexity: as contains.
  [[nodiscard]] double weight(identity_type id) const {
    const detail::ring::NodeNumber number = members_.find(id);
    return number == detail::ring::kNoNode ? 0 : members_.weights()[number];
  }
  /// The state of a node, nothing for an unknown identity. Complexity: as contains.
  [[nodiscard]] std::optional<NodeState> state(identity_type id) const {
    const detail::ring::NodeNumber number = members_.find(id);
    return number == detail::ring::kNoNode ? std::nullopt : std::optional(members_.states()[number]);
  }

  /// The nodes, ordered by identity (with tie rules other than identity in the order of adding). Complexity: O(1).
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return members_.nodes(); }
  /// The points in ring order: a random-access range of RingPoint{token, node}. Complexity: O(1).
  [[nodiscard]] RingView<Point> points() const noexcept {
    return {layout_.points().tokens(), layout_.points().values().span(), members_.nodes().data(),
            layout_.change_check()};
  }
  /// Which node owns which tokens, whatever the bound rule: a random-access range of ArcEnd{upto, node}, ordered by
  /// `upto`. Complexity: O(1).
  [[nodiscard]] RingView<ArcEnd<Node, token_type>> arcs() const noexcept {
    return {layout_.arcs().tokens(), layout_.arcs().values().span(), members_.nodes().data(), layout_.change_check()};
  }

  /// The arcs of a node in ring order, without empty ones; none for an unknown identity. Complexity: O(p).
  [[nodiscard]] std::vector<Arc<token_type>> arcs_of(identity_type id) const {
    return detail::ring::arcs_of_node(layout_.arcs(), members_.find(id));
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
  /// How evenly the ring is shared among the nodes that are up, measured against their weights, and warnings of what
  /// makes it uneven: too few points, points that do not follow the weights, a key hash that does not spread some
  /// thousand short sample keys. Complexity: O(p), and hashing the samples. Throws: what hashing throws.
  [[nodiscard]] Balance balance() const {
    const std::vector<double> weights = members_.weights_in_use();
    Balance balance = detail::ring::balance_of(detail::ring::exact_shares(layout_.arcs(), size()), weights);
    balance.warnings = detail::ring::ring_warnings(*this, weights);
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

  /// The ring as bytes, the same on every platform: identities, weights, states, and the names of placement and hasher
  /// with which the points and the tokens of keys are made again. Equal rings give equal bytes. Complexity: O(n + p).
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

  /// A number by which the members of a fleet check that they see the same ring: a hash of identities, weights, states,
  /// points, placement and hasher. Equal rings have equal fingerprints, on every platform. Complexity: O(n + p).
  [[nodiscard]] std::uint64_t fingerprint() const { return detail::ring::Snapshot<HashRing>::fingerprint(*this); }

  /// Whether both rings have the same nodes (by identity) with the same weights, states and points, equal hashers and
  /// equal placements: they then give every key the same owner, also after equal changes. Does not compile for hashers
  /// and placements with state that have no ==. Complexity: O(p).
  friend bool operator==(const HashRing& a, const HashRing& b)
    requires detail::ring::ComparableOrStateless<Hash> && detail::ring::ComparableOrStateless<Placement>
  {
    return detail::ring::are_equal(a.hash_, b.hash_) && detail::ring::are_equal(a.placement_, b.placement_) &&
           a.members_ == b.members_ && a.layout_.points() == b.layout_.points();
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
  static constexpr bool kPlacesAmong = detail::ring::ContextPlacement<Placement, Node>;
  // Whether the points of others can change when a node leaves.
  static constexpr bool kRebuilds =
      !kPlacesAmong && (!detail::ring::IncrementalPlacement<Placement, Node> || detail::ring::keeps_one_v<Placement>);

  [[nodiscard]] const Node* node_at(detail::ring::NodeNumber number) const noexcept {
    return number == detail::ring::kNoNode ? nullptr : members_.nodes().data() + number;
  }

  // Lets `make` edit the members, and gives back what it does. Everything that can throw comes before the
  // assignments.
  template <class Make>
  auto change(Make make) {
    Edit edit(members_);
    const auto result = make(edit);
    if (!edit.has_changed()) return result;
    auto changed = edit.finish(detail::ring::KeepsReweighed<Placement, Node>);
    if (changed.keeps_points) {
      layout_.invalidate_views();
    } else {
      detail::ring::Placing<Node, Placement>::apply(placement_, layout_, changed);
    }
    members_ = std::move(changed.members);
    return result;
  }

  PERTURB_NO_UNIQUE_ADDRESS Hash hash_;
  PERTURB_NO_UNIQUE_ADDRESS Placement placement_;
  Members members_;
  Layout layout_;
};

template <class Range, class Hash = XxHash<>, class Placement = VirtualNodes<>>
  requires detail::ring::DeducibleRange<Range>
HashRing(Range&&, Hash = Hash(), Placement = Placement())
    -> HashRing<detail::ring::NodeIn<std::remove_reference_t<Range>>, Hash, Placement>;
template <class Element, class Hash = XxHash<>, class Placement = VirtualNodes<>>
HashRing(std::initializer_list<Element>, Hash = Hash(), Placement = Placement())
    -> HashRing<detail::ring::NodeOf<Element>, Hash, Placement>;

}  // namespace perturb::inline PERTURB_ABI
