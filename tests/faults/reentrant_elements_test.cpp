// SPDX-License-Identifier: MIT
/// @file Elements whose destructors come back to the table that erases them: it works as in std::unordered_map, which
/// is tried beside. The element is out of the table before it ends.
#include "faults/owners.hpp"
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {

using owners::OnEnd;
using owners::Owner;
using owners::OwnerEqual;
using owners::OwnerHash;

template <class Table>
using NoShrink = typename Table::template with_growth<perturb::growth::NoShrink>;

template <class T>
inline constexpr bool kIsMap = requires { typename T::mapped_type; };
template <class T>
inline constexpr bool kIsPerturb = requires { typename T::growth_policy; };

// One vocabulary for maps and sets, std's and perturb's.

template <class T>
decltype(auto) key(int n) {
  if constexpr (std::is_same_v<typename T::key_type, std::string>) {
    return "the owner with the number " + std::to_string(n);
  } else {
    return n;
  }
}
template <class T>
void add(T& table, int n) {
  if constexpr (kIsMap<T>) {
    table.try_emplace(key<T>(n), n);
  } else {
    table.emplace(n);
  }
}
template <class T>
bool has(const T& table, int n) {
  return table.find(key<T>(n)) != table.end();
}
template <class T>
std::size_t erase_key(T& table, int n) {
  if constexpr (kIsMap<T> || kIsPerturb<T>) {
    return table.erase(key<T>(n));
  } else {
    const auto found = table.find(n);
    if (found == table.end()) return 0;
    table.erase(found);
    return 1;
  }
}
template <class Element>
int number_in(const Element& element) {
  if constexpr (requires { element.second; }) {
    return element.second.number();
  } else {
    return element.number();
  }
}

/// How an element gets out of a table.
struct ByKey {
  template <class T>
  static void erase(T& table, int n) {
    erase_key(table, n);
  }
};
struct ByIterator {
  template <class T>
  static void erase(T& table, int n) {
    table.erase(table.find(key<T>(n)));
  }
};
struct ByConstIterator {
  template <class T>
  static void erase(T& table, int n) {
    table.erase(std::as_const(table).find(key<T>(n)));
  }
};
struct ByRange {
  template <class T>
  static void erase(T& table, int n) {
    const auto first = table.find(key<T>(n));
    table.erase(first, std::next(first));
  }
};
struct ByExtractingTheKey {
  template <class T>
  static void erase(T& table, int n) {
    static_cast<void>(table.extract(key<T>(n)));
  }
};
struct ByExtractingTheIterator {
  template <class T>
  static void erase(T& table, int n) {
    static_cast<void>(table.extract(table.find(key<T>(n))));
  }
};
struct ByPop {
  template <class T>
  static void erase(T& table, int n) {
    static_cast<void>(table.pop(key<T>(n)));
  }
};
/// Out of an ordered table at either end.
struct ByPopFront {
  template <class T>
  static void erase(T& table, int n) {
    ASSERT_TRUE(table.move_to_end(key<T>(n), false));
    EXPECT_EQ(number_in(*table.pop_front()), n);
  }
};
struct ByPopBack {
  template <class T>
  static void erase(T& table, int n) {
    ASSERT_TRUE(table.move_to_end(key<T>(n)));
    EXPECT_EQ(number_in(*table.pop_back()), n);
  }
};

template <class T, class W>
struct Case {
  using Table = T;
  using Way = W;
};

template <class Case>
class ReentrantElements : public owners::OwnersTest {
 protected:
  using Table = typename Case::Table;

  static void erase(Table& table, int n) { Case::Way::erase(table, n); }
};

using StdMap = std::unordered_map<int, Owner>;
using StdSet = std::unordered_set<Owner, OwnerHash, OwnerEqual>;
using Map = perturb::HashTable<int, Owner>;
using Set = perturb::HashSet<Owner, OwnerHash, OwnerEqual>;
using OrderedMap = perturb::OrderedHashTable<int, Owner>;
using OrderedSet = perturb::OrderedHashSet<Owner, OwnerHash, OwnerEqual>;
using Cases =
    ::testing::Types<Case<StdMap, ByKey>, Case<StdMap, ByIterator>, Case<StdSet, ByKey>, Case<StdSet, ByIterator>,  //
                     Case<Map, ByKey>, Case<Map, ByIterator>, Case<Map, ByConstIterator>, Case<Map, ByRange>,       //
                     Case<Map, ByExtractingTheKey>, Case<Map, ByExtractingTheIterator>, Case<Map, ByPop>,           //
                     Case<Set, ByKey>, Case<Set, ByIterator>, Case<Set, ByExtractingTheKey>,                        //
                     Case<NoShrink<Map>, ByKey>, Case<perturb::HashTable<std::string, Owner>, ByKey>,               //
                     Case<OrderedMap, ByKey>, Case<OrderedMap, ByRange>, Case<OrderedMap, ByPopFront>,              //
                     Case<OrderedMap, ByExtractingTheIterator>, Case<OrderedSet, ByIterator>,                       //
                     Case<NoShrink<OrderedMap>, ByPopBack>>;
TYPED_TEST_SUITE(ReentrantElements, Cases);

TYPED_TEST(ReentrantElements, OneThatErasesItselfIsErasedOnce) {
  typename TestFixture::Table table;
  for (int n = 0; n < 4; ++n) add(table, n);
  std::size_t erased_again = 0;
  const OnEnd on_end([&](int n) { erased_again += erase_key(table, n); });
  this->erase(table, 2);
  EXPECT_EQ(erased_again, 0u);
  EXPECT_EQ(table.size(), 3u);
  EXPECT_FALSE(has(table, 2));
  EXPECT_TRUE(has(table, 1) && has(table, 3));
}

TYPED_TEST(ReentrantElements, OneThatLooksUpDoesNotFindItself) {
  typename TestFixture::Table table;
  for (int n = 0; n < 4; ++n) add(table, n);
  const OnEnd on_end([&](int n) {
    EXPECT_FALSE(has(table, n)) << "a dying element is found";
    EXPECT_TRUE(has(table, n + 1));
    for (const auto& element : table) EXPECT_NE(number_in(element), n) << "a dying element is met";
    if constexpr (kIsPerturb<typename TestFixture::Table>) {
      EXPECT_EQ(table.size(), 3u);
    }
  });
  this->erase(table, 1);
  EXPECT_EQ(table.size(), 3u);
}

TYPED_TEST(ReentrantElements, AChainOfAHundredThatEraseEachOtherIsErased) {
  typename TestFixture::Table table;
  for (int n = 0; n < 200; ++n) add(table, n);
  const OnEnd on_end([&](int n) {
    if (n < 99) this->erase(table, n + 1);
  });
  this->erase(table, 0);
  EXPECT_EQ(table.size(), 100u);
  for (int n = 0; n < 200; ++n) EXPECT_EQ(has(table, n), n >= 100) << n;
}

TYPED_TEST(ReentrantElements, AChainThatShrinksTheTableIsErased) {
  typename TestFixture::Table table;
  for (int n = 0; n < 1000; ++n) add(table, n);
  // Each erases one by key, so that the table shrinks several times inside of erasures.
  const OnEnd on_end([&](int n) {
    if (n < 998) erase_key(table, n + 1);
  });
  this->erase(table, 0);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_TRUE(has(table, 999));
  for (int n = 0; n < 100; ++n) add(table, n);
  EXPECT_EQ(table.size(), 101u);
}

TYPED_TEST(ReentrantElements, OneThatErasesAllOthersIsErased) {
  typename TestFixture::Table table;
  for (int n = 0; n < 50; ++n) add(table, n);
  bool is_first = true;
  const OnEnd on_end([&](int) {
    if (std::exchange(is_first, false)) {
      while (!table.empty()) {
        if (!kIsPerturb<typename TestFixture::Table> && table.begin() == table.end()) break;  // std counts later
        table.erase(table.begin());
      }
    }
  });
  this->erase(table, 20);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.begin(), table.end());
}

TYPED_TEST(ReentrantElements, TheTableIsAsGoodAsBeforeAfterwards) {
  typename TestFixture::Table table;
  for (int n = 0; n < 100; ++n) add(table, n);
  {
    const OnEnd on_end([&](int n) {
      if (n % 10 != 9) erase_key(table, n + 1);
    });
    for (int n = 0; n < 100; n += 10) this->erase(table, n);
  }
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.begin(), table.end());
  for (int n = 0; n < 100; ++n) add(table, n);
  EXPECT_EQ(table.size(), 100u);
  EXPECT_EQ(std::distance(table.begin(), table.end()), 100);
}

TYPED_TEST(ReentrantElements, OneThatInsertsOthersIsErased) {
  typename TestFixture::Table table;
  for (int n = 0; n < 6; ++n) add(table, n);
  {
    const OnEnd on_end([&](int n) {
      if (n == 2) {
        for (int i = 100; i < 1000; ++i) add(table, i);  // the table grows several times
      }
    });
    this->erase(table, 2);
    EXPECT_EQ(table.size(), 905u);
    EXPECT_FALSE(has(table, 2));
  }
  for (int n = 100; n < 1000; ++n) EXPECT_TRUE(has(table, n)) << n;
  EXPECT_EQ(std::distance(table.begin(), table.end()), 905);
}

TYPED_TEST(ReentrantElements, OneThatInsertsOneOtherEachTimeIsErased) {
  // The table stays as full as it is: the one that is erased makes room for the one that is inserted meanwhile.
  typename TestFixture::Table table;
  for (int n = 0; n < 24; ++n) add(table, n);
  {
    const OnEnd on_end([&](int n) {
      if (n < 1000) add(table, n + 1000);
    });
    for (int n = 0; n < 24; ++n) {
      this->erase(table, n);
      EXPECT_EQ(table.size(), 24u);
    }
  }
  for (int n = 0; n < 24; ++n) EXPECT_TRUE(has(table, n + 1000) && !has(table, n)) << n;
}

TYPED_TEST(ReentrantElements, OneThatInsertsItsOwnKeyAgainIsThereAgain) {
  typename TestFixture::Table table;
  for (int n = 0; n < 6; ++n) add(table, n);
  {
    bool is_first = true;
    const OnEnd on_end([&](int n) {
      if (std::exchange(is_first, false)) add(table, n);
    });
    this->erase(table, 4);
    EXPECT_EQ(table.size(), 6u);
    EXPECT_TRUE(has(table, 4));
  }
  for (const auto& element : table) EXPECT_NE(number_in(element), owners::kMovedFrom);
}

TYPED_TEST(ReentrantElements, OneThatRehashesIsErased) {
  typename TestFixture::Table table;
  for (int n = 0; n < 20; ++n) add(table, n);
  {
    const OnEnd on_end([&](int) { table.rehash(1000); });
    for (int n = 0; n < 10; ++n) this->erase(table, n);
  }
  EXPECT_EQ(table.size(), 10u);
  for (int n = 0; n < 20; ++n) EXPECT_EQ(has(table, n), n >= 10);
}

TYPED_TEST(ReentrantElements, OneThatClearsTheTableIsErased) {
  if constexpr (kIsPerturb<typename TestFixture::Table>) {
    typename TestFixture::Table table;
    for (int n = 0; n < 50; ++n) add(table, n);
    {
      bool is_first = true;
      const OnEnd on_end([&](int) {
        if (std::exchange(is_first, false)) table.clear();
      });
      this->erase(table, 30);
      EXPECT_TRUE(table.empty());
    }
    for (int n = 0; n < 50; ++n) add(table, n);
    EXPECT_EQ(table.size(), 50u);
  }
}

TYPED_TEST(ReentrantElements, OneThatGivesAllMemoryBackIsErased) {
  if constexpr (kIsPerturb<typename TestFixture::Table>) {
    typename TestFixture::Table table;
    for (int n = 0; n < 50; ++n) add(table, n);
    {
      bool is_first = true;
      const OnEnd on_end([&](int) {
        if (std::exchange(is_first, false)) {
          table.clear();
          table.rehash(0);
        }
      });
      this->erase(table, 30);
      EXPECT_TRUE(table.empty());
      EXPECT_EQ(table.bucket_count(), 0u);
    }
    for (int n = 0; n < 50; ++n) add(table, n);
    EXPECT_EQ(table.size(), 50u);
  }
}

TYPED_TEST(ReentrantElements, OneThatMovesTheTableAwayIsErased) {
  if constexpr (kIsPerturb<typename TestFixture::Table>) {
    typename TestFixture::Table table;
    typename TestFixture::Table target;
    for (int n = 0; n < 50; ++n) add(table, n);
    {
      bool is_first = true;
      const OnEnd on_end([&](int) {
        if (std::exchange(is_first, false)) target = std::move(table);
      });
      this->erase(table, 30);
    }
    EXPECT_EQ(target.size(), 49u);
    EXPECT_TRUE(table.empty());
    EXPECT_FALSE(has(target, 30));
    for (int n = 0; n < 50; ++n) add(table, n);
    EXPECT_EQ(table.size(), 50u);
  }
}

template <class T>
class ReentrantLoops : public owners::OwnersTest {};
using LoopKinds =
    ::testing::Types<StdMap, StdSet, Map, Set, NoShrink<Map>, OrderedMap, OrderedSet, NoShrink<OrderedMap>>;
TYPED_TEST_SUITE(ReentrantLoops, LoopKinds);

TYPED_TEST(ReentrantLoops, ErasingInALoopVisitsEachOnceWhileElementsLookUp) {
  TypeParam table;
  for (int n = 0; n < 300; ++n) add(table, n);
  std::vector<int> ended;
  const OnEnd on_end([&](int n) {
    ended.push_back(n);
    EXPECT_FALSE(has(table, n));
  });
  for (auto it = table.begin(); it != table.end();) it = table.erase(it);
  std::sort(ended.begin(), ended.end());
  ASSERT_EQ(ended.size(), 300u);
  for (int n = 0; n < 300; ++n) EXPECT_EQ(ended[static_cast<std::size_t>(n)], n);
}

TYPED_TEST(ReentrantLoops, DrainingFromTheFrontTakesTheNeighboursAlong) {
  TypeParam table;
  for (int n = 0; n < 300; ++n) add(table, n);
  const OnEnd on_end([&](int n) { erase_key(table, n ^ 1); });
  while (table.begin() != table.end()) table.erase(table.begin());
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
