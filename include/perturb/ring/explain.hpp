// SPDX-License-Identifier: MIT
/// @file HashRing::explain: where a key stands and why, as text.
#pragma once

#include <perturb/config.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/plan_runs.hpp>
#include <perturb/ring/text.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <cstddef>
#include <string>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The names of a list of nodes, in order.
template <class List>
[[nodiscard]] std::string names_of(const List& list) {
  std::string text;
  for (const auto* const node : list) text += (text.empty() ? "" : ", ") + ring::identity_text(*node);
  return text;
}

[[nodiscard]] constexpr const char* text_of(BoundRule rule) noexcept {
  switch (rule) {
    case BoundRule::at_or_after:
      return "the first point at or after the token";
    case BoundRule::after:
      return "the first point after the token";
    case BoundRule::nearest:
    default:
      break;
  }
  return "the nearest point";
}

/// The index of the point that owns `token`. Pre: there are points.
template <BoundRule bound, TokenType Token>
[[nodiscard]] std::size_t owning_point(const TokenMap<Token>& points, Token token) noexcept {
  const std::size_t next = points.first_at_or_after(bound == BoundRule::after ? ring::after(token) : token);
  if constexpr (bound == BoundRule::nearest) {
    const std::size_t previous = (next == 0 ? points.size() : next) - 1;
    const Token back_less_one =
        ring::before(static_cast<Token>(token - points.token(previous)));  // as in fill_outwards
    if (back_less_one < static_cast<Token>(points.token(next) - token)) return previous;
  }
  return next;
}

template <class Ring, class List>
[[nodiscard]] std::string explanation(const Ring& ring, typename Ring::token_type token, const List& preference,
                                      const List& failover) {
  constexpr BoundRule kBound = Ring::placement_type::kBound;
  std::string text = "token       " + ring::token_text(token) + "\n";
  const auto& arcs = RingAccess::arcs(ring);
  if (arcs.empty()) return text + "owner       none, since the ring has no points\n";
  const auto& points = RingAccess::points(ring);
  const std::size_t i = arcs.first_at_or_after(token);
  const auto arc = ring::arc_at(arcs, i);
  text += "point       " + ring::token_text(points.token(ring::owning_point<kBound>(points, token))) + ", " +
          ring::text_of(kBound) + "\n";
  text += "arc         (" + ring::token_text(arc.after) + ", " + ring::token_text(arc.upto) + "], " +
          ring::percent_text(ring::fraction_of(arc)) + " of the ring\n";
  text += "owner       " + ring::identity_text(ring.nodes()[arcs.value(i)]) + "\n";
  text += "preference  " + ring::names_of(preference) + "\n";
  return text + "failover    " + ring::names_of(failover) + "\n";
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
