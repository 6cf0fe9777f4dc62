// SPDX-License-Identifier: MIT
/// @file MigrationRange and MigrationRanges: a plan cut into the pieces that a Migration moves one after the other.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// Arcs that pass from one node to another, and at once: what a store is asked to scan, to release and to erase.
template <class Id, class Token>
class MigrationRange {
 public:
  using id_type = Id;
  using token_type = Token;

  /// Pre: the arcs are disjoint and sorted by their ends, as those of a plan are.
  MigrationRange(std::uint32_t number, Id from, Id to, std::vector<Arc<Token>> arcs)
      : number_(number), from_(std::move(from)), to_(std::move(to)), arcs_(std::move(arcs)) {}

  /// Its index among the ranges of the migration: the same for everyone who has the plan.
  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  [[nodiscard]] const Id& from() const noexcept { return from_; }  ///< whose keys they were
  [[nodiscard]] const Id& to() const noexcept { return to_; }      ///< whose keys they will be
  [[nodiscard]] std::span<const Arc<Token>> arcs() const noexcept { return arcs_; }

  /// Whether a key with this token belongs to the range. Complexity: O(log arcs).
  [[nodiscard]] bool contains(Token token) const noexcept {
    if (arcs_.empty()) return false;
    const auto it =
        std::partition_point(arcs_.begin(), arcs_.end(), [&](const Arc<Token>& arc) { return arc.upto < token; });
    // Past the last end the token can only lie in the arc that wraps, which has the smallest end.
    return detail::ring::contains(it == arcs_.end() ? arcs_.front() : *it, token);
  }

 private:
  std::uint32_t number_;
  Id from_;
  Id to_;
  std::vector<Arc<Token>> arcs_;
};

/// The ranges of a plan. Movers and writers that make them of equal plans, with an equal `arcs_at_once`, have the same
/// ranges under the same numbers. A value: it refers to no plan.
template <class Id, class Token>
class MigrationRanges {
 public:
  using range_type = MigrationRange<Id, Token>;
  using value_type = range_type;
  using const_iterator = const range_type*;
  using iterator = const_iterator;
  /// For arcs_at_once: one range for each pair of nodes.
  static constexpr std::size_t kAllArcs = static_cast<std::size_t>(-1);

  /// No ranges.
  MigrationRanges() = default;

  /// Cuts the plan into ranges of at most `arcs_at_once` arcs between the same two nodes. A store that keeps its keys
  /// in the order of their tokens wants 1; one that can only look at all its keys wants kAllArcs. Arcs that had no
  /// owner are in no range. Complexity: O(moves * log moves). Throws: std::invalid_argument for 0 arcs, for a plan of
  /// more than one replica, and for a plan after which an arc has no owner.
  explicit MigrationRanges(const MigrationPlan<Id, Token>& plan, std::size_t arcs_at_once = 1) : plan_(plan) {
    if (arcs_at_once == 0) detail::raise<std::invalid_argument>("perturb::MigrationRanges: arcs_at_once is 0");
    if (plan.replicas() != 1) {
      detail::raise<std::invalid_argument>(
          "perturb::MigrationRanges: only owners are moved: make the plan with one replica");
    }
    for (const auto& move : plan) {
      if (!move.has_to) {
        detail::raise<std::invalid_argument>(
            "perturb::MigrationRanges: after the plan an arc has no owner; its keys have no place to go to");
      }
    }
    // By pair of nodes, and in the order of the ring within a pair.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      if (plan[i].has_from) order.push_back(i);
    }
    const auto pair = [&](std::size_t i) { return std::tie(plan[i].from, plan[i].to); };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(plan[a].from, plan[a].to, a) < std::tie(plan[b].from, plan[b].to, b);
    });
    range_of_move_.assign(plan.size(), kNoRange);
    for (std::size_t first = 0; first < order.size();) {
      const auto number = detail::hashing::integer_cast<std::uint32_t>(ranges_.size());
      std::vector<Arc<Token>> arcs;
      std::size_t last = first;
      for (; last < order.size() && arcs.size() < arcs_at_once && pair(order[last]) == pair(order[first]); ++last) {
        arcs.push_back(plan[order[last]].arc);
        range_of_move_[order[last]] = number;
      }
      ranges_.emplace_back(number, plan[order[first]].from, plan[order[first]].to, std::move(arcs));
      first = last;
    }
  }

  [[nodiscard]] const_iterator begin() const noexcept { return ranges_.data(); }
  [[nodiscard]] const_iterator end() const noexcept { return ranges_.data() + ranges_.size(); }
  [[nodiscard]] std::size_t size() const noexcept { return ranges_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
  /// Pre: i < size().
  [[nodiscard]] const range_type& operator[](std::size_t i) const noexcept { return ranges_[i]; }
  [[nodiscard]] const MigrationPlan<Id, Token>& plan() const noexcept { return plan_; }

  /// The range that a key with this token belongs to, or nullptr: the key does not move. Complexity: O(log moves).
  [[nodiscard]] const range_type* find(Token token) const noexcept {
    const auto move = plan_.find(token);
    if (move == plan_.end()) return nullptr;
    const std::uint32_t number = range_of_move_[static_cast<std::size_t>(move - plan_.begin())];
    return number == kNoRange ? nullptr : &ranges_[number];
  }

 private:
  static constexpr std::uint32_t kNoRange = static_cast<std::uint32_t>(-1);

  MigrationPlan<Id, Token> plan_;
  std::vector<range_type> ranges_;
  std::vector<std::uint32_t> range_of_move_;
};

}  // namespace perturb::inline PERTURB_ABI
