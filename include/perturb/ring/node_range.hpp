// SPDX-License-Identifier: MIT
/// @file What a ring can be built from: a range of nodes, or of pairs of a node and its weight.
#pragma once

#include <perturb/config.hpp>

#include <concepts>
#include <iterator>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class Range, class Node>
concept NodeRange = requires(const Range& range) {
  std::begin(range) != std::end(range);
} && !std::convertible_to<const Range&, Node> && (requires(const Range& range) {
  { *std::begin(range) } -> std::convertible_to<Node>;
} || requires(const Range& range) {
  { (*std::begin(range)).first } -> std::convertible_to<Node>;
  { (*std::begin(range)).second } -> std::convertible_to<double>;
});

}  // namespace perturb::inline PERTURB_ABI::detail::ring
