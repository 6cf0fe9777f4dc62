// SPDX-License-Identifier: MIT
/// @file Making the points of a ring: sorted by token, equal tokens by node.
///
/// A change sorts only the points of the nodes that change and merges them into the others. Where the tie rule keeps
/// one of several equal points, the others are *hidden*: they are remembered, since the point that is kept may go.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// All points of a ring number less than this, so that their indices fit 31 bits.
inline constexpr std::uint64_t kPointLimit = std::uint64_t{1} << 31;

/// Throws: std::invalid_argument if a ring cannot have `count` points.
inline void check_point_count(std::uint64_t count) {
  if (count >= kPointLimit) {
    detail::raise<std::invalid_argument>(
        "perturb::HashRing: these weights make " + std::to_string(count) +
        " points, the limit is 2147483647; use smaller weights or fewer points a node");
  }
}

/// A point that is not yet among the others. The order is that of the ring: by token, equal tokens by node.
template <TokenType Token>
struct PlacedPoint {
  Token token;
  NodeNumber node;

  friend constexpr auto operator<=>(const PlacedPoint&, const PlacedPoint&) noexcept = default;
};

/// The points of a ring.
template <TokenType Token>
struct PointSet {
  TokenMap<Token> points;
  std::vector<PlacedPoint<Token>> hidden;  // sorted; none unless the tie rule keeps one of several equal points
};

/// Points that are appended in their order, where the tie rule is applied.
template <TieRule ties, TokenType Token>
class PointSink {
 public:
  explicit PointSink(std::size_t count) : points_(count) {}

  PERTURB_ALWAYS_INLINE void append(Token token, NodeNumber node) {
    if constexpr (ties == TieRule::keep_first || ties == TieRule::keep_last) {
      if (!points_.empty() && points_.last_token() == token) {
        const bool keeps_new = ties == TieRule::keep_last;
        hidden_.push_back({token, keeps_new ? points_.last_value() : node});
        if (keeps_new) points_.set_last_value(node);
        return;
      }
    }
    points_.append(token, node);
  }
  /// Appends those of `old` from number `first` on, before number `last`, under the new numbers of their nodes.
  /// Pre: their tokens differ, or the tie rule keeps all.
  void append_run(const TokenMap<Token>& old, std::size_t first, std::size_t last,
                  std::span<const NodeNumber> new_number) {
    if (first == last) return;
    append(old.token(first), new_number[old.value(first)]);  // only its token may equal the one before
    points_.append_run(old, first + 1, last, new_number);
  }
  [[nodiscard]] PointSet<Token> finish() && { return {std::move(points_).finish(), std::move(hidden_)}; }

 private:
  TokenMapBuilder<Token> points_;
  std::vector<PlacedPoint<Token>> hidden_;
};

/// All of the points. Pre: `sorted` is sorted.
template <TokenType Token>
[[nodiscard]] TokenMap<Token> points_of(std::span<const PlacedPoint<Token>> sorted) {
  TokenMapBuilder<Token> points(sorted.size());
  for (const PlacedPoint<Token>& point : sorted) points.append(point.token, point.node);
  return std::move(points).finish();
}

/// The points by the tie rule. Pre: `sorted` is sorted.
template <TieRule ties, TokenType Token>
[[nodiscard]] PointSet<Token> point_set_of(std::span<const PlacedPoint<Token>> sorted) {
  PointSink<ties, Token> points(sorted.size());
  for (const PlacedPoint<Token>& point : sorted) points.append(point.token, point.node);
  return std::move(points).finish();
}

/// The points of `old` under the new numbers of their nodes (kNoNode: dropped) without those of `gone`, merged with
/// those of `fresh`.
/// Pre: `fresh` and `gone` are sorted and have no node in common; each point of `gone` is among those that stay.
/// Complexity: O(points), if `new_number` keeps the order of the nodes; else all points may be sorted.
template <TieRule ties, TokenType Token>
[[nodiscard]] PointSet<Token> merged_points(const PointSet<Token>& old, std::span<const NodeNumber> new_number,
                                            std::span<const PlacedPoint<Token>> fresh,
                                            std::span<const PlacedPoint<Token>> gone = {}) {
  using Placed = PlacedPoint<Token>;
  const TokenSpan<Token> tokens = old.points.tokens();
  const NumberArray& values = old.points.values();
  std::vector<NodeNumber> numbers(new_number.begin(), new_number.end());
  std::erase(numbers, kNoNode);
  const bool keeps_all = numbers.size() == new_number.size();
  const auto stays = [&](NodeNumber node) { return new_number[node] != kNoNode; };
  const auto staying = values.visit([&](const auto& all) {
    return keeps_all ? all.size() : static_cast<std::size_t>(std::count_if(all.begin(), all.end(), stays));
  });

  // The hidden points that stay and the fresh ones: few beside the points.
  std::vector<Placed> others;
  std::span<const Placed> joining = fresh;
  if (!old.hidden.empty()) {
    for (const Placed& point : old.hidden) {
      if (stays(point.node)) others.push_back({point.token, new_number[point.node]});
    }
    others.insert(others.end(), fresh.begin(), fresh.end());
    std::sort(others.begin(), others.end());
    joining = others;
  }
  ring::check_point_count(staying + joining.size());

  if (!gone.empty() || !std::is_sorted(numbers.begin(), numbers.end())) {
    std::vector<Placed> all;
    all.reserve(staying);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (stays(values[i])) all.push_back({tokens[i], new_number[values[i]]});
    }
    if (!std::is_sorted(all.begin(), all.end())) std::sort(all.begin(), all.end());
    std::vector<Placed> merged(all.size() + joining.size());
    std::merge(all.begin(), all.end(), joining.begin(), joining.end(), merged.begin());
    auto next = gone.begin();
    std::erase_if(merged, [&](const Placed& point) {
      if (next == gone.end() || point != *next) return false;
      ++next;
      return true;
    });
    return ring::point_set_of<ties, Token>(merged);
  }

  // Between two joining points the old ones are copied in runs, which a dropped point ends.
  PointSink<ties, Token> points(staying + joining.size());
  std::size_t i = 0;
  const auto copy_to = [&](std::size_t end) {
    while (i < end) {
      std::size_t run = keeps_all ? end : i;
      while (run < end && stays(values[run])) ++run;
      points.append_run(old.points, i, run, new_number);
      i = run;
      while (i < end && !stays(values[i])) ++i;
    }
  };
  for (const Placed& next : joining) {
    std::size_t end = tokens.lower_bound(next.token, i, tokens.size());
    while (end < tokens.size() && tokens[end] == next.token &&
           (!stays(values[end]) || new_number[values[end]] < next.node)) {
      ++end;
    }
    copy_to(end);
    points.append(next.token, next.node);
  }
  copy_to(tokens.size());
  return std::move(points).finish();
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
