// SPDX-License-Identifier: MIT
/// @file diff and MigrationPlan: which parts of the ring change their owner between two states of a ring.
///
///   perturb::HashRing<std::string> after = ring;
///   after.add_node("d");
///   const auto plan = perturb::diff(ring, after);
///   std::cout << plan.table() << plan.fraction();               // what moves, before anything is done
///   for (const auto& move : plan.incoming("d")) copy(move.arc, move.from, move.to);
///
/// With replicas, rank 0 is the owner of a key, rank 1 the next node of its preference list, and so on.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/key_probe.hpp>
#include <perturb/ring/plan_runs.hpp>
#include <perturb/ring/serialized_format.hpp>
#include <perturb/ring/text.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

namespace detail::ring {

struct PlanAccess {
  /// The plan of one PlanRuns for each rank.
  template <class Plan, class Runs>
  [[nodiscard]] static Plan plan_of(std::vector<Runs> runs) {
    Plan plan;
    plan.replicas_ = runs.size();
    for (std::uint32_t rank = 0; rank < runs.size(); ++rank) plan.take(rank, std::move(runs[rank]));
    return plan;
  }
};

}  // namespace detail::ring

/// A part of the ring whose tokens pass from one node to another. `Id` is the identity of a node: a std::string or an
/// integer.
template <class Id, class Token>
struct Move {
  Arc<Token> arc;
  Id from{};               ///< whose keys they were
  Id to{};                 ///< whose keys they are
  std::uint32_t rank = 0;  ///< the position in the preference list that changes, 0 for the owner
  bool has_from = true;    ///< false: nobody had this rank, because there were too few nodes; `from` means nothing
  bool has_to = true;      ///< false: nobody has this rank, because there are too few nodes; `to` means nothing

  /// Whether `token` lies in the arc.
  [[nodiscard]] bool contains(Token token) const noexcept { return detail::ring::contains(arc, token); }
  /// The part of all tokens that lies in the arc.
  [[nodiscard]] double fraction() const noexcept { return detail::ring::fraction_of(arc); }

  friend bool operator==(const Move&, const Move&) = default;
};

/// What diff() finds: moves sorted by rank, then by the ends of their arcs. The arcs of one rank are disjoint, and
/// neighbouring arcs that pass from the same node to the same node are one arc. A value: it refers to no ring.
template <class Id, class Token>
class MigrationPlan {
 public:
  using value_type = Move<Id, Token>;
  using const_iterator = const value_type*;
  using iterator = const_iterator;
  /// How members take an identity: std::string_view or an integer.
  using identity_type = detail::ring::IdentityOf<Id>;

  /// A plan that moves nothing.
  MigrationPlan() = default;

  [[nodiscard]] const_iterator begin() const noexcept { return moves_.data(); }
  [[nodiscard]] const_iterator end() const noexcept { return moves_.data() + moves_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return moves_.size(); }
  [[nodiscard]] bool empty() const noexcept { return moves_.empty(); }
  /// Pre: i < size().
  [[nodiscard]] const value_type& operator[](std::size_t i) const noexcept { return moves_[i]; }
  /// How many ranks were compared.
  [[nodiscard]] std::size_t replicas() const noexcept { return replicas_; }

  /// The part of all (token, rank) pairs that changes its node: with one replica, the part of the ring that changes its
  /// owner. Summed exactly for each rank, then rounded. Complexity: O(size()).
  [[nodiscard]] double fraction() const noexcept {
    double sum = 0;
    detail::ring::ArcSum share;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      share.add(moves_[i].arc);
      if (i + 1 == moves_.size() || moves_[i + 1].rank != moves_[i].rank) {
        sum += share.fraction();
        share = {};
      }
    }
    return sum / static_cast<double>(replicas_);
  }

  /// The moves to a node, as a plan. Complexity: O(size()).
  [[nodiscard]] MigrationPlan incoming(identity_type id) const {
    return selected([&](const value_type& move) { return move.has_to && detail::ring::is_named(move.to, id); });
  }
  /// The moves from a node, as a plan. Complexity: O(size()).
  [[nodiscard]] MigrationPlan outgoing(identity_type id) const {
    return selected([&](const value_type& move) { return move.has_from && detail::ring::is_named(move.from, id); });
  }

  /// The moves, or parts of moves, whose node `to` did not have the keys under any other rank: what has to be copied.
  /// With one replica that is every move to a node. Take it of the whole plan, and then incoming or outgoing of that:
  /// these leave out the moves by which it knows what a node had. Complexity: O(size() log size()) for a fixed number
  /// of replicas.
  [[nodiscard]] MigrationPlan transfers() const;

  /// The move of the lowest rank whose arc holds `token`, or end(). Complexity: O(replicas log size()).
  [[nodiscard]] const_iterator find(Token token) const noexcept {
    for (const_iterator first = begin(); first != end(); first = end_of_rank(first)) {
      const const_iterator found = find_in(first, end_of_rank(first), token);
      if (found != end()) return found;
    }
    return end();
  }
  /// The move of this rank whose arc holds `token`, or end(). Complexity: O(log size()).
  [[nodiscard]] const_iterator find(Token token, std::uint32_t rank) const noexcept {
    const auto first = std::partition_point(begin(), end(), [&](const value_type& m) { return m.rank < rank; });
    return first == end() || first->rank != rank ? end() : find_in(first, end_of_rank(first), token);
  }

  /// A table for people: for each rank and pair of nodes the number of arcs and the part of the ring that moves.
  /// Complexity: O(size() log size()).
  [[nodiscard]] std::string table() const;

  /// The plan as bytes, the same on every platform. Complexity: O(size()).
  [[nodiscard]] std::vector<std::byte> serialize() const {
    detail::ring::ImageWriter image;
    image.integer(static_cast<std::uint8_t>(sizeof(Token)));
    image.integer(kIdentityKind);
    image.integer(static_cast<std::uint32_t>(replicas_));
    image.integer(static_cast<std::uint64_t>(moves_.size()));
    for (const value_type& move : moves_) {
      image.token(move.arc.after);
      image.token(move.arc.upto);
      image.integer(move.rank);
      image.integer(static_cast<std::uint8_t>((move.has_from ? 1 : 0) | (move.has_to ? 2 : 0)));
      image.identity(move.from);
      image.identity(move.to);
    }
    return std::move(image).finish(detail::ring::ImageKind::plan);
  }
  /// The plan that serialize() wrote. Throws: SnapshotError, which says what is wrong with the bytes.
  [[nodiscard]] static MigrationPlan deserialize(std::span<const std::byte> bytes) {
    detail::ring::ImageReader image(bytes, detail::ring::ImageKind::plan);
    if (image.integer<std::uint8_t>() != sizeof(Token)) detail::ring::refuse_image("its tokens have another width");
    if (image.integer<std::uint8_t>() != kIdentityKind)
      detail::ring::refuse_image("its nodes have another kind of identity");
    MigrationPlan plan;
    plan.replicas_ = image.integer<std::uint32_t>();
    const std::size_t count = image.count(2 * sizeof(Token) + 4 + 1 + 8);
    plan.moves_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      value_type move;
      move.arc.after = image.token<Token>();
      move.arc.upto = image.token<Token>();
      move.rank = image.integer<std::uint32_t>();
      const auto ends = image.integer<std::uint8_t>();
      move.has_from = (ends & 1) != 0;
      move.has_to = (ends & 2) != 0;
      move.from = image.identity<Id>();
      move.to = image.identity<Id>();
      const bool changes = ends != 0 && ends <= 3 && (ends != 3 || move.from != move.to);
      if (!changes || move.rank >= plan.replicas_ || !plan.can_take(move))
        detail::ring::refuse_image("it is damaged: its moves are not those of a plan");
      plan.moves_.push_back(std::move(move));
    }
    image.expect_end();
    if (plan.replicas_ == 0) detail::ring::refuse_image("it is damaged: a plan has at least one rank");
    return plan;
  }

  friend bool operator==(const MigrationPlan&, const MigrationPlan&) = default;

 private:
  friend struct detail::ring::PlanAccess;  // fills the plan
  using Runs = detail::ring::PlanRuns<Id, Token>;
  static constexpr std::uint8_t kIdentityKind = std::same_as<Id, std::string> ? 's' : 'i';

  [[nodiscard]] const_iterator end_of_rank(const_iterator first) const noexcept {
    return std::partition_point(first, end(), [&](const value_type& m) { return m.rank == first->rank; });
  }
  // Of the moves of one rank, at least one, the one whose arc holds `token`, or end().
  [[nodiscard]] const_iterator find_in(const_iterator first, const_iterator last, Token token) const noexcept {
    const auto it = std::partition_point(first, last, [&](const value_type& m) { return m.arc.upto < token; });
    // Past the last end the token can only lie in the arc that wraps, which has the smallest end.
    const const_iterator candidate = it == last ? first : it;
    return candidate->contains(token) ? candidate : end();
  }

  // Whether `move` can come after the moves that are there: sorted, with an arc disjoint from those of its rank.
  [[nodiscard]] bool can_take(const value_type& move) const noexcept {
    if (moves_.empty() || moves_.back().rank < move.rank) return true;  // the first of a rank may wrap
    const value_type& last = moves_.back();
    if (last.rank > move.rank || move.arc.after < last.arc.upto || !(move.arc.after < move.arc.upto)) return false;
    const Arc<Token>& first =
        std::partition_point(begin(), end(), [&](const value_type& m) { return m.rank < move.rank; })->arc;
    return first.after < first.upto || move.arc.upto <= first.after;
  }

  template <class Predicate>
  MigrationPlan selected(Predicate is_selected) const {
    MigrationPlan plan;
    plan.replicas_ = replicas_;
    for (const value_type& move : moves_) {
      if (is_selected(move)) plan.moves_.push_back(move);
    }
    return plan;
  }

  void take(std::uint32_t rank, Runs runs) {
    for (const auto& [arc, from, to] : std::move(runs).arcs()) {
      moves_.push_back(
          {arc, from != nullptr ? *from : Id{}, to != nullptr ? *to : Id{}, rank, from != nullptr, to != nullptr});
    }
  }

  std::size_t replicas_ = 1;
  std::vector<value_type> moves_;
};

template <class Id, class Token>
MigrationPlan<Id, Token> MigrationPlan<Id, Token>::transfers() const {
  std::vector<Token> ends;
  for (const value_type& move : moves_) {
    ends.push_back(move.arc.after);
    ends.push_back(move.arc.upto);
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());

  // Only the ranks that occur: an image may say any number of replicas.
  std::vector<std::uint32_t> ranks;
  for (const value_type& move : moves_) {
    if (ranks.empty() || ranks.back() != move.rank) ranks.push_back(move.rank);
  }
  std::vector<Runs> runs(ranks.size());
  std::vector<const value_type*> here;  // the moves of the segment
  for (const Token end_token : ends) {
    // Between two neighbouring ends nothing changes: the end stands for all tokens of the segment.
    here.clear();
    for (const_iterator first = begin(); first != end(); first = end_of_rank(first)) {
      const const_iterator found = find_in(first, end_of_rank(first), end_token);
      if (found != end()) here.push_back(found);
    }
    auto next = here.begin();
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      const value_type* const move = next != here.end() && (*next)->rank == ranks[i] ? *next++ : nullptr;
      const bool is_copied =
          move != nullptr && move->has_to && std::none_of(here.begin(), here.end(), [&](const value_type* other) {
            return other->has_from && other->from == move->to;
          });
      runs[i].add(end_token, is_copied, is_copied && move->has_from ? &move->from : nullptr,
                  is_copied ? &move->to : nullptr);
    }
  }
  MigrationPlan plan;
  plan.replicas_ = replicas_;
  for (std::size_t i = 0; i < ranks.size(); ++i) plan.take(ranks[i], std::move(runs[i]));
  return plan;
}

template <class Id, class Token>
std::string MigrationPlan<Id, Token>::table() const {
  std::vector<const value_type*> sorted;
  for (const value_type& move : moves_) sorted.push_back(&move);
  const auto key = [](const value_type* move) {
    return std::tie(move->rank, move->from, move->to, move->has_from, move->has_to);
  };
  std::sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) { return key(a) < key(b); });

  detail::ring::TextTable table({"rank", "from", "to", "arcs", "share"});
  const auto name = [](bool is_there, const Id& id) {
    return is_there ? detail::ring::identity_text(id) : std::string("-");
  };
  for (std::size_t i = 0; i < sorted.size();) {
    const value_type& first = *sorted[i];
    detail::ring::ArcSum share;
    std::size_t count = 0;
    for (; i < sorted.size() && key(sorted[i]) == key(&first); ++i, ++count) share.add(sorted[i]->arc);
    table.add({std::to_string(first.rank), name(first.has_from, first.from), name(first.has_to, first.to),
               std::to_string(count), detail::ring::percent_text(share.fraction())});
  }
  table.add({"all", "", "", std::to_string(size()), detail::ring::percent_text(fraction())});
  return table.text();
}

/// Which parts of the ring change their node from `before` to `after`, for the first `replicas` nodes of the preference
/// list of each token. For every key and every rank below `replicas`: if the plan has a move of that rank for the key's
/// token, its `from` is the node of that rank before and its `to` the one after; if it has none, the node is the same.
///
/// Nodes are compared by identity. A member state has its effect through the ring's arcs, which this function compares.
/// Complexity: O(replicas * points + nodes log nodes) time and memory, except that comparing names takes their length.
/// Throws: std::invalid_argument if the rings give keys different tokens (other hashers, or other placements that make
/// the tokens of keys), or for 0 replicas; std::bad_alloc.
template <class Node, class Hash, class Placement>
[[nodiscard]] auto diff(const HashRing<Node, Hash, Placement>& before, const HashRing<Node, Hash, Placement>& after,
                        std::size_t replicas = 1) {
  using Ring = HashRing<Node, Hash, Placement>;
  using Token = typename Ring::token_type;
  using Id = detail::ring::OwnedIdentityOf<Node>;
  if (replicas == 0) detail::raise<std::invalid_argument>("perturb::diff: compare at least one replica");
  if (!detail::ring::gives_equal_key_tokens(before, after)) {
    detail::raise<std::invalid_argument>(
        "perturb::diff: the rings have different hashers, so no plan for tokens says what happens to a key");
  }
  const detail::ring::CommonNodes<Id> nodes(before.nodes(), after.nodes());
  replicas = (std::min)(replicas, (std::max<std::size_t>)({before.size(), after.size(), 1}));
  const detail::ring::ReplicaLists old_lists(detail::ring::RingAccess::arcs(before), before.size(), replicas);
  const detail::ring::ReplicaLists new_lists(detail::ring::RingAccess::arcs(after), after.size(), replicas);

  std::vector<detail::ring::PlanRuns<Id, Token>> runs(replicas);
  detail::ring::for_each_plan_segment(detail::ring::RingAccess::arcs(before), detail::ring::RingAccess::arcs(after),
                                      [&](Token end, std::uint32_t old_arc, std::uint32_t new_arc) {
                                        for (std::size_t rank = 0; rank < replicas; ++rank) {
                                          const Id* const from = nodes.before(old_lists.node(old_arc, rank));
                                          const Id* const to = nodes.after(new_lists.node(new_arc, rank));
                                          runs[rank].add(end, from != to, from, to);
                                        }
                                      });
  return detail::ring::PlanAccess::plan_of<MigrationPlan<Id, Token>>(std::move(runs));
}

}  // namespace perturb::inline PERTURB_ABI
