// SPDX-License-Identifier: MIT
/// @file The keys of thousands of small tables of one size. Every round distributes them anew, so that neither tables
/// nor rounds repeat each other.
#pragma once

#include "types.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace compare {

/// The input of the workloads on small tables of one round.
template <class Key>
struct SmallInputs {
  struct Query {
    std::size_t table;
    Key key;
  };

  std::size_t size = 0;    // elements of each table
  std::size_t tables = 0;  // how many tables
  std::vector<Key> keys;   // of all tables, those of one table side by side
  std::vector<Query> hits, misses;

  [[nodiscard]] std::span<const Key> keys_of(std::size_t table) const {
    return std::span(keys).subspan(table * size, size);
  }
};

template <class Type>
class SmallKeySet {
 public:
  using Key = typename Type::Key;

  SmallKeySet(Pattern pattern, std::size_t size, std::uint64_t seed) : random_(seed + size) {
    inputs_.size = size;
    inputs_.tables = std::clamp(kElements / size, kLeastTables, kMostTables);
    const std::size_t count = inputs_.tables * size;
    inputs_.keys.reserve(count);
    absent_.reserve(count);
    const std::uint64_t offset = pattern == Pattern::random ? scramble(seed) >> 32 : 0;
    for (std::size_t i = 0; i < count; ++i) {
      inputs_.keys.push_back(Type::key(pattern, offset + 2 * i));
      absent_.push_back(Type::key(pattern, offset + 2 * i + 1));
    }
  }

  /// Inputs in a new order, with queries if `reading`.
  const SmallInputs<Key>& draw(bool reading) {
    std::shuffle(inputs_.keys.begin(), inputs_.keys.end(), random_);
    inputs_.hits.clear();
    inputs_.misses.clear();
    for (std::size_t i = 0; reading && i < kQueries; ++i) {
      const std::size_t at = below(inputs_.keys.size());
      inputs_.hits.push_back({at / inputs_.size, inputs_.keys[at]});
      inputs_.misses.push_back({below(inputs_.tables), absent_[below(absent_.size())]});
    }
    return inputs_;
  }

 private:
  static constexpr std::size_t kElements = std::size_t{1} << 15;
  static constexpr std::size_t kLeastTables = std::size_t{1} << 11;
  static constexpr std::size_t kMostTables = std::size_t{1} << 13;
  static constexpr std::size_t kQueries = std::size_t{1} << 15;

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

  std::mt19937_64 random_;
  SmallInputs<Key> inputs_;
  std::vector<Key> absent_;
};

}  // namespace compare
