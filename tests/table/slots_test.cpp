// SPDX-License-Identifier: MIT
/// @file The memory of a table: sizes, alignment, and that everything goes back to the allocator.
#include "support/allocators.hpp"

#include <perturb/table/element.hpp>
#include <perturb/table/slots.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace

template <class Key>
using SetSlot = Slot<SetElement<Key>>;
template <class Key>
using Memory = SlotMemory<SetSlot<Key>, std::allocator<Key>>;

struct alignas(256) Wide {
  char bytes[256];
};

template <class Key>
void expect_arrays_are_laid_out_well() {
  for (std::size_t capacity = 8; capacity <= 4096; capacity *= 2) {
    const auto array = Memory<Key>::allocate(std::allocator<Key>(), capacity, capacity);
    array.set_all_empty();
    EXPECT_EQ(array.capacity(), capacity);
    EXPECT_EQ(array.allocated(), capacity);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.controls()) % kGroupWidth, 0U);
    if (capacity >= Memory<Key>::kAlignedCapacity) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.controls()) % 64, 0U);
    }
    std::set<SetSlot<Key>*> slots;
    for (std::size_t i = 0; i < capacity; ++i) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.slot(i)) % alignof(SetSlot<Key>), 0U);
      EXPECT_LE(static_cast<void*>(array.slot(i) + 1), static_cast<void*>(array.controls()));
      EXPECT_EQ(array.controls()[i], kEmpty);
      slots.insert(array.slot(i));
    }
    EXPECT_EQ(slots.size(), capacity);
    // Where the sentinel shares a group with slots, it comes last, and an empty control byte ends searches.
    const bool shares_group = capacity < kGroupWidth;
    EXPECT_EQ(array.control_bytes(), shares_group ? kGroupWidth : capacity + kGroupWidth);
    for (std::size_t i = capacity; i < kGroupWidth - 1; ++i) EXPECT_EQ(array.controls()[i], kEmpty);
    EXPECT_EQ(array.controls()[shares_group ? kGroupWidth - 1 : capacity], kSentinel);
    EXPECT_EQ(array.controls()[array.control_bytes() - 1], kSentinel);
    EXPECT_GE(Memory<Key>::bytes(capacity, capacity), capacity * (sizeof(SetSlot<Key>) + 1));
    Memory<Key>::deallocate(std::allocator<Key>(), array);
  }
}

TEST(SlotMemory, LaysOutBytes) { expect_arrays_are_laid_out_well<char>(); }
TEST(SlotMemory, LaysOutWords) { expect_arrays_are_laid_out_well<std::uint64_t>(); }
TEST(SlotMemory, LaysOutStrings) { expect_arrays_are_laid_out_well<std::string>(); }
TEST(SlotMemory, LaysOutOverAlignedKeys) { expect_arrays_are_laid_out_well<Wide>(); }

TEST(SlotMemory, TakesNothingForCapacityZero) {
  EXPECT_EQ(Memory<int>::bytes(0, 0), 0U);
  Memory<int>::deallocate(std::allocator<int>(), SlotArray<SetSlot<int>>());
}

TEST(SlotMemory, RefusesWhatCannotBeAddressed) {
  const std::size_t capacity = 2 * Memory<int>::max_capacity({});
  EXPECT_THROW(static_cast<void>(Memory<int>::allocate({}, capacity, capacity)), std::length_error);
}

TEST(SlotMemory, LargestCapacityIsThatWhoseBytesTheAllocatorHas) {
  using LittleMemory = SlotMemory<SetSlot<int>, kit::LittleRoom>;
  const auto needed = [](std::size_t capacity) { return LittleMemory::bytes(capacity, capacity); };
  EXPECT_EQ(LittleMemory::max_capacity(kit::LittleRoom(0)), 0U);
  EXPECT_EQ(LittleMemory::max_capacity(kit::LittleRoom(63)), 0U);
  std::size_t halved = 0;
  for (std::size_t room = 64; room < 20'000; room += 64) {
    const std::size_t capacity = LittleMemory::max_capacity(kit::LittleRoom(room));
    ASSERT_LE(needed(capacity), room);
    ASSERT_GT(needed(capacity == 0 ? 8 : 2 * capacity), room - 64) << "for " << room << " bytes";
    halved += std::bit_floor(room / (sizeof(SetSlot<int>) + 1)) != capacity ? 1U : 0U;
  }
  EXPECT_GT(halved, 0U) << "what comes with the control bytes never mattered";
}

TEST(SlotMemory, OfSmallTablesComesInSteps) {
  const auto steps = [](std::size_t capacity, std::size_t max_fill, std::size_t slot_bytes = 17) {
    std::vector<std::size_t> slots;
    for (std::size_t elements = 1; elements <= max_fill; ++elements) {
      const std::size_t allocated = slots_to_allocate(capacity, max_fill, elements, slot_bytes);
      EXPECT_GE(allocated, elements);
      // Unless all slots have memory, all elements are in group 0, with the sentinel and an empty control byte.
      EXPECT_TRUE(allocated <= kMostInGroup || allocated == capacity);
      if (!slots.empty() && slots.back() == allocated) continue;
      if (!slots.empty()) {
        EXPECT_EQ(slots.back(), elements - 1) << "memory grows before it is full";
      }
      slots.push_back(allocated);
    }
    return slots;
  };
  EXPECT_EQ(steps(8, 6), (std::vector<std::size_t>{3, 6}));
  EXPECT_EQ(steps(16, 12), (std::vector<std::size_t>{3, 6, 12}));
  EXPECT_EQ(steps(32, 24), (std::vector<std::size_t>{3, 6, 14, 32}));
  EXPECT_EQ(steps(8, 7), (std::vector<std::size_t>{3, 7}));
  EXPECT_EQ(steps(16, 14), (std::vector<std::size_t>{3, 6, 14}));
  EXPECT_EQ(steps(16, 15), (std::vector<std::size_t>{3, 6, 16}));
  EXPECT_EQ(steps(64, 48), (std::vector<std::size_t>{64}));
  // No three slots of so few bytes.
  EXPECT_EQ(steps(8, 6, 16), (std::vector<std::size_t>{6}));
  EXPECT_EQ(steps(32, 24, 16), (std::vector<std::size_t>{6, 14, 32}));
}

TEST(SlotArray, WithoutMemoryIsOneEmptyGroupThatEndsEverySearchAndIteration) {
  const SlotArray<SetSlot<int>> array;
  EXPECT_EQ(array.home_mask(), 0U);
  EXPECT_EQ(array.group(0).match_empty().count(), kGroupWidth - 1);
  EXPECT_EQ(array.controls()[kGroupWidth - 1], kSentinel);
  array.for_each_full([](auto) { FAIL() << "there is no full slot"; });
}

TEST(SlotArray, ForEachFullVisitsInSlotOrderAndMayFreeWhatItIsGiven) {
  const auto array = Memory<int>::allocate({}, 64, 64);
  array.set_all_empty();
  for (const std::size_t i : {3U, 4U, 15U, 16U, 63U}) array.controls()[i] = kFirstTag;
  array.controls()[20] = kTombstone;
  std::vector<std::size_t> visited;
  array.for_each_full([&](Place<SetSlot<int>> place) {
    visited.push_back(static_cast<std::size_t>(place.control - array.controls()));
    EXPECT_EQ(place.slot, array.slot(visited.back()));
    *place.control = kEmpty;
  });
  EXPECT_EQ(visited, (std::vector<std::size_t>{3, 4, 15, 16, 63}));
  Memory<int>::deallocate({}, array);
}

TEST(Slot, KeepsTheHashOfKeysThatPointElsewhere) {
  static_assert(!keeps_hash_v<std::uint64_t> && keeps_hash_v<std::string> && keeps_hash_v<std::string_view>);
  EXPECT_EQ(sizeof(Slot<MapElement<std::uint64_t, std::uint64_t>>), 16U);
  EXPECT_EQ(sizeof(Slot<MapElement<std::string, std::uint64_t>>), sizeof(std::string) + 16);
}

}  // namespace
