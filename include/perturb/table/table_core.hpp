// SPDX-License-Identifier: MIT
/// @file The engine of HashTable and HashSet: searching, inserting, erasing, and when to rehash.
///
/// How a key is found. Its hash is mixed unless the hasher says it need not be (hashers.hpp). The low bits give the
/// home slot, and the group of sixteen slots that the home slot is in is looked at as one: the lanes whose control byte
/// equals the hash's tag are compared with the key, and a group with an empty slot ends the search. Otherwise it
/// goes on to the next group of the probe sequence (probe_sequence.hpp). An insertion remembers the first tombstone on
/// that way and takes it; if there was none it takes the first empty slot of the last group.
///
/// Why a search ends: fill (full slots and tombstones) stays under the capacity (growth.hpp), so there is an empty
/// slot, and the probe sequence visits every group.
///
/// When memory moves. `growth_left` counts the empty slots that may still be taken. An insertion that needs one
/// when there are none rehashes: the growth policy says whether to the same capacity, which removes the tombstones,
/// or to a larger one. The new element is constructed before anything moves, so its arguments may be elements of this
/// table. Erasing may go down to a smaller capacity, but never below `floor`, which reserve and rehash set.
///
/// Prefetching the slots *inside* `if (match)` looks late: the slots are only worth it when the tag has matched. But
/// the processor predicts that branch, so the request for the slots leaves before the control bytes have arrived.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/checked.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/copy.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/functions.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/rehash.hpp>
#include <perturb/table/slot_writer.hpp>
#include <perturb/table/slots.hpp>
#include <perturb/table/state.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class TableCore {
 public:
  using Key = typename Element::Key;
  using Value = typename Element::Value;
  using Slot = detail::table::Slot<Element>;
  using Array = SlotArray<Slot>;
  using Place = Position<Slot>;
  using Memory = SlotMemory<Slot, Allocator>;
  using Writer = SlotWriter<Element, Slot, Allocator>;
  using Traits = std::allocator_traits<Allocator>;
  using Functions = TableFunctions<Hash, KeyEqual>;

  TableCore(const Hash& hash, const KeyEqual& equal, const Allocator& allocator)
      : functions_(hash, equal), allocator_(allocator) {}

  TableCore(const TableCore& other, const Allocator& allocator) : functions_(other.functions_), allocator_(allocator) {
    copy_elements(other);
  }

  /// Takes the array of `other`, which is empty and usable afterwards.
  TableCore(TableCore&& other) noexcept(Functions::kMovesWithoutThrowing)
      : functions_(std::move(other.functions_)), allocator_(std::move(other.allocator_)) {
    take_array(other);
  }

  /// Takes the array where `allocator` can free it, else moves element by element.
  TableCore(TableCore&& other, const Allocator& allocator)
      : functions_(std::move(other.functions_)), allocator_(allocator) {
    if (allocator_ == other.allocator_) {
      take_array(other);
    } else {
      move_elements(other);
    }
  }

  ~TableCore() { free_array(); }

  TableCore& operator=(const TableCore& other) {
    if (this == &other) return *this;
    constexpr bool kPropagates = Traits::propagate_on_container_copy_assignment::value;
    TableCore copy(other, kPropagates ? other.allocator_ : allocator_);
    adopt(copy);
    if constexpr (kPropagates) {
      // The array that goes with `copy` was made by this table's old allocator.
      const Allocator old = allocator_;
      allocator_ = other.allocator_;
      copy.allocator_ = old;
    }
    return *this;
  }

  TableCore& operator=(TableCore&& other) noexcept((Traits::propagate_on_container_move_assignment::value ||
                                                    Traits::is_always_equal::value) &&
                                                   Functions::kAssignsWithoutThrowing) {
    if (this == &other) return *this;
    if constexpr (!Traits::propagate_on_container_move_assignment::value) {
      if (allocator_ != other.allocator_) {
        TableCore moved(std::move(other), allocator_);
        adopt(moved);
        return *this;
      }
    }
    functions_ = std::move(other.functions_);
    drop_array();
    if constexpr (Traits::propagate_on_container_move_assignment::value) allocator_ = std::move(other.allocator_);
    take_array(other);
    return *this;
  }

  void swap(TableCore& other) noexcept(Functions::kSwapsWithoutThrowing) {
    swap_functions(other);
    if constexpr (Traits::propagate_on_container_swap::value) {
      using std::swap;
      swap(allocator_, other.allocator_);
    } else {
      PERTURB_ASSERT(allocator_ == other.allocator_,
                     "swap of two tables with unequal allocators that do not propagate: assign by move instead");
    }
    swap_arrays(other);
  }

  const Hash& hash_function() const noexcept { return functions_.hash(); }
  const KeyEqual& key_equal() const noexcept { return functions_.equal(); }
  const Allocator& allocator() const noexcept { return allocator_; }

  std::size_t size() const noexcept { return state_.size; }
  std::size_t capacity() const noexcept { return state_.capacity(); }
  std::size_t tombstones() const noexcept {
    return state_.capacity_log2 == 0 ? 0 : Growth::max_fill(capacity()) - state_.growth_left - state_.size;
  }
  std::size_t memory_bytes() const noexcept { return Memory::bytes(capacity()); }
  static constexpr std::size_t max_size() noexcept { return Growth::max_fill(Memory::max_capacity()) / 2; }
  Array array() const noexcept { return Array(controls(), capacity()); }
  const Watch& watch() const noexcept { return watch_; }
  /// The first slot of the first group in which an iteration may find something. Pre: the table is not empty.
  std::size_t first_used() const noexcept { return state_.front.group(); }

  template <class K>
  PERTURB_ALWAYS_INLINE HashValue hash(const K& key) const
      noexcept(noexcept(hash_key(std::declval<const Hash&>(), key))) {
    const Unmodified guard(watch_, "the hasher modified the table that called it");
    return hash_key(functions_.hash(), key);
  }

  /// In a checked build, stops when `hash` is not the hash of `key`.
  template <class K>
  void check_hash([[maybe_unused]] const K& key, [[maybe_unused]] HashValue hash) const {
    PERTURB_ASSERT(hash_key(functions_.hash(), key) == hash,
                   "the precomputed hash is not that of this key: take it from this table's hash(key)");
  }

  /// Whether `place`, which is full, is that of the element with `key`.
  template <class K>
  bool holds(Place place, const K& key) const {
    return is_equal(key, place.slot);
  }

  /// The element with `key`, or an empty position.
  template <class K>
  PERTURB_ALWAYS_INLINE Place find(const K& key, HashValue hash) const {
    return search(key, hash, [](Place found, std::size_t) { return found; });
  }

  /// Whether `construct` may read elements of this table, or else has to be called when nothing can fail any more.
  enum class Source { may_be_here, elsewhere };

  /// The element with `key`; if there is none, one that `construct(Slot*)` makes. True if it was made.
  /// Guarantee: strong, unless elements have to move and can be lost then (rehash.hpp).
  template <Source kSource = Source::may_be_here, class K, class Construct>
  PERTURB_ALWAYS_INLINE std::pair<Place, bool> find_or_insert(const K& key, HashValue hash, Construct&& construct) {
    Control* const controls = this->controls();
    Place target;
    StridedProbeSequence<kGroupWidth> probe(hash.value, state_.home_mask);
    for (;;) {
      const ControlGroup group(controls + probe.position());
      if (const Place found = find_in_group(controls, probe.position(), group, key, hash)) return {found, false};
      if (const auto empty = group.match_empty()) [[likely]] {
        if (target) break;
        if (state_.growth_left == 0) [[unlikely]]
          return {insert_with_rehash<kSource>(hash, construct), true};
        target = Array(controls, 0).at(probe.position() + empty.lowest());
        break;
      }
      if (!target) {
        if (const auto tombstone = group.match_tombstone()) {
          target = Array(controls, 0).at(probe.position() + tombstone.lowest());
        }
      }
      probe.advance();
    }
    construct(target.slot);
    commit(target, hash);
    return {target, true};
  }

  /// As find_or_insert for a key that no element has: compares nothing.
  template <class Construct>
  Place insert_unique(HashValue hash, Construct&& construct) {
    Control* const controls = this->controls();
    StridedProbeSequence<kGroupWidth> probe(hash.value, state_.home_mask);
    for (;; probe.advance()) {
      const ControlGroup group(controls + probe.position());
      // A group with an empty slot has no tombstones, or spare ones that are not for elements.
      auto free = group.match_empty();
      if (free && state_.growth_left == 0) return insert_with_rehash<Source::may_be_here>(hash, construct);
      if (!free) free = group.match_tombstone();
      if (!free) continue;
      const Place target = Array(controls, 0).at(probe.position() + free.lowest());
      construct(target.slot);
      commit(target, hash);
      return target;
    }
  }

  /// Erases an element, and does not shrink. `next()` gives the one after it, or an empty position.
  template <class Next>
  void erase(Place place, Next next) noexcept {
    const std::size_t group = group_of(place);
    erase_in_group(place, group);
    state_.front.erased(array(), group, [&] {
      const Place first = next();
      return first ? group_of(first) : Front::none();
    });
  }
  /// The same where nobody asks for the next.
  void erase(Place place) noexcept {
    const std::size_t group = group_of(place);
    erase_in_group(place, group);
    state_.front.erased(array(), group, state_.size);
  }

  /// Erases the element with `key`, if there is one, and may shrink.
  template <class K>
  PERTURB_ALWAYS_INLINE bool erase(const K& key, HashValue hash) {
    return search(key, hash, [this](Place found, std::size_t group) {
      erase_in_group(found, group);
      state_.front.erased(array(), group, state_.size);
      shrink_after_erase();
      return true;
    });
  }

  /// Erases an element whose parts may have been moved from, after an exception.
  void forget(Place lost) noexcept {
    erase(lost);
    watch_.rehashed();
  }

  /// After erasures by key: goes down one step if the policy wants it. A step that fails is not taken.
  /// Pre: there is an array.
  void shrink_after_erase() noexcept {
    // Right from one group on; below it, what is smaller than the least capacity is not taken.
    const std::size_t capacity = state_.home_mask + kGroupWidth;
    const std::size_t smaller = Growth::shrink_to(state_.size, capacity);
    if (smaller < capacity) [[unlikely]]
      shrink(smaller);
  }

  /// After many erasures: as many steps as the policy wants, in one rehash.
  void shrink_after_many() noexcept {
    std::size_t smaller = capacity();
    while (smaller > growth::kMinCapacity) {
      const std::size_t next = Growth::shrink_to(state_.size, smaller);
      if (next >= smaller || next < state_.least_capacity()) break;
      smaller = next;
    }
    if (smaller < capacity()) shrink(smaller);
  }

  void clear() noexcept {
    if (state_.capacity_log2 == 0) return;
    destroy_elements();
    if (state_.size != 0 || tombstones() != 0) array().set_all_empty();
    reset_counts();
    watch_.modified();
    watch_.rehashed();
  }

  void reserve(std::size_t size) {
    if (size > max_size()) {
      detail::raise<std::length_error>(
          "perturb: reserve(n): a table of n elements does not fit into memory; reserve fewer");
    }
    if (size == 0) return;
    const std::size_t least = Growth::capacity_for(size);
    if (capacity() < least) {
      rehash_to(least);
    } else if (size > state_.size && state_.growth_left < size - state_.size) {
      rehash_to(capacity());
    }
    // What is larger than it need be stays: bucket_count() does not change while size() <= size.
    state_.raise_floor(state_.size <= size ? capacity() : least);
  }

  void rehash(std::size_t slots) {
    if (slots > Memory::max_capacity()) {
      detail::raise<std::length_error>("perturb: rehash(n): n slots do not fit into memory; ask for fewer");
    }
    const std::size_t floor =
        slots == 0 ? 0 : std::bit_ceil(slots < growth::kMinCapacity ? growth::kMinCapacity : slots);
    std::size_t capacity = state_.size == 0 ? floor : growth::kMinCapacity;
    while (capacity < floor || Growth::max_fill(capacity) < state_.size) capacity *= 2;
    if (capacity == 0) {
      drop_array();
    } else if (capacity != this->capacity() || tombstones() != 0) {
      rehash_to(capacity);
    }
    state_.floor_log2 = 0;
    state_.raise_floor(floor);
  }

 private:
  using Mover = Rehash<Element, Slot, Hash, Allocator>;

  using State = TableState<typename Traits::pointer>;

  Control* controls() const noexcept { return state_.controls.get(); }

  Writer write() const noexcept { return Writer(const_cast<Allocator&>(allocator_)); }
  Mover mover() const noexcept {
    return Mover(functions_.hash(), const_cast<Allocator&>(allocator_), const_cast<Allocator&>(allocator_));
  }

  // What `visit(Place, first slot of its group)` makes of the element with `key`; a default value if there is none.
  template <class K, class Visit>
  PERTURB_ALWAYS_INLINE std::invoke_result_t<Visit, Place, std::size_t> search(const K& key, HashValue hash,
                                                                               Visit visit) const {
    Control* const controls = this->controls();
    StridedProbeSequence<kGroupWidth> probe(hash.value, state_.home_mask);
    for (;;) {
      const ControlGroup group(controls + probe.position());
      if (const Place found = find_in_group(controls, probe.position(), group, key, hash)) {
        return visit(found, probe.position());
      }
      if (group.match_empty()) [[likely]]
        return {};
      probe.advance();
    }
  }

  template <class K>
  PERTURB_ALWAYS_INLINE Place find_in_group(Control* controls, std::size_t first, ControlGroup group, const K& key,
                                            HashValue hash) const {
    auto match = group.match_tag(hash.value);
    if (match) {
      Slot* const first_slot = Array::slot_at(controls, first);
      prefetch_from(first_slot);
      do {
        const unsigned lane = match.lowest();
        if (is_equal(key, first_slot - lane)) [[likely]]
          return {controls + first + lane, first_slot - lane};
        match.drop_lowest();
      } while (match);
    }
    return {};
  }

  template <class K>
  PERTURB_ALWAYS_INLINE bool is_equal(const K& key, const Slot* slot) const {
    static_assert(
        requires(const KeyEqual& equal, const Key& stored) { static_cast<bool>(equal(key, stored)); },
        "perturb: the key equality must be callable as bool operator()(const Key&, const Key&) const (and, if "
        "it is transparent, with what is looked up): write one, or operator== for Key");
    const Unmodified guard(watch_, "the key equality modified the table that called it");
    return static_cast<bool>(functions_.equal()(key, Element::key_of(slot->value)));
  }

  static void mark(Place place, HashValue hash) noexcept {
    if constexpr (keeps_hash_v<Key>) place.slot->hash = hash.value;
    *place.control = tag_of(hash.value);
  }

  // The element in `target` is constructed: makes it known.
  void commit(Place target, HashValue hash) noexcept {
    if (*target.control == kEmpty) --state_.growth_left;
    mark(target, hash);
    ++state_.size;
    state_.front.used(group_of(target));
    watch_.modified();
  }

  template <Source kSource, class Construct>
  PERTURB_NEVER_INLINE Place insert_with_rehash(HashValue hash, Construct construct) {
    std::size_t capacity = growth::kMinCapacity;
    if (state_.capacity_log2 != 0) {
      capacity = Growth::rehash_to(state_.size, this->capacity());
      // A policy that asks for a sweep where there is nothing to sweep.
      if (capacity <= this->capacity() && tombstones() == 0) capacity = 2 * this->capacity();
    }
    if constexpr (Mover::cannot_throw()) {
      // Once there is memory and the element, nothing can fail.
      Slot waiting;
      if (capacity == this->capacity()) {
        construct(&waiting);
        sweep();
      } else {
        ArrayOwner<Slot, Allocator> target(allocator_, capacity);
        construct(&waiting);
        move_to(target);
      }
      if constexpr (keeps_hash_v<Key>) waiting.hash = hash.value;
      const Place place = first_free(array(), hash.value);
      write().relocate(place.slot, &waiting);
      commit(place, hash);
      return place;
    }
    ArrayOwner<Slot, Allocator> target(allocator_, capacity);
    if constexpr (kSource == Source::elsewhere) {
      move_to(target);
      const Place place = first_free(array(), hash.value);
      construct(place.slot);
      commit(place, hash);
      return place;
    } else {
      const Place place = first_free(target.array(), hash.value);
      construct(place.slot);
      struct Guard {
        Writer write;
        Slot* slot;
        ~Guard() {
          if (slot != nullptr) write.destroy(slot);
        }
      } guard{write(), place.slot};
      mark(place, hash);
      move_to(target);
      guard.slot = nullptr;
      ++state_.size;
      --state_.growth_left;
      state_.front.used(group_of(place));
      return place;
    }
  }

  std::size_t group_of(Place place) const noexcept {
    return static_cast<std::size_t>(place.control - controls()) & state_.home_mask;
  }

  // `group`: the first slot of the element's group. Without a branch, since whether a group of a full table is open
  // cannot be predicted.
  PERTURB_ALWAYS_INLINE void erase_in_group(Place place, std::size_t group) noexcept {
    write().destroy(place.slot);
    const bool is_open(array().group(group).match_empty());
    static_assert(kEmpty == 0 && kTombstone == 1);
    *place.control = static_cast<Control>(!is_open);
    state_.growth_left += is_open ? 1 : 0;
    --state_.size;
    watch_.modified();
  }

  [[noreturn]] static void raise_cannot_move() {
    detail::raise<std::length_error>(
        "perturb: elements that can be neither moved nor copied cannot be rehashed; reserve(n) before the insertions");
  }

  /// Moves all elements to an array of `capacity` slots without tombstones. Guarantee: as find_or_insert.
  void rehash_to(std::size_t capacity) {
    if constexpr (Mover::cannot_throw()) {
      if (capacity == this->capacity()) return sweep();
    }
    ArrayOwner<Slot, Allocator> target(allocator_, capacity);
    move_to(target);
  }

  void sweep() noexcept {
    mover().sweep(array());
    finish_rehash();
  }

  // Moves all elements into `target`, which becomes the table's array; what it holds already is not counted.
  void move_to(ArrayOwner<Slot, Allocator>& target) {
    if (state_.size != 0) {
      if constexpr (Mover::cannot_throw()) {
        mover().move_all(array(), target.array());
      } else if constexpr (can_move<Element>()) {
        mover().move_all_carefully(array(), target.array(), state_.size, [this](Place lost) { forget(lost); });
      } else {
        raise_cannot_move();
      }
    }
    Memory::deallocate(allocator_, array());
    state_.set_array(target.release());
    finish_rehash();
  }

  void finish_rehash() noexcept {
    const std::size_t size = state_.size;
    reset_counts();
    state_.size = size;
    state_.growth_left -= size;
    if (size != 0) state_.front.find(array());
    watch_.modified();
    watch_.rehashed();
  }

  PERTURB_NEVER_INLINE void shrink(std::size_t capacity) noexcept {
    if constexpr (can_roll_back<Element>()) {
      if (capacity < state_.least_capacity() || capacity >= this->capacity()) return;
#if PERTURB_EXCEPTIONS
      try {
        rehash_to(capacity);
      } catch (...) {
        // Nothing has changed: the table stays as large as it is.
      }
#else
      rehash_to(capacity);
#endif
    }
  }

  void reset_counts() noexcept {
    state_.size = 0;
    state_.growth_left = state_.capacity_log2 == 0 ? 0 : Growth::max_fill(capacity());
    state_.front.reset();
  }

  void destroy_elements() noexcept {
    if constexpr (!Writer::destroys_nothing()) {
      if (state_.size != 0) array().for_each_full([this](Place place) { write().destroy(place.slot); });
    }
  }

  void free_array() noexcept {
    destroy_elements();
    Memory::deallocate(allocator_, array());
    watch_.rehashed();
  }

  // Becomes as a default-constructed table, without an array and a floor.
  void drop_array() noexcept {
    free_array();
    state_ = State();
  }

  // Pre: this table has no array.
  void take_array(TableCore& other) noexcept {
    state_ = std::exchange(other.state_, State());
    watch_.take(other.watch_);
  }

  void swap_arrays(TableCore& other) noexcept {
    std::swap(state_, other.state_);
    std::swap(watch_, other.watch_);
  }

  // Exchanges everything but the allocators with `other`, which is about to end.
  void adopt(TableCore& other) {
    if constexpr (!Functions::kSwapsWithoutThrowing) {
      // A swap that stops half-way must not leave elements that were placed by another hasher.
      drop_array();
    }
    swap_functions(other);
    swap_arrays(other);
  }

  void swap_functions(TableCore& other) noexcept(Functions::kSwapsWithoutThrowing) {
    functions_.swap(other.functions_, [&] {
      drop_array();
      other.drop_array();
    });
  }

  // Pre: this table has no array.
  void copy_elements(const TableCore& other) {
    if (other.state_.capacity_log2 == 0) return;
    copy_array(other, [this](Slot* to, const Slot* from) { write().copy(to, from); });
  }

  // As above; `other` has none afterwards.
  void move_elements(TableCore& other) {
    if (other.state_.capacity_log2 == 0) return;
    if constexpr (moves_without_throwing<Element>()) {
      copy_array(other, [this](Slot* to, Slot* from) { write().move(to, from); });
    } else if constexpr (can_move<Element>()) {
      ArrayOwner<Slot, Allocator> target(allocator_, other.capacity());
      Mover(functions_.hash(), allocator_, other.allocator_)
          .move_all_carefully(other.array(), target.array(), other.size(), [&](Place lost) { other.forget(lost); });
      state_.set_array(target.release());
      state_.size = std::exchange(other.state_.size, 0);  // its elements are gone already
      finish_rehash();
    } else if (other.state_.size != 0) {
      raise_cannot_move();
    }
    state_.floor_log2 = other.state_.floor_log2;
    other.drop_array();
  }

  template <class Construct>
  void copy_array(const TableCore& other, Construct construct) {
    ArrayOwner<Slot, Allocator> target(allocator_, other.capacity());
    if constexpr (Writer::copies_bytes()) {
      copy_bytes(other.array(), target.array(), other.state_.size);
    } else {
      detail::table::copy_elements(other.array(), target.array(), write(), construct);
    }
    state_.set_array(target.release());
    state_.size = other.state_.size;
    state_.growth_left = other.state_.growth_left;
    state_.front = other.state_.front;
  }

  State state_;
  PERTURB_NO_UNIQUE_ADDRESS Functions functions_;
  PERTURB_NO_UNIQUE_ADDRESS Allocator allocator_;
  PERTURB_NO_UNIQUE_ADDRESS Watch watch_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
