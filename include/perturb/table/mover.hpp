// SPDX-License-Identifier: MIT
/// @file Moving all elements of a table: into a larger or smaller array, or within one array to remove tombstones.
///
/// Low hash bits choose the home group. So the elements of group g of an array of G groups have, in an array four times
/// as large, one of the home groups g, g + G, g + 2G and g + 3G; and in an array four times as small, those of the
/// groups g, g + G', g + 2G' and g + 3G' all have the home group g. Growing is one sequential reader with four
/// sequential writers, shrinking four readers and one writer. The lanes of each written group fill from 0 on, counted
/// in a register. The few elements that stand outside their home group, or find it full while shrinking, are deferred
/// to a second pass, which probes. Groups of slots are prefetched before they are written: the new array is rarely in a
/// cache, and writing some lines of each group is no pattern that the processor follows by itself.
///
/// That, and the tombstone sweep in place, need elements that move, and keys that hash, without throwing. All others
/// take the careful way: first all hashes are computed (which may throw: nothing has moved yet), then the elements are
/// moved or copied as their Transfer says, and the originals are destroyed when nothing can throw any more.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hashers.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/careful_move.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/probe_groups.hpp>
#include <perturb/table/slot_writer.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Moves the elements of a table. `Hash` is called only where slots keep no hash.
template <class Element, class Slot, class Hash, class Allocator>
class Mover {
 public:
  using Writer = SlotWriter<Element, Slot, Allocator>;
  using Array = SlotArray<Slot>;

  /// Elements go from an array of the allocator `from` to one of `to`; only move_all_carefully takes unequal ones.
  Mover(const Hash& hash, Allocator& to, Allocator& from) noexcept : hash_(hash), writer_(to), source_(from) {}

  static constexpr bool keeps_hash() noexcept {
    return requires(Slot& slot) { slot.hash; };
  }

  /// Neither hashing nor moving can throw.
  static constexpr bool cannot_throw() noexcept {
    return moves_without_throwing<Element>() &&
           (keeps_hash() ||
            noexcept(perturb::hash_key(std::declval<const Hash&>(), std::declval<const typename Element::Key&>())));
  }

  /// Moves all elements from `from` to `to`, which is large enough and empty; only if `from` has one group may `to`
  /// hold a constructed element, in a slot of group 0 behind as many as `from` has elements. From one group elements go
  /// to the first lanes of groups. Pre: cannot_throw().
  void move_all(Array from, Array to) const noexcept {
    const std::size_t from_span = from.home_mask() + kGroupWidth;
    const std::size_t to_span = to.home_mask() + kGroupWidth;
    if (to.has_one_group()) {
      gather(from, to);
    } else if (to_span < from_span) {
      place_deferred(from, to, merge(from, to));
    } else if (to_span / from_span <= kMostStreams) {
      place_deferred(from, to, spread(from, to));
    } else {
      from.for_each_full([&](Place<Slot> source) {
        const std::uint64_t hash = hash_of(source.slot);
        relocate(table::first_free(to, hash), source.slot, hash);
      });
    }
  }

  /// As move_all, where something may throw: then nothing has happened. But for Transfer::moved_at_risk the elements
  /// that had moved are lost, and `lose(Place)` was called for each of them. `size` is the number of elements.
  template <class Lose>
  void move_all_carefully(Array from, Array to, std::size_t size, [[maybe_unused]] Lose lose) const {
    const Plan plan(writer_.allocator(), size);
    std::size_t planned = 0;
    from.for_each_full([&](Place<Slot> source) {
      const std::uint64_t hash = hash_of(source.slot);
      const Place<Slot> target = table::first_free(to, hash);
      *target.control = tag_of(hash);
      if constexpr (keeps_hash()) target.slot->hash = hash;
      std::construct_at(std::addressof(plan[planned++]), Step{source, target.slot});
    });
    table::move_carefully<Element>(
        size,
        [&](std::size_t count, auto visit) {
          for (std::size_t i = 0; i < count; ++i) visit(plan[i].from, plan[i].to);
        },
        writer_, source_, lose);
  }

  /// Removes all tombstones without allocating: every element goes to where a first insertion would have put it. A slot
  /// whose control byte is kReserved stays as it is. Pre: cannot_throw(), and there is a slot that is neither full nor
  /// reserved.
  void sweep(Array array) const noexcept {
    // An element that has yet to find its place is marked by the value of a tombstone.
    constexpr Control kWaiting = kTombstone;
    Control* const controls = array.controls();
    for (std::size_t i = 0; i < array.allocated(); ++i) {
      if (controls[i] != kReserved) controls[i] = controls[i] >= kFirstTag ? kWaiting : kEmpty;
    }
    std::size_t spare = 0;
    for (std::size_t i = 0; i < array.allocated(); ++i) {
      while (controls[i] == kWaiting) {
        const Place<Slot> here = array.at(i);
        const std::uint64_t hash = hash_of(here.slot);
        const std::size_t there = first_not_placed(array, hash);
        if (there / kGroupWidth == i / kGroupWidth) {
          *here.control = tag_of(hash);
        } else if (controls[there] == kEmpty) {
          relocate(array.at(there), here.slot, hash);
          *here.control = kEmpty;
        } else {
          // Exchanges the two by way of an empty slot: the stack may be too small for an element.
          while (controls[spare] != kEmpty) spare = spare + 1 < array.allocated() ? spare + 1 : 0;
          writer_.relocate(array.slot(spare), array.slot(there));
          relocate(array.at(there), here.slot, hash);
          writer_.relocate(here.slot, array.slot(spare));
        }
      }
    }
  }
  static constexpr Control kReserved = kSentinel;

 private:
  // Marks an element of the old array for which spread and merge had no place: by a value that no slot has.
  static constexpr Control kDeferred = kSentinel;
  static constexpr std::size_t kMostStreams = 8;
  static constexpr std::size_t kMerged = 64 / kGroupWidth;
  // Slots between the groups that are read and written and those that are prefetched.
  static constexpr std::size_t kAhead = 8 * kGroupWidth;
  // Bytes of slots that are probably in a cache: prefetching them all would only take time.
  static constexpr std::size_t kMostCached = std::size_t{256} << 10;

  struct Step {
    Place<Slot> from;
    Slot* to;
  };

  // Where each element goes, in memory of the table's allocator. Whoever fills it constructs the steps.
  class Plan {
   public:
    Plan(const Allocator& allocator, std::size_t size)
        : allocator_(allocator), size_(size), steps_(Traits::allocate(allocator_, size)) {}
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

  // The hash of the element in a slot. It holds a copy of the hasher if it can: a reference would be followed anew for
  // each element, since writing control bytes may change anything.
  struct SlotHasher {
    std::conditional_t<std::is_trivially_copyable_v<Hash>, const Hash, const Hash&> hash;

    std::uint64_t operator()(const Slot* slot) const noexcept(cannot_throw()) {
      if constexpr (keeps_hash()) {
        return slot->hash;
      } else {
        return perturb::hash_key(hash, Element::key_of(slot->value)).value;
      }
    }
  };
  [[nodiscard]] std::uint64_t hash_of(const Slot* slot) const noexcept(cannot_throw()) {
    return SlotHasher{hash_}(slot);
  }

  void relocate(Place<Slot> target, Slot* source, std::uint64_t hash) const noexcept {
    writer_.relocate(target.slot, source);
    *target.control = tag_of(hash);
  }

  // To an array of one group, in which the hash decides nothing.
  void gather(Array from, Array to) const noexcept {
    if constexpr (Writer::copies_bytes()) {
      const std::uint64_t lanes = from.group(0).match_full().packed();
      if (from.has_one_group() && (lanes & (lanes + 1)) == 0) {  // without gaps: all at once
        const auto count = static_cast<std::size_t>(std::popcount(lanes));
        std::memcpy(static_cast<void*>(Array::end_at(to.controls(), count)),
                    static_cast<const void*>(Array::end_at(from.controls(), count)), count * sizeof(Slot));
        std::memcpy(to.controls(), from.controls(), count);
        return;
      }
    }
    Place<Slot> target = to.at(0);
    from.for_each_full([&](Place<Slot> source) {
      writer_.relocate(target.slot--, source.slot);
      *target.control++ = *source.control;
    });
  }

  // To an array of as many groups, or up to kMostStreams times as many. Returns how many elements were deferred.
  [[nodiscard, gnu::noinline]] std::size_t spread(Array from, Array to) const noexcept {
    const SlotHasher hash_of{hash_};
    const std::size_t from_mask = from.home_mask();
    const std::size_t to_mask = to.home_mask();
    const int stream_shift = std::countr_zero(from_mask + kGroupWidth) - 3;
    const bool is_large = to.capacity() * sizeof(Slot) > kMostCached;
    std::size_t deferred = 0;
    for (std::size_t start = 0; start <= from_mask; start += kGroupWidth) {
      if (is_large) {
        table::prefetch_slots_of_group(from.slot(start + kAhead));
        for (std::size_t home = start; home <= to_mask; home += from_mask + kGroupWidth) {
          table::prefetch_slots_of_group(to.slot(home + kAhead));
        }
      } else {
        detail::prefetch(from.slot(start + kAhead));
      }
      std::uint64_t used = 0;  // eight bits for each stream: the lanes that it has filled
      for (auto full = from.group(start).match_full(); full; full.drop_lowest()) {
        const Place<Slot> source = from.at(start + full.lowest());
        const std::uint64_t hash = hash_of(source.slot);
        const std::size_t home = static_cast<std::size_t>(hash) & to_mask;
        const std::size_t stream = (home >> stream_shift) & 0x38;
        const std::size_t lane = (used >> stream) & 0xFF;
        if ((home & from_mask) == start) [[likely]] {  // no more than a group comes from one
          relocate(to.at(home + lane), source.slot, hash);
          used += std::uint64_t{1} << stream;
        } else {
          *source.control = kDeferred;
          ++deferred;
        }
      }
    }
    return deferred;
  }

  // To an array of fewer groups. The lanes of up to kMerged read groups are walked as one set: in a sparse table a
  // group holds few elements, and the end of each walk is a mispredicted branch. Returns how many were deferred.
  [[nodiscard]] std::size_t merge(Array from, Array to) const noexcept {
    const SlotHasher hash_of{hash_};
    const std::size_t from_mask = from.home_mask();
    const std::size_t to_mask = to.home_mask();
    const std::size_t span = to_mask + kGroupWidth;
    std::size_t deferred = 0;
    for (std::size_t home = 0; home <= to_mask; home += kGroupWidth) {
      const Place<Slot> target = to.at(home);
      table::prefetch_slots_of_group(target.slot - kAhead);
      std::size_t lane = 0;
      for (std::size_t first = home; first <= from_mask; first += kMerged * span) {
        Slot* sources[kMerged];
        std::uint64_t full = 0;
        for (std::size_t i = 0; i < kMerged && first + i * span <= from_mask; ++i) {
          sources[i] = from.slot(first + i * span);
          table::prefetch_slots_of_group(sources[i] - kAhead);
          full |= std::uint64_t{from.group(first + i * span).match_full().packed()} << (kGroupWidth * i);
        }
        for (; full != 0; full &= full - 1) {
          const auto bit = static_cast<std::size_t>(std::countr_zero(full));
          Slot* const source = sources[bit / kGroupWidth] - bit % kGroupWidth;
          const std::uint64_t hash = hash_of(source);
          if ((static_cast<std::size_t>(hash) & to_mask) == home && lane < kGroupWidth) [[likely]] {
            writer_.relocate(target.slot - lane, source);
            target.control[lane++] = tag_of(hash);
          } else {
            from.controls()[first + bit / kGroupWidth * span + bit % kGroupWidth] = kDeferred;
            ++deferred;
          }
        }
      }
    }
    return deferred;
  }

  // Moves the `count` elements that are marked kDeferred, when all others are in `to`.
  void place_deferred(Array from, Array to, std::size_t count) const noexcept {
    for (std::size_t start = 0; count != 0; start += kGroupWidth) {
      for (auto deferred = from.group(start).match(kDeferred); deferred; deferred.drop_lowest()) {
        Slot* const source = from.slot(start + deferred.lowest());
        const std::uint64_t hash = hash_of(source);
        relocate(table::first_free(to, hash), source, hash);
        --count;
      }
    }
  }

  // In a sweep: the first slot on a key's probe sequence that no placed element has.
  static std::size_t first_not_placed(Array array, std::uint64_t hash) noexcept {
    std::size_t index = 0;
    table::probe_groups(array.controls(), array.home_mask(), hash, [&](ControlGroup group, std::size_t start) {
      auto free = group.match_empty();
      if (!free) free = group.match_tombstone();
      if (free) index = start + free.lowest();
      return static_cast<bool>(free);
    });
    return index;
  }

  const Hash& hash_;
  Writer writer_;
  Writer source_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
