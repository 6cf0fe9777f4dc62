// SPDX-License-Identifier: MIT
/// @file Elements of either kind of table that come back to it while it is changed: values that end, constructors,
/// equalities; and what of the order stays when elements of an ordered one erase and insert others.
#include "faults/owners.hpp"
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace {

using owners::CopiedOwner;
using owners::OnEnd;
using owners::Owner;

template <class Kind>
class ReentrantValues : public owners::OwnersTest {};
TYPED_TEST_SUITE(ReentrantValues, kit::TableKinds, kit::TableKindNames);

// An element that cannot be moved out of its slot is destroyed there: its destructor may look things up.
TYPED_TEST(ReentrantValues, OneThatIsDestroyedInItsSlotIsNotFound) {
  kit::TableOf<TypeParam, int, CopiedOwner> table;
  for (int n = 0; n < 4; ++n) table.try_emplace(n, n);
  const OnEnd on_end([&](int n) {
    EXPECT_FALSE(table.contains(n));
    EXPECT_EQ(table.size(), 3u);
    for (const auto& element : table) EXPECT_NE(element.first, n);
  });
  table.erase(2);
  EXPECT_EQ(table.size(), 3u);
}

TYPED_TEST(ReentrantValues, AssigningOverAValueThatInsertsOthersWhenItEnds) {
  // Owned on the heap, as a value that owns the next ones.
  kit::TableOf<TypeParam, int, std::unique_ptr<Owner>> table;
  for (int n = 0; n < 6; ++n) table.try_emplace(n, std::make_unique<Owner>(n));
  {
    const OnEnd on_end([&](int n) {
      if (n < 6) {
        for (int i = 100; i < 200; ++i) table.try_emplace(i, std::make_unique<Owner>(i));
      }
    });
    table.insert_or_assign(3, std::make_unique<Owner>(300));
    table[4] = nullptr;
    EXPECT_EQ(table.size(), 106u);
    EXPECT_EQ(table.at(3)->number(), 300);
  }
}

TYPED_TEST(ReentrantValues, OwnersOnTheHeapEraseEachOther) {
  kit::TableOf<TypeParam, int, std::unique_ptr<Owner>> table;
  for (int n = 0; n < 100; ++n) table.try_emplace(n, std::make_unique<Owner>(n));
  {
    const OnEnd on_end([&](int n) { table.erase(n + 1); });
    table.erase(0);
    EXPECT_TRUE(table.empty());
  }
}

TYPED_TEST(ReentrantValues, AParentErasesItsChildrenInTheSameTable) {
  // A tree of 3 × 3 × 3 nodes, each of which erases its children.
  kit::TableOf<TypeParam, int, Owner> tree;
  tree.try_emplace(1, 1);
  for (int n = 1; n <= 13; ++n) {
    for (int child = 0; child < 3; ++child) tree.try_emplace(3 * n - 1 + child, 3 * n - 1 + child);
  }
  ASSERT_EQ(tree.size(), 40u);
  const OnEnd on_end([&](int n) {
    for (int child = 0; child < 3; ++child) tree.erase(3 * n - 1 + child);
  });
  tree.erase(2);
  EXPECT_EQ(tree.size(), 27u);
  tree.erase(1);
  EXPECT_TRUE(tree.empty());
}

TYPED_TEST(ReentrantValues, AConstructorMayLookUp) {
  struct Looks {
    explicit Looks(const kit::TableOf<TypeParam, int, Looks>& table) : seen(table.size()) {
      EXPECT_TRUE(seen == 0 || table.contains(0));
      EXPECT_FALSE(table.contains(static_cast<int>(seen)));
    }
    std::size_t seen;
  };
  kit::TableOf<TypeParam, int, Looks> table;
  table.reserve(100);
  for (int n = 0; n < 100; ++n) table.try_emplace(n, table);
  for (int n = 0; n < 100; ++n) EXPECT_EQ(table.at(n).seen, static_cast<std::size_t>(n));
}

template <class Kind>
struct LookingEqual {
  static inline const kit::SetOf<Kind, int, perturb::XxHash<int>, LookingEqual>* set = nullptr;
  static inline bool inside = false;
  bool operator()(int a, int b) const {
    if (set != nullptr && !std::exchange(inside, true)) {
      EXPECT_TRUE(set->contains(1));
      EXPECT_FALSE(set->contains(-1));
      inside = false;
    }
    return a == b;
  }
};

TYPED_TEST(ReentrantValues, AnEqualityMayLookUpInTheTableThatCallsIt) {
  using Equal = LookingEqual<TypeParam>;
  kit::SetOf<TypeParam, int, perturb::XxHash<int>, Equal> set;
  for (int n = 0; n < 100; ++n) set.insert(n);
  Equal::set = &set;
  for (int n = 0; n < 100; ++n) EXPECT_TRUE(set.contains(n));
  for (int n = 10; n < 100; ++n) EXPECT_EQ(set.erase(n), 1u);
  for (int n = 10; n < 100; ++n) EXPECT_TRUE(set.insert(n).second);
  Equal::set = nullptr;
}

/// An ordered table of owners and the order that it must have, changed by the same calls.
class ReentrantOrder : public owners::OwnersTest {
 protected:
  void TearDown() override {
    table_.clear();
    OwnersTest::TearDown();
  }

  void add(int n) {
    if (table_.try_emplace(n, n).second) order_.push_back(n);
  }
  void erase(int n) {
    std::erase(order_, n);
    table_.erase(n);
  }
  void pop_front() {
    order_.erase(order_.begin());
    static_cast<void>(table_.pop_front());
  }
  void pop_back() {
    order_.pop_back();
    static_cast<void>(table_.pop_back());
  }
  void move_to_end(int n, bool last) {
    ASSERT_TRUE(table_.move_to_end(n, last));
    std::erase(order_, n);
    order_.insert(last ? order_.end() : order_.begin(), n);
  }
  void expect_order() const {
    std::vector<int> seen;
    for (const auto& [key, value] : table_) {
      EXPECT_EQ(value.number(), key);
      seen.push_back(key);
    }
    EXPECT_EQ(seen, order_);
    for (const int n : order_) EXPECT_TRUE(table_.contains(n)) << n;
  }

  perturb::OrderedHashTable<int, Owner> table_;
  std::vector<int> order_;
};

TEST_F(ReentrantOrder, StaysThatOfTheRestWhileElementsEraseAndInsertOthers) {
  for (int n = 0; n < 200; ++n) add(n);
  const OnEnd on_end([&](int n) {
    if (n >= 1000) return;
    if (n % 3 == 0) erase(n + 1);
    if (n % 3 == 1) move_to_end(table_.nth(table_.size() / 2)->first, n % 2 == 0);
    add(n + 1000);
    if (n % 10 == 0) pop_back();
    if (n % 10 == 5) pop_front();
  });
  for (int turn = 0; turn < 40; ++turn) {
    pop_front();
    expect_order();
    pop_back();
    expect_order();
    erase(table_.nth(table_.size() / 3)->first);
    expect_order();
  }
}

TEST_F(ReentrantOrder, StaysThatOfTheRestInADrainFromEitherEnd) {
  for (const bool front : {true, false}) {
    for (int n = 0; n < 300; ++n) add(n);
    std::vector<int> ended;
    const OnEnd on_end([&](int n) {
      ended.push_back(n);
      EXPECT_FALSE(table_.contains(n));
      if (n % 7 == 3) erase(n + (front ? 2 : -2));
      expect_order();
    });
    while (!table_.empty()) front ? pop_front() : pop_back();
    EXPECT_EQ(ended.size(), 300u);
    std::sort(ended.begin(), ended.end());
    EXPECT_EQ(std::unique(ended.begin(), ended.end()), ended.end());
  }
}

/// Calls `on_call` when it is moved, and when it ends, also when what is left of it after a move does.
struct Caller {
  static inline std::function<void()> on_call;
  explicit Caller(int n) : number(n) {}
  Caller(Caller&& other) noexcept : number(other.number) { call(); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  Caller& operator=(Caller&&) = delete;
  ~Caller() { call(); }
  static void call() {
    if (auto function = std::exchange(on_call, nullptr)) {
      function();
      on_call = std::move(function);
    }
  }

  int number;
};

TEST(ReentrantMoves, AnElementThatIsPoppedFindsTheOthersInTheirOrder) {
  perturb::OrderedHashTable<int, Caller> table;
  std::vector<int> order(100);
  std::iota(order.begin(), order.end(), 0);
  for (const int n : order) table.try_emplace(n, n);
  table.reserve(101);  // so that no erasure shrinks
  int popped = -1;
  int calls = 0;
  Caller::on_call = [&] {
    ++calls;
    std::vector<int> others;
    for (const auto& element : table) {
      if (element.first != popped) others.push_back(element.first);
    }
    EXPECT_EQ(others, order);
    for (const int n : order) EXPECT_EQ(table.at(n).number, n);
  };
  for (const bool front : {true, false, false, true}) {
    popped = front ? order.front() : order.back();
    order.erase(front ? order.begin() : order.end() - 1);
    calls = 0;
    const auto element = front ? table.pop_front() : table.pop_back();
    EXPECT_EQ(element->first, popped);
    EXPECT_EQ(element->second.number, popped);
    EXPECT_GE(calls, 3) << "a move and two ends";
    EXPECT_FALSE(table.contains(popped));
  }
  Caller::on_call = nullptr;
}

}  // namespace
