// SPDX-License-Identifier: MIT
/// @file How much of a ring each node owns, counted exactly, and how even that is.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/arcs.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A node's part of the ring in units of 2^-128 of it. All of it wraps to zero, hence the flag.
struct ExactShare {
  Token128 width;
  bool owns_any = false;

  [[nodiscard]] double fraction() const noexcept {
    return owns_any && width == Token128{} ? 1.0 : fraction_of_ring(width);
  }
};

/// The shares of nodes number 0 to `count` - 1.
template <TokenType Token>
[[nodiscard]] std::vector<ExactShare> exact_shares(const TokenMap<Token>& arcs, std::size_t count) {
  std::vector<ExactShare> shares(count);
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    if (ring::is_empty_arc(arcs, i)) continue;
    const Arc<Token> arc = ring::arc_at(arcs, i);
    ExactShare& share = shares[arcs.value(i)];
    share.width = share.width + ring::widened(static_cast<Token>(arc.upto - arc.after));
    share.owns_any = true;
  }
  return shares;
}

/// Pre: as many weights as shares.
[[nodiscard]] inline Balance balance_of(std::span<const ExactShare> shares, std::span<const double> weights) {
  Balance balance;
  if (shares.empty()) return balance;
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  double squares = 0;
  balance.min = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double ratio = shares[i].fraction() / (weights[i] / total);
    balance.peak = std::max(balance.peak, ratio);
    balance.min = std::min(balance.min, ratio);
    squares += (ratio - 1) * (ratio - 1);
  }
  balance.deviation = std::sqrt(squares / static_cast<double>(shares.size()));
  return balance;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
