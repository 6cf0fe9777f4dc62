// SPDX-License-Identifier: MIT
/// @file From a token to the arc that it lies in, where something is kept for each arc.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/direct_index.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/token.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The number of an arc, in the order of the arcs' ends, and of no arc.
using ArcNumber = std::uint32_t;
inline constexpr ArcNumber kNoArc = kNoNode;

/// The ends of a ring's arcs once more, but each with the number of its arc in place of its owner.
template <TokenType Token>
class ArcMap {
 public:
  ArcMap() = default;
  explicit ArcMap(const PointArray<Token>& arcs) : ends_(numbered(arcs)), index_(ends_) {}

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  /// The arc in which `token` lies, or kNoArc if there are none.
  [[nodiscard]] ArcNumber find(Token token) const noexcept { return index_.find(ends_, token); }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return ends_.memory_bytes() + index_.memory_bytes(); }

 private:
  static PointArray<Token> numbered(const PointArray<Token>& arcs) {
    PointArray<Token> ends;
    ends.reserve(arcs.size());
    for (std::size_t i = 0; i < arcs.size(); ++i) ends.append(arcs.token(i), static_cast<ArcNumber>(i));
    return ends;
  }

  PointArray<Token> ends_;
  DirectIndex<Token> index_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
