// SPDX-License-Identifier: MIT
/// @file The engine of HashTable and HashSet: searching, inserting, erasing, and when to rehash.
///
/// How a key is found. Its hash is mixed unless the hasher is avalanching (hashers.hpp). The bits from the
/// fifth on choose the home group, sixteen slots that are compared in one step: the lanes whose control
/// byte equals the hash's tag are compared with the key, and a group with an empty slot ends the search. Otherwise the
/// search goes on with the next group of the probe sequence (probe_sequence.hpp). An insertion takes the first
/// tombstone that it passed, or the first empty slot of the last group.
///
/// Why a search ends: fill (full slots and tombstones) stays under the capacity (growth.hpp), so there is an empty
/// slot, and the probe sequence visits every group.
///
/// When elements move. `growth_left` counts the empty slots that may still be taken. An insertion that needs one when
/// there are none rehashes: the growth policy says whether to the same capacity, which removes the tombstones, or to a
/// larger one. The new element is constructed before anything moves, so its arguments may be elements of this table.
/// Erasing may shrink the table, but never below the floor that reserve and rehash set.
///
/// Calls of the user's functions. An element that is erased is taken out of the table first and destroyed last
/// (DepartingElement), so its destructor may use the table; nothing that was read from the table before such a call is
/// used after it.
///
/// The slots are prefetched *inside* `if (match)`. That looks late, but the processor predicts the branch, and so
/// issues the prefetch before the control bytes have arrived.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/departing_element.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/iterator.hpp>
#include <perturb/table/owned.hpp>
#include <perturb/table/probe_groups.hpp>
#include <perturb/table/scope_guard.hpp>
#include <perturb/table/slots.hpp>
#include <perturb/table/state.hpp>
#include <perturb/table/table_storage.hpp>

#include <bit>
#include <cstddef>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class TableCore : public Owned<TableStorage<Element, Hash, KeyEqual, Allocator, Growth>> {
  using Storage = Owned<TableStorage<Element, Hash, KeyEqual, Allocator, Growth>>;
  using Storage::functions_;
  using Storage::generation_;
  using Storage::state_;
  using typename Storage::Mover;
  using typename Storage::Owner;
  using Departing = DepartingElement<Element, typename Storage::Slot, Allocator>;

 public:
  using Storage::array;
  using Storage::capacity;
  using Storage::Storage;
  using Storage::tombstones;
  using typename Storage::Array;
  using typename Storage::Key;
  using typename Storage::Memory;
  using typename Storage::Place;
  using typename Storage::Slot;
  template <class Value>
  using Iterator = TableIterator<Value, Slot>;

  template <class It>
  It first() const noexcept {
    return state_.size == 0 ? It() : It::first_from(array(), this->first_used(), generation_);
  }
  template <class It>
  It end() const noexcept {
    return It();
  }
  /// An iterator at `place`; end() if it is empty.
  template <class It>
  It iterator_at(Place place) const noexcept {
    return It(place, generation_);
  }

  /// Whether the element at `place` has this key.
  template <class K>
  bool holds(Place place, const K& key) const {
    return this->is_equal(key, place.slot);
  }

  /// The element with `key`, or an empty place.
  template <class K>
  PERTURB_ALWAYS_INLINE Place find(const K& key, HashValue hash) const {
    return search(key, hash, [](Place found, std::size_t) { return found; });
  }

  /// Whether `construct` may read elements of this table, or has to be called when nothing can fail any more.
  enum class Arguments { may_alias, are_elsewhere };

  /// The element with `key`; if there is none, one that `construct(Slot*)` makes. True if it was made.
  /// Guarantee: strong, except for Transfer::moved_at_risk when it rehashes.
  template <Arguments kArguments = Arguments::may_alias, class K, class Construct>
  PERTURB_ALWAYS_INLINE std::pair<Place, bool> find_or_insert(const K& key, HashValue hash, Construct&& construct) {
    generation_.check_idle();
    Control* const controls = state_.controls.get();
    Place tombstone;
    StridedProbeSequence<kGroupWidth> sequence(hash.value, state_.home_mask);
    for (;; sequence.advance()) {
      const std::size_t start = sequence.position();
      const ControlGroup group(controls + start);
      if (const Place found = find_in_group(controls, start, group, key, hash)) return {found, false};
      if (const auto empty = group.match_empty()) [[likely]] {
        if (tombstone) [[unlikely]]
          break;
        if (state_.growth_left == 0) [[unlikely]]
          return {insert_with_rehash<kArguments>(hash, start, construct), true};
        const Place target = Array::place_at(controls, start + empty.lowest());
        construct(target.slot);
        publish(target, start, true, hash);
        return {target, true};
      }
      if (!tombstone) {
        if (const auto mask = group.match_tombstone()) {
          tombstone = Array::place_at(controls, start + mask.lowest());
        }
      }
    }
    construct(tombstone.slot);
    publish(tombstone, this->group_of(tombstone), false, hash);
    return {tombstone, true};
  }

  /// As find_or_insert for a key that no element has: compares nothing.
  template <class Construct>
  Place insert_unique(HashValue hash, Construct&& construct) {
    std::size_t end = 0;
    bool is_empty = false;
    Place target;
    table::probe_groups(state_.controls.get(), state_.home_mask, hash.value,
                        [&](ControlGroup group, std::size_t start) {
                          auto free = group.match_empty();
                          is_empty = static_cast<bool>(free);
                          if (!free) free = group.match_tombstone();
                          if (free) target = array().at(start + free.lowest());
                          end = start;
                          return static_cast<bool>(free);
                        });
    if (is_empty && state_.growth_left == 0) return insert_with_rehash<Arguments::may_alias>(hash, end, construct);
    construct(target.slot);
    publish(target, end, is_empty, hash);
    return target;
  }

  /// Erases an element, and does not shrink. `next()` gives the place of the one after it, or an empty place.
  template <class Next>
  void erase(Place place, Next next) noexcept {
    generation_.check_idle();
    const Departing departing(this->writer(), place.slot);
    const std::size_t start = this->group_of(place);
    this->mark_erased(place, start);
    state_.first_used.erased(array(), start, [&] {
      const Place after = next();
      return after ? this->group_of(after) : FirstUsedGroup::none();
    });
  }

  /// The same where the next element is not known.
  void erase(Place place) noexcept {
    take_out(place, this->group_of(place));
    if (kSparseFactor * state_.size < state_.home_mask + kGroupWidth) this->walk_to_first_used();
  }

  /// Erases an element, and shrinks if the growth policy says so. A shrink that fails does not happen.
  void erase_and_shrink(Place place) noexcept { erase_and_shrink(place, this->group_of(place)); }

  /// Erases the element with `key`, if there is one, and may shrink.
  template <class K>
  PERTURB_ALWAYS_INLINE bool erase(const K& key, HashValue hash) {
    return search(key, hash, [this](Place found, std::size_t start) {
      erase_and_shrink(found, start);
      return true;
    });
  }

  using Storage::forget;

  /// After many erasures: shrinks as many steps as the policy wants, in one rehash.
  void shrink_after_many() noexcept {
    const std::size_t smaller = state_.log2.template shrunk_for<Growth>(state_.size);
    if (smaller < capacity()) shrink(smaller);
  }

  void reserve(std::size_t size) {
    generation_.check_idle();
    if (size <= state_.size) return;
    if (size > this->max_size()) {
      detail::raise<std::length_error>(
          "perturb: reserve(n): a table of n elements does not fit into memory; reserve fewer");
    }
    const std::size_t least = Growth::capacity_for(size);
    if (capacity() < least) {
      rebuild(least);
    } else if (array().allocated() < all_slots(capacity()) || state_.growth_left < size - state_.size) {
      rebuild(capacity());
    }
    // A capacity that is larger than needed stays: bucket_count() does not change while size() <= size.
    state_.log2.raise_floor(capacity());
  }

  void rehash(std::size_t count) {
    generation_.check_idle();
    if (count > this->max_capacity()) {
      detail::raise<std::length_error>("perturb: rehash(n): n slots do not fit into memory; ask for fewer");
    }
    const std::size_t floor =
        count == 0 ? 0 : std::bit_ceil(count < growth::kMinCapacity ? growth::kMinCapacity : count);
    std::size_t least = state_.size == 0 ? floor : growth::kMinCapacity;
    while (least < floor || Growth::max_fill(least) < state_.size) least *= 2;
    const std::size_t allocated = count == 0 ? slots_for(least, state_.size) : all_slots(least);
    if (least == 0) {
      this->drop_memory();
    } else if (least != capacity() || tombstones() != 0 || array().allocated() != allocated) {
      rebuild(least, allocated);
    }
    state_.log2.floor = 0;
    state_.log2.raise_floor(floor);
  }

 private:
  // What `visit(Place, first slot of its group)` makes of the element with `key`; a default value if there is none. Not
  // by probe_groups: with its result in a variable, compilers keep it in memory.
  template <class K, class Visit>
  PERTURB_ALWAYS_INLINE std::invoke_result_t<Visit, Place, std::size_t> search(const K& key, HashValue hash,
                                                                               Visit visit) const {
    generation_.check_idle();
    Control* const controls = state_.controls.get();
    StridedProbeSequence<kGroupWidth> sequence(hash.value, state_.home_mask);
    for (;; sequence.advance()) {
      const std::size_t start = sequence.position();
      const ControlGroup group(controls + start);
      if (const Place found = find_in_group(controls, start, group, key, hash)) return visit(found, start);
      if (group.match_empty()) [[likely]]
        return {};
    }
  }

  template <class K>
  PERTURB_ALWAYS_INLINE Place find_in_group(Control* controls, std::size_t start, ControlGroup group, const K& key,
                                            HashValue hash) const {
    auto match = group.match_tag(hash.value);
    if (match) {
      Slot* const end = Array::end_at(controls, start);
      table::prefetch_below(end);
      do {
        const unsigned lane = match.lowest();
        Slot* const slot = Array::slot_below(end, lane);
        if (this->is_equal(key, slot)) [[likely]]
          return {controls + start + lane, slot};
        match.drop_lowest();
      } while (match);
    }
    return {};
  }

  void mark_full(Place place, HashValue hash) const noexcept {
    this->check_stored_key(place.slot, hash);
    if constexpr (keeps_hash_v<Key>) place.slot->hash = hash.value;
    *place.control = tag_of(hash.value);
  }

  // Publishes the constructed element in `target`, which was empty or a tombstone: control byte and counts. `start` is
  // the first slot of its group.
  PERTURB_ALWAYS_INLINE void publish(Place target, std::size_t start, bool was_empty, HashValue hash) noexcept {
    state_.growth_left -= was_empty ? 1 : 0;
    mark_full(target, hash);
    ++state_.size;
    state_.first_used.used(start);
    generation_.modified();
  }

  PERTURB_ALWAYS_INLINE void take_out(Place place, std::size_t start) noexcept {
    generation_.check_idle();
    const Departing departing(this->writer(), place.slot);
    this->mark_erased(place, start);
    this->left_group(start);
  }

  PERTURB_ALWAYS_INLINE void erase_and_shrink(Place place, std::size_t start) noexcept {
    take_out(place, start);
    const std::size_t now = state_.log2.capacity_of_array();
    if constexpr (table::shrinks<Growth>()) {
      const std::size_t smaller = Growth::shrink_to(state_.size, now);
      if (smaller < now) [[unlikely]]
        shrink_if_allowed(smaller);
    } else if (kSparseFactor * state_.size < now) [[unlikely]] {
      this->walk_to_first_used();
    }
  }

  // A checked build moves elements to new memory in a sweep too, so that a sanitizer finds stale references.
  static constexpr bool kSweepsInPlace = Mover::cannot_throw() && !PERTURB_CHECKED;
  static constexpr std::size_t kSparseFactor = 8;

  // A table that the floor keeps sparse.
  PERTURB_NEVER_INLINE void shrink_if_allowed(std::size_t smaller) noexcept {
    shrink(smaller);
    this->walk_to_first_used();
  }

  // `start`: the first slot of a group with an empty slot, if there is an array.
  template <Arguments kArguments, class Construct>
  PERTURB_NEVER_INLINE Place insert_with_rehash(HashValue hash, std::size_t start, Construct construct) {
    const std::size_t larger = capacity_to_insert();
    if constexpr (Mover::cannot_throw()) {
      if (array().has_one_group()) return insert_into_next(hash, construct, larger);
      return insert_and_move(hash, start, construct, larger);
    } else {
      return insert_carefully<kArguments>(hash, construct, larger);
    }
  }

  // The capacity for one element more, where the load limit is reached: the same one where slots without memory are
  // left, or for a tombstone sweep.
  std::size_t capacity_to_insert() const noexcept {
    if (!state_.has_array()) return growth::kMinCapacity;
    if (array().allocated() < all_slots(capacity())) return capacity();
    const std::size_t larger = Growth::rehash_to(state_.size, capacity());
    // For a policy that wants a sweep where there are no tombstones.
    return larger <= capacity() && tombstones() == 0 ? 2 * capacity() : larger;
  }

  static constexpr std::size_t all_slots(std::size_t count) noexcept {
    return slots_for(count, Growth::max_fill(count));
  }
  static constexpr std::size_t slots_for(std::size_t count, std::size_t elements) noexcept {
    const std::size_t most = Growth::max_fill(count);
    return table::slots_to_allocate(count, most, can_move<Element>() ? elements : most, sizeof(Slot));
  }

  // From no array, or one group that may take no more elements. These go to the first lanes of groups, so the slot
  // behind as many is free in the new array: the new element is constructed there. If the new array has more groups, it
  // moves to its place last.
  template <class Construct>
  Place insert_into_next(HashValue hash, Construct construct, std::size_t larger) {
    Owner target(this->allocator_, larger, slots_for(larger, state_.size + 1));
    const Place place = target.array().at(state_.size);
    construct(place.slot);
    if (!target.array().has_one_group()) return grow_with(hash, place.slot, target);
    mark_full(place, hash);
    exchange_arrays(target, state_.size + 1);
    return place;
  }

  // The new element is constructed in the new array, or, if it is moved from another table, when all others are there.
  template <Arguments kArguments, class Construct>
  Place insert_carefully(HashValue hash, Construct construct, std::size_t larger) {
    Owner target(this->allocator_, larger, slots_for(larger, state_.size + 1));
    if constexpr (kArguments == Arguments::are_elsewhere) {
      move_to(target);
      const Place place = table::first_free(array(), hash.value);
      construct(place.slot);
      publish(place, this->group_of(place), true, hash);
      return place;
    } else {
      const Place place = table::first_free(target.array(), hash.value);
      construct(place.slot);
      ScopeGuard undo([&] { this->writer().destroy(place.slot); });
      mark_full(place, hash);
      move_to(target);
      undo.dismiss();
      ++state_.size;
      --state_.growth_left;
      state_.first_used.used(this->group_of(place));
      return place;
    }
  }

  // The new element is constructed in the free slot, though the load limit is reached: the stack may be too small for
  // it. It moves to its place last.
  template <class Construct>
  PERTURB_ALWAYS_INLINE Place insert_and_move(HashValue hash, std::size_t start, Construct construct,
                                              std::size_t larger) {
    const Place free = array().at(start + array().group(start).match_empty().lowest());
    if (kSweepsInPlace && larger == capacity()) {
      construct(free.slot);
      return sweep_around(hash, free);
    }
    Owner target = new_array(larger, all_slots(larger));
    construct(free.slot);
    return grow_with(hash, free.slot, target);
  }

  PERTURB_NEVER_INLINE Place sweep_around(HashValue hash, Place waiting) noexcept {
    *waiting.control = Mover::kReserved;
    move_elements([&] { this->mover().sweep(array()); });
    *waiting.control = kEmpty;
    this->finish_rehash();
    return place_waiting(hash, waiting.slot);
  }

  PERTURB_NEVER_INLINE Place grow_with(HashValue hash, Slot* waiting, Owner& target) noexcept {
    exchange_arrays(target, state_.size);
    return place_waiting(hash, waiting);
  }

  Place place_waiting(HashValue hash, Slot* waiting) noexcept {
    if constexpr (keeps_hash_v<Key>) waiting->hash = hash.value;
    const Place place = table::first_free(array(), hash.value);
    if (place.slot != waiting) this->writer().relocate(place.slot, waiting);
    publish(place, this->group_of(place), true, hash);
    return place;
  }

  template <class Move>
  void move_elements(Move move) {
    const Busy guard(generation_, "an element's move or destructor calls back into the table during a rehash");
    move();
  }

  // Not inlined: for arrays that take long to fill anyway.
  PERTURB_NEVER_INLINE Owner new_array(std::size_t new_capacity, std::size_t allocated) {
    return Owner(this->allocator_, new_capacity, allocated);
  }

  // Moves all elements to an array of `new_capacity` without tombstones. Guarantee: as find_or_insert.
  void rebuild(std::size_t new_capacity) { rebuild(new_capacity, all_slots(new_capacity)); }
  void rebuild(std::size_t new_capacity, std::size_t allocated) {
    if constexpr (kSweepsInPlace) {
      if (new_capacity == capacity() && allocated == array().allocated()) {
        move_elements([&] { this->mover().sweep(array()); });
        return this->finish_rehash();
      }
    }
    Owner target = new_array(new_capacity, allocated);
    move_to(target);
  }

  // Moves all elements into `target`, which becomes the table's array; what it holds already is not counted.
  void move_to(Owner& target) {
    if constexpr (Mover::cannot_throw()) {
      exchange_arrays(target, state_.size);
    } else {
      if (state_.size != 0) {
        if constexpr (can_move<Element>()) {
          move_elements([&] {
            this->mover().move_all_carefully(array(), target.array(), state_.size,
                                             [this](Place lost) { this->forget(lost); });
          });
        } else {
          this->raise_cannot_move();
        }
      }
      take_array(target, state_.size);
    }
  }

  // Moves all elements into `target`, which becomes the table's array, of `size` elements, and gets the old one.
  PERTURB_NEVER_INLINE void exchange_arrays(Owner& target, std::size_t size) noexcept {
    if (state_.size != 0) move_elements([&] { this->mover().move_all(array(), target.array()); });
    take_array(target, size);
  }
  void take_array(Owner& target, std::size_t size) noexcept {
    state_.set_array(target.exchange(array()));
    state_.size = size;
    this->finish_rehash();
  }

  void shrink(std::size_t smaller) noexcept {
    if constexpr (can_roll_back<Element>()) {
      if (smaller < state_.log2.least_capacity() || smaller >= capacity()) return;
#if PERTURB_EXCEPTIONS
      try {
        rebuild(smaller, slots_for(smaller, state_.size));
      } catch (...) {
        // Nothing has changed: the table stays as large as it is.
      }
#else
      rebuild(smaller, slots_for(smaller, state_.size));
#endif
    }
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
