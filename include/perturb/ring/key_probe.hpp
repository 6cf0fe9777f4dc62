// SPDX-License-Identifier: MIT
/// @file A number that tells whether two rings give keys the same tokens, by the tokens of a few keys.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/mix.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring_types.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Combines the tokens that `ring` gives to a few strings or, if it takes none as keys, to a few integers. 0 if it
/// takes neither. Rings with different probes disagree on keys; an equal probe says so almost certainly of the keys of
/// that kind.
template <class Ring>
[[nodiscard]] std::uint64_t key_probe(const Ring& ring) {
  using Hash = typename Ring::hasher;
  using Placement = typename Ring::placement_type;
  std::uint64_t probe = 0;
  const auto take = [&](const auto& key) {
    const Token128 token = ring::widened(ring.token(key));
    probe = hashing::mix(probe ^ token.high);
    probe = hashing::mix(probe ^ token.low ^ 1);
  };
  if constexpr (AcceptsKey<Placement, Hash, std::string_view>) {
    // Some programs hash only a tag in braces, or only a part of long keys.
    for (const std::string_view key : {"", "perturb", "{tag}rest", "user:42/session/0123456789abcdef"}) take(key);
  } else if constexpr (AcceptsKey<Placement, Hash, std::uint64_t>) {
    for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{42}, std::uint64_t{0x0123456789ABCDEF}}) take(key);
  }
  return probe;
}

/// Whether two rings of one type give every key the same token, as far as that can be found out.
template <class Ring>
[[nodiscard]] bool gives_equal_key_tokens(const Ring& a, const Ring& b) {
  if constexpr (std::equality_comparable<typename Ring::hasher>) {
    if (!(a.hash_function() == b.hash_function())) return false;
  }
  return ring::key_probe(a) == ring::key_probe(b);
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
