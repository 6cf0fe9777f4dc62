// SPDX-License-Identifier: MIT
/// @file The parts that a migration plan is made of: the segments of two rings, the first nodes of the preference list
/// of every arc, and neighbouring segments joined to arcs.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_array.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <TokenType Token>
[[nodiscard]] constexpr bool contains(const Arc<Token>& arc, Token token) noexcept {
  return arc.after < arc.upto ? arc.after < token && token <= arc.upto : arc.after < token || token <= arc.upto;
}

/// The size of disjoint arcs, summed exactly in units of 2^-128 of the ring.
class ArcSum {
 public:
  template <TokenType Token>
  void add(const Arc<Token>& arc) noexcept {
    width_ = width_ + ring::widened(static_cast<Token>(arc.upto - arc.after));
  }
  /// The sum as a fraction of the ring. Pre: there is an arc in it.
  [[nodiscard]] double fraction() const noexcept {
    return width_ == Token128{} ? 1.0 : fraction_of_ring(width_);  // all of the ring wraps to zero
  }

 private:
  Token128 width_;
};

template <TokenType Token>
[[nodiscard]] double fraction_of(const Arc<Token>& arc) noexcept {
  ArcSum sum;
  sum.add(arc);
  return sum.fraction();
}

/// The nodes of two rings by identity: a node of both is one.
template <class Id>
class CommonNodes {
 public:
  template <class Node>
  CommonNodes(std::span<const Node> before, std::span<const Node> after) {
    names_.reserve(before.size() + after.size());
    for (const Node& node : before) names_.push_back(ring::owned_identity(node));
    for (const Node& node : after) names_.push_back(ring::owned_identity(node));
    std::vector<std::size_t> order(names_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return names_[a] < names_[b]; });
    // Of equal names, one stands for both.
    common_.resize(names_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool is_second = i > 0 && names_[order[i - 1]] == names_[order[i]];
      common_[order[i]] = is_second ? common_[order[i - 1]] : order[i];
    }
    first_after_ = before.size();
  }
  /// The name of a node of the ring before, nullptr for kNoNode. Equal names have equal addresses.
  [[nodiscard]] const Id* before(NodeNumber number) const noexcept {
    return number == kNoNode ? nullptr : &names_[common_[number]];
  }
  /// The same for the ring after.
  [[nodiscard]] const Id* after(NodeNumber number) const noexcept {
    return number == kNoNode ? nullptr : &names_[common_[first_after_ + number]];
  }

 private:
  std::vector<Id> names_;
  std::vector<std::size_t> common_;
  std::size_t first_after_ = 0;
};

/// The first nodes of the preference list of every arc.
class ReplicaLists {
 public:
  /// Complexity: O(arcs * replicas). An arc's list is its own node, then the list of the next arc without that node:
  /// one pass backwards makes all of them, where a walk for each arc could pass over the same points again and again.
  template <TokenType Token>
  ReplicaLists(const TokenMap<Token>& arcs, std::size_t nodes, std::size_t replicas)
      : replicas_(replicas), lists_(arcs.size() * replicas, kNoNode) {
    if (arcs.empty()) return;
    std::vector<NodeNumber> list(replicas, kNoNode);
    const auto prepend = [&](NodeNumber node) {
      auto place = std::find(list.begin(), list.end(), node);
      if (place == list.end()) --place;  // the last one drops out
      std::move_backward(list.begin(), place, place + 1);
      list.front() = node;
    };
    // The list after the last arc begins with that of the first. It needs each node's first arc at most.
    std::vector<char> is_seen(nodes, 0);
    std::vector<NodeNumber> first_nodes;
    for (std::size_t i = 0; i < arcs.size() && first_nodes.size() < replicas; ++i) {
      if (is_seen[arcs.value(i)] == 0) first_nodes.push_back(arcs.value(i));
      is_seen[arcs.value(i)] = 1;
    }
    for (std::size_t i = first_nodes.size(); i-- > 0;) prepend(first_nodes[i]);
    for (std::size_t i = arcs.size(); i-- > 0;) {
      prepend(arcs.value(i));
      std::copy(list.begin(), list.end(), lists_.begin() + static_cast<std::ptrdiff_t>(i * replicas_));
    }
  }

  /// The node of this rank for the tokens of arc number `arc`; kNoNode if there is none, or for the arc kNoValue.
  [[nodiscard]] NodeNumber node(std::uint32_t arc, std::size_t rank) const noexcept {
    return arc == kNoValue ? kNoNode : lists_[arc * replicas_ + rank];
  }

 private:
  std::size_t replicas_;
  std::vector<NodeNumber> lists_;
};

/// Calls f(end, old arc, new arc) for the segments between the ends of both rings, in the order of tokens. The arc of a
/// ring without arcs is kNoValue. Complexity: O(arcs of both).
template <TokenType Token, class Function>
void for_each_plan_segment(const TokenMap<Token>& old_ends, const TokenMap<Token>& new_ends, Function&& f) {
  const TokenSpan<Token> a = old_ends.tokens();
  const TokenSpan<Token> b = new_ends.tokens();
  // After the last arc of a ring comes its first.
  const auto arc_number = [](std::size_t i, const TokenSpan<Token>& ends) {
    return ends.empty() ? kNoValue : static_cast<std::uint32_t>(i == ends.size() ? 0 : i);
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const Token end = i == a.size() ? b[j] : j == b.size() || a[i] < b[j] ? a[i] : b[j];
    f(end, arc_number(i, a), arc_number(j, b));
    while (i < a.size() && a[i] == end) ++i;
    while (j < b.size() && b[j] == end) ++j;
  }
}

/// Joins the segments of one rank that lie side by side and move from the same node to the same node.
template <class Id, TokenType Token>
class PlanRuns {
 public:
  struct Run {
    Arc<Token> arc;
    const Id* from;
    const Id* to;
  };

  /// The segment that ends at `end` and begins after the one that was added before. nullptr: no node.
  void add(Token end, bool moves, const Id* from, const Id* to) {
    if (!moves) from = to = nullptr;
    if (!ends_.empty() && is_same(ends_.back(), {end, from, to})) {
      ends_.back().end = end;
    } else {
      ends_.push_back({end, from, to});
    }
  }

  /// The arcs that move, ordered by their ends.
  [[nodiscard]] std::vector<Run> arcs() && {
    std::vector<Run> runs;
    if (ends_.empty()) return runs;
    if (ends_.size() == 1) {
      // Nothing or everything: (last token, last token] is the whole ring, whichever points the rings have.
      const Token last = before(Token{});
      if (is_move(ends_[0])) runs.push_back({{last, last}, ends_[0].from, ends_[0].to});
      return runs;
    }
    // The run across token 0 is one arc; it is listed first, having the smallest end.
    if (is_same(ends_.front(), ends_.back())) ends_.pop_back();
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      const Token after = ends_[i == 0 ? ends_.size() - 1 : i - 1].end;
      if (is_move(ends_[i])) runs.push_back({{after, ends_[i].end}, ends_[i].from, ends_[i].to});
    }
    return runs;
  }

 private:
  struct End {
    Token end;
    const Id* from;
    const Id* to;
  };

  static bool is_move(const End& run) noexcept { return run.from != nullptr || run.to != nullptr; }
  static bool is_equal(const Id* a, const Id* b) { return a == b || (a != nullptr && b != nullptr && *a == *b); }
  static bool is_same(const End& a, const End& b) { return is_equal(a.from, b.from) && is_equal(a.to, b.to); }

  std::vector<End> ends_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
