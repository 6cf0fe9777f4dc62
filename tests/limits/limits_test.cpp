// SPDX-License-Identifier: MIT
// Sizes at the limits: counts that overflow, allocators with little room, elements with large alignments, and rings of
// 2^31 points. tests/limits/four_billion.cpp has 2^32 elements.
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/sharded_table.hpp>
#include <perturb/virtual_nodes.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::HashSet;
using perturb::HashTable;
using perturb::OrderedHashTable;

constexpr std::size_t kLargest = std::numeric_limits<std::size_t>::max();

// Counts near the largest std::size_t and near max_size(), which sums and products of them would overflow.
template <class Table>
std::vector<std::size_t> impossible_sizes() {
  std::vector<std::size_t> sizes;
  const std::size_t limit = Table().max_size();
  for (std::size_t i = 0; i < 3; ++i) {
    for (const std::size_t near : {kLargest, kLargest / 2 + 1, kLargest / 3 * 2, kLargest / 4 * 3}) {
      sizes.push_back(near - i);
    }
    sizes.push_back(limit + 1 + i);
  }
  return sizes;
}

template <class Table>
class TableLimits : public testing::Test {};
struct Wide {
  std::uint64_t parts[100];
};
using Tables = testing::Types<HashTable<int, int>, HashSet<std::uint8_t>, HashTable<int, Wide>,
                              HashSet<int>::with_growth<perturb::growth::Doubling>,
                              HashSet<int>::with_growth<perturb::growth::Quadrupling>,
                              perturb::OrderedHashTable<int, Wide>, perturb::OrderedHashSet<std::uint8_t>>;
TYPED_TEST_SUITE(TableLimits, Tables);

TYPED_TEST(TableLimits, SizesThatDoNotFitAreALengthErrorAndChangeNothing) {
  TypeParam table;
  for (int n = 0; n < 100; ++n) {
    if constexpr (requires { typename TypeParam::mapped_type; }) {
      table.try_emplace(n);
    } else {
      table.insert(static_cast<typename TypeParam::key_type>(n));
    }
  }
  const std::size_t capacity = table.bucket_count();
  for (const std::size_t size : impossible_sizes<TypeParam>()) {
    EXPECT_THROW(table.reserve(size), std::length_error) << size;
    if (size > 2 * table.max_size()) {
      EXPECT_THROW(table.rehash(size), std::length_error) << size;
      EXPECT_THROW(TypeParam bad(size), std::length_error) << size;
    }
    ASSERT_EQ(table.size(), 100u);
    ASSERT_EQ(table.bucket_count(), capacity);
  }
  for (int n = 0; n < 100; ++n) ASSERT_EQ(table.count(static_cast<typename TypeParam::key_type>(n)), 1u);
  // A floor that was refused is not kept: the table still shrinks.
  for (int n = 0; n < 99; ++n) table.erase(static_cast<typename TypeParam::key_type>(n));
  table.shrink_to_fit();
  EXPECT_EQ(table.bucket_count(), TypeParam(1).bucket_count());
}

TYPED_TEST(TableLimits, TheLargestSizeFitsIntoTheAddressSpace) {
  const TypeParam table;
  EXPECT_GT(table.max_size(), kLargest >> 16);
  EXPECT_LT(table.max_size(), kLargest / sizeof(typename TypeParam::value_type));
}

// An allocator with room for kRoom bytes at once.
template <class T>
struct SmallRoom {
  static constexpr std::size_t kRoom = 17'000;
  using value_type = T;

  SmallRoom() = default;
  template <class U>
  SmallRoom(const SmallRoom<U>&) noexcept {}
  std::size_t max_size() const noexcept { return kRoom / sizeof(T); }
  T* allocate(std::size_t n) {
    EXPECT_LE(n, max_size()) << "more was asked for than max_size() says";
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* block, std::size_t n) noexcept { std::allocator<T>().deallocate(block, n); }
  friend bool operator==(SmallRoom, SmallRoom) { return true; }
};

using Key = std::uint64_t;
template <template <class, class, class, class, class, class> class Table, class Growth>
using InSmallRoom =
    Table<Key, Key, perturb::XxHash<Key>, perturb::Equal<Key>, SmallRoom<std::pair<const Key, Key>>, Growth>;

template <class Table>
void expect_full_to_the_limit() {
  Table table;
  Key n = 0;
  bool is_refused = false;
  while (!is_refused && n < 10'000) {
    try {
      table.try_emplace(n, n);
      ++n;
    } catch (const std::length_error&) {
      is_refused = true;
    }
  }
  ASSERT_TRUE(is_refused);
  EXPECT_GE(n, 100u);
  EXPECT_LE(n, table.max_size());
  ASSERT_EQ(table.size(), n);
  for (Key key = 0; key < n; ++key) ASSERT_EQ(*table.get(key), key);
  // A table that cannot grow is still a table: there is room for what replaces what is erased.
  for (Key key = 0; key < n; key += 2) ASSERT_EQ(table.erase(key), 1u);
  for (Key key = 0; key < n; key += 2) ASSERT_TRUE(table.try_emplace(key, key).second);
  EXPECT_THROW(table.reserve(10 * table.size()), std::length_error);
  ASSERT_EQ(table.size(), n);
}

TEST(SmallAllocators, RefuseOneElementTooManyAndKeepTheOthers) {
  expect_full_to_the_limit<InSmallRoom<HashTable, perturb::growth::Dict>>();
  expect_full_to_the_limit<InSmallRoom<HashTable, perturb::growth::Quadrupling>>();
  expect_full_to_the_limit<InSmallRoom<HashTable, perturb::growth::Doubling>>();
  expect_full_to_the_limit<InSmallRoom<OrderedHashTable, perturb::growth::Dict>>();
  expect_full_to_the_limit<InSmallRoom<OrderedHashTable, perturb::growth::Doubling>>();
}

template <class Table>
void expect_rehash_to_the_limit() {
  Table table;
  table.try_emplace(1, 2);
  EXPECT_THROW(table.rehash(table.max_bucket_count() + 1), std::length_error);
  EXPECT_EQ(table.bucket_count(), Table(1).bucket_count());
  table.rehash(table.max_bucket_count());
  EXPECT_EQ(table.bucket_count(), table.max_bucket_count());
  // As many elements as fit, and one more.
  for (Key n = 0; n < table.max_size(); ++n) table.try_emplace(n, n);
  EXPECT_EQ(table.size(), table.max_size());
  EXPECT_THROW(table.try_emplace(table.max_size()), std::length_error);
  EXPECT_THROW(table.reserve(table.max_size() + 1), std::length_error);
  EXPECT_EQ(table.at(1), 2u);
  EXPECT_EQ(table.bucket_count(), table.max_bucket_count());
}

TEST(SmallAllocators, GiveTheLargestTableThatTheyPromise) {
  expect_rehash_to_the_limit<InSmallRoom<HashTable, perturb::growth::Dict>>();
  expect_rehash_to_the_limit<InSmallRoom<HashTable, perturb::growth::Doubling>>();
}

// An allocator with room for one element.
template <class T>
struct NoRoom : SmallRoom<T> {
  NoRoom() = default;
  template <class U>
  NoRoom(const NoRoom<U>&) noexcept {}
  std::size_t max_size() const noexcept { return 1; }
};

template <template <class, class, class, class, class, class> class Table>
void expect_no_room() {
  Table<Key, Key, perturb::XxHash<Key>, perturb::Equal<Key>, NoRoom<std::pair<const Key, Key>>, perturb::growth::Dict>
      table;
  EXPECT_EQ(table.max_size(), 0u);
  EXPECT_THROW(table.try_emplace(1, 2), std::length_error);
  EXPECT_THROW(table.reserve(1), std::length_error);
  EXPECT_TRUE(table.empty());
  EXPECT_FALSE(table.contains(1));
}

TEST(SmallAllocators, WithoutRoomForAnyTableRefuseTheFirstElement) {
  expect_no_room<HashTable>();
  expect_no_room<OrderedHashTable>();
}

TEST(OrderedTableLimits, SizesThatDoNotFitAreALengthErrorAndChangeNothing) {
  InSmallRoom<OrderedHashTable, perturb::growth::Doubling> table;
  for (Key n = 0; n < 20; ++n) table.try_emplace(n, n);
  const std::size_t capacity = table.bucket_count();
  for (const std::size_t size : {table.max_size() + 1, kLargest / 2 + 1, kLargest}) {
    EXPECT_THROW(table.reserve(size), std::length_error) << size;
    EXPECT_THROW(table.rehash(size + SmallRoom<std::byte>::kRoom), std::length_error) << size;
  }
  EXPECT_EQ(table.bucket_count(), capacity);
  // With elements this small, as many slots as the allocator has room for are not too many for the elements.
  using Byte = std::uint8_t;
  perturb::OrderedHashSet<Byte, perturb::XxHash<Byte>, perturb::Equal<Byte>, SmallRoom<Byte>> bytes;
  bytes.rehash(bytes.max_bucket_count());
  EXPECT_EQ(bytes.bucket_count(), bytes.max_bucket_count());
  EXPECT_THROW(bytes.rehash(bytes.max_bucket_count() + 1), std::length_error);
  Key n = 0;
  for (const auto& [key, value] : table) EXPECT_EQ(key, n++);
  EXPECT_EQ(n, 20u);
}

// ---- Alignment ------------------------------------------------------------------------------------------------------

template <std::size_t alignment>
struct alignas(alignment) Aligned {
  std::uint32_t number;

  explicit Aligned(std::uint32_t n) : number(n) { EXPECT_TRUE(is_aligned()); }
  Aligned(const Aligned& other) : number(other.number) { EXPECT_TRUE(is_aligned()); }
  Aligned& operator=(const Aligned&) = default;
  ~Aligned() = default;
  bool is_aligned() const { return reinterpret_cast<std::uintptr_t>(this) % alignment == 0; }
  friend bool operator==(const Aligned&, const Aligned&) = default;
  template <class State>
  friend void perturb_hash(State& state, const Aligned& aligned) {
    state(aligned.number);
  }
};

template <std::size_t alignment>
void expect_aligned() {
  using Element = Aligned<alignment>;
  HashSet<Element> set;
  HashTable<std::uint8_t, Element> values;
  HashTable<Element, std::uint8_t> keys;
  perturb::OrderedHashTable<Element, std::uint8_t> ordered;
  perturb::ShardedTable<std::uint32_t, Element, int> sharded;
  sharded.add_node(1);
  for (std::uint32_t n = 0; n < 200; ++n) {
    set.insert(Element(n));
    values.try_emplace(static_cast<std::uint8_t>(n), n);
    keys.try_emplace(Element(n));
    ordered.try_emplace(Element(n));
    sharded.try_emplace(n, n);
  }
  for (std::uint32_t n = 0; n < 200; n += 3) {
    ASSERT_EQ(set.erase(Element(n)), 1u);
    ASSERT_EQ(values.pop(static_cast<std::uint8_t>(n)), Element(n));
    ASSERT_EQ(keys.extract(Element(n))->first, Element(n));
    ASSERT_EQ(ordered.erase(Element(n)), 1u);
    ASSERT_EQ(sharded.pop(n), Element(n));
  }
  for (const Element& element : set) ASSERT_TRUE(element.is_aligned());
  for (const auto& [key, element] : values) ASSERT_TRUE(element.is_aligned() && element.number == key);
  for (const auto& [element, value] : keys) ASSERT_TRUE(element.is_aligned() && value == 0);
  for (const auto& [element, value] : ordered) ASSERT_TRUE(element.is_aligned() && value == 0);
  for (const auto& [key, element] : sharded) ASSERT_TRUE(element.is_aligned() && element.number == key);
  const auto copy = set;
  ASSERT_EQ(copy, set);
}

TEST(Alignment, OfElementsIsKeptFrom64BytesToAPage) {
  expect_aligned<64>();
  expect_aligned<128>();
  expect_aligned<512>();
  expect_aligned<4096>();
}

// ---- Rings ----------------------------------------------------------------------------------------------------------

// A placement that counts on being asked first: a ring that is too large is refused before a point is placed.
struct NeverPlaced {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::identity;
  std::uint64_t point_count(double weight) const { return static_cast<std::uint64_t>(weight); }
  template <class Emit>
  void place(const std::string& node, double weight, Emit&& emit) const {
    if (weight > 1000) FAIL() << "points of a ring that is too large are placed";
    for (int i = 0; i < static_cast<int>(weight); ++i) {
      emit(perturb::hash_key(perturb::XxHash<>(), node + std::to_string(i)).value);
    }
  }
};

TEST(RingLimits, RingOf2To31PointsIsRefusedBeforeAnyIsPlaced) {
  using Ring = perturb::HashRing<std::string, perturb::XxHash<>, NeverPlaced>;
  Ring ring({"a"});
  const Ring before = ring;
  EXPECT_THROW(ring.add_node("b", 2147483648.0), std::invalid_argument);
  EXPECT_THROW(ring.add_node("b", 1e19), std::invalid_argument);
  const auto member = [](const char* name, double weight) { return perturb::RingMember<std::string>(name, weight); };
  EXPECT_THROW(ring.add_nodes({member("b", 1073741824.0), member("c", 1073741824.0)}), std::invalid_argument);
  EXPECT_THROW(ring.set_weight("a", 2147483648.0), std::invalid_argument);
  EXPECT_EQ(ring, before);
  EXPECT_EQ(ring.points().size(), 1u);
}

TEST(RingLimits, NodesOfMoreThan2To24PointsAreRefused) {
  perturb::HashRing<std::string> ring({"a"});
  EXPECT_THROW(ring.add_node("b", 65537.0), std::invalid_argument);
  EXPECT_THROW(ring.add_node("b", 1e300), std::invalid_argument);
  perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<>> balanced({"a"});
  EXPECT_THROW(balanced.add_node("b", 65537.0), std::invalid_argument);
  EXPECT_EQ(ring.size() + balanced.size(), 2u);
}

TEST(RingLimits, SmallestAndLargestWeightsMakeOnePointAtLeast) {
  perturb::HashRing<std::string> ring;
  EXPECT_TRUE(ring.add_node("a", std::numeric_limits<double>::denorm_min()));
  EXPECT_TRUE(ring.add_node("b", std::numeric_limits<double>::min()));
  EXPECT_EQ(ring.points().size(), 2u);
  for (const double bad :
       {0.0, -0.0, -1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(ring.add_node("c", bad), std::invalid_argument);
    EXPECT_THROW(ring.set_weight("a", bad), std::invalid_argument);
  }
  EXPECT_EQ(ring.size(), 2u);
}

}  // namespace
