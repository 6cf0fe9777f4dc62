// SPDX-License-Identifier: MIT
/// @file How many keys each server has, and how many change theirs from one ring to another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keys.hpp"
#include "ring.hpp"

namespace ring_tool {

struct KeyCounts {
  std::uint64_t all = 0;
  std::uint64_t without_server = 0;
  std::vector<std::uint64_t> of_server = {};
};

/// Reads all keys, with a progress bar.
[[nodiscard]] KeyCounts count_keys(const Ring& ring, KeySource& keys);

struct KeyMoves {
  std::uint64_t all = 0;
  std::uint64_t moved = 0;
  /// By the labels of the server before and the one after; "" is none.
  std::map<std::pair<std::string, std::string>, std::uint64_t> pairs = {};
};

/// Compares the owners of all keys by their labels, with a progress bar. Calls on_move(key, from, to) for each key that
/// moves, if it is given.
using OnMove = std::function<void(std::string_view key, const std::string& from, const std::string& to)>;
[[nodiscard]] KeyMoves compare_keys(const Ring& before, const Ring& after, KeySource& keys, const OnMove& on_move = {});

}  // namespace ring_tool
