// SPDX-License-Identifier: MIT
/// @file Many keys at once: the cache misses of neighbouring keys overlap instead of coming one after the other.
///
/// What there is to gain. An out-of-order processor overlaps independent single searches by itself, and prefetching
/// alone gains nothing on top. But its look-ahead ends at each mispredicted branch that waits for memory: a group that
/// turns out to be full (an eighth of them in a full table), a tag that matches by chance, a hit where a miss was
/// expected. Here these branches are taken when the control bytes have arrived, so that a misprediction costs some
/// cycles and not a memory access: with 6 million u64 keys 1.4 to 1.5 times as fast for hits, 1.3 to 1.4 for
/// misses, 1.7 for half of each, and inserting 1.4 to 1.7.
///
/// How a search works. Keys come in blocks of kBlock. While a block's control bytes are compared, those of the next
/// block are prefetched, one by one: prefetching a whole block in a row exhausts the line-fill buffers. A key whose tag
/// matches has its slot prefetched and waits in a queue until kWaiting others are behind it; then it is compared,
/// without another look at the control bytes. A key whose group is full goes on to its next group together with the
/// next block.
///
/// How an insertion works: in three passes over a chunk. The order of the elements decides which of two equal keys
/// stays, each insertion changes the control bytes for the next, and one of them may rehash; so the first two passes
/// only prefetch, and keep nothing but the hashes.
///
/// In a table that fits into the cache all this costs more than it gains: there keys are taken singly.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table::batch {

/// Tables of up to this many bytes are searched singly: at 2 MB that was faster for most mixtures, at 9 MB slower.
inline constexpr std::size_t kCachedBytes = std::size_t{4} << 20;
template <class Core>
bool is_cached(const Core& core) noexcept {
  return core.memory_bytes() <= kCachedBytes;
}

/// Searches a table, which does not change meanwhile, for many keys.
template <class Core, class Key, class Found>
class Finder {
 public:
  Finder(const Core& core, const Key* keys, std::size_t count, Found& found)
      : core_(core), array_(core.array()), mask_(array_.home_mask()), keys_(keys), count_(count), found_(found) {}

  void run() {
    for (std::size_t i = 0; i < kBlock && i < count_; ++i) start(i);
    for (std::size_t first = 0; first < count_; first += kBlock) {
      const std::size_t last = count_ - first < kBlock ? count_ : first + kBlock;
      for (std::size_t i = first; i < last; ++i) {
        const std::uint64_t hash = hashes_[i % kBlock];
        if (i + kBlock < count_) start(i + kBlock);
        found_(i, Place());
        look({i, hash, Probe(hash, mask_)});
      }
      look_further();
      compare_until(kWaiting);
    }
    while (further_ != 0) look_further();
    compare_until(0);
  }

 private:
  using Array = typename Core::Array;
  using Place = typename Core::Place;
  using Probe = StridedProbeSequence<kGroupWidth>;

  struct Search {
    std::size_t key;
    std::uint64_t hash;
    Probe probe = Probe(0, 0);
  };
  struct Candidate {
    std::size_t key;
    std::uint64_t hash;
    std::size_t slot;
  };

  void start(std::size_t key) {
    const std::uint64_t hash = core_.hash(keys_[key]).value;
    hashes_[key % kBlock] = hash;
    array_.prefetch_group(static_cast<std::size_t>(hash) & mask_);
  }

  // Looks at the group that `search` has come to: there is a slot to compare, or it has ended, or it goes on.
  PERTURB_ALWAYS_INLINE void look(Search search) {
    const ControlGroup group = array_.group(search.probe.position());
    if (const auto match = group.match_tag(search.hash)) {
      const std::size_t slot = search.probe.position() + match.lowest();
      detail::prefetch(array_.slot(slot));
      candidates_[candidates_end_++ % kCandidates] = {search.key, search.hash, slot};
    } else if (!group.match_empty()) {
      if (further_ == kFurther) return search_singly(search.key, search.hash);
      search.probe.advance();
      array_.prefetch_group(search.probe.position());
      searches_[further_++] = search;
    }
  }

  void look_further() {
    const std::size_t count = std::exchange(further_, 0);
    for (std::size_t i = 0; i < count; ++i) look(searches_[i]);  // what goes on takes a place that has been read
  }

  // Compares the keys with their candidates, in the order that these were found, until `waiting` are left.
  void compare_until(std::size_t waiting) {
    for (; candidates_end_ - candidates_begin_ > waiting; ++candidates_begin_) {
      const Candidate candidate = candidates_[candidates_begin_ % kCandidates];
      const Place place = array_.at(candidate.slot);
      if (core_.holds(place, keys_[candidate.key])) [[likely]] {
        found_(candidate.key, place);
      } else {
        search_singly(candidate.key, candidate.hash);
      }
    }
  }

  void search_singly(std::size_t key, std::uint64_t hash) { found_(key, core_.find(keys_[key], HashValue(hash))); }

  static constexpr std::size_t kBlock = 16;
  static constexpr std::size_t kWaiting = 32;
  static constexpr std::size_t kFurther = 16;
  static constexpr std::size_t kCandidates = 64;
  static_assert(kCandidates >= kWaiting + kBlock + kFurther, "a candidate would overwrite one that waits");

  const Core& core_;
  const Array array_;
  const std::size_t mask_;
  const Key* const keys_;
  const std::size_t count_;
  Found& found_;

  std::uint64_t hashes_[kBlock];       // of the keys that have been started and not looked at
  Search searches_[kFurther];          // those that go on,
  std::size_t further_ = 0;            // and how many they are
  Candidate candidates_[kCandidates];  // a queue
  std::size_t candidates_begin_ = 0;
  std::size_t candidates_end_ = 0;
};

/// Calls `found(i, place)` for each of the `count` keys from `keys` on; it may call it with an empty place before it
/// calls it with the one where keys[i] is.
template <class Core, class Key, class Found>
void find(const Core& core, const Key* keys, std::size_t count, Found found) {
  if (batch::is_cached(core)) {
    for (std::size_t i = 0; i < count; ++i) found(i, core.find(keys[i], core.hash(keys[i])));
  } else {
    Finder<Core, Key, Found>(core, keys, count, found).run();
  }
}

/// Elements in a chunk of insertions: passes of 16 were as fast for new keys, and slower for keys that are there.
inline constexpr std::size_t kChunk = 64;

/// Prefetches what an insertion, or the search before it, touches after the control bytes of its home group.
template <class Array>
void prefetch_target(Array array, std::uint64_t hash) {
  StridedProbeSequence<kGroupWidth> probe(hash, array.home_mask());
  const ControlGroup group = array.group(probe.position());
  if (const auto match = group.match_tag(hash)) {
    detail::prefetch(array.slot(probe.position() + match.lowest()));
  } else if (const auto empty = group.match_empty()) {
    array.prefetch_empty(probe.position() + empty.lowest());
  } else {
    probe.advance();
    array.prefetch_group(probe.position());
  }
}

/// Inserts the elements of `range` into `table`; returns how many were new. `insert_hashed(element, hash)` inserts one.
/// Guarantee: what has been inserted stays if something throws; when it is the hasher, that may be none of the chunk.
template <class Element, class Core, class Range, class Insert, class InsertHashed>
std::size_t insert(const Core& core, Range&& range, Insert insert_one, InsertHashed insert_hashed) {
  using std::begin;
  using std::end;
  const std::size_t before = core.size();
  auto it = begin(range);
  const auto last = end(range);
  // A second pass over a chunk needs elements that stay where they are, with keys that can be seen.
  if constexpr (std::forward_iterator<decltype(it)> && std::is_lvalue_reference_v<decltype(*it)> &&
                requires { Element::key_in(*it); }) {
    std::uint64_t hashes[kChunk];
    while (it != last) {
      std::size_t count = 0;
      if (batch::is_cached(core)) {
        for (; count < kChunk && it != last; static_cast<void>(++it), ++count)
          insert_hashed(*it, core.hash(Element::key_in(*it)));
        continue;
      }
      const auto array = core.array();
      const std::size_t mask = array.home_mask();
      for (auto ahead = it; count < kChunk && ahead != last; static_cast<void>(++ahead), ++count) {
        hashes[count] = core.hash(Element::key_in(*ahead)).value;
        array.prefetch_group(hashing::integer_cast<std::size_t>(hashes[count]) & mask);
      }
      for (std::size_t i = 0; i < count; ++i) batch::prefetch_target(array, hashes[i]);
      for (std::size_t i = 0; i < count; ++i, static_cast<void>(++it)) insert_hashed(*it, HashValue(hashes[i]));
    }
  } else {
    for (; it != last; ++it) insert_one(*it);
  }
  return core.size() - before;
}

}  // namespace perturb::inline PERTURB_ABI::detail::table::batch
