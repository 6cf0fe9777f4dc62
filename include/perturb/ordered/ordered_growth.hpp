// SPDX-License-Identifier: MIT
/// @file When and how an ordered table's memory changes: a new index, a larger or smaller block, entries that move up.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ordered/entries.hpp>
#include <perturb/ordered/index.hpp>
#include <perturb/ordered/ordered_storage.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/owned.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace perturb::inline PERTURB_ABI::detail::ordered {

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class OrderedGrowth : public table::Owned<OrderedStorage<Element, Hash, KeyEqual, Allocator, Growth>> {
  using Storage = table::Owned<OrderedStorage<Element, Hash, KeyEqual, Allocator, Growth>>;

 protected:
  using Storage::allocator_;
  using Storage::generation_;
  using Storage::state_;
  using typename Storage::Memory;
  using typename Storage::NewMemory;

 public:
  using Storage::block;
  using Storage::capacity;
  using Storage::Storage;
  using typename Storage::Header;
  using typename Storage::Place;
  using typename Storage::Slot;

  /// Whether the elements lie one after the other.
  bool is_dense() const noexcept { return state_.size == 0 || block()->end - block()->first == state_.size; }

 protected:
  // A checked build moves elements to new memory where others move them in place, so that a sanitizer finds stale
  // references.
  static constexpr bool kMovesInPlace = table::moves_without_throwing<Element>() && !PERTURB_CHECKED;
  // The entries of the first block, and the least that a larger one has more. Larger blocks grow by three eighths, so
  // that a seventh of a block is free on average. Growing by five twelfths was not taken: builds take 0.94 to 0.97 of
  // the time, but an entry 0.7 to 2 bytes more, in the mean 27.4 bytes (Boost's flat map 27.3; u64, 28 sizes).
  static constexpr std::size_t kLeastEntries = 4;

  bool has_free_entries() const noexcept { return block()->first != 0 || !is_dense(); }
  // Whether it pays to get the entries together, rather than to have more of them.
  bool is_sparse() const noexcept { return 4 * (block()->capacity - state_.size) >= block()->capacity; }

  // The entries of a block in which `size` of them move up seldom: ordered_core.hpp says why a third more.
  static constexpr std::size_t entries_with_room(std::size_t size) noexcept { return size + size / 3 + 2; }

  // The entries of a block that is larger by a step.
  std::size_t next_entries() const noexcept {
    return block()->capacity + (std::max)(3 * block()->capacity / 8, kLeastEntries);
  }

  // The entries of the next block, for an index of `slot_count` slots.
  std::size_t more_entries(std::size_t slot_count) const noexcept {
    // Without holes there are never more than the index takes.
    const std::size_t most = has_free_entries() ? slot_count : Growth::max_fill(slot_count);
    return (std::max)((std::min)(next_entries(), most), state_.size + 1);
  }

  // A new block, with a new index unless the table's can be used on.
  NewMemory new_memory(std::size_t slot_count, std::size_t entries) {
    const bool keeps_index = slot_count == capacity() && !Storage::is_small(slot_count);
    return NewMemory(allocator_, slot_count, entries, keeps_index ? state_.controls.get() : nullptr);
  }

  // Rebuilds an index that is not in the block, larger or without tombstones. No element moves.
  void grow_index(std::size_t slot_count) {
    if (slot_count != capacity()) {
      Control* const controls = this->allocate_index(allocator_, slot_count);
      this->deallocate_index(allocator_, state_.controls.get(), capacity());
      this->set_index(controls, slot_count);
    }
    this->index_entries();
    generation_.modified();
  }

  template <class Move>
  void move_elements_by(Move move) {
    const table::Busy guard(generation_, "an element's move or destructor calls back into the table during a rehash");
    move();
  }

  // Whether the tombstones of the index may stay when the entries move in their block.
  enum class Tombstones { may_stay, are_removed };

  // Moves the entries to the front of the block, and lowers their positions in the index or makes it anew. Pre: moving
  // cannot throw.
  void move_up(Tombstones tombstones) noexcept {
    if constexpr (table::moves_without_throwing<Element>()) {
      Header* const entries = block();
      const bool lowers = Header::has_counts(entries->capacity) && tombstones == Tombstones::may_stay;
      move_elements_by([&] {
        std::size_t target = 0;
        for (std::size_t word = entries->first / 64; word * 64 < entries->end; ++word) {
          const std::size_t begin = (std::max)(word * 64, entries->first);
          const std::size_t end = (std::min)(word * 64 + 64, entries->end);
          if (lowers) entries->count(word) = begin - target;
          target = move_up_word(entries, begin, end, target);
        }
      });
      if (lowers) this->array().renumber(entries->moved_up());
      entries->forget_all();
      entries->reset(0, state_.size);
      if (!lowers) this->index_entries();
      generation_.modified();
      generation_.rehashed();
    }
  }

  // Moves the entries at [begin, end), which are in one word, to `target` and the positions after it. Returns the
  // position for the next one.
  std::size_t move_up_word(Header* entries, std::size_t begin, std::size_t end, std::size_t target) const noexcept {
    if constexpr (Storage::Writer::copies_bytes() && sizeof(Slot) <= 32) {
      // Holes are copied too, and overwritten by the next entry: so no branch depends on where they are. Measured for
      // u64 alone, together with walking by words: erasing and inserting in turn takes 0.88 (both versions in one
      // process, 1 827 to 25 000 elements, g++ 12 -O3 -march=x86-64-v3).
      for (std::size_t position = begin; position != end; ++position) {
        std::byte bytes[sizeof(Slot)];
        std::memcpy(bytes, static_cast<const void*>(entries->entry(position)), sizeof bytes);
        std::memcpy(static_cast<void*>(entries->entry(target)), bytes, sizeof bytes);
        if constexpr (Storage::kKeepsHashes) entries->hash(target) = entries->hash(position);
        target += entries->is_hole(position) ? 0 : 1;
      }
    } else {
      std::uint64_t there = entries->entries_in_word(begin / 64) & ~std::uint64_t{0} << begin % 64 &
                            ~std::uint64_t{0} >> (63 - (end - 1) % 64);
      for (; there != 0; there &= there - 1, ++target) {
        const std::size_t position = begin / 64 * 64 + static_cast<std::size_t>(std::countr_zero(there));
        if (position == target) continue;
        this->writer().relocate(entries->entry(target), entries->entry(position));
        if constexpr (Storage::kKeepsHashes) entries->hash(target) = entries->hash(position);
      }
    }
    return target;
  }

  // Moves the entries into `memory`, from `at` on, which becomes the table's memory. Guarantee: as find_or_insert.
  void move_to(NewMemory& memory, std::size_t at = 0, Slot* const* order = nullptr) {
    Header* const old = block();
    const std::size_t slot_count = capacity();
    Control* const controls = state_.controls.get();
    const bool positions_stay = order == nullptr && slot_count == memory.capacity() && old->first == at && is_dense();
    if (state_.size != 0) {
      move_elements_by([&] {
        this->move_entries(
            old, state_.size, memory.block(), at, this->writer(), [this](Place lost) { this->forget(lost); }, order);
      });
    }
    if (positions_stay && memory.has_new_index()) this->copy_index(controls, memory);
    this->set_memory(memory);
    if (!positions_stay) this->index_entries();
    if (memory.has_new_index()) this->deallocate_index(allocator_, controls, slot_count);
    Memory::deallocate(allocator_, old, Storage::is_small(slot_count));
    generation_.modified();
    generation_.rehashed();
  }

  void rebuild(std::size_t slot_count, std::size_t entries) {
    NewMemory memory = new_memory(slot_count, entries);
    if (this->has_memory()) {
      move_to(memory);
    } else {
      this->take_entries(memory);
    }
  }

  // Gets the entries together.
  void make_dense(Tombstones tombstones) {
    if constexpr (kMovesInPlace) {
      move_up(tombstones);
    } else {
      rebuild(capacity(), block()->capacity);
    }
  }

  // Makes room for an entry after the last one, or before the first one.
  void make_room(bool last) {
    if (last) return is_sparse() ? make_dense(Tombstones::may_stay) : rebuild(capacity(), more_entries(capacity()));
    // Three quarters of what is free are before the first one. Not all: a table whose elements move to both ends in
    // turn would need room each time.
    const std::size_t entries = (std::min)(capacity(), (std::max)(block()->capacity, entries_with_room(state_.size)));
    const std::size_t free = entries - state_.size;
    NewMemory memory = new_memory(capacity(), entries);
    move_to(memory, free - free / 4);
  }

  void shrink(std::size_t smaller) noexcept {
    if constexpr (table::can_roll_back<Element>()) {
      if (smaller < (std::max)(state_.log2.least_capacity(), kSmallCapacity) || smaller >= capacity()) return;
      const std::size_t entries = (std::min)((std::max)(state_.size + state_.size / 2, kLeastEntries), smaller);
#if PERTURB_EXCEPTIONS
      try {
        rebuild(smaller, entries);
      } catch (...) {
        // Nothing has changed: the table stays as large as it is.
      }
#else
      rebuild(smaller, entries);
#endif
    }
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
