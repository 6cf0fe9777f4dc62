// SPDX-License-Identifier: MIT
/// @file Moving a table's elements: into a larger or smaller array, or within one array to get rid of tombstones.
///
/// Low hash bits choose the home group, so the home groups of what stands in group g of an array of G groups are, in
/// an array four times as large, g, g + G, g + 2G and g + 3G; in one four times as small, all of g, g + G', g + 2G' and
/// g + 3G' share the home g. Growing is one sequential reader with four sequential writers, shrinking four readers and
/// one writer. The lanes of each written group fill from 0 on, counted in a register: nothing of the new array is read.
/// The few elements that stand outside their home group or find it full are left for a second pass, which probes.
///
/// That, and the sweep in place, is for elements that move, and keys that hash, without throwing. Everything else goes
/// the careful way: first all hashes (they may throw, nothing has moved yet), then all copies of the parts whose move
/// may throw, then the moves that cannot. Only an element with a part that can neither be copied nor moved without
/// throwing can be lost: those that had moved when one threw.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hashers.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slot_writer.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Where an insertion of a key that is not there puts it, in an array without tombstones.
template <class Slot>
Position<Slot> first_free(SlotArray<Slot> array, std::uint64_t hash) noexcept {
  StridedProbeSequence<kGroupWidth> probe(hash, array.home_mask());
  for (;; probe.advance()) {
    if (const auto empty = array.group(probe.position()).match_empty()) {
      return array.at(probe.position() + empty.lowest());
    }
  }
}

/// Moves all elements of a table. `Hash` is called only where slots keep no hash.
template <class Element, class Slot, class Hash, class Allocator>
class Rehash {
 public:
  using Writer = SlotWriter<Element, Slot, Allocator>;
  using Array = SlotArray<Slot>;

  /// Elements go from an array of `from`'s to one of `to`'s; only move_all_carefully takes two that are not equal.
  Rehash(const Hash& hash, Allocator& to, Allocator& from) noexcept : hash_(hash), write_(to), source_(from) {}

  static constexpr bool keeps_hash() noexcept {
    return requires(Slot& slot) { slot.hash; };
  }

  /// Neither hashing nor moving can throw.
  static constexpr bool cannot_throw() noexcept {
    return moves_without_throwing<Element>() &&
           (keeps_hash() ||
            noexcept(hash_key(std::declval<const Hash&>(), std::declval<const typename Element::Key&>())));
  }

  /// Moves all elements from `from` to `to`, which is empty and large enough.
  void move_all(Array from, Array to) const noexcept {
    const std::size_t from_span = from.home_mask() + kGroupWidth;
    const std::size_t to_span = to.home_mask() + kGroupWidth;
    if (to_span < from_span) {
      if (merge(from, to)) place_left(from, to);
    } else if (to_span / from_span <= kMostStreams) {
      if (spread(from, to)) place_left(from, to);
    } else {
      from.for_each_full([&](Position<Slot> source) { place(first_free(to, hash_of(source.slot)), source.slot); });
    }
  }

  /// As move_all, where something may throw: then nothing has happened, unless the element cannot roll back; in that
  /// case `lose(Position)` was called for each element of `from` that is lost. `size` is the number of elements.
  template <class Lose>
  void move_all_carefully(Array from, Array to, std::size_t size, Lose lose) const {
    const Plan plan(write_.allocator(), size);
    std::size_t planned = 0;
    from.for_each_full([&](Position<Slot> source) {
      const std::uint64_t hash = hash_of(source.slot);
      const Position<Slot> target = first_free(to, hash);
      *target.control = tag_of(hash);
      if constexpr (keeps_hash()) target.slot->hash = hash;
      plan[planned++] = {source, target.slot};
    });
    if constexpr (moves_without_throwing<Element>()) {
      for (std::size_t i = 0; i < size; ++i) {
        write_.move(plan[i].to, plan[i].from.slot);
        source_.destroy(plan[i].from.slot);
      }
    } else if constexpr (!can_roll_back<Element>()) {
      move_at_risk(plan, size, lose);
    } else if constexpr (!Element::is_mixed()) {
      Undo undo(plan, [this](Slot* slot) { write_.destroy(slot); });
      for (; undo.done < size; ++undo.done) transfer(plan[undo.done]);
      undo.keep();
      for (std::size_t i = 0; i < size; ++i) source_.destroy(plan[i].from.slot);
    } else {
      Undo undo(plan, [](Slot* slot) { Element::destroy_copied_part(std::addressof(slot->value)); });
      for (; undo.done < size; ++undo.done) {
        Element::construct_copied_part(write_.allocator(), std::addressof(plan[undo.done].to->value),
                                       plan[undo.done].from.slot->value);
      }
      undo.keep();
      for (std::size_t i = 0; i < size; ++i) {
        Element::construct_moved_part(write_.allocator(), std::addressof(plan[i].to->value), plan[i].from.slot->value);
        source_.destroy(plan[i].from.slot);
      }
    }
  }

  /// Removes all tombstones without allocating: every element goes to where a first insertion would have put it.
  /// Pre: cannot_throw().
  void sweep(Array array) const noexcept {
    // An element that has yet to find its place is marked by the value of a tombstone.
    constexpr Control kWaiting = kTombstone;
    Control* const controls = array.controls();
    for (std::size_t i = 0; i < array.capacity(); ++i) controls[i] = controls[i] >= kFirstTag ? kWaiting : kEmpty;
    for (std::size_t i = 0; i < array.capacity(); ++i) {
      while (controls[i] == kWaiting) {
        const Position<Slot> here = array.at(i);
        const std::uint64_t hash = hash_of(here.slot);
        const std::size_t there = first_not_placed(array, hash);
        if (there / kGroupWidth == i / kGroupWidth) {
          *here.control = tag_of(hash);
        } else if (controls[there] == kEmpty) {
          place(array.at(there), here.slot, hash);
          *here.control = kEmpty;
        } else {
          Slot other;
          write_.relocate(&other, array.slot(there));
          place(array.at(there), here.slot, hash);
          write_.relocate(here.slot, &other);
        }
      }
    }
  }

 private:
  // Marks an element of the array that is given up, for which spread and merge had no place: by a value that no slot
  // has.
  static constexpr Control kLeft = kSentinel;
  static constexpr std::size_t kMostStreams = 8;
  static constexpr std::size_t kMerged = 64 / kGroupWidth;
  // Groups between the one that is read and the one that is asked for.
  static constexpr std::size_t kAhead = 8 * kGroupWidth;

  struct Step {
    Position<Slot> from;
    Slot* to;
  };

  // The way of each element, in memory of the table's allocator.
  class Plan {
   public:
    Plan(const Allocator& allocator, std::size_t size)
        : allocator_(allocator), size_(size), steps_(Traits::allocate(allocator_, size)) {
      for (std::size_t i = 0; i < size; ++i) std::construct_at(std::to_address(steps_) + i);
    }
    ~Plan() { Traits::deallocate(allocator_, steps_, size_); }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    Step& operator[](std::size_t i) const noexcept { return std::to_address(steps_)[i]; }

   private:
    using StepAllocator = typename std::allocator_traits<Allocator>::template rebind_alloc<Step>;
    using Traits = std::allocator_traits<StepAllocator>;

    StepAllocator allocator_;
    std::size_t size_;
    typename Traits::pointer steps_;
  };

  // Undoes the first `done` steps of a plan, unless it is told to keep them.
  template <class UndoOne>
  struct Undo {
    const Plan& plan;
    UndoOne undo_one;
    std::size_t done = 0;

    Undo(const Plan& of, UndoOne one) : plan(of), undo_one(one) {}
    ~Undo() {
      while (done > 0) undo_one(plan[--done].to);
    }
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;
    void keep() noexcept { done = 0; }
  };

  // The hash of the element in a slot, by a hasher of its own: a reference would be followed anew for each element,
  // since writing control bytes may change anything.
  struct Hasher {
    std::conditional_t<std::is_trivially_copyable_v<Hash>, const Hash, const Hash&> hash;

    std::uint64_t operator()(const Slot* slot) const noexcept {
      if constexpr (keeps_hash()) {
        return slot->hash;
      } else {
        return hash_key(hash, Element::key_of(slot->value)).value;
      }
    }
  };
  Hasher hasher() const noexcept { return {hash_}; }

  [[nodiscard]] std::uint64_t hash_of(const Slot* slot) const noexcept(cannot_throw()) {
    if constexpr (keeps_hash()) {
      return slot->hash;
    } else {
      return hash_key(hash_, Element::key_of(slot->value)).value;
    }
  }

  void transfer(const Step& step) const {
    Element::transfer_construct(write_.allocator(), std::addressof(step.to->value), step.from.slot->value);
  }

  void place(Position<Slot> target, Slot* source, std::uint64_t hash) const noexcept {
    write_.relocate(target.slot, source);
    *target.control = tag_of(hash);
  }
  void place(Position<Slot> target, Slot* source) const noexcept { place(target, source, hash_of(source)); }

  // To an array of as many groups, or up to kMostStreams times as many. True if elements were left.
  [[nodiscard]] bool spread(Array from, Array to) const noexcept {
    const Hasher hash_of = hasher();
    const std::size_t from_mask = from.home_mask();
    const std::size_t to_mask = to.home_mask();
    const int stream_shift = std::countr_zero(from_mask + kGroupWidth);
    std::size_t left = 0;
    for (std::size_t first = 0; first < from.capacity(); first += kGroupWidth) {
      prefetch(from.slot(first + kAhead));
      std::uint8_t used[kMostStreams] = {};
      for (auto full = from.group(first).match_full(); full; full.drop_lowest()) {
        const Position<Slot> source = from.at(first + full.lowest());
        const std::uint64_t hash = hash_of(source.slot);
        const std::size_t home = static_cast<std::size_t>(hash) & to_mask;
        std::uint8_t& lane = used[home >> stream_shift];
        if ((home & from_mask) == first && lane < kGroupWidth) [[likely]] {
          place(to.at(home + lane), source.slot, hash);
          ++lane;
        } else {
          *source.control = kLeft;
          ++left;
        }
      }
    }
    return left != 0;
  }

  // To an array of fewer groups. The lanes of up to kMerged read groups are walked as one set: in a thin table a group
  // holds few elements, and the end of each walk is a mispredicted branch. True if elements were left.
  [[nodiscard]] bool merge(Array from, Array to) const noexcept {
    const Hasher hash_of = hasher();
    const std::size_t from_mask = from.home_mask();
    const std::size_t to_mask = to.home_mask();
    const std::size_t span = to_mask + kGroupWidth;
    std::size_t left = 0;
    for (std::size_t group = 0; group <= to_mask; group += kGroupWidth) {
      const Position<Slot> target = to.at(group);
      std::size_t lane = 0;
      for (std::size_t first = group; first <= from_mask; first += kMerged * span) {
        Slot* sources[kMerged];
        std::uint64_t full = 0;
        for (std::size_t i = 0; i < kMerged && first + i * span <= from_mask; ++i) {
          sources[i] = from.slot(first + i * span);
          prefetch(sources[i] - kAhead);
          full |= std::uint64_t{from.group(first + i * span).match_full().packed()} << (kGroupWidth * i);
        }
        for (; full != 0; full &= full - 1) {
          const auto bit = static_cast<std::size_t>(std::countr_zero(full));
          Slot* const source = sources[bit / kGroupWidth] - bit % kGroupWidth;
          const std::uint64_t hash = hash_of(source);
          if ((static_cast<std::size_t>(hash) & to_mask) == group && lane < kGroupWidth) [[likely]] {
            write_.relocate(target.slot - lane, source);
            target.control[lane++] = tag_of(hash);
          } else {
            from.controls()[first + bit / kGroupWidth * span + bit % kGroupWidth] = kLeft;
            ++left;
          }
        }
      }
    }
    return left != 0;
  }

  // Moves the elements that are marked kLeft, when all others are in `to`.
  void place_left(Array from, Array to) const noexcept {
    for (std::size_t first = 0; first < from.capacity(); first += kGroupWidth) {
      for (auto left = from.group(first).match(kLeft); left; left.drop_lowest()) {
        Slot* const source = from.slot(first + left.lowest());
        const std::uint64_t hash = hash_of(source);
        place(first_free(to, hash), source, hash);
      }
    }
  }

  template <class Lose>
  void move_at_risk(const Plan& plan, std::size_t size, Lose lose) const {
    std::size_t moved = 0;
    const auto lose_moved = [&] {
      for (std::size_t i = 0; i < moved; ++i) write_.destroy(plan[i].to);
      for (std::size_t i = 0; i <= moved; ++i) lose(plan[i].from);
    };
    struct Guard {
      decltype(lose_moved)& on_throw;
      bool armed = true;
      ~Guard() {
        if (armed) on_throw();
      }
    } guard{lose_moved};
    for (; moved < size; ++moved) transfer(plan[moved]);
    guard.armed = false;
    for (std::size_t i = 0; i < size; ++i) source_.destroy(plan[i].from.slot);
  }

  // In a sweep: the first slot of a search's way that no placed element has.
  static std::size_t first_not_placed(Array array, std::uint64_t hash) noexcept {
    StridedProbeSequence<kGroupWidth> probe(hash, array.home_mask());
    for (;; probe.advance()) {
      const ControlGroup group = array.group(probe.position());
      if (const auto empty = group.match_empty()) return probe.position() + empty.lowest();
      if (const auto waiting = group.match_tombstone()) return probe.position() + waiting.lowest();
    }
  }

  const Hash& hash_;
  Writer write_;
  Writer source_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
