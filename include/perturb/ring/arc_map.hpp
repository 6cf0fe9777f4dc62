// SPDX-License-Identifier: MIT
/// @file From a token to the arc that it lies in, where something is kept for each arc.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The number of an arc in the order of the arcs' ends, and the number that stands for no arc.
using ArcNumber = std::uint32_t;
inline constexpr ArcNumber kNoArc = kNoValue;

/// Finds the number of the arc in which a token lies. Shares the tokens of the ring's arc ends.
template <TokenType Token>
class ArcMap {
 public:
  ArcMap() = default;
  explicit ArcMap(const TokenMap<Token>& arcs) : ends_(arcs.with_values(numbers(arcs.size()))), index_(ends_) {}

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  /// The arc in which `token` lies, or kNoArc if there are no arcs.
  [[nodiscard]] ArcNumber find(Token token) const noexcept { return index_.find(ends_, token); }
  /// The bytes allocated, without the tokens, which are the ring's.
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return ends_.value_bytes() + index_.memory_bytes(); }

 private:
  static std::vector<ArcNumber> numbers(std::size_t count) {
    std::vector<ArcNumber> result(count);
    std::iota(result.begin(), result.end(), ArcNumber{0});
    return result;
  }

  TokenMap<Token> ends_;
  DirectIndex<Token> index_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
