// SPDX-License-Identifier: MIT
/// @file An ordered table's memory as a whole: its block of entries and its index, copying, moving, clearing and
/// freeing them.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ordered/entries.hpp>
#include <perturb/ordered/index.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/careful_move.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/members.hpp>
#include <perturb/table/scope_guard.hpp>
#include <perturb/table/slot_writer.hpp>
#include <perturb/table/slots.hpp>
#include <perturb/table/state.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ordered {

/// A pointer to a block, of the kind that the table's allocator gives.
template <class AllocatorPointer, class Header>
class BlockPointer {
  using Pointer = typename std::pointer_traits<AllocatorPointer>::template rebind<Header>;

 public:
  [[nodiscard]] Header* get() const noexcept {
    if constexpr (std::is_pointer_v<Pointer>) {
      return block_;
    } else {
      return block_ == Pointer(nullptr) ? nullptr : std::to_address(block_);
    }
  }
  void set(Header* block) noexcept {
    if constexpr (std::is_pointer_v<Pointer>) {
      block_ = block;
    } else {
      block_ = std::pointer_traits<Pointer>::pointer_to(*block);
    }
  }

 private:
  Pointer block_ = nullptr;
};

/// What an ordered table knows of its memory. Default-constructed: without any.
template <class Pointer, class Slot>
struct OrderedState {
  table::ControlsPointer<Pointer> controls;
  BlockPointer<Pointer, Block<Slot>> block;
  std::size_t home_mask = 0;
  std::size_t size = 0;
  std::size_t growth_left = 0;
  Positions positions;
  table::CapacityLog2 log2;
};

/// Whether an ordered table keeps the hashes of its keys: also where the hasher may throw, so that nothing that happens
/// after an insertion calls it.
template <class Hash, class Key>
inline constexpr bool keeps_hash_v =
    table::keeps_hash_v<Key> || !noexcept(perturb::hash_key(std::declval<const Hash&>(), std::declval<const Key&>()));

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class OrderedStorage
    : public table::TableMembers<Element, Hash, KeyEqual, Allocator,
                                 OrderedState<typename std::allocator_traits<Allocator>::pointer, Entry<Element>>> {
  using State = OrderedState<typename std::allocator_traits<Allocator>::pointer, Entry<Element>>;
  using Members = table::TableMembers<Element, Hash, KeyEqual, Allocator, State>;

 protected:
  using Members::allocator_;
  using Members::functions_;
  using Members::generation_;
  using Members::Members;
  using Members::state_;

 public:
  using typename Members::Key;
  using Slot = Entry<Element>;
  using Header = Block<Slot>;
  using Array = Index<Slot>;
  using Place = table::Place<Slot>;
  using Writer = table::SlotWriter<Element, Slot, Allocator>;

  std::size_t size() const noexcept { return state_.size; }
  std::size_t capacity() const noexcept { return state_.log2.capacity(); }
  std::size_t tombstones() const noexcept {
    return has_memory() ? Growth::max_fill(capacity()) - state_.growth_left - state_.size : 0;
  }
  std::size_t memory_bytes() const noexcept {
    if (!has_memory()) return 0;
    return Memory::bytes(block()->capacity, is_small(capacity())) + index_bytes(capacity());
  }
  std::size_t max_capacity() const noexcept {
    return std::bit_floor(table::SlotMemory<std::uint64_t, Allocator>::max_capacity(allocator_));
  }
  std::size_t max_size() const noexcept {
    const std::size_t slot_count = max_capacity();
    const std::size_t entries = Memory::max_entries(allocator_);
    const std::size_t fill = slot_count == 0 ? 0 : Growth::max_fill(slot_count);
    return fill < entries ? fill : entries;
  }
  Array array() const noexcept {
    return {state_.controls.get(), capacity(), has_memory() ? block()->entries() : nullptr, state_.positions};
  }
  Header* block() const noexcept { return state_.block.get(); }

  void clear() noexcept {
    generation_.check_idle();
    if (!has_memory()) return;
    destroy_elements();
    const std::size_t most = Growth::max_fill(capacity());
    if (state_.growth_left != most) array().set_all_empty();
    block()->forget_all();
    state_.size = 0;
    state_.growth_left = most;
    generation_.modified();
    generation_.rehashed();
  }

 protected:
  static constexpr bool kKeepsHashes = keeps_hash_v<Hash, Key>;
  static constexpr bool is_small(std::size_t capacity) noexcept { return capacity <= kSmallCapacity; }
  using Memory = BlockMemory<Slot, Allocator, kKeepsHashes>;

  // A new block, and an index that is new too or the table's own, which are freed at the end of the scope unless a
  // table takes them.
  class NewMemory {
   public:
    // Pre: `entries` <= `slot_count`, which is a power of two from kSmallCapacity on. `own`: the table's index of as
    // many slots, if it is not in its block.
    NewMemory(const Allocator& allocator, std::size_t slot_count, std::size_t entries, Control* own = nullptr)
        : allocator_(allocator),
          capacity_(slot_count),
          block_(Memory::allocate(allocator, entries, is_small(slot_count))),
          controls_(own),
          has_new_index_(own == nullptr) {
      if (is_small(slot_count)) {
        controls_ = Memory::small_controls(block_);
      } else if (has_new_index_) {
        table::ScopeGuard undo([&] { Memory::deallocate(allocator_, block_, false); });
        controls_ = allocate_index(allocator, slot_count);
        undo.dismiss();
      }
    }
    ~NewMemory() {
      if (block_ == nullptr) return;
      if (has_new_index_) deallocate_index(allocator_, controls_, capacity_);
      Memory::deallocate(allocator_, block_, is_small(capacity_));
    }
    NewMemory(const NewMemory&) = delete;
    NewMemory& operator=(const NewMemory&) = delete;

    Header* block() const noexcept { return block_; }
    Control* controls() const noexcept { return controls_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool has_new_index() const noexcept { return has_new_index_; }
    Header* release() noexcept { return std::exchange(block_, nullptr); }

   private:
    const Allocator& allocator_;
    std::size_t capacity_;
    Header* block_;
    Control* controls_;
    bool has_new_index_;
  };

  bool has_memory() const noexcept { return state_.log2.capacity() != 0; }
  Writer writer() const noexcept { return Writer(const_cast<Allocator&>(allocator_)); }

  [[noreturn]] static void raise_cannot_move() {
    detail::raise<std::length_error>(
        "perturb: elements that can be neither moved nor copied cannot be rehashed; reserve(n) before the insertions");
  }

  std::uint64_t hash_at(std::size_t position) const noexcept {
    if constexpr (kKeepsHashes) {
      return block()->hash(position);
    } else {
      return perturb::hash_key(functions_.hash(), Element::key_of(block()->entry(position)->value)).value;
    }
  }

  // Calls `visit(position)` for the first `count` entries of `block`. `visit` may erase the entry that it is given.
  template <class Visit>
  static void visit_entries(Header* block, std::size_t count, Visit visit) {
    std::size_t position = block->first;
    const std::size_t plain = block->plain();
    const std::size_t end_of_run = count < plain - position ? position + count : plain;
    count -= end_of_run - position;
    for (; position != end_of_run; ++position) visit(position);
    for (; count != 0; position = (position / 64 + 1) * 64) {
      // Where `visit` has erased all that came before, the holes up to the next entry have gone too.
      if (position < block->first) position = block->first;
      const std::size_t word = position / 64;
      std::uint64_t there = block->entries_in_word(word) & ~std::uint64_t{0} << position % 64;
      for (; there != 0 && count != 0; there &= there - 1, --count) {
        visit(word * 64 + static_cast<std::size_t>(std::countr_zero(there)));
      }
    }
  }

  // Takes memory whose block holds all the table's entries, in order and without holes; its index becomes that of them.
  void take_entries(NewMemory& memory) noexcept {
    set_memory(memory);
    index_entries();
  }
  void set_memory(NewMemory& memory) noexcept {
    set_index(memory.controls(), memory.capacity());
    state_.block.set(memory.release());
  }
  void set_index(Control* controls, std::size_t slot_count) noexcept {
    state_.controls.set(controls);
    state_.home_mask = slot_count - kGroupWidth;
    state_.positions = Positions(slot_count);
    state_.log2.set_capacity(slot_count);
  }

  // Makes the index anew. Entries far ahead are prefetched with the slots that they go to.
  void index_entries() noexcept {
    const Array index = array();
    index.set_all_empty();
    const std::size_t size = state_.size;
    constexpr std::size_t kAhead = 16;
    if (size >= kPrefetched && block()->end - block()->first == size) {
      std::uint64_t hashes[kAhead];
      const std::size_t first = block()->first;
      const auto start = [&](std::size_t i) {
        hashes[i % kAhead] = hash_at(first + i);
        index.prefetch_group(hashing::integer_cast<std::size_t>(hashes[i % kAhead]) & state_.home_mask);
      };
      for (std::size_t i = 0; i < kAhead; ++i) start(i);
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint64_t hash = hashes[i % kAhead];
        if (i + kAhead < size) start(i + kAhead);
        index.insert(hash, first + i);
      }
    } else {
      visit_entries(block(), size, [&](std::size_t position) { index.insert(hash_at(position), position); });
    }
    state_.growth_left = Growth::max_fill(capacity()) - size;
  }

  // The slot of the index that leads to `position`.
  Control* control_of(std::size_t position) const noexcept {
    Control* const controls = state_.controls.get();
    Control* found = nullptr;
    const std::uint64_t hash = hash_at(position);
    table::probe_groups(controls, state_.home_mask, hash, [&](ControlGroup group, std::size_t start) {
      for (auto match = group.match_tag(hash); match; match.drop_lowest()) {
        const std::size_t slot = start + match.lowest();
        if (state_.positions.read(state_.positions.at(controls, slot)) == position) {
          found = controls + slot;
          return true;
        }
      }
      return static_cast<bool>(group.match_empty());
    });
    return found;
  }

  // Whether the group of this control byte has an empty slot.
  bool has_empty_in_group(const Control* control) const noexcept {
    const Control* const controls = state_.controls.get();
    const std::size_t start = static_cast<std::size_t>(control - controls) & state_.home_mask;
    return static_cast<bool>(ControlGroup(controls + start).match_empty());
  }

  // Takes an element out of the counts, the index and the order. `has_empty`: whether its group has an empty slot.
  PERTURB_ALWAYS_INLINE void mark_erased(Control* control, std::size_t position, bool has_empty) noexcept {
    *control = has_empty ? table::kEmpty : table::kTombstone;
    state_.growth_left += has_empty ? 1 : 0;
    --state_.size;
    block()->erased(position);
    generation_.modified();
  }

  // Erases an element whose parts may have been moved from, after an exception. Its key cannot be hashed any more.
  void forget(Place lost) noexcept {
    const std::size_t position = block()->position_of(lost.slot);
    const Array index = array();
    index.for_each_full([&](Place place) {
      if (place.slot == lost.slot) lost.control = place.control;
    });
    mark_erased(lost.control, position, has_empty_in_group(lost.control));
    writer().destroy(lost.slot);
    generation_.rehashed();
  }

  // Moves the entries of `from`, in `order` or as they lie if it is null, to the positions of `to` from `at` on.
  // Guarantee: strong, as far as they roll back; elements that do not are lost, and `lose(Place)` is called for them.
  template <class Lose>
  void move_entries(Header* from, std::size_t size, Header* to, std::size_t at, const Writer& source, Lose lose,
                    Slot* const* order = nullptr) const {
    const auto visit_first = [&](std::size_t count, auto visit) {
      std::size_t target = at;
      if (order != nullptr) {
        for (std::size_t i = 0; i < count; ++i) visit(Place{nullptr, order[i]}, to->entry(target++));
      } else {
        visit_entries(from, count,
                      [&](std::size_t position) { visit(Place{nullptr, from->entry(position)}, to->entry(target++)); });
      }
    };
    if constexpr (kKeepsHashes) copy_hashes(from, size, to, at, order);
    if constexpr (Writer::copies_bytes()) {
      if (order == nullptr && from->end - from->first == size) {
        copy_bytes(from->entry(from->first), to->entry(at), size);
      } else {
        visit_first(size, [&](Place place, Slot* slot) { writer().move(slot, place.slot); });
      }
    } else if constexpr (table::moves_without_throwing<Element>()) {
      visit_first(size, [&](Place place, Slot* slot) {
        writer().move(slot, place.slot);
        source.destroy(place.slot);
      });
    } else if constexpr (table::can_move<Element>()) {
      table::move_carefully<Element>(size, visit_first, writer(), source, lose);
    } else if (size != 0) {
      raise_cannot_move();
    }
    to->reset(at, size);
  }

  // Copies the hashes of the entries that move_entries moves.
  static void copy_hashes(Header* from, std::size_t size, Header* to, std::size_t at, Slot* const* order = nullptr) {
    if (size == 0) return;
    if (order != nullptr) {
      for (std::size_t i = 0; i < size; ++i) to->hash(at + i) = from->hash(from->position_of(order[i]));
    } else if (from->end - from->first == size) {
      std::memcpy(&to->hash(at + size - 1), &from->hash(from->end - 1), size * sizeof(std::uint64_t));
    } else {
      visit_entries(from, size, [&](std::size_t position) { to->hash(at++) = from->hash(position); });
    }
  }

  // Becomes as a default-constructed table, without memory and a floor.
  void drop_memory() noexcept {
    free_memory();
    state_ = State();
  }

  void free_memory() noexcept {
    destroy_elements();
    deallocate_index(allocator_, state_.controls.get(), capacity());
    Memory::deallocate(allocator_, block(), is_small(capacity()));
    generation_.rehashed();
  }

  // Pre: this table has no memory.
  void copy_elements(const OrderedStorage& other) {
    if (!other.has_memory()) return;
    Header* const from = other.block();
    const std::size_t size = other.state_.size;
    // An index that is large for its elements gets a block that is not too small for it: making the index anew when the
    // block is full takes time in proportion to the index.
    NewMemory memory(allocator_, other.capacity(), (std::max)({size, other.capacity() / 16, std::size_t{1}}));
    Header* const to = memory.block();
    if constexpr (kKeepsHashes) copy_hashes(from, size, to, 0);
    const bool is_dense = from->end - from->first == size;
    if (Writer::copies_bytes() && is_dense) {
      copy_bytes(from->entry(from->first), to->entry(0), size);
    } else {
      std::size_t copied = 0;
      table::ScopeGuard undo([&] {
        while (copied != 0) writer().destroy(to->entry(--copied));
      });
      visit_entries(from, size, [&](std::size_t position) {
        writer().copy(to->entry(copied), from->entry(position));
        ++copied;
      });
      undo.dismiss();
    }
    to->reset(0, size);
    state_.size = size;
    if (is_dense && from->first == 0) {
      copy_index(other.state_.controls.get(), memory);
      state_.growth_left = other.state_.growth_left;
      set_memory(memory);
    } else {
      take_entries(memory);
    }
  }

  // Pre: this table has no memory. `other` has none afterwards.
  void move_elements(OrderedStorage& other) {
    if (!other.has_memory()) return;
    const std::size_t size = other.state_.size;
    NewMemory memory(allocator_, other.capacity(), other.block()->capacity);
    if (size != 0) {
      move_entries(other.block(), size, memory.block(), 0, other.writer(), [&](Place lost) { other.forget(lost); });
    }
    state_.size = std::exchange(other.state_.size, 0);  // its elements are destroyed already
    other.block()->forget_all();
    take_entries(memory);
    state_.log2.floor = other.state_.log2.floor;
    other.drop_memory();
  }

  // The positions of the entries stay.
  static void copy_index(const Control* from, const NewMemory& to) noexcept {
    const std::size_t positions = to.capacity() * ordered::position_width(to.capacity());
    std::memcpy(to.controls() - positions, from - positions, positions + to.capacity());
  }

  // Only for elements that are bytes.
  static void copy_bytes(const Slot* from, Slot* to, std::size_t count) noexcept {
    std::memcpy(static_cast<void*>(to), static_cast<const void*>(from), count * sizeof(Slot));
  }

  template <std::size_t kWidth>
  struct PositionBytes {
    Control bytes[kWidth];
  };
  template <std::size_t kWidth>
  using IndexMemory = table::SlotMemory<PositionBytes<kWidth>, Allocator>;

  static Control* allocate_index(const Allocator& allocator, std::size_t slot_count) {
    return ordered::with_width(ordered::position_width(slot_count), [&](auto width) {
      return IndexMemory<width>::allocate(allocator, slot_count, slot_count).controls();
    });
  }
  static void deallocate_index(const Allocator& allocator, Control* controls, std::size_t slot_count) noexcept {
    if (is_small(slot_count)) return;
    ordered::with_width(ordered::position_width(slot_count), [&](auto width) {
      IndexMemory<width>::deallocate(allocator,
                                     table::SlotArray<PositionBytes<width>>(controls, slot_count, slot_count));
    });
  }
  static std::size_t index_bytes(std::size_t slot_count) noexcept {
    if (is_small(slot_count)) return 0;
    return ordered::with_width(ordered::position_width(slot_count),
                               [&](auto width) { return IndexMemory<width>::bytes(slot_count, slot_count); });
  }

 private:
  // Tables of so many elements have an index that is larger than the first cache.
  static constexpr std::size_t kPrefetched = 4096;

  void destroy_elements() noexcept {
    if constexpr (!Writer::destroys_nothing()) {
      const table::Busy guard(generation_,
                              "an element's destructor calls back into the table while all elements are destroyed: "
                              "erase such elements one by one first");
      if (state_.size != 0) {
        visit_entries(block(), state_.size,
                      [this](std::size_t position) { writer().destroy(block()->entry(position)); });
      }
    }
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
