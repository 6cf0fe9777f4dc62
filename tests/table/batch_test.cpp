// SPDX-License-Identifier: MIT
/// @file find_batch and insert_batch do what single calls do, in tables that fit into the cache and in larger ones.
#include "support/functors.hpp"
#include "support/invariants.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/table/batch.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <numeric>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using Table = perturb::HashTable<std::uint64_t, std::uint64_t>;

constexpr std::size_t kLarge = 200000;

Table table_of(std::size_t size) {
  Table table;
  for (std::uint64_t i = 0; i < size; ++i) table.try_emplace(i * 3, i);
  return table;
}

void expect_batch_finds_as_single_calls(std::size_t size) {
  Table table = table_of(size);
  std::mt19937_64 random(size);
  std::vector<std::size_t> counts{0, 1, 1000};
  for (std::size_t count = 15; count <= 65; ++count) counts.push_back(count);
  for (const std::size_t count : counts) {
    std::vector<std::uint64_t> keys(count + 1);
    for (std::uint64_t& key : keys) key = random() % (4 * size + 4);
    keys.back() = 0;  // is there, but is not sought
    std::vector<std::uint64_t*> found(count + 1, nullptr);
    const std::span<const std::uint64_t> sought(keys.data(), count);
    table.find_batch(sought, found);
    ASSERT_EQ(found[count], nullptr);
    std::vector<const std::uint64_t*> const_found(count);
    std::as_const(table).find_batch(sought, const_found);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i], table.get(keys[i]));
      ASSERT_EQ(const_found[i], table.get(keys[i]));
    }
  }
}

TEST(FindBatch, FindsInAnEmptyTable) { expect_batch_finds_as_single_calls(0); }
TEST(FindBatch, FindsInASmallTable) { expect_batch_finds_as_single_calls(1000); }
TEST(FindBatch, FindsInATableBeyondTheCache) {
  ASSERT_GT(table_of(kLarge).memory_bytes(), perturb::detail::table::batch::kCachedBytes);
  expect_batch_finds_as_single_calls(kLarge);
}

// An almost empty table whose memory is beyond the cache all the same.
template <class AnyTable>
AnyTable roomy() {
  AnyTable table;
  table.reserve(kLarge);
  EXPECT_GT(table.memory_bytes(), perturb::detail::table::batch::kCachedBytes);
  return table;
}

TEST(FindBatch, FindsAlongTheSameLongProbeSequence) {
  // The low bits of the hash choose the home group: all keys have the same, and fill many groups of its sequence. Three
  // tags among them, so that most slots with a key's tag hold another key.
  auto table = roomy<perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash>>();
  const auto key = [](std::uint64_t i) { return i << 40 | (16 + i % 3) << 32; };
  for (std::uint64_t i = 0; i < 400; ++i) table.try_emplace(key(i), i);
  for (std::uint64_t i = 100; i < 150; ++i) table.erase(key(i));
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 600; ++i) keys.push_back(key(i * 7 % 600));
  std::vector<std::uint64_t*> found(keys.size());
  table.find_batch(keys, found);
  for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(found[i], table.get(keys[i])) << i;
}

TEST(FindBatch, FindsPastFullGroupsWithoutTheTag) {
  // All keys have the same home group and few the same tag, so that searches go on through many groups side by side,
  // more of them than are kept, and some still at the end of the batch.
  auto table = roomy<perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash>>();
  const auto key = [](std::uint64_t i) { return i << 40 | (i % 251) << 32; };
  for (std::uint64_t i = 0; i < 250; ++i) table.try_emplace(key(i), i);
  for (const std::size_t count : {1U, 15U, 17U, 40U, 300U}) {
    std::vector<std::uint64_t> keys;
    for (std::uint64_t i = 0; i < count; ++i) keys.push_back(key((i * 7 + 200) % 300));
    std::vector<std::uint64_t*> found(keys.size());
    table.find_batch(keys, found);
    for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(found[i], table.get(keys[i])) << i;
  }
}

TEST(FindBatch, FindsTheSameKeyManyTimes) {
  Table table = table_of(kLarge);
  const std::vector<std::uint64_t> keys(100, 3);
  std::vector<std::uint64_t*> found(keys.size());
  table.find_batch(keys, found);
  EXPECT_EQ(found, std::vector<std::uint64_t*>(keys.size(), table.get(3)));
}

TEST(FindBatch, FindsKeysThatOwnMemory) {
  auto table = roomy<perturb::HashTable<std::string, int>>();
  const auto key = [](int i) { return "a key that is too long to be kept in place: " + std::to_string(i); };
  for (int i = 0; i < 1000; ++i) table.try_emplace(key(i), i);
  std::vector<std::string> keys;
  for (int i = 0; i < 1500; ++i) keys.push_back(key(i));
  std::vector<int*> found(keys.size());
  table.find_batch(keys, found);
  for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(found[i], table.get(keys[i]));
}

TEST(FindBatch, OfASetGivesTheKeys) {
  perturb::HashSet<std::string> set{"a", "b"};
  const std::vector<std::string> keys{"b", "c", "a"};
  std::vector<const std::string*> found(3);
  set.find_batch(keys, found);
  EXPECT_EQ(found, (std::vector<const std::string*>{&*set.find("b"), nullptr, &*set.find("a")}));
}

void expect_batch_inserts_as_single_calls(std::size_t before, std::size_t size) {
  Table table = table_of(before);
  Table expected = table;
  std::mt19937_64 random(size);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
  // Every key about twice: the first one counts, also within a chunk.
  for (std::size_t i = 0; i < size; ++i) elements.emplace_back(random() % (size / 2 + 1), i);
  std::size_t inserted = 0;
  for (const auto& [key, value] : elements) inserted += expected.try_emplace(key, value).second ? 1 : 0;
  EXPECT_EQ(table.insert_batch(elements), inserted);
  EXPECT_EQ(table, expected);
  EXPECT_EQ(table.insert_batch(elements), 0U);
}

TEST(InsertBatch, InsertsIntoAnEmptyTable) { expect_batch_inserts_as_single_calls(0, 5000); }
TEST(InsertBatch, InsertsAcrossManyGrowths) { expect_batch_inserts_as_single_calls(0, 200000); }
TEST(InsertBatch, InsertsIntoATableBeyondTheCache) { expect_batch_inserts_as_single_calls(kLarge, 50000); }

TEST(InsertBatch, InsertsAnyCountBeyondTheCache) {
  auto table = roomy<Table>();
  std::uint64_t next = 0;
  for (std::size_t count = 0; count <= 130; ++count) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
    for (std::size_t i = 0; i < count; ++i, ++next) elements.emplace_back(next, next + 1);
    ASSERT_EQ(table.insert_batch(elements), count);
  }
  EXPECT_EQ(table.size(), next);
  for (std::uint64_t key = 0; key < next; ++key) ASSERT_EQ(table.at(key), key + 1);
}

TEST(InsertBatch, KeepsTheOrderBeyondTheCache) {
  auto table = roomy<perturb::OrderedHashTable<std::uint64_t, std::uint64_t>>();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
  for (std::uint64_t i = 0; i < 500; ++i) elements.emplace_back((i ^ 0x155) / 2, i);  // each key twice
  EXPECT_EQ(table.insert_batch(elements), 250U);
  decltype(table) expected;
  for (const auto& [key, value] : elements) expected.try_emplace(key, value);
  EXPECT_TRUE(std::equal(table.begin(), table.end(), expected.begin(), expected.end()));
}

TEST(InsertBatch, GoesOnWhereAChunkMadeTheTableGrow) {
  auto table = roomy<Table>();
  const std::size_t capacity = table.bucket_count();
  std::uint64_t next = 0;
  while (next < perturb::growth::Dict::max_fill(capacity) - 20) table.try_emplace(next++, 1);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
  for (std::uint64_t i = 0; i < 64; ++i) elements.emplace_back(next + i / 2, i);  // each key twice
  EXPECT_EQ(table.insert_batch(elements), 32U);
  EXPECT_GT(table.bucket_count(), capacity);
  for (std::uint64_t i = 0; i < 32; ++i) ASSERT_EQ(table.at(next + i), 2 * i);
  kit::expect_invariants(table);
}

TEST(InsertBatch, TheFirstOfEqualKeysStays) {
  auto table = roomy<Table>();
  std::vector<std::pair<std::uint64_t, std::uint64_t>> elements;
  for (std::uint64_t i = 0; i < 100; ++i) elements.emplace_back(5, i);
  EXPECT_EQ(table.insert_batch(elements), 1U);
  EXPECT_EQ(table.at(5), 0U);
}

TEST(InsertBatch, CopiesElementsThatOwnMemory) {
  auto table = roomy<perturb::HashTable<std::string, std::string>>();
  std::list<std::pair<std::string, std::string>> elements;
  for (int i = 0; i < 500; ++i)
    elements.emplace_back("a key that is too long to be kept in place: " + std::to_string(i), "a value");
  EXPECT_EQ(table.insert_batch(elements), 500U);
  EXPECT_EQ(table.insert_batch(elements), 0U);
  for (const auto& [key, value] : elements) ASSERT_EQ(table.at(key), value);
}

// Throws when the count that is given before comes to zero.
struct Fuse {
  static inline std::size_t left = 0;
  static void burn() {
    if (left != 0 && --left == 0) throw std::runtime_error("the fuse");
  }
};
struct BurningHash {
  std::uint64_t operator()(std::uint64_t key) const {
    Fuse::burn();
    return key;
  }
};
struct BurningEqual {
  bool operator()(std::uint64_t a, std::uint64_t b) const {
    Fuse::burn();
    return a == b;
  }
};
struct BurningValue {
  explicit BurningValue(std::uint64_t n) : number(n) {}
  BurningValue(const BurningValue& other) : number(other.number) { Fuse::burn(); }
  std::uint64_t number;
};

// With something thrown at every point of a batch: what is there is a first part of the batch, and the rest can follow.
template <class BurningTable>
void expect_batch_survives() {
  std::vector<typename BurningTable::value_type> elements;
  for (std::uint64_t i = 0; i < 150; ++i) elements.emplace_back(i, typename BurningTable::mapped_type(i + 1));
  bool thrown = true;
  for (std::size_t points = 1; thrown; points += 13) {
    auto table = roomy<BurningTable>();
    table.insert_batch(std::vector<typename BurningTable::value_type>(elements.begin(), elements.begin() + 10));
    thrown = false;
    Fuse::left = points;
    try {
      table.insert_batch(elements);
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    Fuse::left = 0;
    const std::size_t size = table.size();
    ASSERT_GE(size, 10U);
    ASSERT_TRUE(thrown || size == elements.size());
    for (std::uint64_t i = 0; i < size; ++i) ASSERT_TRUE(table.contains(i));
    kit::expect_invariants(table);

    ASSERT_EQ(table.insert_batch(elements), elements.size() - size);
  }
}

template <class BurningTable>
void expect_search_survives() {
  auto table = roomy<BurningTable>();
  std::vector<std::uint64_t> keys;
  for (std::uint64_t i = 0; i < 100; ++i) {
    table.try_emplace(i, i);
    keys.push_back(i);
  }
  const BurningTable before = table;
  std::vector<std::uint64_t*> found(keys.size());
  for (std::size_t points = 1; points <= keys.size(); ++points) {
    Fuse::left = points;
    EXPECT_THROW(table.find_batch(keys, found), std::runtime_error);
  }
  EXPECT_EQ(table, before);
}

TEST(FindBatch, ChangesNothingWhenTheHasherThrows) {
  expect_search_survives<perturb::HashTable<std::uint64_t, std::uint64_t, BurningHash>>();
}
TEST(FindBatch, ChangesNothingWhenTheEqualityThrows) {
  using perturb::XxHash;
  expect_search_survives<perturb::HashTable<std::uint64_t, std::uint64_t, XxHash<std::uint64_t>, BurningEqual>>();
}

TEST(InsertBatch, KeepsWhatIsThereWhenTheHasherThrows) {
  expect_batch_survives<perturb::HashTable<std::uint64_t, std::uint64_t, BurningHash>>();
}
TEST(InsertBatch, KeepsWhatIsThereWhenTheEqualityThrows) {
  using perturb::XxHash;
  expect_batch_survives<perturb::HashTable<std::uint64_t, std::uint64_t, XxHash<std::uint64_t>, BurningEqual>>();
}
TEST(InsertBatch, KeepsWhatIsThereWhenACopyThrows) {
  expect_batch_survives<perturb::HashTable<std::uint64_t, BurningValue>>();
}

// --- one by one in tables that fit into the cache, many at once in larger ones

// What had been done before each of the keys 0, 1, 2 … was hashed.
struct Progress {
  static inline std::size_t compared = 0;
  static inline std::function<std::size_t()> done;
  static inline std::vector<std::size_t> before_hash;
  static void hashes(std::uint64_t key) {
    if (done && key == before_hash.size()) before_hash.push_back(done());
  }
  template <class Operation>
  static std::vector<std::size_t> of(std::function<std::size_t()> what, Operation operation) {
    before_hash.clear();
    done = std::move(what);
    operation();
    done = nullptr;
    return before_hash;
  }
};
template <class Key>
struct WatchedHash {
  std::uint64_t operator()(const Key& key) const noexcept {
    Progress::hashes(static_cast<std::uint64_t>(key));
    return static_cast<std::uint64_t>(key);
  }
};
template <class Key>
struct WatchedEqual {
  bool operator()(const Key& a, const Key& b) const noexcept {
    ++Progress::compared;
    return static_cast<std::uint64_t>(a) == static_cast<std::uint64_t>(b);
  }
};
template <class Key>
using WatchedSet = perturb::HashSet<Key, WatchedHash<Key>, WatchedEqual<Key>>;

// How many comparisons a batch that finds the keys 0 … count - 1 has made before it hashes each of them.
template <class Key>
std::vector<std::size_t> comparisons_before_each_hash(WatchedSet<Key>& set, std::size_t count) {
  std::vector<Key> keys;
  for (std::uint64_t i = 0; i < count; ++i) keys.emplace_back(i);
  for (const Key& key : keys) set.insert(key);
  std::vector<const Key*> found(count);
  Progress::compared = 0;
  return Progress::of([] { return Progress::compared; }, [&] { set.find_batch(keys, found); });
}

// How many elements a batch that inserts the keys 0 … count - 1 has inserted before it hashes each of them.
std::vector<std::size_t> insertions_before_each_hash(WatchedSet<std::uint64_t>& set, std::size_t count) {
  std::vector<std::uint64_t> keys(count);
  std::iota(keys.begin(), keys.end(), std::uint64_t{0});
  const std::size_t before = set.size();
  return Progress::of([&] { return set.size() - before; }, [&] { set.insert_batch(keys); });
}

// Three of them in a table of 4 MiB exactly.
struct HugeKey {
  HugeKey() = default;
  explicit HugeKey(std::uint64_t number) { bytes[0] = static_cast<char>(number); }
  explicit operator std::uint64_t() const { return static_cast<std::uint64_t>(bytes[0]); }
  char bytes[((std::size_t{4} << 20) - std::size_t{16}) / 3];
};

TEST(FindBatch, TakesKeysOneByOneInTablesOfUpTo4MiB) {
  WatchedSet<std::uint64_t> set;
  set.reserve(100'000);
  ASSERT_EQ(set.bucket_count(), std::size_t{1} << 18);
  const auto compared = comparisons_before_each_hash(set, 100);
  ASSERT_EQ(compared.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) ASSERT_GE(compared[i], i);

  WatchedSet<HugeKey> huge;
  const auto huge_compared = comparisons_before_each_hash(huge, 3);
  ASSERT_EQ(huge.memory_bytes(), std::size_t{4} << 20);
  EXPECT_EQ(huge_compared, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(FindBatch, HashesKeysAheadInLargerTables) {
  WatchedSet<std::uint64_t> set;
  set.reserve(200'000);
  ASSERT_EQ(set.bucket_count(), std::size_t{1} << 19);
  const auto compared = comparisons_before_each_hash(set, 100);
  ASSERT_EQ(compared.size(), 100U);
  EXPECT_EQ(compared[15], 0U);
}

TEST(InsertBatch, TakesElementsOneByOneInATableThatFitsIntoTheCache) {
  WatchedSet<std::uint64_t> set;
  std::vector<std::size_t> expected(200);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  EXPECT_EQ(insertions_before_each_hash(set, 200), expected);
}

TEST(InsertBatch, HashesChunksAheadAsSoonAsTheTableIsLarger) {
  WatchedSet<std::uint64_t> set;
  for (std::uint64_t i = 0; i < perturb::growth::Dict::max_fill(std::size_t{1} << 18) - 10; ++i) {
    set.insert(i + (std::uint64_t{1} << 40));
  }
  ASSERT_EQ(set.bucket_count(), std::size_t{1} << 18);
  const auto inserted = insertions_before_each_hash(set, 200);
  ASSERT_EQ(set.bucket_count(), std::size_t{1} << 19);
  ASSERT_EQ(inserted.size(), 200U);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(inserted[i], i < 64 ? i : i / 64 * 64) << i;
}

TEST(InsertBatch, TakesRangesOfOneAndOfNone) {
  Table table;
  EXPECT_EQ(table.insert_batch(std::vector<Table::value_type>{}), 0U);
  EXPECT_EQ(table.insert_batch(std::list<Table::value_type>{{1, 2}}), 1U);
  EXPECT_EQ(table.at(1), 2U);
}

TEST(InsertBatch, TakesElementsWhoseKeyHasToBeMadeFirst) {
  perturb::HashTable<std::string, int> table;
  const std::vector<std::pair<const char*, int>> elements{{"a", 1}, {"b", 2}, {"a", 3}};
  EXPECT_EQ(table.insert_batch(elements), 2U);
  EXPECT_EQ(table.at("a"), 1);
}

TEST(InsertBatch, TakesRangesThatMakeTheirElements) {
  perturb::HashSet<bool> set;
  const std::vector<bool> elements{true, false, true};  // its references are no references
  EXPECT_EQ(set.insert_batch(elements), 2U);
}

}  // namespace
