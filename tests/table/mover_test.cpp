// SPDX-License-Identifier: MIT
/// @file Moving elements between arrays of every ratio, in place, and the careful way. Faults that a user's types throw
/// are injected in hash_table_fault_test.cpp.
#include <perturb/table/departing_element.hpp>
#include <perturb/table/mover.hpp>
#include <perturb/table/slot_writer.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace
using perturb::HashValue;

using Key = std::uint64_t;
using Element = SetElement<Key>;
using KeySlot = Slot<Element>;
using Array = SlotArray<KeySlot>;
using Memory = SlotMemory<KeySlot, std::allocator<Key>>;

// The key is its own hash, so that a test can choose where keys go.
struct Chosen {
  using is_avalanching = void;
  std::uint64_t operator()(Key key) const noexcept { return key; }
};
struct ChosenThrowing {
  using is_avalanching = void;
  std::uint64_t operator()(Key key) const { return key; }
};

std::size_t index_in(Array array, const Control* control) {
  return static_cast<std::size_t>(control - array.controls());
}

Array empty_array(const std::allocator<Key>& allocator, std::size_t capacity) {
  const Array array = Memory::allocate(allocator, capacity, capacity);
  array.set_all_empty();
  return array;
}

void insert(Array array, Key key) {
  const auto place = first_free(array, key);
  std::construct_at(&place.slot->value, key);
  *place.control = tag_of(key);
}

// The key's search, as the table does it: through full groups to the key.
bool is_reachable(Array array, Key key) {
  StridedProbeSequence<kGroupWidth> probe(key, array.home_mask());
  for (std::size_t groups = 0; groups <= array.capacity() + 16; ++groups, probe.advance()) {
    const ControlGroup group = array.group(probe.position());
    for (auto match = group.match_tag(key); match; match.drop_lowest()) {
      if (array.slot(probe.position() + match.lowest())->value == key) return true;
    }
    if (group.match_empty()) return false;
  }
  return false;
}

void expect_holds(Array array, const std::vector<Key>& keys) {
  std::size_t count = 0;
  array.for_each_full([&](Place<KeySlot> place) {
    ++count;
    EXPECT_EQ(*place.control, tag_of(place.slot->value));
  });
  EXPECT_EQ(count, keys.size());
  for (const Key key : keys) EXPECT_TRUE(is_reachable(array, key)) << key;
}

std::vector<Key> random_keys(std::size_t count, bool is_crowded) {
  std::mt19937_64 random(count);
  std::vector<Key> keys;
  // Crowded: the homes of all keys are four groups, wherever they move.
  for (std::size_t i = 0; i < count; ++i) keys.push_back(is_crowded ? (random() & ~0xfffffULL) | (i % 64) : random());
  return keys;
}

template <class Hash>
void expect_moves(std::size_t from_capacity, std::size_t to_capacity, std::size_t size, bool is_crowded) {
  const std::vector<Key> keys = random_keys(size, is_crowded);
  std::allocator<Key> allocator;
  const Array from = empty_array(allocator, from_capacity);
  const Array to = empty_array(allocator, to_capacity);
  for (const Key key : keys) insert(from, key);
  const Hash hash;
  const Mover<Element, KeySlot, Hash, std::allocator<Key>> mover(hash, allocator, allocator);
  if constexpr (noexcept(hash(Key{}))) {
    mover.move_all(from, to);
  } else {
    mover.move_all_carefully(from, to, size, [](Place<KeySlot>) { FAIL() << "nothing can be lost here"; });
  }
  SCOPED_TRACE(std::to_string(from_capacity) + " to " + std::to_string(to_capacity));
  expect_holds(to, keys);
  Memory::deallocate(allocator, from);
  Memory::deallocate(allocator, to);
}

template <class Hash>
void expect_moves_between_all_capacities() {
  for (std::size_t from = 8; from <= 4096; from *= 2) {
    for (std::size_t to = 8; to <= 32768; to *= 4) {
      for (const bool is_crowded : {false, true}) {
        const std::size_t most = (from < to ? from : to) / 4 * 3;
        expect_moves<Hash>(from, to, most, is_crowded);
        expect_moves<Hash>(from, to, most / 5, is_crowded);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

TEST(Mover, MovesEveryElementToWhereASearchFindsIt) { expect_moves_between_all_capacities<Chosen>(); }

TEST(Mover, MovesCarefullyWhereTheHasherMayThrow) {
  static_assert(!Mover<Element, KeySlot, ChosenThrowing, std::allocator<Key>>::cannot_throw());
  expect_moves_between_all_capacities<ChosenThrowing>();
}

TEST(Mover, FillsGroupsFromTheLowestLane) {
  std::allocator<Key> allocator;
  const Array from = empty_array(allocator, 128);
  const Array to = empty_array(allocator, 512);
  for (const Key key : random_keys(96, false)) insert(from, key);
  const Chosen hash;
  Mover<Element, KeySlot, Chosen, std::allocator<Key>>(hash, allocator, allocator).move_all(from, to);
  for (std::size_t first = 0; first < 512; first += kGroupWidth) {
    const auto full = to.group(first).match_full();
    const auto empty = to.group(first).match_empty();
    if (full && empty) {
      EXPECT_EQ(empty.lowest(), full.count());
    }
  }
  Memory::deallocate(allocator, from);
  Memory::deallocate(allocator, to);
}

TEST(MoverSweep, RemovesEveryTombstoneAndKeepsEveryElementReachable) {
  std::mt19937_64 random(7);
  for (std::size_t capacity = 16; capacity <= 4096; capacity *= 2) {
    for (const bool is_crowded : {false, true}) {
      std::allocator<Key> allocator;
      const Array array = empty_array(allocator, capacity);
      std::vector<Key> kept;
      for (const Key key : random_keys(capacity / 4 * 3, is_crowded)) {
        insert(array, key);
        kept.push_back(key);
      }
      // Every second element becomes a tombstone, whatever its group holds: the worst that erasing can leave.
      std::vector<Key> left;
      array.for_each_full([&](Place<KeySlot> place) {
        if (random() % 2 == 0) {
          *place.control = kTombstone;
        } else {
          left.push_back(place.slot->value);
        }
      });
      const Chosen hash;
      Mover<Element, KeySlot, Chosen, std::allocator<Key>>(hash, allocator, allocator).sweep(array);
      expect_holds(array, left);
      for (std::size_t i = 0; i < capacity; ++i) EXPECT_NE(array.controls()[i], kTombstone);
      EXPECT_EQ(array.controls()[capacity], kSentinel);
      Memory::deallocate(allocator, array);
      if (HasFailure()) return;
    }
  }
}

TEST(FirstFree, IsInTheFirstGroupOnTheWayThatHasAnEmptySlot) {
  std::allocator<Key> allocator;
  const Array array = empty_array(allocator, 64);
  for (Key i = 0; i < 16; ++i) insert(array, i << 40);  // all with home group 0
  EXPECT_FALSE(array.group(0).match_empty());
  StridedProbeSequence<kGroupWidth> probe(0, array.home_mask());
  while (probe.position() == 0) probe.advance();
  EXPECT_EQ(index_in(array, first_free(array, 0).control), probe.position());
  Memory::deallocate(allocator, array);
}

// An allocator with a say in how elements are constructed.
struct Constructing : std::allocator<Key> {
  static void construct(Key* to, Key from) { *to = from; }
};
template <class Type, class Allocator = std::allocator<Type>>
using WriterOf = SlotWriter<SetElement<Type>, Slot<SetElement<Type>>, Allocator>;

TEST(SlotWriter, CopiesBytesOnlyWhereNeitherTypeNorAllocatorHasCodeOfItsOwn) {
  EXPECT_TRUE(WriterOf<Key>::copies_bytes() && WriterOf<Key>::destroys_nothing());
  EXPECT_FALSE((WriterOf<Key, Constructing>::copies_bytes()));
  EXPECT_FALSE(WriterOf<std::string>::copies_bytes() || WriterOf<std::string>::destroys_nothing());
}

template <class Type, class Hash>
using MoverOf = Mover<SetElement<Type>, Slot<SetElement<Type>>, Hash, std::allocator<Type>>;

TEST(Mover, CannotThrowIfTheHashIsKeptOrTheHasherSaysSo) {
  EXPECT_TRUE((MoverOf<Key, Chosen>::cannot_throw()));
  EXPECT_FALSE((MoverOf<Key, ChosenThrowing>::cannot_throw()) || (MoverOf<Key, ChosenThrowing>::keeps_hash()));
  EXPECT_TRUE((MoverOf<std::string, ChosenThrowing>::cannot_throw()) &&
              (MoverOf<std::string, ChosenThrowing>::keeps_hash()));
}

template <class Type>
using DepartingOf = DepartingElement<SetElement<Type>, Slot<SetElement<Type>>, std::allocator<Type>>;

TEST(DepartingElement, LeavesTheTableFirstIfItsDestructorMayCallBack) {
  EXPECT_TRUE(DepartingOf<std::unique_ptr<Key>>::moves_out());
  EXPECT_FALSE(DepartingOf<Key>::moves_out()) << "there is nothing to destroy";
  EXPECT_FALSE(DepartingOf<std::string>::moves_out()) << "its destructor calls nobody back";
  struct Large {
    std::unique_ptr<Key> own;
    char bytes[100'000];
  };
  EXPECT_FALSE(DepartingOf<Large>::moves_out()) << "the stack may be too small";
}

}  // namespace
