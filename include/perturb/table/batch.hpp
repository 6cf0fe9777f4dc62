// SPDX-License-Identifier: MIT
/// @file Many keys at once: the cache misses of a chunk of keys overlap instead of coming one after the other.
///
/// A chunk goes through three passes: hash every key and ask for its control bytes; look at the control bytes and ask
/// for the slot of the first tag that matches; search. Each pass finds what the one before asked for. In a table that
/// fits into the cache there is nothing to overlap and the passes would only cost, so there keys are searched singly.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::table::batch {

/// Keys in flight: enough to cover a memory access with the work on the others, few enough for the line-fill buffers
/// and the first-level cache.
inline constexpr std::size_t kChunk = 16;

/// Tables of up to this many bytes are taken to be in the second-level cache.
inline constexpr std::size_t kCachedBytes = std::size_t{1} << 20;

/// Hashes `count` keys, `key_at(i)`, and calls `visit(i, hash)` for each in order when its memory is on its way.
template <class Core, class KeyAt, class Visit>
void for_each_hashed(const Core& core, std::size_t count, KeyAt key_at, Visit visit) {
  if (core.memory_bytes() <= kCachedBytes) {
    for (std::size_t i = 0; i < count; ++i) visit(i, core.hash(key_at(i)));
    return;
  }
  std::uint64_t hashes[kChunk];
  for (std::size_t i = 0; i < count; ++i) {
    hashes[i] = core.hash(key_at(i)).value;
    core.prefetch_controls(HashValue(hashes[i]));
  }
  for (std::size_t i = 0; i < count; ++i) core.prefetch_slot(HashValue(hashes[i]));
  for (std::size_t i = 0; i < count; ++i) visit(i, HashValue(hashes[i]));
}

/// Calls `found(i, place)` for each of the `count` keys from `keys` on.
template <class Core, class Key, class Found>
void find(const Core& core, const Key* keys, std::size_t count, Found found) {
  for (std::size_t first = 0; first < count; first += kChunk) {
    const std::size_t in_chunk = count - first < kChunk ? count - first : kChunk;
    for_each_hashed(
        core, in_chunk, [&](std::size_t i) -> const Key& { return keys[first + i]; },
        [&](std::size_t i, HashValue hash) { found(first + i, core.find(keys[first + i], hash)); });
  }
}

/// Inserts the elements of `range` into `table`; returns how many were new. `insert_hashed(element, hash)` inserts one.
template <class Element, class Core, class Range, class Insert, class InsertHashed>
std::size_t insert(const Core& core, Range&& range, Insert insert_one, InsertHashed insert_hashed) {
  using std::begin;
  using std::end;
  const std::size_t before = core.size();
  auto it = begin(range);
  const auto last = end(range);
  using Reference = decltype(*it);
  // A second pass over a chunk needs elements that stay where they are, with keys that can be seen.
  if constexpr (std::forward_iterator<decltype(it)> && std::is_lvalue_reference_v<Reference> &&
                requires { Element::key_in(*it); }) {
    std::remove_reference_t<Reference>* chunk[kChunk];
    while (it != last) {
      std::size_t count = 0;
      for (; count < kChunk && it != last; ++it, ++count) chunk[count] = std::addressof(*it);
      for_each_hashed(
          core, count, [&](std::size_t i) -> decltype(auto) { return Element::key_in(*chunk[i]); },
          [&](std::size_t i, HashValue hash) { insert_hashed(*chunk[i], hash); });
    }
  } else {
    for (; it != last; ++it) insert_one(*it);
  }
  return core.size() - before;
}

}  // namespace perturb::inline PERTURB_ABI::table::batch
