// SPDX-License-Identifier: MIT
/// @file The engine of OrderedHashTable and OrderedHashSet.
///
/// What it is. CPython's dict since 3.6, with the control groups of HashTable. The elements lie one after the other in
/// the order of their insertion (entries.hpp). An index (index.hpp) is probed and grows as a HashTable is and does, but
/// where that has slots it has small integers, the positions of the elements. A search reads a group of control bytes,
/// a position and the element; iteration reads the elements alone; a rehash writes a new index from the hashes, in the
/// order of the elements, moves none of them and calls no hasher where hashes are kept.
///
///     slot of the index    0    1    2    3    4    5    …
///     control byte              17        9c        e0        a tag, or empty; probed in groups of sixteen
///     position                  2         0         1
///
///     position             0           1           2
///     entry                ("b", 7)    ("a", 1)    ("c", 3)
///
/// Here "c" has the tag 17, "b" 9c and "a" e0. A table of one group keeps its index in the block of entries:
/// up to 12 elements with growth::Dict are one allocation, and a search there compares one group.
///
/// Erasing leaves a hole among the entries, so the order of the others stays. When the block of entries is full, an
/// insertion moves them without the holes: if a quarter of the block is free and moves cannot throw, to the front of
/// the same block, where each position in the index is lowered by the number of free ones before it (entries.hpp; a
/// block of up to 64 entries makes the index anew); else to a larger one (in a checked build always to another, so that
/// a sanitizer finds stale references), and the index is made anew.
/// That is O(1) amortized. An erasure by key that shrinks the index makes a new block as well: a table of more than 16
/// slots that may shrink (no floor is set) has no more than five holes for an element. (erase(iterator) moves nothing
/// and may leave more.) A step of an iterator passes any number of them at once.
///
/// Why a third more than `n` entries are reserved: with at most n elements in them, a quarter is free whenever the
/// block is full, so elements whose moves cannot throw move in place, once in n / 3 insertions, and nothing is
/// allocated. A block that has elements gets at least three eighths larger, as when an insertion makes it larger.
///
/// Positions are less than the capacity of the index, since a block never has more entries than that: so three bytes
/// do for a position up to 16 million slots, and the index of a large table takes four bytes a slot.
///
/// What another program would do, and why not here. Moving the last element into the hole, as unordered_dense does,
/// keeps the entries dense but not their order, and costs a second search. A linked list through the elements costs two
/// pointers each, and iteration in order is then a chain of cache misses. CPython keeps a hash with every entry; here
/// an integer's is computed again, which is cheaper than the memory.
/// Lowering the positions in place takes 0.94 of the time of making the index anew, where random elements are erased
/// and others inserted in turn (u64, seven sizes from 1 827 to 25 000; beyond that and with strings 0.97 to 1.0; both
/// in one process, g++ 12 -O3 -march=x86-64-v3). It has to read exactly the bytes of a position: a load of eight would
/// wait for the position written just before, and then a new index is faster.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/growth.hpp>
#include <perturb/hashers.hpp>
#include <perturb/ordered/entries.hpp>
#include <perturb/ordered/index.hpp>
#include <perturb/ordered/iterator.hpp>
#include <perturb/ordered/ordered_growth.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/departing_element.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/generation.hpp>
#include <perturb/table/scope_guard.hpp>
#include <perturb/table/state.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ordered {

template <class Element, class Hash, class KeyEqual, class Allocator, class Growth>
class OrderedCore : public OrderedGrowth<Element, Hash, KeyEqual, Allocator, Growth> {
  using Storage = OrderedGrowth<Element, Hash, KeyEqual, Allocator, Growth>;
  using Storage::allocator_;
  using Storage::generation_;
  using Storage::state_;
  using typename Storage::Memory;
  using typename Storage::NewMemory;
  using Departing = table::DepartingElement<Element, typename Storage::Slot, Allocator>;

 public:
  using Storage::array;
  using Storage::block;
  using Storage::capacity;
  using Storage::is_dense;
  using Storage::Storage;
  using Storage::tombstones;
  using typename Storage::Array;
  using typename Storage::Header;
  using typename Storage::Key;
  using typename Storage::Place;
  using typename Storage::Slot;
  template <class Value>
  using Iterator = OrderedIterator<Value, Slot>;

  template <class It>
  It first() const noexcept {
    return It(state_.size == 0 ? nullptr : block()->entry(block()->first), block(), generation_);
  }
  template <class It>
  It end() const noexcept {
    return It(nullptr, block(), generation_);
  }
  /// An iterator at `place`; end() if it is empty.
  template <class It>
  It iterator_at(Place place) const noexcept {
    return It(place.slot, block(), generation_);
  }

  /// Whether the element at `place` has this key.
  template <class K>
  bool holds(Place place, const K& key) const {
    return this->is_equal(key, place.slot);
  }

  /// The element with `key`, or an empty place.
  template <class K>
  PERTURB_ALWAYS_INLINE Place find(const K& key, HashValue hash) const {
    return search(key, hash).place;
  }

  /// Whether `construct` may read elements of this table, or has to be called when nothing can fail any more.
  enum class Arguments { may_alias, are_elsewhere };

  /// The element with `key`; if there is none, one that `construct(Slot*)` makes at the end. True if it was made.
  /// Guarantee: strong, except for Transfer::moved_at_risk when the entries move.
  template <Arguments kArguments = Arguments::may_alias, class K, class Construct>
  PERTURB_ALWAYS_INLINE std::pair<Place, bool> find_or_insert(const K& key, HashValue hash, Construct&& construct) {
    generation_.check_idle();
    Control* const controls = state_.controls.get();
    Control* target = nullptr;
    bool was_empty = false;
    table::StridedProbeSequence<kGroupWidth> sequence(hash.value, state_.home_mask);
    // What the insertion writes, while the control bytes are on their way.
    detail::prefetch(state_.positions.at(controls, sequence.position()));
    for (;; sequence.advance()) {
      const std::size_t start = sequence.position();
      const ControlGroup group(controls + start);
      if (const Place found = find_in_group(controls, start, group, key, hash)) return {found, false};
      if (const auto empty = group.match_empty()) [[likely]] {
        if (target != nullptr) [[unlikely]]
          break;
        if (state_.growth_left == 0) [[unlikely]]
          return {insert_slowly<kArguments>(hash, construct), true};
        target = controls + start + empty.lowest();
        was_empty = true;
        break;
      }
      if (target == nullptr) {
        if (const auto tombstone = group.match_tombstone()) target = controls + start + tombstone.lowest();
      }
    }
    Header* const entries = block();
    if (entries->end == entries->limit) [[unlikely]]
      return {insert_slowly<kArguments>(hash, construct), true};
    Slot* const slot = entries->entry(entries->end);
    construct(slot);
    publish(target, was_empty, slot, hash);
    return {{target, slot}, true};
  }

  /// Erases an element, and does not shrink. The next one, which `next()` would give, need not be known.
  template <class Next>
  void erase(Place place, Next) noexcept {
    erase(place);
  }
  void erase(Place place) noexcept {
    generation_.check_idle();
    if (place.control == nullptr) place.control = this->control_of(block()->position_of(place.slot));
    remove(place, this->has_empty_in_group(place.control));
  }

  /// Erases an element, and shrinks if the growth policy says so. A shrink that fails does not happen.
  void erase_and_shrink(Place place) noexcept {
    erase(place);
    shrink_if_sparse();
  }

  /// Erases the element with `key`, if there is one, and may shrink.
  template <class K>
  PERTURB_ALWAYS_INLINE bool erase(const K& key, HashValue hash) {
    const Found found = search(key, hash);
    if (!found.place) return false;
    remove(found.place, found.has_empty);
    shrink_if_sparse();
    return true;
  }

  using Storage::forget;

  /// After many erasures: shrinks as many steps as the policy wants, in one rehash.
  void shrink_after_many() noexcept {
    const std::size_t smaller = state_.log2.template shrunk_for<Growth>(state_.size);
    if (smaller < capacity()) this->shrink(smaller);
  }

  void reserve(std::size_t size) {
    generation_.check_idle();
    if (size <= state_.size) return;
    if (size > this->max_size()) {
      detail::raise<std::length_error>(
          "perturb: reserve(n): a table of n elements does not fit into memory; reserve fewer");
    }
    const std::size_t slot_count = (std::max)({Growth::capacity_for(size), kSmallCapacity, capacity()});
    std::size_t entries = (std::min)(slot_count, Storage::entries_with_room(size));
    if (capacity() < slot_count || block()->capacity < entries) {
      // A larger block grows geometrically, so that reserve(size() + 1) before each insertion is not quadratic.
      if (state_.size != 0 && block()->capacity < entries) {
        entries = (std::max)(entries, (std::min)(slot_count, this->next_entries()));
      }
      this->rebuild(slot_count, entries);
    } else if (state_.growth_left < size - state_.size || block()->limit - block()->end < size - state_.size) {
      this->make_dense(Storage::Tombstones::are_removed);
    }
    // A capacity that is larger than needed stays: bucket_count() does not change while size() <= size.
    state_.log2.raise_floor(capacity());
  }

  void rehash(std::size_t slot_count) {
    generation_.check_idle();
    if (slot_count > this->max_capacity()) {
      detail::raise<std::length_error>("perturb: rehash(n): n slots do not fit into memory; ask for fewer");
    }
    const std::size_t floor = slot_count == 0 ? 0 : std::bit_ceil((std::max)(slot_count, kSmallCapacity));
    if (floor == 0 && state_.size == 0) {
      this->drop_memory();
    } else {
      std::size_t least = (std::max)(floor, kSmallCapacity);
      while (Growth::max_fill(least) < state_.size) least *= 2;
      const std::size_t entries = floor == 0 ? state_.size : Growth::max_fill(least);
      if (least != capacity() || entries != block()->capacity || tombstones() != 0 || this->has_free_entries()) {
        this->rebuild(least, entries);
      }
    }
    state_.log2.floor = 0;
    state_.log2.raise_floor(floor);
  }

  // --- what only ordered tables have ------------------------------------------------------------------------------

  /// The first or the last element. Pre: there is one.
  Place front() const noexcept {
    generation_.check_idle();
    return {nullptr, block()->entry(block()->first)};
  }
  Place back() const noexcept {
    generation_.check_idle();
    return {nullptr, block()->entry(block()->end - 1)};
  }

  /// The element with `rank` others before it; an empty place if there is none.
  Place nth(std::size_t rank) const noexcept {
    generation_.check_idle();
    return rank < state_.size ? Place{nullptr, block()->entry(block()->position_of_rank(rank))} : Place();
  }

  /// Moves an element that was found behind all others, or before them. Guarantee: as find_or_insert.
  void move_to_end(Place place, bool last) {
    generation_.check_idle();
    std::size_t position = block()->position_of(place.slot);
    if (position == (last ? block()->end - 1 : block()->first)) return;
    if (last ? block()->end == block()->capacity : block()->first == 0) {
      const std::size_t rank = block()->rank_of(position);
      this->make_room(last);
      position = block()->first + rank;
      place.control = this->control_of(position);
    }
    Slot* const from = block()->entry(position);
    const std::size_t target = last ? block()->end : block()->first - 1;
    {
      table::ScopeGuard lose([&] {
        if constexpr (!table::can_roll_back<Element>()) forget({place.control, from});
      });
      const table::Busy guard(generation_, kBusyMoving);
      table::transfer_element<Element>(allocator_, std::addressof(block()->entry(target)->value), from->value);
      lose.dismiss();
    }
    if constexpr (Storage::kKeepsHashes) block()->hash(target) = block()->hash(position);
    set_position(place.control, target);
    last ? block()->appended() : block()->prepended();
    block()->erased(position);
    generation_.modified();
    // Its place may be the next one that is taken, so what it calls must not insert.
    const table::Busy guard(generation_, kBusyMoving);
    this->writer().destroy(from);
  }

  /// Sorts the elements by `compare(const Value&, const Value&)`; equal ones keep their order. Guarantee: as reserve,
  /// and strong where `compare` throws.
  template <class Compare>
  void sort(Compare compare) {
    generation_.check_idle();
    const std::size_t size = state_.size;
    if (size < 2) return;
    NewMemory memory = this->new_memory(capacity(), block()->capacity);
    Order order(allocator_, size);
    std::size_t at = 0;
    this->visit_entries(block(), size, [&](std::size_t position) { order.begin()[at++] = block()->entry(position); });
    const auto is_less = [&](const Slot* a, const Slot* b) {
      const table::Unmodified guard(generation_, "the comparison of sort calls back into the table and modifies it");
      return static_cast<bool>(compare(std::as_const(a->value), std::as_const(b->value)));
    };
    // Not std::stable_sort: it gets memory past the allocator.
    std::sort(order.begin(), order.begin() + size,
              [&](const Slot* a, const Slot* b) { return is_less(a, b) || (!is_less(b, a) && a < b); });
    this->move_to(memory, 0, order.begin());
  }

 private:
  static constexpr const char* kBusyMoving =
      "an element's move or destructor calls back into the table in move_to_end: erase it and insert it again instead";

  // An element, or an empty place; and whether the element's group has an empty slot.
  struct Found {
    Place place;
    bool has_empty = false;
  };
  // The element with `key`.
  template <class K>
  PERTURB_ALWAYS_INLINE Found search(const K& key, HashValue hash) const {
    generation_.check_idle();
    Control* const controls = state_.controls.get();
    table::StridedProbeSequence<kGroupWidth> sequence(hash.value, state_.home_mask);
    for (;; sequence.advance()) {
      const std::size_t start = sequence.position();
      const ControlGroup group(controls + start);
      const Place place = find_in_group(controls, start, group, key, hash);
      if (place) return {place, static_cast<bool>(group.match_empty())};
      if (group.match_empty()) [[likely]]
        return {};
    }
  }

  // Erases an element whose control byte is known. `has_empty`: whether that one's group has an empty slot now.
  PERTURB_ALWAYS_INLINE void remove(Place place, bool has_empty) noexcept {
    generation_.check_idle();
    const Departing departing(this->writer(), place.slot);
    // The element's move may have inserted others.
    if constexpr (Departing::moves_out()) has_empty = this->has_empty_in_group(place.control);
    this->mark_erased(place.control, block()->position_of(place.slot), has_empty);
  }

  PERTURB_ALWAYS_INLINE void shrink_if_sparse() noexcept {
    if constexpr (table::shrinks<Growth>()) {
      const std::size_t smaller = Growth::shrink_to(state_.size, capacity());
      if (smaller < capacity()) [[unlikely]]
        this->shrink(smaller);
    }
  }

  template <class K>
  PERTURB_ALWAYS_INLINE Place find_in_group(Control* controls, std::size_t start, ControlGroup group, const K& key,
                                            HashValue hash) const {
    auto match = group.match_tag(hash.value);
    if (match) {
      const Positions positions = state_.positions;
      Slot* const entries = block()->entries();
      Control* const first = positions.at(controls, start);
      detail::prefetch(first);
      do {
        const unsigned lane = match.lowest();
        Slot* const slot = entries + positions.read(first - lane * positions.width());
        if (this->is_equal(key, slot)) [[likely]]
          return {controls + start + lane, slot};
        match.drop_lowest();
      } while (match);
    }
    return {};
  }

  // Makes the slot with this control byte lead to an entry.
  PERTURB_ALWAYS_INLINE void set_position(Control* control, std::size_t position) noexcept {
    Control* const controls = state_.controls.get();
    state_.positions.write(state_.positions.at(controls, static_cast<std::size_t>(control - controls)), position);
  }

  // Publishes the element constructed in `slot`, the one after the last: in the index, the order and the counts.
  // `target` was empty or a tombstone.
  PERTURB_ALWAYS_INLINE void publish(Control* target, bool was_empty, Slot* slot, HashValue hash) noexcept {
    this->check_stored_key(slot, hash);
    Header* const entries = block();
    state_.growth_left -= was_empty ? 1 : 0;
    set_position(target, entries->end);
    *target = table::tag_of(hash.value);
    if constexpr (Storage::kKeepsHashes) entries->hash(entries->end) = hash.value;
    entries->appended();
    ++state_.size;
    generation_.modified();
  }

  // The slot of the index that an insertion takes.
  Control* target_for(HashValue hash) const noexcept {
    Control* target = nullptr;
    table::probe_groups(state_.controls.get(), state_.home_mask, hash.value,
                        [&](ControlGroup group, std::size_t start) {
                          // A group that has empty slots has no tombstones.
                          auto free = group.match_empty();
                          if (!free) free = group.match_tombstone();
                          if (free) target = state_.controls.get() + start + free.lowest();
                          return static_cast<bool>(free);
                        });
    return target;
  }

  // Inserts where the index or the block is full.
  template <Arguments kArguments, class Construct>
  PERTURB_NEVER_INLINE Place insert_slowly(HashValue hash, Construct construct) {
    if (!this->has_memory()) {
      NewMemory memory(allocator_, kSmallCapacity, Storage::kLeastEntries);
      construct(memory.block()->entries());
      this->take_entries(memory);
      return published(hash);
    }
    std::size_t slot_count = capacity();
    if (state_.growth_left == 0 && *target_for(hash) == table::kEmpty) {
      slot_count = Growth::rehash_to(state_.size, slot_count);
      // For a policy that wants a sweep where there are no tombstones.
      if (slot_count <= capacity() && tombstones() == 0) slot_count = 2 * capacity();
      if (!Storage::is_small(capacity())) this->grow_index(slot_count);
    }
    if (slot_count == capacity() && block()->end < block()->limit) {
      construct(block()->entry(block()->end));
      return published(hash);
    }
    if constexpr (Storage::kMovesInPlace) {
      if (slot_count == capacity() && this->is_sparse() && block()->end < block()->capacity) {
        Slot* const waiting = block()->entry(block()->end);
        construct(waiting);
        this->move_up(Storage::Tombstones::may_stay);
        Slot* const slot = block()->entry(block()->end);
        if (slot != waiting) this->writer().relocate(slot, waiting);
        return published(hash);
      }
    }
    NewMemory memory =
        this->new_memory(slot_count, this->is_sparse() ? block()->capacity : this->more_entries(slot_count));
    Slot* const slot = memory.block()->entry(state_.size);
    if constexpr (kArguments == Arguments::are_elsewhere) {
      this->move_to(memory);
      construct(slot);
    } else {
      construct(slot);
      table::ScopeGuard undo([&] { this->writer().destroy(slot); });
      this->move_to(memory);
      undo.dismiss();
    }
    return published(hash);
  }

  // The element after the last one has been constructed.
  Place published(HashValue hash) noexcept {
    Control* const target = target_for(hash);
    Slot* const slot = block()->entry(block()->end);
    publish(target, *target == table::kEmpty, slot, hash);
    return {target, slot};
  }

  // Pointers to the elements, in memory of the table's allocator.
  class Order {
    using Pointers = typename std::allocator_traits<Allocator>::template rebind_alloc<Slot*>;
    using Traits = std::allocator_traits<Pointers>;

   public:
    Order(const Allocator& allocator, std::size_t size)
        : allocator_(allocator), size_(size), memory_(Traits::allocate(allocator_, size)) {}
    ~Order() { Traits::deallocate(allocator_, memory_, size_); }
    Order(const Order&) = delete;
    Order& operator=(const Order&) = delete;
    Slot** begin() const noexcept { return std::to_address(memory_); }

   private:
    Pointers allocator_;
    std::size_t size_;
    typename Traits::pointer memory_;
  };
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
