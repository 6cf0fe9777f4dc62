// SPDX-License-Identifier: MIT
/// @file The table's memory: slots and control bytes in one allocation.
///
///      slot n-1  …  slot 2   slot 1   slot 0 │ c0 c1 c2 … c(n-1) │ sentinel
///      ◄──────────── slots, downwards ────── ▲ ── control bytes, upwards ──►
///                                            │
///                                     the array's one pointer
///
/// One pointer serves both, so a table has one word less to keep and a search one load less to wait for. The n slots
/// belong to the groups 0, 1, 2 …, sixteen each; a group is filled from its lowest lane, so in a sparse table the slots
/// in use are the first ones of each group. From kAlignedCapacity on, the first four slots of 16 bytes share a cache
/// line.
///
/// Small tables have memory for some of their slots only, in steps: with growth::Dict first 3 (if a slot has more than
/// 16 bytes), then 6 of 8, and 14 and then all of 32. As long as fewer than 16 slots have memory, every element is in
/// group 0, whatever its hash, and no step among these hashes a key. An insertion takes the lowest empty lane;
/// TableState::growth_left keeps it below the lanes without memory, which stay empty and so end every search.
///
/// Such a table has 16 control bytes; the last one is the sentinel. In a larger one a sentinel group follows the
/// control bytes. Its first byte is a sentinel, where an iteration ends, and so is its last, which tells an iteration
/// to read no further group.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/growth.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/aligned_memory.hpp>
#include <perturb/table/control_group.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

inline constexpr std::size_t kCacheLine = 64;
/// Slots whose control bytes a walk over an array looks at together.
inline constexpr std::size_t kWalkedAtOnce = 64;

/// Whether slots keep the hash of their key: where hashing it again would have to read memory outside the slot.
template <class Key>
inline constexpr bool keeps_hash_v = !std::is_trivially_copyable_v<Key> || requires(const Key& key) {
  key.data();
  key.size();
};

/// The hash kept beside an element, or nothing.
template <bool kKept>
struct KeptHash {
  std::uint64_t hash;
};
template <>
struct KeptHash<false> {};

/// Room for one element, beside what `Kept` holds. The table constructs and destroys the element itself.
template <class Element, class Kept>
struct BasicSlot : Kept {
  using Value = typename Element::Value;

  // constexpr, because clang leaves a type whose constructors are never called out of the debug information otherwise.
  constexpr BasicSlot() noexcept {}
  ~BasicSlot() {}
  BasicSlot(const BasicSlot&) = delete;
  BasicSlot& operator=(const BasicSlot&) = delete;

  union {
    Value value;
  };
};

/// The slot of a HashTable; whether it is full, its control byte says.
template <class Element>
struct Slot : BasicSlot<Element, KeptHash<keeps_hash_v<typename Element::Key>>> {};

/// The control bytes of every table that has allocated nothing. Never compare with their address: each shared library
/// may have a copy of its own.
alignas(kGroupWidth) inline constexpr Control kNoControls[kGroupWidth] = {
    kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kEmpty,
    kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kEmpty, kSentinel};

/// Their address, hidden from the compiler: g++ would warn of slots below them in code that is never run.
inline Control* no_controls() noexcept {
  auto* controls = const_cast<Control*>(kNoControls);
#if defined(__GNUC__) && !defined(__clang__)
  __asm__("" : "+r"(controls));
#endif
  return controls;
}

/// The control bytes and sentinels of an array of `capacity` slots, of which `allocated` have memory.
constexpr std::size_t control_bytes(std::size_t capacity, std::size_t allocated) noexcept {
  return allocated < kGroupWidth ? kGroupWidth : capacity + kGroupWidth;
}

/// The most slots with memory in an array of 16 control bytes: after theirs come an empty one, which ends searches, and
/// the sentinel.
inline constexpr std::size_t kMostInGroup = kGroupWidth - 2;

/// For how many of its slots, of `slot_bytes` each, a table of `capacity`, of which it may fill `max_fill`, gets memory
/// when it has to have room for `elements`. Three slots of at most 16 bytes would save too little. A policy that fills
/// 15 of 16 slots gets all 16: no lane would be left for the empty byte and the sentinel.
constexpr std::size_t slots_to_allocate(std::size_t capacity, std::size_t max_fill, std::size_t elements,
                                        std::size_t slot_bytes) noexcept {
  if (capacity > 2 * kGroupWidth) return capacity;
  if (elements <= 3 && max_fill >= 6 && slot_bytes > 16) return 3;
  if (elements <= 6 && max_fill >= 12) return 6;
  if (elements <= kMostInGroup && max_fill >= 24) return kMostInGroup;
  return capacity <= kGroupWidth && max_fill <= kMostInGroup ? max_fill : capacity;
}

/// A pointer to a table's control bytes, of the kind that its allocator gives: with offset pointers a table can live in
/// memory that is mapped at several addresses. Default-constructed: the control bytes of a table without an array.
template <class AllocatorPointer>
class ControlsPointer {
 public:
  [[nodiscard]] Control* get() const noexcept {
    if constexpr (std::is_pointer_v<Pointer>) {
      return controls_;
    } else {
      return controls_ == Pointer(nullptr) ? no_controls() : std::to_address(controls_);
    }
  }
  void set(Control* controls) noexcept {
    if constexpr (std::is_pointer_v<Pointer>) {
      controls_ = controls;
    } else {
      controls_ = std::pointer_traits<Pointer>::pointer_to(*controls);
    }
  }

 private:
  using Pointer = typename std::pointer_traits<AllocatorPointer>::template rebind<Control>;

  static Pointer none() noexcept {
    if constexpr (std::is_pointer_v<Pointer>) {
      return no_controls();
    } else {
      return nullptr;
    }
  }

  Pointer controls_ = none();
};

/// A slot and its control byte; both null where a search found nothing.
template <class Slot>
struct Place {
  Control* control = nullptr;
  Slot* slot = nullptr;

  explicit constexpr operator bool() const noexcept { return slot != nullptr; }
};

/// Prefetches the cache line in which `slot` ends: for the first slot of a group, that of the following ones too.
template <class Slot>
PERTURB_ALWAYS_INLINE void prefetch_end_of(const Slot* slot) noexcept {
  detail::prefetch(reinterpret_cast<const char*>(slot + 1) - 1);
}

/// Prefetches the two cache lines below the end of a group's first slot. With one line instead, finding u64 out of
/// cache takes 5 to 10 % longer.
template <class Slot>
PERTURB_ALWAYS_INLINE void prefetch_below(const Slot* end) noexcept {
  detail::prefetch(reinterpret_cast<const char*>(end) - 1);
  detail::prefetch(reinterpret_cast<const char*>(end) - 1 - kCacheLine);
}

/// Prefetches all slots of the group whose first slot this is.
template <class Slot>
PERTURB_ALWAYS_INLINE void prefetch_slots_of_group(const Slot* first) noexcept {
  const char* const end = reinterpret_cast<const char*>(first + 1);
  for (std::size_t byte = 0; byte < kGroupWidth * sizeof(Slot); byte += kCacheLine) detail::prefetch(end - 1 - byte);
}

/// A view of one allocation: where its slots and control bytes are. It owns nothing.
template <class Slot>
class SlotArray {
 public:
  SlotArray() noexcept : SlotArray(no_controls(), 0, 0) {}
  /// The first `allocated` of the `capacity` slots have memory.
  SlotArray(Control* controls, std::size_t capacity, std::size_t allocated) noexcept
      : controls_(controls), capacity_(capacity), allocated_(allocated) {}

  [[nodiscard]] Control* controls() const noexcept { return controls_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::size_t allocated() const noexcept { return allocated_; }
  /// Fewer than 16 slots have memory: the last control byte of group 0 is the sentinel, and no group follows.
  [[nodiscard]] bool ends_in_first_group() const noexcept { return allocated_ < kGroupWidth; }
  [[nodiscard]] std::size_t control_bytes() const noexcept { return table::control_bytes(capacity_, allocated_); }
  /// All elements are in group 0.
  [[nodiscard]] bool has_one_group() const noexcept { return allocated_ < capacity_ || capacity_ <= kGroupWidth; }
  /// The mask under which a hash becomes the first slot of its home group.
  [[nodiscard]] std::size_t home_mask() const noexcept { return has_one_group() ? 0 : capacity_ - kGroupWidth; }

  [[nodiscard]] Slot* slot(std::size_t index) const noexcept { return slot_at(controls_, index); }
  /// Prefetches what a search in the group from `start` on reads before it knows a slot.
  void prefetch_group(std::size_t start) const noexcept { detail::prefetch(controls_ + start); }
  /// Prefetches what an insertion into this empty slot writes.
  void prefetch_empty(std::size_t index) const noexcept { detail::prefetch(slot(index)); }
  [[nodiscard]] Place<Slot> at(std::size_t index) const noexcept { return place_at(controls_, index); }
  [[nodiscard]] ControlGroup group(std::size_t start) const noexcept { return ControlGroup(controls_ + start); }

  static Slot* slot_at(Control* controls, std::size_t index) noexcept { return slot_below(end_at(controls, 0), index); }
  /// The end of slot `index`.
  static Slot* end_at(Control* controls, std::size_t index) noexcept {
    return static_cast<Slot*>(static_cast<void*>(controls)) - index;
  }
  /// The slot that is `distance` slots below the one that ends at `end`.
  static Slot* slot_below(Slot* end, std::size_t distance) noexcept {
#ifdef __clang__
    return end - 1 - distance;
#else
    return end + ~static_cast<std::ptrdiff_t>(distance);  // two instructions less with g++, one more with clang
#endif
  }
  static Place<Slot> place_at(Control* controls, std::size_t index) noexcept {
    return {controls + index, slot_at(controls, index)};
  }

  /// Makes every slot empty, without a look at what it holds.
  void set_all_empty() const noexcept {
    std::memset(controls_, kEmpty, control_bytes());
    controls_[control_bytes() - 1] = kSentinel;
    if (!ends_in_first_group()) controls_[capacity_] = kSentinel;
  }

  /// For FirstUsedGroup: a number that is kept in the sentinel group, between its two sentinels. Pre:
  /// !ends_in_first_group().
  [[nodiscard]] std::uint32_t& walk_credit() const noexcept {
    return *reinterpret_cast<std::uint32_t*>(controls_ + capacity_ + sizeof(std::uint32_t));
  }

  /// Calls `visit(Place)` for each full slot, in slot order. `visit` may free the slot it is given. Four groups are
  /// walked as one set: the end of a walk is a mispredicted branch, and a group of a sparse table holds three elements.
  /// The slot of the same lane of the next block is prefetched: groups fill from below, so it is probably full too.
  template <class Visit>
  void for_each_full(Visit visit) const {
    const std::size_t span = home_mask() + kGroupWidth;
    for (std::size_t first = 0; first < span; first += kWalkedAtOnce) {
      std::uint64_t full = 0;
      for (std::size_t lane = 0; lane < kWalkedAtOnce && first + lane < span; lane += kGroupWidth) {
        full |= std::uint64_t{group(first + lane).match_full().packed()} << lane;
      }
      for (; full != 0; full &= full - 1) {
        const std::size_t index = first + static_cast<std::size_t>(std::countr_zero(full));
        const Place<Slot> place = at(index);
        detail::prefetch(place.slot - kWalkedAtOnce);
        visit(place);
      }
    }
  }

 private:
  Control* controls_;
  std::size_t capacity_;
  std::size_t allocated_;
};

/// How `Allocator` gets and gives back the memory of arrays of `Slot`.
template <class Slot, class Allocator>
class SlotMemory {
 public:
  /// From this capacity on the control bytes begin on a cache line, and with them the first slots of each group.
  static constexpr std::size_t kAlignedCapacity = 256;

  /// Bytes in the allocation for `allocated` of `capacity` slots. Pre: at most max_capacity(allocator).
  static constexpr std::size_t bytes(std::size_t capacity, std::size_t allocated) noexcept {
    if (capacity == 0) return 0;
    return capacity < kAlignedCapacity ? SmallBlocks::bytes(capacity, allocated)
                                       : LargeBlocks::bytes(capacity, allocated);
  }

  /// The largest capacity that the allocator and the address space allow; 0 if not even the least one.
  static std::size_t max_capacity(const Allocator& allocator) noexcept {
    const std::size_t most = LargeBlocks::Memory::max_bytes(allocator);
    std::size_t capacity = std::bit_floor(most / (sizeof(Slot) + 1));
    while (capacity != 0 && bytes(capacity, capacity) > most) capacity /= 2;
    return capacity < growth::kMinCapacity ? 0 : capacity;
  }

  /// An array whose control bytes are not written yet. Throws: std::length_error past max_capacity(allocator), and what
  /// the allocator throws.
  static SlotArray<Slot> allocate(const Allocator& allocator, std::size_t capacity, std::size_t allocated) {
    if (capacity > max_capacity(allocator)) {
      detail::raise<std::length_error>(
          "perturb: a table of that many elements does not fit into memory; reserve fewer");
    }
    return {capacity < kAlignedCapacity ? SmallBlocks::allocate(allocator, capacity, allocated)
                                        : LargeBlocks::allocate(allocator, capacity, allocated),
            capacity, allocated};
  }

  static void deallocate(const Allocator& allocator, SlotArray<Slot> array) noexcept {
    // Not by the address of kNoControls: each shared library may have a copy of it.
    if (array.capacity() == 0) return;
    array.capacity() < kAlignedCapacity ? SmallBlocks::deallocate(allocator, array)
                                        : LargeBlocks::deallocate(allocator, array);
  }

 private:
  // The slots end where the control bytes begin, at a multiple of the alignment.
  template <std::size_t kAlignment>
  struct Blocks {
    using Memory = AlignedMemory<kAlignment, Allocator>;

    static constexpr std::size_t slot_bytes(std::size_t allocated) noexcept {
      return Memory::up(allocated * sizeof(Slot));
    }
    static constexpr std::size_t bytes(std::size_t capacity, std::size_t allocated) noexcept {
      return slot_bytes(allocated) + Memory::up(control_bytes(capacity, allocated));
    }
    static Control* allocate(const Allocator& allocator, std::size_t capacity, std::size_t allocated) {
      return reinterpret_cast<Control*>(Memory::allocate(allocator, bytes(capacity, allocated)) +
                                        slot_bytes(allocated));
    }
    static void deallocate(const Allocator& allocator, SlotArray<Slot> array) noexcept {
      auto* const controls = reinterpret_cast<std::byte*>(array.controls());
      Memory::deallocate(allocator, controls - slot_bytes(array.allocated()),
                         bytes(array.capacity(), array.allocated()));
    }
  };

  static constexpr std::size_t at_least(std::size_t alignment) noexcept {
    return alignof(Slot) > alignment ? alignof(Slot) : alignment;
  }
  using SmallBlocks = Blocks<at_least(kGroupWidth)>;
  using LargeBlocks = Blocks<at_least(kCacheLine)>;
};

/// An array that is freed at the end of the scope unless it is released.
template <class Slot, class Allocator>
class ArrayOwner {
 public:
  /// A new array of empty slots.
  ArrayOwner(const Allocator& allocator, std::size_t capacity, std::size_t allocated)
      : allocator_(allocator), array_(Memory::allocate(allocator, capacity, allocated)) {
    array_.set_all_empty();
  }
  ~ArrayOwner() { Memory::deallocate(allocator_, array_); }
  ArrayOwner(const ArrayOwner&) = delete;
  ArrayOwner& operator=(const ArrayOwner&) = delete;

  [[nodiscard]] SlotArray<Slot> array() const noexcept { return array_; }
  SlotArray<Slot> release() noexcept { return exchange(SlotArray<Slot>()); }
  SlotArray<Slot> exchange(SlotArray<Slot> array) noexcept { return std::exchange(array_, array); }

 private:
  using Memory = SlotMemory<Slot, Allocator>;

  const Allocator& allocator_;
  SlotArray<Slot> array_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
