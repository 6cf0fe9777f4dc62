// SPDX-License-Identifier: MIT
/// @file What HashTable has and std::unordered_map has not: the comforts of a dict, batches, merges between unlike
/// tables, and what the table says about itself.
#include "support/allocators.hpp"
#include "support/contract.hpp"
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/pmr.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using Words = perturb::HashTable<std::string, int>;
using Numbers = perturb::HashTable<std::uint64_t, std::uint64_t>;

Words three_words() { return {{"one", 1}, {"two", 2}, {"three", 3}}; }

// --- get, get_or, pop, set_default, update, extract

TEST(HashTableGet, PointsAtTheValueOrNowhere) {
  Words words = three_words();
  const Words& constant = words;
  static_assert(std::is_same_v<decltype(words.get("one")), int*>);
  static_assert(std::is_same_v<decltype(constant.get("one")), const int*>);
  ASSERT_NE(words.get("two"), nullptr);
  *words.get("two") = 22;
  EXPECT_EQ(*constant.get("two"), 22);
  EXPECT_EQ(constant.get("four"), nullptr);
  EXPECT_EQ(Words().get("four"), nullptr);
}

TEST(HashTableGetOr, GivesTheValueOrTheFallback) {
  const Words words = three_words();
  EXPECT_EQ(words.get_or("three", 9), 3);
  EXPECT_EQ(words.get_or("four", 9), 9);
  EXPECT_EQ(words.size(), 3u);
  const perturb::HashTable<int, std::string> names = {{1, "one"}};
  EXPECT_EQ(names.get_or(2, "none"), "none");
  static_assert(std::is_same_v<decltype(names.get_or(2, "none")), std::string>);
}

TEST(HashTablePop, RemovesAndReturns) {
  Words words = three_words();
  static_assert(std::is_same_v<decltype(words.pop("one")), std::optional<int>>);
  EXPECT_EQ(words.pop("two"), 2);
  EXPECT_EQ(words.pop("two"), std::nullopt);
  EXPECT_EQ(words.size(), 2u);
  perturb::HashTable<int, std::unique_ptr<int>> pointers;
  pointers.emplace(1, std::make_unique<int>(11));
  const auto popped = pointers.pop(1);
  ASSERT_TRUE(popped && *popped);
  EXPECT_EQ(**popped, 11);
  EXPECT_TRUE(pointers.empty());
}

TEST(HashTableExtract, TakesAnElementOut) {
  perturb::HashTable<kit::MoveOnlyKey, std::unique_ptr<int>> table;
  table.emplace(kit::MoveOnlyKey(1), std::make_unique<int>(11));
  table.emplace(kit::MoveOnlyKey(2), std::make_unique<int>(22));
  auto extracted = table.extract(kit::MoveOnlyKey(1));
  static_assert(std::is_same_v<decltype(extracted), std::optional<std::pair<kit::MoveOnlyKey, std::unique_ptr<int>>>>);
  ASSERT_TRUE(extracted);
  EXPECT_EQ(extracted->first.number(), 1u);
  EXPECT_EQ(*extracted->second, 11);
  EXPECT_FALSE(table.extract(kit::MoveOnlyKey(1)));
  EXPECT_EQ(table.size(), 1u);
  EXPECT_TRUE(table.insert(std::move(*extracted)).second);
  EXPECT_EQ(table.size(), 2u);
}

TEST(HashSetExtract, TakesAKeyOut) {
  perturb::HashSet<kit::MoveOnlyKey> set;
  set.insert(kit::MoveOnlyKey(1));
  auto extracted = set.extract(kit::MoveOnlyKey(1));
  static_assert(std::is_same_v<decltype(extracted), std::optional<kit::MoveOnlyKey>>);
  ASSERT_TRUE(extracted);
  EXPECT_EQ(extracted->number(), 1u);
  EXPECT_TRUE(set.empty());
}

TEST(HashTableSetDefault, MakesTheValueIfItIsAbsent) {
  Words words = three_words();
  int& one = words.set_default("one", 100);
  EXPECT_EQ(one, 1);
  EXPECT_EQ(words.set_default("four", 4), 4);
  EXPECT_EQ(words.set_default("five"), 0);
  perturb::HashTable<std::string, std::vector<int>> lists;
  lists.set_default("odd").push_back(1);
  lists.set_default("odd").push_back(3);
  lists.set_default("nines", std::size_t{3}, 9);
  EXPECT_EQ(lists.at("odd"), (std::vector<int>{1, 3}));
  EXPECT_EQ(lists.at("nines"), (std::vector<int>{9, 9, 9}));
}

TEST(HashTableUpdate, AssignsEachPairOfARange) {
  const Words wanted = {{"one", 10}, {"two", 2}, {"three", 3}, {"four", 40}};
  const std::vector<std::pair<std::string, int>> changes = {{"one", 10}, {"four", 4}, {"four", 40}};
  Words from_vector = three_words();
  from_vector.update(changes);
  EXPECT_TRUE(from_vector == wanted);
  Words from_list = three_words();
  from_list.update({{"one", 10}, {"four", 4}, {"four", 40}});
  EXPECT_TRUE(from_list == wanted);
  Words from_table = three_words();
  from_table.update(Words{{"one", 10}, {"four", 40}});
  EXPECT_TRUE(from_table == wanted);
  Words from_map = three_words();
  from_map.update(std::map<std::string, int>{{"one", 10}, {"four", 40}});
  EXPECT_TRUE(from_map == wanted);
  Words from_itself = wanted;
  from_itself.update(from_itself);
  EXPECT_TRUE(from_itself == wanted);
}

TEST(HashTableUpdate, TakesAViewThatMakesItsPairs) {
  Numbers squares;
  squares.update(std::views::iota(std::uint64_t{0}, std::uint64_t{20}) |
                 std::views::transform([](std::uint64_t n) { return std::pair(n, n * n); }));
  EXPECT_EQ(squares.size(), 20u);
  EXPECT_EQ(squares.at(7), 49u);
}

TEST(HashTableUpdate, MovesValuesOutOfATemporary) {
  using Pointers = perturb::HashTable<int, std::unique_ptr<int>>;
  Pointers source;
  source.emplace(1, std::make_unique<int>(11));
  source.emplace(2, std::make_unique<int>(22));
  Pointers table;
  table.emplace(1, std::make_unique<int>(1));
  table.update(std::move(source));
  EXPECT_EQ(*table.at(1), 11);
  EXPECT_EQ(*table.at(2), 22);
}

// --- views

TEST(HashTableViews, KeysValuesAndItemsAreRanges) {
  Words words = three_words();
  std::vector<std::string> keys(words.keys().begin(), words.keys().end());
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, (std::vector<std::string>{"one", "three", "two"}));
  const auto values = words.values();
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), 0), 6);
  for (int& value : words.values()) value *= 10;
  EXPECT_EQ(words.at("three"), 30);
  for (auto& [key, value] : words.items()) value += static_cast<int>(key.size());
  EXPECT_EQ(words.at("three"), 35);
  EXPECT_EQ(std::ranges::max(words.values()), 35);
  EXPECT_EQ(std::ranges::count_if(words.keys(), [](const std::string& key) { return key.size() == 3; }), 2);
  EXPECT_EQ(std::ranges::distance(words.items()), 3);
}

TEST(HashTableViews, AConstantTableGivesConstantViews) {
  const Words words = three_words();
  static_assert(std::is_same_v<decltype(*words.keys().begin()), const std::string&>);
  static_assert(std::is_same_v<decltype(*words.values().begin()), const int&>);
  static_assert(std::is_same_v<decltype(*words.items().begin()), const std::pair<const std::string, int>&>);
  static_assert(std::ranges::forward_range<decltype(words.keys())>);
  static_assert(std::ranges::forward_range<decltype(words.values())>);
  static_assert(std::ranges::forward_range<decltype(words.items())>);
  static_assert(std::ranges::forward_range<Words>);
  int sum = 0;
  for (const int value : words.values()) sum += value;
  EXPECT_EQ(sum, 6);
  const Words empty;
  EXPECT_TRUE(empty.keys().begin() == empty.keys().end());
}

TEST(HashTableAt, SaysWhichOperationFoundNoKey) {
  const Words words = three_words();
  try {
    static_cast<void>(words.at("four"));
    FAIL() << "at must throw";
  } catch (const std::out_of_range& error) {
    EXPECT_NE(std::string(error.what()).find("perturb: at(key)"), std::string::npos) << error.what();
  }
}

// --- batches

TEST(HashTableBatch, FindsAsGetDoes) {
  for (const std::uint64_t size : {0u, 5u, 1000u, 200'000u}) {
    Numbers table;
    for (std::uint64_t n = 0; n < size; ++n) table.emplace(2 * n, n);
    std::vector<std::uint64_t> keys;
    kit::Random random(size);
    for (int i = 0; i < 1003; ++i) keys.push_back(random.below(4 * size + 10));
    std::vector<std::uint64_t*> found(keys.size());
    table.find_batch(std::span<const std::uint64_t>(keys), std::span<std::uint64_t*>(found));
    std::vector<const std::uint64_t*> const_found(keys.size());
    std::as_const(table).find_batch(std::span<const std::uint64_t>(keys), std::span<const std::uint64_t*>(const_found));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(found[i], table.get(keys[i]));
      ASSERT_EQ(const_found[i], table.get(keys[i]));
    }
  }
}

TEST(HashTableBatch, InsertsWhatIsNewAndCountsIt) {
  for (const std::uint64_t size : {0u, 3u, 40u, 5000u, 100'000u}) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> range;
    kit::Random random(size + 1);
    for (std::uint64_t i = 0; i < size; ++i) range.emplace_back(random.below(2 * size), i);
    Numbers table;
    Numbers singly;
    for (std::uint64_t i = 0; i < 10; ++i) {
      table.emplace(i, 1'000'000);
      singly.emplace(i, 1'000'000);
    }
    std::size_t wanted = 0;
    for (const auto& pair : range) wanted += singly.insert(pair).second ? 1 : 0;
    EXPECT_EQ(table.insert_batch(range), wanted);
    EXPECT_TRUE(table == singly);
    EXPECT_EQ(table.insert_batch(range), 0u);
    kit::expect_invariants(table);
  }
}

TEST(HashTableBatch, TakesAnyRange) {
  Numbers table;
  EXPECT_EQ(table.insert_batch(std::map<std::uint64_t, std::uint64_t>{{1, 10}, {2, 20}}), 2u);
  EXPECT_EQ(table.insert_batch(Numbers{{2, 30}, {3, 30}}), 1u);
  EXPECT_EQ(table.insert_batch(std::views::iota(std::uint64_t{0}, std::uint64_t{50}) |
                               std::views::transform([](std::uint64_t n) { return std::pair(n, n); })),
            47u);
  EXPECT_EQ(table.at(2), 20u);
  EXPECT_EQ(table.at(3), 30u);
}

TEST(HashSetBatch, AnElementOfAnInputRangeIsGoneWhenTheNextIsRead) {
  // A stream's iterator gives a reference to its one buffer.
  std::istringstream stream("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 1 2 3");
  perturb::HashSet<int> set;
  EXPECT_EQ(set.insert_batch(std::ranges::subrange(std::istream_iterator<int>(stream), std::istream_iterator<int>())),
            20u);
  for (int n = 1; n <= 20; ++n) EXPECT_TRUE(set.contains(n));
}

// --- ranges and merges

TEST(HashTableRanges, AreInsertedAndConstructFrom) {
  const std::list<std::pair<std::string, int>> pairs = {{"one", 1}, {"two", 2}, {"one", 3}};
  Words inserted;
  inserted.insert_range(pairs);
  const Words constructed(perturb::from_range, pairs);
  const Words with_all(perturb::from_range, pairs, 100, Words::hasher(), Words::key_equal(), Words::allocator_type());
  for (const Words* words : {&std::as_const(inserted), &constructed, &with_all}) {
    EXPECT_EQ(words->size(), 2u);
    EXPECT_EQ(words->at("one"), 1);
  }
  EXPECT_GE(with_all.bucket_count(), 100u);
  perturb::HashSet<int> set(perturb::from_range, std::array{1, 2, 3, 2});
  EXPECT_EQ(set.size(), 3u);
  set.insert_range(std::views::iota(0, 10));
  EXPECT_EQ(set.size(), 10u);
}

TEST(HashTableMerge, TablesOfUnlikeHashersAndGrowthMerge) {
  using Other =
      perturb::HashTable<std::uint64_t, std::uint64_t, kit::ConstantHash, std::equal_to<std::uint64_t>,
                         std::allocator<std::pair<const std::uint64_t, std::uint64_t>>, perturb::growth::Doubling>;
  Numbers table;
  Other other;
  for (std::uint64_t n = 0; n < 40; ++n) table.emplace(n, n);
  for (std::uint64_t n = 20; n < 90; ++n) other.emplace(n, n + 1000);
  table.merge(other);
  EXPECT_EQ(table.size(), 90u);
  EXPECT_EQ(other.size(), 20u);
  EXPECT_EQ(table.at(30), 30u);
  EXPECT_EQ(table.at(80), 1080u);
  EXPECT_EQ(other.at(30), 1030u);
  kit::expect_invariants(table);
  kit::expect_invariants(other);
  other.merge(std::move(table));
  EXPECT_EQ(other.size(), 90u);
  kit::expect_invariants(other);
}

TEST(HashTableMerge, TablesWithUnequalHasherStatesMerge) {
  using Table = perturb::HashTable<std::uint64_t, std::string, kit::IdHash<std::uint64_t>>;
  Table table(0, kit::IdHash<std::uint64_t>{1});
  Table other(0, kit::IdHash<std::uint64_t>{2});
  for (std::uint64_t n = 0; n < 40; ++n) table.emplace(n, "here");
  for (std::uint64_t n = 20; n < 90; ++n) other.emplace(n, "there");
  table.merge(other);
  EXPECT_EQ(table.size(), 90u);
  EXPECT_EQ(other.size(), 20u);
  kit::expect_invariants(table);
  kit::expect_invariants(other);
}

TEST(HashTableMerge, TheSourceKeepsItsCapacity) {
  Numbers table;
  Numbers other;
  for (std::uint64_t n = 0; n < 1000; ++n) other.emplace(n, n);
  const std::size_t capacity = other.bucket_count();
  table.merge(other);
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(other.bucket_count(), capacity);
}

// --- what the table says about itself

TEST(HashTableState, MemoryBytesAreWhatTheAllocatorGave) {
  using Value = std::pair<const std::uint64_t, std::string>;
  perturb::HashTable<std::uint64_t, std::string, perturb::XxHash<std::uint64_t>, perturb::Equal<std::uint64_t>,
                     kit::IdAllocator<Value, kit::kPropagateNever>>
      table;
  for (std::uint64_t n = 0; n < 3000; ++n) {
    table.emplace(n, "");
    ASSERT_EQ(table.memory_bytes(), kit::Ledger::instance().bytes());
  }
  for (std::uint64_t n = 0; n < 3000; ++n) {
    table.erase(n);
    ASSERT_EQ(table.memory_bytes(), kit::Ledger::instance().bytes());
  }
  table.shrink_to_fit();
  EXPECT_EQ(table.memory_bytes(), 0u);
  EXPECT_EQ(kit::Ledger::instance().bytes(), 0u);
}

template <class Table>
void expect_stats_agree(const Table& table) {
  const perturb::TableStats stats = table.stats();
  EXPECT_EQ(stats.size, table.size());
  EXPECT_EQ(stats.capacity, table.bucket_count());
  EXPECT_EQ(stats.tombstones, table.tombstone_count());
  EXPECT_EQ(std::accumulate(stats.probe_lengths.begin(), stats.probe_lengths.end(), std::size_t{0}), table.size());
  EXPECT_LE(stats.longest_probe, table.bucket_count() / 16 + 13);
  EXPECT_GE(stats.groups_visited, table.size());
  EXPECT_FALSE(stats.verdict().empty());
}

TEST(HashTableStats, CountTheElementsByProbeLength) {
  Numbers table;
  expect_stats_agree(table);
  kit::Random random(3);
  for (int i = 0; i < 5000; ++i) {
    table.emplace(random.below(3000), 0);
    table.erase(random.below(3000));
    if (i % 500 == 0) expect_stats_agree(table);
  }
  expect_stats_agree(table);
  EXPECT_LT(table.stats().mean_probe_length(), 1.3);
}

/// Constant, and claims to be good: the table takes it as it is.
struct ConstantRawHash {
  using is_avalanching = std::true_type;
  std::uint64_t operator()(std::uint64_t) const { return 7; }
};

TEST(HashTableStats, AConstantHasherIsNamedInTheVerdict) {
  perturb::HashTable<std::uint64_t, int, ConstantRawHash> bad;
  perturb::HashTable<std::uint64_t, int> good;
  for (std::uint64_t n = 0; n < 500; ++n) {
    bad.emplace(n, 0);
    good.emplace(n, 0);
  }
  expect_stats_agree(bad);
  // All in one probe sequence: groups of sixteen, one after the other, with one tag.
  EXPECT_EQ(bad.stats().probe_lengths[0], 16u);
  EXPECT_EQ(bad.stats().longest_probe, 500u / 16 + 1);
  EXPECT_EQ(bad.stats().distinct_tags, 1u);
  EXPECT_NE(bad.stats().verdict().find("1 distinct tags"), std::string::npos) << bad.stats().verdict();
  EXPECT_NE(good.stats().verdict(), bad.stats().verdict());
  EXPECT_GT(good.stats().distinct_tags, 150u);
}

// --- memory resources

TEST(HashTablePmr, ElementsUseTheTablesResource) {
  std::pmr::memory_resource* const resource = kit::resource(1);
  {
    perturb::pmr::HashTable<std::pmr::string, std::pmr::string> table(resource);
    perturb::pmr::HashSet<std::pmr::string> set(resource);
    for (int n = 0; n < 100; ++n) {
      const std::pmr::string text("long enough not to fit into the string " + std::to_string(n));
      table.emplace(text, text);
      table.try_emplace(text + "!", text);
      table[text + "?"] = text;
      set.insert(text);
    }
    for (const auto& [key, value] : table) {
      EXPECT_EQ(key.get_allocator().resource(), resource);
      EXPECT_EQ(value.get_allocator().resource(), resource);
    }
    for (const auto& key : set) EXPECT_EQ(key.get_allocator().resource(), resource);
    EXPECT_EQ(table.size(), 300u);
    EXPECT_GE(kit::Ledger::instance().blocks_of(1), 600u);

    const perturb::pmr::HashTable<std::pmr::string, std::pmr::string> copy(table);
    EXPECT_EQ(copy.get_allocator().resource(), std::pmr::get_default_resource());
    EXPECT_TRUE(copy == table);
    perturb::pmr::HashTable<std::pmr::string, std::pmr::string> moved(std::move(table), kit::resource(2));
    EXPECT_TRUE(moved == copy);
    for (const auto& [key, value] : moved) EXPECT_EQ(key.get_allocator().resource(), kit::resource(2));
  }
  EXPECT_EQ(kit::Ledger::instance().blocks(), 0u);
}

}  // namespace
