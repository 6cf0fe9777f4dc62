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

/// The balance of the nodes with a positive weight. Numbers beyond the largest double are given as that.
/// Pre: as many weights as shares.
[[nodiscard]] inline Balance balance_of(std::span<const ExactShare> shares, std::span<const double> weights) {
  constexpr double kLargest = (std::numeric_limits<double>::max)();
  Balance balance;
  double heaviest = 0;
  for (const double weight : weights) heaviest = (std::max)(heaviest, weight);
  if (heaviest <= 0) return balance;
  double total = 0;  // in units of the heaviest weight, so that it cannot overflow
  for (const double weight : weights) total += weight / heaviest;
  std::vector<double> ratios;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (weights[i] <= 0) continue;
    const double wanted = weights[i] / heaviest / total;
    const double share = shares[i].fraction();
    ratios.push_back(share <= 0 ? 0 : wanted < share / kLargest ? kLargest : share / wanted);
  }
  const auto [min, peak] = std::minmax_element(ratios.begin(), ratios.end());
  balance.min = *min;
  balance.peak = *peak;
  const double scale = (std::max)(*peak, 1.0);  // so that no square overflows
  double squares = 0;
  for (const double ratio : ratios) squares += (ratio - 1) / scale * ((ratio - 1) / scale);
  balance.deviation = scale * std::sqrt(squares / static_cast<double>(ratios.size()));
  return balance;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
