// SPDX-License-Identifier: MIT
/// @file Placements for the ring tests: points chosen by the test, and one placement for each kind of ring.
#pragma once

#include <perturb/hash/md5.hpp>
#include <perturb/hash_ring.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kit {

/// A node whose tokens the test chooses.
template <class Token>
struct Placed {
  std::string name;
  std::vector<Token> tokens;

  const std::string& id() const { return name; }
};

/// The placement of Placed nodes.
template <class Token, perturb::BoundRule bound, perturb::TieRule ties>
struct WhereNodesSay {
  using token_type = Token;
  static constexpr perturb::BoundRule kBound = bound;
  static constexpr perturb::TieRule kTies = ties;

  std::uint64_t point_count(double) const { return 1; }
  template <class AddPoint>
  void place(const Placed<Token>& node, double, AddPoint&& add_point) const {
    for (const Token token : node.tokens) add_point(token);
  }
};

/// A ring whose points the test chooses; at_or_after, ties by identity.
template <class Token = std::uint64_t, perturb::BoundRule bound = perturb::BoundRule::at_or_after,
          perturb::TieRule ties = perturb::TieRule::identity>
using HandMadeRing = perturb::HashRing<Placed<Token>, perturb::XxHash<>, WhereNodesSay<Token, bound, ties>>;

/// `index`-th little-endian word of an MD5 digest.
inline std::uint32_t md5_word(std::string_view text, std::size_t index) {
  const perturb::detail::hashing::Md5Digest digest = perturb::detail::hashing::md5(text);
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < 4; ++i) word |= std::uint32_t{digest[4 * index + i]} << (8 * i);
  return word;
}

/// FNV-1a of 32 bits: a hash that is not avalanching, and narrower than a token.
struct Fnv32 {
  std::uint32_t operator()(std::string_view key) const noexcept {
    std::uint32_t hash = 2166136261u;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return hash;
  }
};

/// 32 bits, 40 points a node, unmixed keys, as cache clients have. `bound` and `ties` are the test's.
template <perturb::BoundRule bound, perturb::TieRule ties>
struct Narrow {
  using token_type = std::uint32_t;
  static constexpr perturb::BoundRule kBound = bound;
  static constexpr perturb::TieRule kTies = ties;

  std::uint32_t mask = 0xFFFFFFFF;  // fewer bits make equal tokens

  std::uint64_t point_count(double weight) const { return static_cast<std::uint64_t>(40 * weight); }
  template <class AddPoint>
  void place(const std::string& node, double weight, AddPoint&& add_point) const {
    for (std::uint64_t i = 0; i < point_count(weight); ++i) {
      add_point(Fnv32()(node + "-" + std::to_string(i)) & mask);
    }
  }
  template <class Hash>
  std::uint32_t key_token(const Hash& hash, std::string_view key) const {
    return static_cast<std::uint32_t>(hash(key)) & mask;
  }
  friend bool operator==(const Narrow&, const Narrow&) = default;
};

/// 128 bits: whole MD5 digests; the first point after a key owns it; the last of equal points stays.
struct WholeDigest {
  using token_type = perturb::Token128;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::keep_last;

  static perturb::Token128 token_of(std::string_view text) {
    perturb::Token128 token;
    const perturb::detail::hashing::Md5Digest digest = perturb::detail::hashing::md5(text);
    for (std::size_t i = 0; i < 8; ++i) {
      token.high = token.high << 8 | digest[i];
      token.low = token.low << 8 | digest[8 + i];
    }
    return token;
  }
  std::uint64_t point_count(double weight) const { return static_cast<std::uint64_t>(30 * weight); }
  template <class AddPoint>
  void place(const std::string& node, double weight, AddPoint&& add_point) const {
    for (std::uint64_t i = 0; i < point_count(weight); ++i) add_point(token_of(node + "-" + std::to_string(i)));
  }
  template <class Hash>
  perturb::Token128 key_token(const Hash&, std::string_view key) const {
    return token_of(key);
  }
};

/// A whole placement: four points from each digest, `Digests` digests a node on average, in proportion to the weights.
template <int Digests>
struct RelativeWeightsOf {
  using token_type = std::uint32_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::insertion;

  template <class AddPoint>
  void place_all(std::span<const std::string> nodes, std::span<const double> weights, AddPoint&& add_point) const {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      const auto digests =
          static_cast<std::size_t>(weights[node] / total * Digests * static_cast<double>(nodes.size()) + 1e-9);
      for (std::size_t i = 0; i < digests; ++i) {
        for (std::size_t word = 0; word < 4; ++word) {
          add_point(node, md5_word(nodes[node] + "-" + std::to_string(i), word));
        }
      }
    }
  }
  template <class Hash>
  std::uint32_t key_token(const Hash&, std::string_view key) const {
    return md5_word(key, 0);
  }
};

using RelativeWeights = RelativeWeightsOf<40>;

/// A counted placement: as RelativeWeights, but the last of equal points stays; few bits in `mask` make
/// tokens equal.
struct CountedWeights {
  using token_type = std::uint32_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::keep_last;

  std::uint32_t mask = 0xFFFFFFFF;

  std::vector<perturb::PointRange> point_ranges(std::span<const std::string> nodes,
                                                std::span<const double> weights) const {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<perturb::PointRange> ranges;
    for (const double weight : weights) {
      const std::uint64_t first = nodes.size() % 5 == 0 ? 1000 : 0;  // sometimes other strings
      ranges.push_back(
          {first, first + static_cast<std::uint64_t>(weight / total * 10 * static_cast<double>(nodes.size()) + 1e-9)});
    }
    return ranges;
  }
  template <class AddPoint>
  void place_range(const std::string& node, perturb::PointRange range, AddPoint&& add_point) const {
    for (std::uint64_t i = range.first; i < range.last; ++i) {
      for (std::size_t word = 0; word < 4; ++word) add_point(md5_word(node + "-" + std::to_string(i), word) & mask);
    }
  }
  template <class Hash>
  std::uint32_t key_token(const Hash&, std::string_view key) const {
    return md5_word(key, 0) & mask;
  }
  friend bool operator==(const CountedWeights&, const CountedWeights&) = default;
};

/// Which of `points` (sorted, equal ones in order) owns `token`, found by a scan over all of them.
template <class Token, class Owner>
const Owner& owner_by_scan(const std::vector<std::pair<Token, Owner>>& points, Token token, perturb::BoundRule bound) {
  const auto at_or_after = [&](Token t) {
    return std::find_if(points.begin(), points.end(), [&](const auto& point) { return !(point.first < t); });
  };
  if (bound == perturb::BoundRule::after) {
    const auto it = std::find_if(points.begin(), points.end(), [&](const auto& point) { return token < point.first; });
    return it == points.end() ? points.front().second : it->second;
  }
  auto next = at_or_after(token);
  if (bound == perturb::BoundRule::nearest) {
    const auto& previous = next == points.begin() ? points.back() : *std::prev(next);
    if (next == points.end()) next = points.begin();
    const Token back = token - previous.first;
    const Token forth = next->first - token;
    const bool is_whole_ring_back =
        back == Token{} && points.size() > 1;  // the distance of a point to itself round the ring
    return !is_whole_ring_back && !(forth < back) ? previous.second : next->second;
  }
  return next == points.end() ? points.front().second : next->second;
}

}  // namespace kit
