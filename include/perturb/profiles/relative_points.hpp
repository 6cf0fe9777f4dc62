// SPDX-License-Identifier: MIT
/// @file The points of Envoy's and gRPC's ring_hash: hashes of "text_0", "text_1", ... for each server. How many
/// follows from running sums of doubles (ring/exact_float.hpp) over all servers, so that the whole ring has about the
/// wanted size.
///
/// Source: Envoy, ring_hash_lb.cc; gRPC core, ring_hash.cc; grpc-go, balancer/ringhash/ring.go.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/ring/exact_float.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::profiles {

/// xxHash64 of a text with the seed 0.
[[nodiscard]] inline std::uint64_t xxh64_of(std::string_view text) noexcept {
  return hashing::xxh64(text.data(), text.size(), 0);
}

/// The text that is hashed for a server, its index in the list, and its part of the sum of weights.
struct WeightedText {
  std::string text;
  std::size_t index;
  ring::ExactFloat<53> part;
};

/// The texts of all servers in the order of the list.
template <class TextOf>
[[nodiscard]] std::vector<WeightedText> weighted_texts(std::span<const ServerNode> nodes, TextOf&& text_of) {
  using Double = ring::ExactFloat<53>;
  std::uint64_t total = 0;
  for (const ServerNode& node : nodes) total += node.server.weight;
  std::vector<WeightedText> texts;
  texts.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    texts.push_back({text_of(nodes[i].server), i, Double::of(nodes[i].server.weight) / Double::of(total)});
  }
  return texts;
}

/// Emits (index, hash) for each point. The lightest server gets a whole number of points, the others as many as the
/// running sum of wanted points requires.
template <class Hash, class AddPoint>
void emit_relative_points(std::span<const WeightedText> servers, std::uint64_t minimum_size, std::uint64_t maximum_size,
                          Hash&& hash, AddPoint&& add_point) {
  using Double = ring::ExactFloat<53>;
  Double lightest = Double::of(1);
  for (const WeightedText& server : servers) lightest = (std::min)(lightest, server.part);
  const Double scale =
      (std::min)(Double::of((lightest * Double::of(minimum_size)).ceil()) / lightest, Double::of(maximum_size));
  std::uint64_t placed = 0;
  Double wanted;
  for (const WeightedText& server : servers) {
    wanted = wanted + scale * server.part;
    NumberedText text(server.text, '_');
    // In the programs `placed` is a double too, which counts exactly.
    for (std::uint64_t i = 0, count = wanted.ceil(); placed < count; ++i, ++placed)
      add_point(server.index, hash(text.with(i)));
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
