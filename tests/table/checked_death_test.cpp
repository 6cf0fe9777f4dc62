// SPDX-License-Identifier: MIT
/// @file Misuse on which a checked build aborts, each with its diagnostic; and correct use, on which it does not.
#define PERTURB_CHECKED 1

#include "support/allocators.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace {

using Table = perturb::HashTable<int, int>;

Table numbers(int n) {
  Table table;
  for (int i = 0; i < n; ++i) table.emplace(i, i);
  return table;
}

int use(Table::const_iterator it) { return it->second; }

constexpr const char* kStale =
    "the iterator is from before a rehash, a clear or the end of its table, or an assignment to it";
constexpr const char* kErased = "the iterator's element was erased";
constexpr const char* kForeign = "the iterator belongs to another table, or its table's elements were moved away";
constexpr const char* kWrongHash = "the precomputed hash is not that of this key";

TEST(CheckedDeathTest, AnIteratorFromBeforeARehash) {
  Table table = numbers(6);
  const auto it = table.find(3);
  EXPECT_DEATH(
      {
        table.emplace(6, 6);  // the seventh grows it
        use(it);
      },
      kStale);
  EXPECT_DEATH(
      {
        table.reserve(100);
        use(it);
      },
      kStale);
  EXPECT_DEATH(
      {
        table.rehash(100);
        use(it);
      },
      kStale);
  EXPECT_DEATH(
      {
        table.clear();
        use(it);
      },
      kStale);
}

TEST(CheckedDeathTest, AnIteratorFromBeforeAShrink) {
  Table table = numbers(7);
  const auto it = table.find(0);
  EXPECT_DEATH(
      {
        table.erase(1);
        table.erase(2);  // five of 32
        use(it);
      },
      kStale);
}

TEST(CheckedDeathTest, AnIteratorThatIsSteppedOrGivenBackAfterARehash) {
  Table table = numbers(6);
  EXPECT_DEATH(
      {
        auto it = table.begin();
        table.reserve(100);
        ++it;
      },
      kStale);
  EXPECT_DEATH(
      {
        const auto it = table.begin();
        table.reserve(100);
        table.erase(it);
      },
      kStale);
}

TEST(CheckedDeathTest, AnEndIteratorThatGoesBackAfterItsElementsHaveMoved) {
  perturb::OrderedHashTable<int, int> table = {{0, 0}};
  auto last = table.end();
  EXPECT_EQ(std::prev(last)->second, 0);
  EXPECT_DEATH(
      {
        for (int i = 1; i < 100; ++i) table.emplace(i, i);
        --last;
      },
      kStale);
  decltype(last) of_no_table;
  EXPECT_DEATH(--of_no_table, kStale);
}

TEST(CheckedDeathTest, AnIteratorWhoseElementWasErased) {
  Table table = numbers(6);
  const auto it = table.find(3);
  table.erase(it);
  EXPECT_DEATH(use(it), kErased);
  EXPECT_DEATH(table.erase(it), kErased);
  EXPECT_DEATH({ auto next = std::next(it); }, kErased);
}

TEST(CheckedDeathTest, TheEndsOfAnEmptyOrderedTable) {
  perturb::OrderedHashTable<int, int> table;
  constexpr const char* kEmpty = "front or back of an empty table: ask empty\\(\\) first";
  EXPECT_DEATH(static_cast<void>(table.front()), kEmpty);
  EXPECT_DEATH(static_cast<void>(std::as_const(table).back()), kEmpty);
  table[1] = 1;
  table.clear();
  EXPECT_DEATH(static_cast<void>(table.back()), kEmpty);
}

TEST(CheckedDeathTest, AnIteratorOfAnOrderedTableWhoseElementWasErased) {
  perturb::OrderedHashTable<int, int> table;
  for (int i = 0; i < 6; ++i) table.try_emplace(i, i);
  for (const int erased : {0, 3, 5}) {  // the first, one between others, the last
    const auto it = table.find(erased);
    table.erase(it);
    EXPECT_DEATH((void)it->second, kErased) << erased;
  }
}

TEST(CheckedDeathTest, AnIteratorAtTheEnd) {
  Table table = numbers(6);
  EXPECT_DEATH(use(table.end()), "an end iterator has no element");
  EXPECT_DEATH({ auto it = ++table.end(); }, "an end iterator has no element");
  EXPECT_DEATH(table.erase(table.end()), "end");
}

TEST(CheckedDeathTest, AnIteratorThatOutlivesItsTable) {
  std::optional<Table> table(numbers(6));
  const auto it = table->find(3);
  EXPECT_DEATH(
      {
        table.reset();
        use(it);
      },
      kStale);
  EXPECT_DEATH(
      {
        *table = Table();
        use(it);
      },
      kStale);
}

TEST(CheckedDeathTest, AnIteratorGivenToATableThatMovedItsElementsAway) {
  Table table = numbers(6);
  const auto it = table.find(3);
  Table target = std::move(table);
  EXPECT_EQ(it->second, 3) << "iterators go along with the elements";
  EXPECT_DEATH(table.erase(it), kForeign);
  target.erase(it);
  EXPECT_FALSE(target.contains(3));
}

TEST(CheckedDeathTest, AnIteratorOfAnotherTable) {
  Table a = numbers(6);
  Table b = numbers(6);
  EXPECT_DEATH(a.erase(b.begin()), kForeign);
  EXPECT_DEATH(static_cast<void>(a.begin() == b.begin()), "two iterators of different tables are compared");
}

TEST(CheckedDeathTest, AWrongPrecomputedHash) {
  Table table = numbers(6);
  const Table& constant = table;
  const perturb::HashValue wrong(table.hash(3).value + 1);
  EXPECT_DEATH(static_cast<void>(table.find(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(constant.find(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.get(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(constant.get(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.at(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.contains(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.count(3, wrong)), kWrongHash);
  EXPECT_DEATH(table.erase(3, wrong), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.pop(3, wrong)), kWrongHash);
  EXPECT_DEATH(static_cast<void>(table.extract(3, wrong)), kWrongHash);
  EXPECT_DEATH(table.try_emplace(wrong, 3, 0), kWrongHash);
  EXPECT_DEATH(table.insert_or_assign(wrong, 3, 0), kWrongHash);
  EXPECT_DEATH(table.set_default(wrong, 3, 0), kWrongHash);
  // The hash by another table's seed is a wrong one.
  const perturb::HashTable<int, int> seeded(0, perturb::XxHash<int>(7));
  EXPECT_DEATH(static_cast<void>(table.find(3, seeded.hash(3))), kWrongHash);
}

/// Called by the functors below, once.
std::function<void()> meddle;
void meddle_once() {
  if (meddle) std::exchange(meddle, nullptr)();
}
struct MeddlingHash {
  std::uint64_t operator()(int n) const {
    meddle_once();
    return static_cast<std::uint64_t>(n);
  }
};
struct MeddlingEqual {
  bool operator()(int a, int b) const {
    meddle_once();
    return a == b;
  }
};

TEST(CheckedDeathTest, AHasherThatModifiesTheTable) {
  perturb::HashTable<int, int, MeddlingHash> table;
  for (int n = 0; n < 4; ++n) table.emplace(n, n);
  EXPECT_DEATH(
      {
        meddle = [&] { table.emplace(100, 0); };
        table.emplace(5, 5);
      },
      "the hasher modified the table that called it");
  EXPECT_DEATH(
      {
        meddle = [&] { table.erase(1); };
        static_cast<void>(table.find(2));
      },
      "the hasher modified the table that called it");
}

TEST(CheckedDeathTest, AnEqualityThatModifiesTheTable) {
  perturb::HashTable<int, int, perturb::XxHash<int>, MeddlingEqual> table;
  for (int n = 0; n < 4; ++n) table.emplace(n, n);
  EXPECT_DEATH(
      {
        meddle = [&] { table.clear(); };
        static_cast<void>(table.find(2));
      },
      "the key equality modified the table that called it");
  EXPECT_DEATH(
      {
        meddle = [&] { table.emplace(100, 0); };
        table.erase(2);
      },
      "the key equality modified the table that called it");
}

TEST(CheckedDeathTest, ASwapOfUnequalAllocatorsThatDoNotPropagate) {
  using Value = std::pair<const int, int>;
  using Own = perturb::HashTable<int, int, perturb::XxHash<int>, perturb::Equal<int>,
                                 kit::IdAllocator<Value, kit::kPropagateNever>>;
  Own a{Own::allocator_type(1)};
  Own b{Own::allocator_type(2)};
  EXPECT_DEATH(a.swap(b), "swap of two tables with unequal allocators that do not propagate");
}

TEST(CheckedDeathTest, ABatchWithoutRoomForItsResults) {
  Table table = numbers(6);
  const std::array<int, 3> keys = {1, 2, 3};
  std::array<int*, 2> values{};
  EXPECT_DEATH(table.find_batch(std::span<const int>(keys), std::span<int*>(values)),
               "there must be room for as many pointers as there are keys");
}

TEST(CheckedDeathTest, AMaxLoadFactorThatIsNoNumberOfOne) {
  Table table;
  EXPECT_DEATH(table.max_load_factor(0), "max_load_factor takes a positive number");
}

TEST(CheckedTable, RightUseIsSilent) {
  Table table;
  table.reserve(50);
  table.emplace(0, 0);
  const auto it = table.find(0);
  for (int n = 1; n < 50; ++n) table.emplace(n, n);
  EXPECT_EQ(it->second, 0);
  for (auto at = table.begin(); at != table.end();) at = at->first % 2 == 1 ? table.erase(at) : std::next(at);
  EXPECT_EQ(it->second, 0);
  EXPECT_EQ(table.find(4, table.hash(4))->second, 4);
  EXPECT_EQ(table.erase(table.find(4)->first), 1u);
  Table other = numbers(3);
  const auto in_other = other.find(2);
  table.swap(other);
  EXPECT_EQ(in_other->second, 2);
  EXPECT_EQ(it->second, 0);
  other.erase(it);
  table.erase(in_other);
  EXPECT_FALSE(table.contains(2));
  EXPECT_TRUE(Table::iterator() == Table::iterator());
  EXPECT_TRUE(table.end() == other.end());
  other = table;
  EXPECT_TRUE(other == table);
  table.merge(other);
  table.erase(table.begin(), table.end());
  EXPECT_TRUE(table.empty());
}

}  // namespace
