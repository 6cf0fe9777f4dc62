// SPDX-License-Identifier: MIT
/// @file Arcs: which part of the ring each point owns, in one form for all bound rules.
///
/// An arc is (after, upto]: the tokens after the end of the arc before it, up to and including its own end. The ring
/// finds owners, computes shares and moves entries by the ends of arcs alone. A bound rule is therefore only a way to
/// make ends from points:
///
///   at_or_after   A point's arc ends at the point.
///   after         A token owned by the first point after it is at most one less than the point: the end is token - 1.
///   nearest       Between two neighbours a < b the tokens up to a + floor((b - a) / 2) are at least as near to a. Of
///                 equal points the first owns the tokens before and the last those after; the same formula gives that,
///                 since the arcs of the others are empty.
///
/// With `after` and `nearest` the end of the first or of the last point may lie on the other side of zero. The ends are
/// then rotated so that they are sorted.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The ends of the arcs of `points`, sorted, each with its owner. Only for rules other than at_or_after, where the
/// points are the ends.
template <BoundRule bound, TokenType Token>
[[nodiscard]] TokenMap<Token> arc_ends(const TokenMap<Token>& points) {
  static_assert(bound != BoundRule::at_or_after);
  const std::size_t size = points.size();
  const auto end_of = [&](std::size_t i) {
    if constexpr (bound == BoundRule::after) {
      return ring::before(points.token(i));
    } else {
      const Token token = points.token(i);
      const Token gap = points.token(i + 1 == size ? 0 : i + 1) - token;
      const bool is_round_the_ring = i + 1 == size && size > 1 && gap == Token{};
      return token + (is_round_the_ring ? ring::half_ring<Token>() : ring::half(gap));
    }
  };
  if (size == 0) return {};
  // after: points at zero end at the largest token. nearest: the last point's arc may end past zero.
  std::size_t first = 0;
  if constexpr (bound == BoundRule::after) {
    while (first < size && points.token(first) == Token{}) ++first;
    if (first == size) first = 0;
  } else {
    if (end_of(size - 1) < points.token(size - 1)) first = size - 1;
  }
  TokenMapBuilder<Token> ends(size);
  for (std::size_t k = 0; k < size; ++k) {
    const std::size_t i = first + k < size ? first + k : first + k - size;
    ends.append(end_of(i), points.value(i));
  }
  return std::move(ends).finish();
}

/// The arc that ends at `ends.token(i)`.
template <TokenType Token>
[[nodiscard]] Arc<Token> arc_at(const TokenMap<Token>& ends, std::size_t i) noexcept {
  return {ends.token(i == 0 ? ends.size() - 1 : i - 1), ends.token(i)};
}

/// Whether no token lies in the arc that ends at `ends.token(i)`, because the arc before it has the same end.
template <TokenType Token>
[[nodiscard]] bool is_empty_arc(const TokenMap<Token>& ends, std::size_t i) noexcept {
  return i > 0 && ends.token(i - 1) == ends.token(i);
}

/// The arcs of a node in ring order, without empty ones. Complexity: O(arcs).
template <TokenType Token>
[[nodiscard]] std::vector<Arc<Token>> arcs_of_node(const TokenMap<Token>& ends, std::uint32_t node) {
  std::vector<Arc<Token>> arcs;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends.value(i) == node && !is_empty_arc(ends, i)) arcs.push_back(arc_at(ends, i));
  }
  return arcs;
}

/// A part of the ring that lies in one arc of an old ring and in one arc of a new ring.
struct Segment {
  std::uint32_t old_arc;
  std::uint32_t new_arc;
};

/// Calls f(old arc, new arc, its own arc) for the segments between the ends of both rings, in the order of tokens.
/// Pre: neither is empty. Complexity: O(arcs of both).
template <TokenType Token, class Function>
void for_each_segment(const TokenMap<Token>& old_ends, const TokenMap<Token>& new_ends, Function f) {
  const auto walk = [&](const auto& a, const auto& b) {
    std::size_t i = 0;
    std::size_t j = 0;
    Token after = (std::max)(a.back(), b.back());
    while (i < a.size() || j < b.size()) {
      // The segment ends at the smaller of the two next ends; after the last arc of a ring comes its first.
      const Token end = i == a.size() ? b[j] : j == b.size() || a[i] < b[j] ? a[i] : b[j];
      f(static_cast<std::uint32_t>(i < a.size() ? i : 0), static_cast<std::uint32_t>(j < b.size() ? j : 0),
        Arc<Token>{after, end});
      after = end;
      while (i < a.size() && a[i] == end) ++i;
      while (j < b.size() && b[j] == end) ++j;
    }
  };
  old_ends.tokens().visit([&](const auto& a) { new_ends.tokens().visit([&](const auto& b) { walk(a, b); }); });
}

/// The segments between the ends of both rings, in the order of tokens.
/// Pre: neither is empty. Complexity: O(arcs of both).
template <TokenType Token>
[[nodiscard]] std::vector<Segment> common_segments(const TokenMap<Token>& old_ends, const TokenMap<Token>& new_ends) {
  std::vector<Segment> segments;
  segments.reserve(old_ends.size() + new_ends.size());
  for_each_segment(old_ends, new_ends, [&](std::uint32_t old_arc, std::uint32_t new_arc, const Arc<Token>&) {
    segments.push_back({old_arc, new_arc});
  });
  return segments;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
