// SPDX-License-Identifier: MIT
/// @file The renumbering of nodes when one of them comes, goes or is placed anew: what a layout can follow in place.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/token_array.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// At most one node loses its points, and `by` (modulo 2^32) is added to the numbers that are at least `from`.
struct NumberShift {
  NodeNumber gone = kNoNode;
  NodeNumber from = kNoNode;
  NodeNumber by = 0;
};

/// `new_number` as a shift, if it is one.
[[nodiscard]] inline std::optional<NumberShift> shift_of(std::span<const NodeNumber> new_number) noexcept {
  NumberShift shift;
  NodeNumber least = 0;  // the numbers ascend, or equal tokens would have to be sorted anew
  for (NodeNumber old = 0; old < new_number.size(); ++old) {
    if (new_number[old] == kNoNode) {
      if (shift.gone != kNoNode) return std::nullopt;
      shift.gone = old;
      continue;
    }
    if (new_number[old] < least) return std::nullopt;
    least = new_number[old] + 1;
    if (const NodeNumber by = new_number[old] - old; by != shift.by) {
      if (shift.by != 0) return std::nullopt;
      shift.from = old;
      shift.by = by;
    }
  }
  return shift;
}

/// The indices of the values that equal `value`; none for kNoNode.
[[nodiscard]] inline std::vector<std::uint32_t> indices_of(const NumberArray& values, NodeNumber value) {
  std::vector<std::uint32_t> indices;
  if (value == kNoNode) return indices;
  constexpr std::size_t kBlock = 16;  // compared at once
  std::size_t i = 0;
  values.visit([&](const auto& numbers) {
    const auto look = [&](std::size_t end) {
      for (; i < end; ++i) {
        if (numbers[i] == value) indices.push_back(static_cast<std::uint32_t>(i));
      }
    };
    while (numbers.size() - i >= kBlock) {
      std::uint32_t differs_everywhere = 1;
      for (std::size_t k = 0; k < kBlock; ++k) differs_everywhere &= numbers[i + k] != value ? 1U : 0U;
      if (differs_everywhere != 0) {
        i += kBlock;
      } else {
        look(i + kBlock);
      }
    }
    look(numbers.size());
  });
  return indices;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
