// SPDX-License-Identifier: MIT
/// @file The iterator's steps: every lane, gaps of whole groups, elements erased and inserted under it.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/table/iterator.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <set>
#include <type_traits>
#include <vector>

namespace {

using Table = perturb::HashTable<std::uint64_t, int>;

static_assert(std::forward_iterator<Table::iterator> && std::forward_iterator<Table::const_iterator>);
static_assert(std::is_convertible_v<Table::iterator, Table::const_iterator>);
static_assert(!std::is_convertible_v<Table::const_iterator, Table::iterator>);
static_assert(std::is_same_v<perturb::HashSet<int>::iterator::reference, const int&>);

// The key is its hash, so that a test can choose the home group: 16 keys a group, in the order of insertion.
struct Chosen {
  using is_avalanching = void;
  std::uint64_t operator()(std::uint64_t key) const noexcept { return key; }
};
using ChosenSet = perturb::HashSet<std::uint64_t, Chosen>;

std::vector<std::uint64_t> keys_of(const ChosenSet& set) { return {set.begin(), set.end()}; }

TEST(TableIterator, DefaultConstructedIsEveryEnd) {
  const Table table;
  EXPECT_EQ(Table::const_iterator(), table.end());
  EXPECT_EQ(table.begin(), table.end());
}

TEST(TableIterator, FindsTheOneElementInWhateverGroupItIs) {
  for (std::uint64_t group = 0; group < 64; ++group) {
    ChosenSet set(1024);
    set.insert(group * 16);
    ASSERT_EQ(keys_of(set), (std::vector<std::uint64_t>{group * 16}));
    ASSERT_EQ(std::next(set.begin()), set.end());
  }
}

TEST(TableIterator, VisitsAllLanesOfAGroupInOrder) {
  ChosenSet set(1024);
  std::vector<std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 12; ++i) expected.push_back(32 + (i << 40));
  for (const std::uint64_t key : expected) set.insert(key);
  EXPECT_EQ(keys_of(set), expected);
}

TEST(TableIterator, SkipsElementsErasedAheadOfIt) {
  ChosenSet set(1024);
  for (std::uint64_t i = 0; i < 12; ++i) set.insert(32 + (i << 40));
  auto it = set.begin();
  set.erase(set.find(32 + (1ULL << 40)));
  set.erase(set.find(32 + (2ULL << 40)));
  EXPECT_EQ(*++it, 32 + (3ULL << 40));
  EXPECT_EQ(std::distance(it, set.end()), 9);
}

TEST(TableIterator, FromFindGoesOnToAllThatFollow) {
  ChosenSet set(1024);
  for (std::uint64_t i = 0; i < 600; ++i) set.insert(i * 7919);
  const std::vector<std::uint64_t> all = keys_of(set);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto it = set.find(all[i]);
    ASSERT_EQ(std::vector<std::uint64_t>(it, set.end()),
              std::vector<std::uint64_t>(all.begin() + static_cast<std::ptrdiff_t>(i), all.end()));
  }
}

TEST(TableIterator, ConstAndNonConstCompareEqual) {
  Table table{{1, 2}};
  const Table::const_iterator it = table.begin();
  EXPECT_TRUE(it == table.begin());
  EXPECT_TRUE(table.find(1) == it);
  EXPECT_EQ(&*it, &*table.begin());
}

TEST(TableIterator, PostIncrementGivesTheOldPosition) {
  perturb::HashSet<int> set{1, 2, 3};
  std::multiset<int> seen;
  for (auto it = set.begin(); it != set.end();) seen.insert(*it++);
  EXPECT_EQ(seen, (std::multiset<int>{1, 2, 3}));
}

TEST(TableIterator, IteratesATableOfOneGroupWithSpareControlBytes) {
  perturb::HashSet<int> set{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(set.bucket_count(), 8U);
  EXPECT_EQ(std::set<int>(set.begin(), set.end()), (std::set<int>{1, 2, 3, 4, 5, 6}));
}

// An iterator has looked at its block already when others erase and insert elements: against a reference, whatever
// block and lane it stands in, and in tables of less than a block.
TEST(TableIterator, MeetsEveryElementThatStaysWhateverIsErasedMeanwhile) {
  std::mt19937_64 random(7);
  for (const std::size_t capacity : {8U, 16U, 32U, 64U, 128U, 1024U}) {
    for (int round = 0; round < 200; ++round) {
      ChosenSet set(capacity);
      const auto size = static_cast<std::size_t>(1 + random() % (capacity * 3 / 4));
      while (set.size() < size) set.insert(random());
      std::set<std::uint64_t> erased, met;
      for (auto it = set.begin(); it != set.end(); ++it) {
        ASSERT_TRUE(met.insert(*it).second) << "met twice";
        ASSERT_FALSE(erased.contains(*it)) << "met after it was erased";
        // Some other element, before or behind the iterator.
        const auto other = std::next(set.begin(), static_cast<std::ptrdiff_t>(random() % set.size()));
        if (other != it && random() % 3 == 0) {
          if (!met.contains(*other)) erased.insert(*other);
          set.erase(other);
        }
      }
      ASSERT_EQ(met.size() + erased.size(), size);
    }
  }
}

TEST(TableIterator, ErasingWhatItStandsOnVisitsEachElementOnce) {
  std::mt19937_64 random(8);
  for (const std::size_t capacity : {8U, 32U, 64U, 512U}) {
    ChosenSet set(capacity);
    while (set.size() < capacity * 3 / 4) set.insert(random());
    std::set<std::uint64_t> left(set.begin(), set.end());
    for (auto it = set.begin(); it != set.end();) {
      ASSERT_EQ(left.erase(*it), 1U);
      it = random() % 2 == 0 ? set.erase(it) : std::next(it);
    }
    ASSERT_TRUE(left.empty());
  }
}

}  // namespace
