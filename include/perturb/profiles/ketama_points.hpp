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
#include <perturb/profiles/node_text.hpp>
#include <perturb/profiles/server.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>

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
[[nodiscard]] inline std::uint32_t digests_in_floats(std::uint64_t weight, std::uint64_t total, std::size_t servers) {
  // One operation a statement, so that no compiler contracts two operations into one that rounds once.
  const float part = static_cast<float>(weight) / static_cast<float>(total);
  const float points = part * (4 * kDigestsPerServer);
  const float digests = points / 4;
  const float scaled = digests * static_cast<float>(servers);
  return static_cast<std::uint32_t>(std::floor(scaled));
}

/// The count rule of the first ketama: a float quotient, a product in doubles, rounded to a float.
[[nodiscard]] inline std::uint32_t digests_in_doubles(std::uint64_t weight, std::uint64_t total, std::size_t servers) {
  const float part = static_cast<float>(weight) / static_cast<float>(total);
  const double scaled = static_cast<double>(part) * kDigestsPerServer * static_cast<double>(servers);
  return static_cast<std::uint32_t>(std::floor(static_cast<float>(scaled)));
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

/// Emits the four points of each of `digests` strings "prefix-0", "prefix-1", ...
template <class Emit>
void emit_digests(std::string_view prefix, std::uint64_t digests, Emit&& emit) {
  NumberedText text(prefix, '-');
  for (std::uint64_t i = 0; i < digests; ++i) {
    for (const std::uint32_t word : md5_words(text.with(i))) emit(word);
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::profiles
