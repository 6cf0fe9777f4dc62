// SPDX-License-Identifier: MIT
/// @file When an ordered table allocates, how much, and when its elements move.
#include "support/allocators.hpp"
#include "support/functors.hpp"
#include "support/invariants.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using Number = std::uint64_t;

template <class Key>
struct CountingHash : perturb::XxHash<Key> {
  static inline std::uint64_t calls = 0;
  std::uint64_t operator()(const Key& key) const noexcept {
    ++calls;
    return perturb::XxHash<Key>::operator()(key);
  }
};

template <class Key, class Hash = CountingHash<Key>, class Growth = perturb::growth::Dict>
using Table = perturb::OrderedHashTable<Key, Number, Hash, perturb::Equal<Key>,
                                        kit::IdAllocator<std::pair<const Key, Number>, kit::kPropagateNever>, Growth>;
using Numbers = Table<Number>;
using Strings = Table<std::string>;

template <class AnyTable>
typename AnyTable::key_type key(Number n) {
  if constexpr (std::is_same_v<typename AnyTable::key_type, std::string>) {
    return std::to_string(n);
  } else {
    return n;
  }
}

// What an operation did: how often it allocated and hashed, and whether the first element has moved.
struct Effect {
  std::uint64_t allocations = 0;
  std::uint64_t hashed = 0;
  bool moved = false;
  friend bool operator==(const Effect&, const Effect&) = default;
};
constexpr Effect kNone;

template <class AnyTable, class Operation>
Effect effect(AnyTable& table, Operation operation) {
  using Hash = CountingHash<typename AnyTable::key_type>;
  const std::uint64_t allocations = kit::Ledger::instance().allocations();
  const std::uint64_t calls = Hash::calls;
  const void* const first = &table.front();
  operation();
  return {kit::Ledger::instance().allocations() - allocations, Hash::calls - calls,
          static_cast<const void*>(&table.front()) != first};
}

template <class AnyTable>
class OrderedMemory : public testing::Test {
 protected:
  static AnyTable of(Number count) {
    AnyTable table;
    for (Number n = 0; n < count; ++n) table.try_emplace(key<AnyTable>(n), n);
    return table;
  }
};
using Tables = testing::Types<Numbers, Strings>;
TYPED_TEST_SUITE(OrderedMemory, Tables);

TYPED_TEST(OrderedMemory, ReserveWhereThereIsRoomDoesNothing) {
  for (const std::size_t count : {1U, 5U, 12U, 100U, 1000U}) {
    for (const Number there : {Number{1}, Number{count / 2 + 1}, Number{count}}) {
      TypeParam table = TestFixture::of(1);
      table.reserve(count);
      for (Number n = 1; n < there; ++n) table.try_emplace(key<TypeParam>(n), n);
      for (const std::size_t again : {std::size_t{0}, table.size(), table.size() + 1, count}) {
        if (again <= count) {
          EXPECT_EQ(effect(table, [&] { table.reserve(again); }), kNone) << count << ", " << there << ", " << again;
        }
      }
    }
  }
}

TYPED_TEST(OrderedMemory, RehashToWhatIsThereDoesNothing) {
  for (const Number count : {1U, 4U, 12U, 13U, 100U, 1000U}) {
    TypeParam table = TestFixture::of(count);
    for (const std::size_t slots : {std::size_t{0}, std::size_t{100}, std::size_t{4096}}) {
      table.rehash(slots);
      const auto bytes = table.memory_bytes();
      EXPECT_EQ(effect(table, [&] { table.rehash(slots); }), kNone) << count << " in " << slots;
      EXPECT_EQ(table.memory_bytes(), bytes);
    }
  }
}

TYPED_TEST(OrderedMemory, RehashLeavesNeitherHolesNorRoomBeforeTheFirst) {
  for (const Number erased : {0U, 1U, 2U, 50U}) {
    TypeParam table = TestFixture::of(100);
    table.rehash(256);
    const auto bytes = table.memory_bytes();
    for (Number n = 0; n < erased; ++n) table.erase(table.begin());
    table.erase(table.find(key<TypeParam>(75)));
    table.rehash(256);
    EXPECT_TRUE(table.is_contiguous());
    EXPECT_EQ(table.tombstone_count(), 0U);
    EXPECT_EQ(table.memory_bytes(), bytes);
    // All of the memory is behind the last element again.
    const auto grows = effect(table, [&] {
      for (Number n = 1000; table.size() < 192; ++n) table.try_emplace(key<TypeParam>(n), n);
    });
    EXPECT_TRUE(grows.allocations == 0 && !grows.moved);
  }
}

TYPED_TEST(OrderedMemory, ShrinkToFitTakesTheLeastThatHoldsTheElements) {
  for (const Number count : {1U, 4U, 12U, 13U, 100U, 1000U}) {
    TypeParam grown = TestFixture::of(4 * count);
    for (Number n = 0; n < 3 * count; ++n) grown.erase(grown.begin());
    grown.shrink_to_fit();
    TypeParam table = TestFixture::of(count);
    table.shrink_to_fit();
    EXPECT_EQ(grown.memory_bytes(), table.memory_bytes());
    EXPECT_EQ(TypeParam(table).memory_bytes(), table.memory_bytes()) << "a copy of it needs no more";
  }
}

TYPED_TEST(OrderedMemory, ChurnWithinWhatWasReservedAllocatesNothing) {
  for (const Number count : {2U, 12U, 100U, 1000U}) {
    TypeParam table;
    table.reserve(count);
    for (Number n = 0; n < count; ++n) table.try_emplace(key<TypeParam>(n), n);
    const std::uint64_t allocations = kit::Ledger::instance().allocations();
    std::size_t moves = 0;
    const void* last = &table.back();
    Number next = count;
    for (; next < 20 * count; ++next) {
      table.erase(table.nth(static_cast<std::size_t>(next * next % count)));
      table.try_emplace(key<TypeParam>(next), next);
      if (std::exchange(last, static_cast<const void*>(&table.back())) >= static_cast<const void*>(&table.back()))
        ++moves;
    }
    // A checked build moves elements to new memory.
    if (!PERTURB_CHECKED) {
      EXPECT_EQ(kit::Ledger::instance().allocations(), allocations) << count;
    }
    EXPECT_LE(moves, 19 * count / (count / 3 + 1)) << "elements move once in a third as many insertions";
    kit::expect_invariants(table);
  }
}

TYPED_TEST(OrderedMemory, NeverShrinksBelowWhatWasAskedFor) {
  for (const bool by_rehash : {false, true}) {
    TypeParam table = TestFixture::of(1);
    by_rehash ? table.rehash(256) : table.reserve(100);
    const std::size_t slots = table.bucket_count();
    for (Number n = 1; n < 1000; ++n) table.try_emplace(key<TypeParam>(n), n);
    ASSERT_GT(table.bucket_count(), slots);
    for (Number n = 1; n < 1000; ++n) table.erase(key<TypeParam>(n));
    EXPECT_EQ(table.bucket_count(), slots);
    EXPECT_EQ(erase_if(table, [](const auto&) { return true; }), 1U);
    EXPECT_EQ(table.bucket_count(), slots);
  }
}

TEST(OrderedMemory, OfElementsGrowsByThreeEighths) {
  Numbers table;
  std::size_t bytes = 0;
  std::size_t slots = 0;
  Number grown_at = 0;
  std::size_t steps = 0;
  for (Number n = 0; n < 100'000; ++n) {
    table.try_emplace(n, n);
    if (std::exchange(bytes, table.memory_bytes()) == bytes) continue;
    if (std::exchange(slots, table.bucket_count()) != slots) {
      grown_at = 0;  // the index has grown, and perhaps the elements' memory did not
      continue;
    }
    if (grown_at >= 32) {
      ++steps;
      ASSERT_GE(n, grown_at * 11 / 8) << "elements move more often than promised";
      ASSERT_LE(n, grown_at * 11 / 8 + 1) << "more memory than promised";
    }
    grown_at = n;
  }
  EXPECT_GE(steps, 10U);
}

TEST(OrderedMemory, OfASmallTableIsOneAllocation) {
  kit::Ledger& ledger = kit::Ledger::instance();
  const std::size_t blocks = ledger.blocks();
  const std::size_t bytes = ledger.bytes();
  Strings table;
  EXPECT_EQ(ledger.blocks(), blocks);
  for (Number n = 0; n < 12; ++n) {
    table.try_emplace(std::to_string(n), n);
    EXPECT_EQ(ledger.blocks(), blocks + 1);
    EXPECT_EQ(ledger.bytes(), bytes + table.memory_bytes());
  }
  for (Number n = 12; n < 2000; ++n) {
    table.try_emplace(std::to_string(n), n);
    EXPECT_EQ(ledger.blocks(), blocks + 2);
    ASSERT_EQ(ledger.bytes(), bytes + table.memory_bytes());
  }
}

TYPED_TEST(OrderedMemory, MovingElementsToAnEndAgainAndAgainAllocatesSeldom) {
  const auto to_front = [](Number) { return false; };
  const auto to_back = [](Number) { return true; };
  const auto in_turn = [](Number n) { return n % 2 == 0; };
  for (bool (*const last)(Number) : {+to_front, +to_back, +in_turn}) {
    for (const Number count : {10U, 100U, 1000U}) {
      TypeParam table = TestFixture::of(count);
      const std::size_t bytes = table.memory_bytes();
      const std::uint64_t allocations = kit::Ledger::instance().allocations();
      for (Number n = 0; n < 10 * count; ++n) table.move_to_end(key<TypeParam>(n * 7 % count), last(n));
      EXPECT_LE(kit::Ledger::instance().allocations() - allocations, 15 * count / (count / 4) + 4) << count;
      EXPECT_LE(table.memory_bytes(), bytes * 3 / 2 + 200) << count;
      kit::expect_invariants(table);
    }
  }
}

TEST(OrderedEnds, OfATableThatIsNearlyFullAreReachedInTurnWithoutMovingAllElementsEachTime) {
  Table<Number, CountingHash<Number>, perturb::growth::Doubling> table;
  while (table.size() < table.bucket_count() / 8 * 7 || table.size() < 1000) table.try_emplace(table.size(), 0U);
  const std::uint64_t allocations = kit::Ledger::instance().allocations();
  for (Number n = 0; n < 1000; ++n) table.move_to_end(n * 7 % table.size(), n % 2 == 0);
  EXPECT_LE(kit::Ledger::instance().allocations() - allocations, 50U);
}

TEST(OrderedEnds, OfALargeBlockWithFewElementsAreReachedWithoutAllocations) {
  Numbers table;
  table.reserve(10'000);
  for (Number n = 0; n < 8; ++n) table.try_emplace(n, 0U);
  table.move_to_end(1, false);
  const std::uint64_t allocations = kit::Ledger::instance().allocations();
  for (Number n = 0; n < 5000; ++n) table.move_to_end(n % 8, false);
  EXPECT_EQ(kit::Ledger::instance().allocations(), allocations);
}

TEST(OrderedCopy, OfAFewElementsWithALargeIndexHasAnIndexMadeAnewSeldom) {
  Table<Number, CountingHash<Number>, perturb::growth::NoShrink> table;
  table.reserve(10'000);
  for (Number n = 0; n < 8; ++n) table.try_emplace(n, 0U);
  auto copy = table;
  const std::uint64_t allocations = kit::Ledger::instance().allocations();
  const void* const first = &copy.front();
  for (Number n = 8; n < 500; ++n) {
    copy.erase(n - 7);
    copy.try_emplace(n, 0U);
    EXPECT_EQ(&copy.front(), first) << n;
  }
  EXPECT_EQ(kit::Ledger::instance().allocations(), allocations);
}

TYPED_TEST(OrderedMemory, AnElementThatIsAtAnEndAlreadyDoesNotMove) {
  TypeParam table = TestFixture::of(100);
  const auto* const last = &table.back();
  EXPECT_TRUE(table.move_to_end(key<TypeParam>(99)));
  EXPECT_EQ(&table.back(), last);
  const auto* const first = &table.front();
  EXPECT_TRUE(table.move_to_end(key<TypeParam>(0), false));
  EXPECT_EQ(&table.front(), first);
  EXPECT_TRUE(table.is_contiguous());
}

TEST(OrderedMemory, TombstonesAreSweptByRehashAndByReserveOnlyIfTheyTakeItsRoom) {
  // All keys have the same home group, so that erasures leave tombstones there.
  Table<Number, kit::RawHash> table;
  table.reserve(20);
  const auto chosen = [](Number n) { return n << 40; };
  for (Number n = 0; n < 18; ++n) table.try_emplace(chosen(n), n);
  for (Number n = 10; n < 14; ++n) table.erase(chosen(n));
  ASSERT_EQ(table.bucket_count(), 32U);
  ASSERT_EQ(table.tombstone_count(), 4U);
  // Twenty elements and four tombstones are just within the load limit.
  EXPECT_EQ(effect(table, [&] { table.reserve(20); }), kNone);
  EXPECT_EQ(table.tombstone_count(), 4U);
  table.rehash(32);
  EXPECT_EQ(table.tombstone_count(), 0U);
  EXPECT_TRUE(table.is_contiguous());
  for (Number n = 0; n < 18; ++n) EXPECT_EQ(table.contains(chosen(n)), n < 10 || n >= 14);
}

TEST(OrderedMemory, ReserveRemovesTombstonesThatTakeItsRoomWhereTheEntriesStayInTheirBlock) {
  Table<Number, kit::RawHash> table;
  table.reserve(90);
  const auto chosen = [](Number n) { return n << 40; };  // all in the same home group
  for (Number n = 0; n < 90; ++n) table.try_emplace(chosen(n), n);
  for (Number n = 10; n < 70; ++n) table.erase(chosen(n));
  ASSERT_GT(table.tombstone_count(), 40U);
  const auto effect_of_reserve = effect(table, [&] { table.reserve(90); });
  EXPECT_TRUE(effect_of_reserve.allocations == 0 || PERTURB_CHECKED);
  EXPECT_EQ(table.tombstone_count(), 0U);
  for (Number n = 0; n < 90; ++n) EXPECT_EQ(table.contains(chosen(n)), n < 10 || n >= 70);
}

TEST(OrderedMemory, EntriesThatMoveUpInALargerBlockAreNotHashedAgain) {
  Numbers table;
  table.reserve(100);
  for (Number n = 0; n < 100; ++n) table.try_emplace(n, n);
  for (Number n = 10; n < 60; ++n) table.erase(n);
  const std::uint64_t calls = CountingHash<Number>::calls;
  // The block has room for 135 entries.
  for (Number n = 100; n < 140; ++n) table.try_emplace(n, n);
  EXPECT_TRUE(table.is_contiguous()) << "they have moved up";
  if (!PERTURB_CHECKED) {
    EXPECT_EQ(CountingHash<Number>::calls - calls, 40U) << "only the new keys";
  }
  kit::expect_invariants(table);
}

TEST(OrderedMemory, AnIndexThatGrowsOverHolesLeadsToAllElements) {
  Numbers table;
  for (Number n = 0; n < 30'000; ++n) {
    table.try_emplace(n, n);
    if (n % 50 == 49) table.erase(n / 2);
  }
  for (Number n = 0; n < 30'000; ++n) ASSERT_EQ(table.contains(n), n >= 15'000 || n % 25 != 24) << n;
}

}  // namespace
