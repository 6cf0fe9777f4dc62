// SPDX-License-Identifier: MIT
/// @file The points of the ketama family: four from each MD5 digest of numbered strings, with as many digests as a
/// server's part of the sum of weights requires. The programs differ in how they round that number, so each has a count
/// rule of its own here.
///
/// Source: R. Jones, libketama/ketama.c; libmemcached, hosts.cc; twemproxy, nc_ketama.c; uhashring, ring_ketama.py.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/md5.hpp>
#include <perturb/placement.hpp>
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/ring/exact_float.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::profiles {

/// An MD5 digest as four little-endian numbers.
[[nodiscard]] constexpr std::array<std::uint32_t, 4> md5_words(std::string_view text) noexcept {
  const hashing::Md5Digest digest = hashing::md5(text);
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < 16; ++i) words[i / 4] |= std::uint32_t{digest[i]} << (8 * (i % 4));
  return words;
}

inline constexpr std::uint32_t kDigestsPerServer = 40;  // on average, four points each

/// The count rule of libmemcached and twemproxy: every step rounds to a float. With 103 of the numbers of servers up to
/// 1000 (25, 47, 50, 61, ...) servers of equal weight therefore have 39 digests instead of 40. (Both programs add 1e-10
/// before they round down, which never has an effect: it is less than half the distance between two floats near an
/// integer.)
[[nodiscard]] constexpr std::uint64_t digests_in_floats(std::uint64_t weight, std::uint64_t total,
                                                        std::size_t servers) noexcept {
  using Float = ring::ExactFloat<24>;
  const Float part = Float::of(weight) / Float::of(total);
  const Float digests = part * Float::of(std::uint64_t{4} * kDigestsPerServer) / Float::of(4);
  return (digests * Float::of(servers)).floor();
}

/// The count rule of the first ketama: a float quotient, a product in doubles, rounded to a float.
[[nodiscard]] constexpr std::uint64_t digests_in_doubles(std::uint64_t weight, std::uint64_t total,
                                                         std::size_t servers) noexcept {
  using Float = ring::ExactFloat<24>;
  using Double = ring::ExactFloat<53>;
  const Float part = Float::of(weight) / Float::of(total);
  return Float::of_float(Double::of_float(part) * Double::of(kDigestsPerServer) * Double::of(servers)).floor();
}

/// The count rule of uhashring: integers.
[[nodiscard]] inline std::uint64_t digests_in_integers(std::uint64_t weight, std::uint64_t total, std::size_t servers,
                                                       std::uint64_t digests_per_server) {
  return digests_per_server * servers * weight / total;
}

/// The sum of the weights of all servers.
[[nodiscard]] inline std::uint64_t total_weight(std::span<const ServerNode> nodes) {
  return std::accumulate(nodes.begin(), nodes.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ServerNode& node) { return sum + node.server.weight; });
}

/// Emits the four points of each of the strings "prefix-first" up to and without "prefix-last".
template <class AddPoint>
void emit_digests(std::string_view prefix, PointRange digests, AddPoint&& add_point) {
  NumberedText text(prefix, '-');
  for (std::uint64_t i = digests.first; i < digests.last; ++i) {
    for (const std::uint32_t word : md5_words(text.with(i))) add_point(word);
  }
}

/// The ranges of all servers for a counted placement, by a count rule: digests 0 up to rule(weight, total, servers).
template <class Rule>
[[nodiscard]] std::vector<PointRange> digest_ranges(std::span<const ServerNode> nodes, Rule rule) {
  const std::uint64_t total = total_weight(nodes);
  std::vector<PointRange> ranges;
  ranges.reserve(nodes.size());
  for (const ServerNode& node : nodes) ranges.push_back({0, rule(node.server.weight, total, nodes.size())});
  return ranges;
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
