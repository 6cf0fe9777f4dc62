// SPDX-License-Identifier: MIT
/// @file What HashRing::balance() warns of.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/snapshot_name.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/weight.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// With fewer points the largest of ten equal shares is 1.3 times the mean on average.
inline constexpr std::uint64_t kFewPoints = 32;

/// How the tokens of sample keys are spread.
struct KeySample {
  std::size_t keys;
  std::size_t distinct;
  // Chi-squared over 4096 equal parts of the ring: 4095 with a deviation of 90 if the tokens are random.
  double spread;
};

/// Samples the tokens of short strings or, if the ring takes none, of small integers; no keys if it takes neither.
template <class Ring>
[[nodiscard]] KeySample sample_of_keys(const Ring& ring) {
  using Hash = typename Ring::hasher;
  using Placement = typename Ring::placement_type;
  constexpr std::size_t kKeys = 4096;  // one for each part on average
  std::vector<Token128> tokens;
  tokens.reserve(kKeys);
  if constexpr (AcceptsKey<Placement, Hash, std::string_view>) {
    for (std::size_t i = 0; i < kKeys; ++i) {
      const std::string key = "key" + std::to_string(i);
      tokens.push_back(ring::widened(ring.token(std::string_view(key))));
    }
  } else if constexpr (AcceptsKey<Placement, Hash, std::uint64_t>) {
    for (std::uint64_t key = 0; key < kKeys; ++key) tokens.push_back(ring::widened(ring.token(key)));
  }
  KeySample sample{};
  sample.keys = tokens.size();
  if (tokens.empty()) return sample;
  std::vector<std::uint32_t> counts(kKeys);
  for (const Token128& token : tokens) ++counts[hashing::integer_cast<std::size_t>(token.high >> 52)];
  for (const std::uint32_t count : counts) sample.spread += (count - 1.0) * (count - 1.0);
  std::sort(tokens.begin(), tokens.end());
  sample.distinct = static_cast<std::size_t>(std::unique(tokens.begin(), tokens.end()) - tokens.begin());
  return sample;
}

/// `weights` are those of the nodes that are up, 0 for the others, which are not measured.
template <class Ring>
[[nodiscard]] std::vector<std::string> ring_warnings(const Ring& ring, std::span<const double> weights) {
  std::vector<std::string> warnings;
  const auto& points = RingAccess::points(ring);
  std::size_t nodes_up = 0;
  double heaviest = 0;
  for (const double weight : weights) {
    nodes_up += weight > 0 ? 1U : 0U;
    heaviest = (std::max)(heaviest, weight);
  }
  if (nodes_up > 1) {
    std::vector<std::uint64_t> counts(ring.size());
    for (std::size_t i = 0; i < points.size(); ++i) ++counts[points.value(i)];
    double total = 0;  // in units of the heaviest weight, so that it cannot overflow
    for (const double weight : weights) total += weight / heaviest;
    // How far the points of each node are from its weight.
    std::vector<double> errors;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const double deserved = (std::max)(static_cast<double>(points.size()) * (weights[i] / heaviest / total),
                                         (std::numeric_limits<double>::min)());
      errors.push_back((std::max)(static_cast<double>(counts[i]) / deserved,
                                  deserved / static_cast<double>(std::max<std::uint64_t>(counts[i], 1))));
    }
    const auto worst = static_cast<std::size_t>(std::max_element(errors.begin(), errors.end()) - errors.begin());
    if (points.size() < kFewPoints * nodes_up) {
      warnings.push_back("few points: " + std::to_string(points.size()) + " for " + std::to_string(nodes_up) +
                         " nodes, so the shares are uneven. Weights are absolute, and a node of weight 1 has all its "
                         "points: multiply weights that add up to 1, or use more points a node");
    }
    if (errors[worst] > 1.25) {
      warnings.push_back("points do not follow the weights: " + ring::identity_text(ring.nodes()[worst]) +
                         " of weight " + ring::text_of(weights[worst]) + " has " + std::to_string(counts[worst]) +
                         " of " + std::to_string(points.size()) +
                         " points. A number of points is rounded and at least 1: multiply all weights");
    }
  }
  // 4096 keys on a ring of 2^32 collide twice in 10^5 samples; a spread of 4900 is nine deviations too large.
  const KeySample sample = ring::sample_of_keys(ring);
  const std::string hasher = ring::name_of(ring.hash_function());
  const std::string named = hasher.empty() ? "weak key hash: " : "weak key hash " + hasher + ": ";
  if (sample.distinct + 1 < sample.keys) {
    warnings.push_back(named + std::to_string(sample.keys) + " short keys have only " +
                       std::to_string(sample.distinct) +
                       " different tokens, so keys of different nodes cannot be told "
                       "apart. Use a hash of 64 bits");
  }
  if (sample.spread > 4900) {
    warnings.push_back(named +
                       "the tokens of short keys lie close together, so some nodes get many more keys than "
                       "their shares say. Mix the hash, or use one whose bits all depend on all of the key");
  }
  return warnings;
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
