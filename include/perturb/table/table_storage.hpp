// SPDX-License-Identifier: MIT
/// @file A table's array as a whole: its size and capacity, copying, moving, clearing and freeing it.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/copy.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/members.hpp>
#include <perturb/table/mover.hpp>
#include <perturb/table/slot_writer.hpp>
#include <perturb/table/slots.hpp>
#include <perturb/table/state.hpp>

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class TableStorage : public TableMembers<Element, Hash, KeyEqual, Allocator,
                                         TableState<typename std::allocator_traits<Allocator>::pointer>> {
  using State = TableState<typename std::allocator_traits<Allocator>::pointer>;
  using Members = TableMembers<Element, Hash, KeyEqual, Allocator, State>;

 protected:
  using Members::allocator_;
  using Members::functions_;
  using Members::generation_;
  using Members::Members;
  using Members::state_;

 public:
  using Slot = table::Slot<Element>;
  using Array = SlotArray<Slot>;
  using Place = table::Place<Slot>;
  using Memory = SlotMemory<Slot, Allocator>;
  using Writer = SlotWriter<Element, Slot, Allocator>;

  std::size_t size() const noexcept { return state_.size; }
  std::size_t capacity() const noexcept { return state_.capacity(); }
  std::size_t tombstones() const noexcept {
    return state_.has_array() ? state_.template fill_limit<Growth>() - state_.growth_left - state_.size : 0;
  }
  std::size_t memory_bytes() const noexcept { return Memory::bytes(capacity(), array().allocated()); }
  std::size_t max_capacity() const noexcept { return Memory::max_capacity(allocator_); }
  std::size_t max_size() const noexcept {
    const std::size_t capacity = max_capacity();
    return capacity == 0 ? 0 : Growth::max_fill(capacity);
  }
  Array array() const noexcept { return state_.template array<Slot>(); }
  /// A lower bound on the first slot of the first used group. Pre: the table is not empty.
  std::size_t first_used() const noexcept { return state_.first_used.start(); }

  void clear() noexcept {
    generation_.check_idle();
    if (!state_.has_array()) return;
    destroy_elements();
    if (state_.growth_left != state_.template fill_limit<Growth>()) array().set_all_empty();
    state_.template set_counts<Slot, Growth>(0);
    generation_.modified();
    generation_.rehashed();
  }

 protected:
  using Mover = table::Mover<Element, Slot, Hash, Allocator>;
  using Owner = ArrayOwner<Slot, Allocator>;

  Writer writer() const noexcept { return Writer(const_cast<Allocator&>(allocator_)); }
  Mover mover() noexcept { return Mover(functions_.hash(), allocator_, allocator_); }

  [[noreturn]] static void raise_cannot_move() {
    detail::raise<std::length_error>(
        "perturb: elements that can be neither moved nor copied cannot be rehashed; reserve(n) before the insertions");
  }

  // After all elements have got new places, in the present array or in another one.
  void finish_rehash() noexcept {
    const std::size_t size = state_.size;
    state_.template set_counts<Slot, Growth>(size);
    if (size != 0) state_.first_used.find(array());
    generation_.modified();
    generation_.rehashed();
  }

  // Becomes as a default-constructed table, without an array and a floor.
  void drop_memory() noexcept {
    free_memory();
    state_ = State();
  }

  void free_memory() noexcept {
    destroy_elements();
    Memory::deallocate(allocator_, array());
    generation_.rehashed();
  }

  // Pre: this table has no array.
  void copy_elements(const TableStorage& other) {
    if (!other.state_.has_array()) return;
    copy_array(other, [this](Slot* to, const Slot* from) { writer().copy(to, from); });
  }

  // Pre: this table has no array. `other` has none afterwards.
  void move_elements(TableStorage& other) {
    if (!other.state_.has_array()) return;
    if constexpr (moves_without_throwing<Element>()) {
      copy_array(other, [this](Slot* to, Slot* from) { writer().move(to, from); });
    } else if constexpr (can_move<Element>()) {
      Owner target(allocator_, other.capacity(), other.array().allocated());
      Mover(functions_.hash(), allocator_, other.allocator_)
          .move_all_carefully(other.array(), target.array(), other.size(), [&](Place lost) { other.forget(lost); });
      state_.set_array(target.release());
      state_.size = std::exchange(other.state_.size, 0);  // its elements are destroyed already
      finish_rehash();
    } else if (other.state_.size != 0) {
      raise_cannot_move();
    }
    state_.log2.floor = other.state_.log2.floor;
    other.drop_memory();
  }

  // Erases an element whose parts may have been moved from, after an exception.
  void forget(Place lost) noexcept {
    const std::size_t start = group_of(lost);
    mark_erased(lost, start);
    left_group(start);
    writer().destroy(lost.slot);
    generation_.rehashed();
  }

  std::size_t group_of(Place place) const noexcept {
    return static_cast<std::size_t>(place.control - state_.controls.get()) & state_.home_mask;
  }

  // Takes an element of the group from `start` on out of the counts; its slot can be used again. Without a branch,
  // since whether a group of a full table has an empty slot cannot be predicted.
  PERTURB_ALWAYS_INLINE void mark_erased(Place place, std::size_t start) noexcept {
    const bool has_empty(array().group(start).match_empty());
    static_assert(kEmpty == 0 && kTombstone == 1);
    *place.control = static_cast<Control>(!has_empty);
    state_.growth_left += has_empty ? 1 : 0;
    --state_.size;
    generation_.modified();
  }
  // An element of the group from `start` on was erased.
  PERTURB_ALWAYS_INLINE void left_group(std::size_t start) noexcept {
    if (state_.first_used.is(start)) [[unlikely]]
      walk_to_first_used();
  }
  PERTURB_NEVER_INLINE void walk_to_first_used() noexcept { state_.first_used.walk(array(), state_.size); }

 private:
  void destroy_elements() noexcept {
    if constexpr (!Writer::destroys_nothing()) {
      const Busy guard(generation_,
                       "an element's destructor calls back into the table while all elements are destroyed: erase such "
                       "elements one by one first");
      if (state_.size != 0) array().for_each_full([this](Place place) { writer().destroy(place.slot); });
    }
  }

  template <class Construct>
  void copy_array(const TableStorage& other, Construct construct) {
    const Array from = other.array();
    if constexpr (Writer::copies_bytes()) {
      const Array to = Memory::allocate(allocator_, from.capacity(), from.allocated());
      table::copy_bytes(from, to, other.state_.size);
      state_.set_array(to);
    } else {
      Owner target(allocator_, from.capacity(), from.allocated());
      table::copy_elements(from, target.array(), writer(), construct);
      state_.set_array(target.release());
    }
    state_.size = other.state_.size;
    state_.growth_left = other.state_.growth_left;
    state_.first_used = other.state_.first_used;
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
