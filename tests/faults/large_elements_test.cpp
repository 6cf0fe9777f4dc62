// SPDX-License-Identifier: MIT
/// @file Elements that are larger than the stack: 12 MiB on the usual one, 300 KiB on one of 256 KiB. No element is
/// ever put on the stack.
#include "support/table_kinds.hpp"

#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <pthread.h>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kSmallStack = 256 * kKiB;
constexpr std::size_t kTooLarge = 300 * kKiB;
constexpr std::size_t kHuge = 12 * kKiB * kKiB;

/// A byte in each page, or in each 16th of a huge one, is written and read: none can be on a stack that has no room.
template <std::size_t kSize>
struct Bytes {
  static constexpr std::size_t kStride = kSize > 1024 * kKiB ? 64 * kKiB : 2 * kKiB;

  char bytes[kSize];

  void set(int n) {
    for (std::size_t i = 0; i < kSize; i += kStride) bytes[i] = static_cast<char>(n);
    bytes[kSize - 1] = static_cast<char>(n);
  }
  int get() const { return bytes[0]; }
  bool holds(int n) const {
    for (std::size_t i = 0; i < kSize; i += kStride) {
      if (bytes[i] != static_cast<char>(n)) return false;
    }
    return bytes[kSize - 1] == static_cast<char>(n);
  }
  void take(const Bytes& other) {
    for (std::size_t i = 0; i < kSize; i += kStride) bytes[i] = other.bytes[i];
    bytes[kSize - 1] = other.bytes[kSize - 1];
  }
};

/// As bytes: the table moves it with memcpy.
template <std::size_t kSize>
struct Trivial : Bytes<kSize> {
  Trivial() {}  // NOLINT: not `= default`, which would fill all with zeros
  explicit Trivial(int n) { this->set(n); }
};
/// With a copy and a move of its own, which cannot throw.
template <std::size_t kSize>
struct Moved : Bytes<kSize> {
  Moved() noexcept { this->set(0); }
  explicit Moved(int n) noexcept { this->set(n); }
  Moved(const Moved& other) noexcept { this->take(other); }
  Moved(Moved&& other) noexcept { this->take(other); }
  Moved& operator=(const Moved& other) noexcept {
    this->take(other);
    return *this;
  }
  ~Moved() { this->set(0); }
};
/// With a copy that may throw, and no move.
template <std::size_t kSize>
struct Copied : Bytes<kSize> {
  Copied() { this->set(0); }
  explicit Copied(int n) { this->set(n); }
  Copied(const Copied& other) { this->take(other); }
  Copied& operator=(const Copied& other) {
    this->take(other);
    return *this;
  }
};

/// Runs `body` in a thread with a stack of 256 KiB.
void with_small_stack(std::function<void()> body) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kSmallStack), 0);
  pthread_t thread;
  const auto run = [](void* function) -> void* {
    (*static_cast<std::function<void()>*>(function))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &body), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

template <class V, bool kSmall, class AnyKind = kit::HashKind>
struct Case {
  using Kind = AnyKind;
  using Value = V;
  static void run(const std::function<void()>& body) {
    if constexpr (kSmall) {
      with_small_stack(body);
    } else {
      body();
    }
  }
};

template <class Case>
class LargeElements : public ::testing::Test {
 protected:
  using Value = typename Case::Value;
  using Table = kit::TableOf<typename Case::Kind, int, Value>;

  static void fill(Table& table, int from, int to) {
    for (int n = from; n < to; ++n) table.try_emplace(n, n);
  }
  static void expect_filled(const Table& table, int from, int to) {
    for (int n = from; n < to; ++n) {
      const Value* const value = table.get(n);
      ASSERT_NE(value, nullptr) << n;
      EXPECT_TRUE(value->holds(n)) << n;
    }
  }
};
using kit::OrderedKind;
using Cases = ::testing::Types<Case<Trivial<kTooLarge>, true>, Case<Moved<kTooLarge>, true>,
                               Case<Copied<kTooLarge>, true>, Case<Trivial<kHuge>, false>, Case<Moved<kHuge>, false>,
                               Case<Trivial<kTooLarge>, true, OrderedKind>, Case<Moved<kTooLarge>, true, OrderedKind>,
                               Case<Copied<kTooLarge>, true, OrderedKind>, Case<Moved<kHuge>, false, OrderedKind>>;
TYPED_TEST_SUITE(LargeElements, Cases);

TYPED_TEST(LargeElements, AreInsertedByTryEmplace) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    for (int n = 0; n < 10; ++n) {
      EXPECT_TRUE(table.try_emplace(n, n).second);
      EXPECT_FALSE(table.try_emplace(n, -1).second);
    }
    TestFixture::expect_filled(table, 0, 10);
  });
}

TYPED_TEST(LargeElements, AreInsertedBySubscript) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    for (int n = 0; n < 10; ++n) table[n].set(n);
    TestFixture::expect_filled(table, 0, 10);
  });
}

TYPED_TEST(LargeElements, AreInsertedByEmplaceAndInsert) {
  TypeParam::run([] {
    using Element = typename TypeParam::Value;
    using Map = typename TestFixture::Table;
    Map table;
    const auto value = std::make_unique<Element>(1);
    const auto pair = std::make_unique<typename Map::value_type>(std::piecewise_construct, std::forward_as_tuple(0),
                                                                 std::forward_as_tuple(1));
    const auto loose = std::make_unique<std::pair<int, Element>>(std::piecewise_construct, std::forward_as_tuple(100),
                                                                 std::forward_as_tuple(1));
    EXPECT_TRUE(table.insert(*pair).second);
    EXPECT_TRUE(table.insert(*loose).second);
    EXPECT_TRUE(table.insert(std::move(*loose)).second == false);
    for (int n = 1; n < 10; ++n) EXPECT_TRUE(table.emplace(n, *value).second);
    for (int n = 10; n < 20; ++n) EXPECT_TRUE(table.insert_or_assign(n, *value).second);
    EXPECT_FALSE(table.insert_or_assign(10, *value).second);
    EXPECT_TRUE(table.set_default(20, 1).holds(1));
    EXPECT_EQ(table.size(), 22u);
    for (const auto& element : table) EXPECT_TRUE(element.second.holds(1));
  });
}

TYPED_TEST(LargeElements, AreInsertedByEmplaceWithAKeyThatCannotBeSeen) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    for (int n = 0; n < 10; ++n) {
      const auto emplace = [&] {
        return table.emplace(std::piecewise_construct, std::forward_as_tuple(n), std::forward_as_tuple(n)).second;
      };
      EXPECT_TRUE(emplace());
      EXPECT_FALSE(emplace());
    }
    TestFixture::expect_filled(table, 0, 10);
  });
}

TYPED_TEST(LargeElements, AreRehashed) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    TestFixture::fill(table, 0, 5);
    table.rehash(64);
    TestFixture::expect_filled(table, 0, 5);
    table.reserve(20);
    table.shrink_to_fit();
    TestFixture::expect_filled(table, 0, 5);
  });
}

/// The number itself, used unmixed: its bits from the fifth on choose the group.
struct RawHash {
  using is_avalanching = void;
  std::uint64_t operator()(int n) const noexcept { return static_cast<std::uint64_t>(n); }
};

TYPED_TEST(LargeElements, AreSwept) {
  TypeParam::run([] {
    // The first of two groups is filled and half emptied, which leaves tombstones; then the second is filled, until the
    // tombstones are needed.
    kit::TableOf<typename TypeParam::Kind, int, typename TypeParam::Value, RawHash> table;
    table.reserve(18);
    ASSERT_EQ(table.bucket_count(), 32u);
    for (int n = 0; n < 16; ++n) table.try_emplace(n, n);
    for (int n = 0; n < 10; ++n) table.erase(n);
    EXPECT_EQ(table.tombstone_count(), 10u);
    for (int n = 16; n < 25; ++n) table.try_emplace(n, n);
    EXPECT_EQ(table.tombstone_count(), 0u) << "the test did not reach a sweep";
    EXPECT_EQ(table.bucket_count(), 32u);
    for (int n = 10; n < 25; ++n) EXPECT_TRUE(table.at(n).holds(n));
  });
}

template <class Kind, class Value>
void churn() {
  with_small_stack([] {
    // Sweeps in which elements change places with each other.
    kit::TableOf<Kind, int, Value> table;
    table.reserve(42);
    int next = 0;
    for (; next < 40; ++next) table.try_emplace(next, next % 100);
    int sweeps = 0;
    for (; next < 1000; ++next) {
      const std::size_t before = table.tombstone_count();
      table.try_emplace(next, next % 100);
      if (before > table.tombstone_count() + 1) ++sweeps;
      table.erase(next - 40);
    }
    EXPECT_GT(sweeps, 0);
    for (int n = next - 40; n < next; ++n) EXPECT_TRUE(table.at(n).holds(n % 100)) << n;
  });
}
template <class Kind>
class LargeElementsInChurn : public ::testing::Test {};
TYPED_TEST_SUITE(LargeElementsInChurn, kit::TableKinds, kit::TableKindNames);
TYPED_TEST(LargeElementsInChurn, TrivialOnesChangePlacesOffTheStack) { churn<TypeParam, Trivial<kTooLarge>>(); }
TYPED_TEST(LargeElementsInChurn, MovedOnesChangePlacesOffTheStack) { churn<TypeParam, Moved<kTooLarge>>(); }
TYPED_TEST(LargeElementsInChurn, CopiedOnesChangePlacesOffTheStack) { churn<TypeParam, Copied<kTooLarge>>(); }

TYPED_TEST(LargeElements, AreErased) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    TestFixture::fill(table, 0, 20);
    EXPECT_EQ(table.erase(3), 1u);
    table.erase(table.begin());
    table.erase(table.begin(), std::next(table.begin(), 2));
    perturb::erase_if(table, [](const auto& element) { return element.first >= 10; });
    while (!table.empty()) table.erase(table.begin()->first);
    TestFixture::fill(table, 0, 3);
    table.clear();
    EXPECT_TRUE(table.empty());
  });
}

TYPED_TEST(LargeElements, AreSwappedCopiedMovedAndCompared) {
  TypeParam::run([] {
    using Map = typename TestFixture::Table;
    Map table;
    Map other;
    TestFixture::fill(table, 0, 8);
    TestFixture::fill(other, 20, 23);
    swap(table, other);
    TestFixture::expect_filled(other, 0, 8);
    Map copy(other);
    TestFixture::expect_filled(copy, 0, 8);
    copy = table;
    TestFixture::expect_filled(copy, 20, 23);
    Map moved(std::move(copy));
    copy = std::move(moved);
    TestFixture::expect_filled(copy, 20, 23);
    const Map from_range(other.begin(), other.end());
    TestFixture::expect_filled(from_range, 0, 8);
  });
}

TYPED_TEST(LargeElements, AreMerged) {
  TypeParam::run([] {
    typename TestFixture::Table table;
    typename TestFixture::Table source;
    TestFixture::fill(table, 0, 5);
    TestFixture::fill(source, 3, 12);
    table.merge(source);
    EXPECT_EQ(table.size(), 12u);
    EXPECT_EQ(source.size(), 2u);
    TestFixture::expect_filled(table, 0, 12);
    typename TestFixture::Table third;
    third.update(table);
    third.insert_range(table);
    third.insert_batch(source);
    TestFixture::expect_filled(third, 0, 12);
  });
}

TYPED_TEST(LargeElements, AreExtractedToWhereTheCallerWantsThem) {
  TypeParam::run([] {
    using Element = typename TypeParam::Value;
    typename TestFixture::Table table;
    TestFixture::fill(table, 0, 10);
    // What a function returns is constructed in the caller's object, which here is on the heap.
    using Extracted = std::pair<int, Element>;
    const std::unique_ptr<Extracted> by_iterator(new Extracted(table.extract(table.find(3))));
    EXPECT_TRUE(by_iterator->second.holds(3));
    const std::unique_ptr<std::optional<Extracted>> by_key(new std::optional<Extracted>(table.extract(4)));
    EXPECT_TRUE((*by_key)->second.holds(4));
    const std::unique_ptr<std::optional<Extracted>> none(new std::optional<Extracted>(table.extract(4)));
    EXPECT_FALSE(none->has_value());
    const std::unique_ptr<std::optional<Element>> popped(new std::optional<Element>(table.pop(5)));
    EXPECT_TRUE((*popped)->holds(5));
    EXPECT_EQ(table.size(), 7u);
  });
}

TYPED_TEST(LargeElements, AreMovedToEitherEndSortedAndPopped) {
  if constexpr (kit::kIsOrdered<typename TestFixture::Table>) {
    TypeParam::run([] {
      using Element = typename TypeParam::Value;
      typename TestFixture::Table table;
      TestFixture::fill(table, 0, 8);
      for (int n = 0; n < 8; ++n) table.move_to_end(n, n % 2 == 0);
      EXPECT_TRUE(table.front().second.holds(7) && table.back().second.holds(6));
      table.sort([](const auto& a, const auto& b) { return a.first < b.first; });
      for (int n = 0; n < 8; ++n) EXPECT_TRUE(table.entries()[static_cast<std::size_t>(n)].second.holds(n));
      using Extracted = std::optional<std::pair<int, Element>>;
      const std::unique_ptr<Extracted> front(new Extracted(table.pop_front()));
      const std::unique_ptr<Extracted> back(new Extracted(table.pop_back()));
      EXPECT_TRUE((*front)->second.holds(0) && (*back)->second.holds(7));
      TestFixture::expect_filled(table, 1, 7);
    });
  }
}

template <std::size_t kSize>
struct LargeKey : Moved<kSize> {
  LargeKey() : LargeKey(0) {}
  explicit LargeKey(int n) : Moved<kSize>(n) {}
  friend bool operator==(const LargeKey& a, const LargeKey& b) { return a.holds(b.get()); }
  template <class State>
  friend void perturb_hash(State& state, const LargeKey& key) noexcept {
    state(key.get());
  }
};

template <class Case>
class LargeKeys : public ::testing::Test {};
using KeyCases = ::testing::Types<Case<LargeKey<kTooLarge>, true>, Case<LargeKey<kHuge>, false>,
                                  Case<LargeKey<kTooLarge>, true, OrderedKind>>;
TYPED_TEST_SUITE(LargeKeys, KeyCases);

TYPED_TEST(LargeKeys, AreInsertedErasedMovedAndCopied) {
  TypeParam::run([] {
    using Key = typename TypeParam::Value;
    kit::SetOf<typename TypeParam::Kind, Key> set;
    const auto key = std::make_unique<Key>(0);
    for (int n = 0; n < 20; ++n) {
      key->set(n);
      EXPECT_TRUE(set.insert(*key).second);
      EXPECT_FALSE(set.insert(std::move(*key)).second);
      key->set(n);
      EXPECT_TRUE(set.contains(*key));
    }
    auto copy(set);
    set.rehash(100);
    for (int n = 0; n < 15; ++n) {
      key->set(n);
      EXPECT_EQ(set.erase(*key), 1u);
    }
    set.merge(copy);
    EXPECT_EQ(set.size(), 20u);
    swap(set, copy);
    EXPECT_EQ(copy.size(), 20u);
    const std::unique_ptr<Key> extracted(new Key(copy.extract(copy.begin())));
    EXPECT_FALSE(copy.contains(*extracted));
  });
}

TYPED_TEST(LargeKeys, AreInsertedByEmplaceWithAKeyThatIsStillToBeMade) {
  TypeParam::run([] {
    kit::SetOf<typename TypeParam::Kind, typename TypeParam::Value> set;
    for (int n = 0; n < 10; ++n) {
      EXPECT_TRUE(set.emplace(n).second);
      EXPECT_FALSE(set.emplace(n).second);
    }
    EXPECT_EQ(set.size(), 10u);
  });
}

TEST(LargeEntries, AShardedTableKeepsAndRebalancesThem) {
  with_small_stack([] {
    using Value = Moved<kTooLarge>;
    perturb::ShardedTable<int, Value, std::string> table;
    table.add_nodes(std::vector<std::string>{"a", "b"});
    const auto value = std::make_unique<Value>(0);
    for (int n = 0; n < 40; ++n) {
      value->set(n);
      EXPECT_TRUE(table.set(n, *value));
    }
    table.add_node("c");
    table.remove_node("a");
    for (int n = 0; n < 40; ++n) EXPECT_TRUE(table.get(n)->holds(n));
    for (int n = 0; n < 40; ++n) EXPECT_TRUE(table.erase(n));
  });
}

}  // namespace
