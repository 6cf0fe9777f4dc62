// SPDX-License-Identifier: MIT
/// @file The keys of one size, and the orders in which they are used. Every round draws new orders, so that no branch
/// predictor sees a sequence twice; all tables of a round get the same orders.
#pragma once

#include "types.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace compare {

/// The input of the workloads of one round.
template <class Key>
struct Inputs {
  std::size_t size = 0;
  /// All keys that are there, in random order.
  std::vector<Key> present;
  /// `repeats` times all keys that are there, each time in another order: a small table is built often enough for
  /// the clock.
  std::size_t repeats = 0;
  std::vector<Key> orders;
  std::vector<Key> hits, misses, mixed;
  /// churned[i].first goes when churned[i].second comes; starts with `present` in the table.
  std::vector<std::pair<Key, Key>> churned;
};

template <class Type>
class KeySet {
 public:
  using Key = typename Type::Key;

  KeySet(Pattern pattern, std::size_t size, std::uint64_t seed) : random_(seed + size) {
    inputs_.size = size;
    inputs_.present.reserve(size);
    absent_.reserve(size);
    const std::uint64_t offset = pattern == Pattern::random ? scramble(seed) >> 32 : 0;
    for (std::size_t i = 0; i < size; ++i) {
      // Addresses that are in the table alternate with others. In the other patterns that would change the pattern.
      const bool interleaved = pattern == Pattern::pointer;
      inputs_.present.push_back(Type::key(pattern, offset + (interleaved ? 2 * i : i)));
      absent_.push_back(Type::key(pattern, offset + (interleaved ? 2 * i + 1 : size + i)));
    }
  }

  /// Inputs in new orders: queries if `reading`, what changes tables if `changing`.
  const Inputs<Key>& draw(bool reading, bool changing) {
    const std::size_t size = inputs_.size;
    std::shuffle(inputs_.present.begin(), inputs_.present.end(), random_);
    const std::size_t queries = std::clamp(size, kLeastOperations, kMostQueries);
    inputs_.repeats = (kLeastOperations + size - 1) / size;
    clear_all();
    if (reading) draw_queries(queries);
    if (changing) {
      std::vector<Key> order = inputs_.present;
      inputs_.orders.reserve(inputs_.repeats * size);
      for (std::size_t i = 0; i < inputs_.repeats; ++i) {
        std::shuffle(order.begin(), order.end(), random_);
        inputs_.orders.insert(inputs_.orders.end(), order.begin(), order.end());
      }
      draw_churn(std::max(size, kLeastOperations));
    }
    return inputs_;
  }

 private:
  static constexpr std::size_t kLeastOperations = std::size_t{1} << 14;
  static constexpr std::size_t kMostQueries = std::size_t{1} << 20;

  void clear_all() {
    inputs_.orders.clear();
    inputs_.hits.clear();
    inputs_.misses.clear();
    inputs_.mixed.clear();
    inputs_.churned.clear();
  }

  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

  void draw_queries(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      inputs_.hits.push_back(inputs_.present[below(inputs_.size)]);
      inputs_.misses.push_back(absent_[below(inputs_.size)]);
      const auto& half = below(2) == 0 ? inputs_.present : absent_;
      inputs_.mixed.push_back(half[below(inputs_.size)]);
    }
  }

  void draw_churn(std::size_t count) {
    std::vector<const Key*> inside, outside;
    for (const Key& key : inputs_.present) inside.push_back(&key);
    for (const Key& key : absent_) outside.push_back(&key);
    inputs_.churned.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Key*& going = inside[below(inputs_.size)];
      const Key*& coming = outside[below(inputs_.size)];
      inputs_.churned.emplace_back(*going, *coming);
      std::swap(going, coming);
    }
  }

  std::mt19937_64 random_;
  Inputs<Key> inputs_;
  std::vector<Key> absent_;
};

}  // namespace compare
