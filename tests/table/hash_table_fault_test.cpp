// SPDX-License-Identifier: MIT
/// @file HashTable and HashSet with something throwing wherever something can (support/fault_injection.hpp), and what
/// is promised of an erasure that fails to shrink.
#include "support/fault_injection.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace {

using kit::AtRisk;
using kit::Copied;
using kit::FaultPlan;
using kit::Number;
using kit::Solid;
using kit::SolidMoveOnly;

template <class Key, class T, class Growth = perturb::growth::Dict>
using Table = perturb::HashTable<Key, T, kit::FragileHash, kit::FragileEqual,
                                 kit::FragileAllocator<std::pair<const Key, T>>, Growth>;

TEST(HashTableFault, ElementsThatMoveWithoutThrowing) { kit::inject_everywhere<Table<Solid, Solid>>(); }

TEST(HashTableFault, ElementsThatAreCopiedBecauseTheirMovesMayThrow) {
  kit::inject_everywhere<Table<Copied, Copied>>();
}

TEST(HashTableFault, KeysThatMoveAndValuesThatAreCopied) { kit::inject_everywhere<Table<SolidMoveOnly, Copied>>(); }

TEST(HashTableFault, KeysThatAreCopiedAndValuesThatMove) { kit::inject_everywhere<Table<Copied, SolidMoveOnly>>(); }

TEST(HashTableFault, PlainKeysThatAreHashedAgainInARehash) { kit::inject_everywhere<Table<Number, Solid>>(); }

TEST(HashTableFault, ElementsThatCanBeLost) { kit::inject_everywhere<Table<AtRisk, AtRisk>, false>(); }

TEST(HashSetFault, KeysThatAreCopied) {
  kit::inject_everywhere<
      perturb::HashSet<Copied, kit::FragileHash, kit::FragileEqual, kit::FragileAllocator<Copied>>>();
}

// --- erasing never fails because of a shrink ------------------------------------------------------------------------

template <class T>
void expect_erasure_without_memory(unsigned kinds) {
  Table<Number, T> table;
  kit::fill(table, 0, 1000);
  const std::size_t capacity = table.bucket_count();
  for (Number n = 0; n < 1000; ++n) {
    FaultPlan::arm(kinds, 0);
    EXPECT_NO_THROW({
      if (n % 3 == 0) {
        EXPECT_EQ(table.erase(n), 1u);
      } else if (n % 3 == 1) {
        EXPECT_TRUE(table.pop(n).has_value());
      } else {
        EXPECT_TRUE(table.extract(n).has_value());
      }
    });
    FaultPlan::disarm();
  }
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.bucket_count(), capacity) << "no shrink can have succeeded";
  kit::expect_invariants(table);
  kit::fill(table, 0, 100);
  for (Number n = 0; n < 100; ++n) table.erase(n);
  EXPECT_LT(table.bucket_count(), capacity) << "with memory again it shrinks";
}

TEST(HashTableFault, EraseDoesNotFailWhenThereIsNoMemoryForTheShrink) {
  expect_erasure_without_memory<Solid>(kit::kAllocation);
}

TEST(HashTableFault, EraseDoesNotFailWhenTheShrinkCannotCopy) {
  Table<Number, Copied> table;
  kit::fill(table, 0, 1000);
  FaultPlan::arm(kit::kCopying, 0);
  for (Number n = 0; n < 1000; ++n) EXPECT_NO_THROW(EXPECT_EQ(table.erase(n), 1u));
  FaultPlan::disarm();
  EXPECT_TRUE(table.empty());
  kit::expect_invariants(table);
}

/// Throws from the second call after `calls` was set to 0: the key that is looked up hashes, those of the shrink do
/// not.
struct HashOnce {
  static inline int calls = 0;
  using is_avalanching = std::true_type;
  std::uint64_t operator()(Number n) const {
    if (++calls > 1) throw kit::InjectedFault();
    return n;
  }
};

TEST(HashTableFault, EraseDoesNotFailWhenTheShrinkCannotHash) {
  perturb::HashTable<Number, int, HashOnce> table;
  table.reserve(100);
  for (Number n = 0; n < 100; ++n) {
    HashOnce::calls = 0;
    table.emplace(n, 0);
  }
  HashOnce::calls = -1000;
  table.shrink_to_fit();  // drops the floor
  for (Number n = 0; n < 100; ++n) {
    HashOnce::calls = 0;
    EXPECT_NO_THROW(EXPECT_EQ(table.erase(n), 1u));
  }
  EXPECT_TRUE(table.empty());
}

}  // namespace
