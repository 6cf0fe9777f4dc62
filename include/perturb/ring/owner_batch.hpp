// SPDX-License-Identifier: MIT
/// @file The owners of many keys at once.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/members.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <span>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// How many keys have their index cells prefetched before the first owner is read. Measured on a busy machine with 1.6
/// million points, ns a key: single look-ups 28, with 16 at once 14 to 20, with 32 11 to 14, with 64 6 to 7.
inline constexpr std::size_t kOwnersAtOnce = 64;

/// Sets out[i] to the owner of the i-th key of `keys`, nullptr on an empty ring. Pre: out is as long as keys.
template <class Ring, class Layout, class Keys>
void find_owners(const Ring& ring, const Layout& layout, const Keys& keys,
                 std::span<const typename Ring::node_type*> out) {
  const typename Ring::node_type* const nodes = ring.nodes().data();
  std::array<typename Ring::token_type, kOwnersAtOnce> tokens;
  auto key = std::begin(keys);
  const auto end = std::end(keys);
  std::size_t done = 0;
  const auto expect_room = [&](std::size_t count) {
    PERTURB_ASSERT(done + count <= out.size(),
                   "HashRing::find_owner_batch: there are more keys than places for owners");
    static_cast<void>(count);
  };
  layout.read_many([&](auto reader) {
    while (key != end) {
      std::size_t count = 0;
      for (; count < kOwnersAtOnce && key != end; ++count, ++key) {
        tokens[count] = ring.token(*key);
        reader.prefetch(tokens[count]);
      }
      expect_room(count);
      for (std::size_t i = 0; i < count; ++i) out[done + i] = nodes + reader.find(tokens[i]);
      done += count;
    }
  });
  for (; key != end; ++key, ++done) {  // a ring without points
    expect_room(1);
    static_cast<void>(ring.token(*key));
    out[done] = nullptr;
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
