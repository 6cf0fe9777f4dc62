// SPDX-License-Identifier: MIT
/// @file What cannot throw, and when: asserted of the signatures, and tried with functors that throw where they may.
#include "support/allocators.hpp"
#include "support/functors.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace {

template <class Table>
constexpr bool queries_are_noexcept() {
  using T = Table&;
  using C = const Table&;
  return noexcept(std::declval<C>().size()) && noexcept(std::declval<C>().empty()) &&
         noexcept(std::declval<C>().max_size()) && noexcept(std::declval<T>().begin()) &&
         noexcept(std::declval<C>().begin()) && noexcept(std::declval<T>().end()) &&
         noexcept(std::declval<C>().end()) && noexcept(std::declval<C>().cbegin()) &&
         noexcept(std::declval<C>().cend()) && noexcept(std::declval<T>().clear()) &&
         noexcept(std::declval<C>().bucket_count()) && noexcept(std::declval<C>().load_factor()) &&
         noexcept(std::declval<C>().max_load_factor()) && noexcept(std::declval<C>().get_allocator());
}

template <class Table>
constexpr bool moves_are_noexcept() {
  return std::is_nothrow_move_constructible_v<Table> && std::is_nothrow_move_assignable_v<Table> &&
         std::is_nothrow_swappable_v<Table> && noexcept(std::declval<Table&>().swap(std::declval<Table&>()));
}

using Numbers = perturb::HashTable<std::uint64_t, std::uint64_t>;
using Value = std::pair<const std::uint64_t, int>;

static_assert(queries_are_noexcept<std::unordered_map<int, int>>());
static_assert(queries_are_noexcept<Numbers>());
static_assert(queries_are_noexcept<perturb::HashSet<std::string>>());
static_assert(noexcept(std::declval<const Numbers&>().tombstone_count()));
static_assert(noexcept(std::declval<const Numbers&>().memory_bytes()));
static_assert(noexcept(std::declval<const Numbers&>().keys()));
static_assert(noexcept(std::declval<Numbers&>().values()));
static_assert(noexcept(std::declval<Numbers&>().items()));

static_assert(moves_are_noexcept<std::unordered_map<int, int>>());
#if !PERTURB_CHECKED
static_assert(moves_are_noexcept<Numbers>());
static_assert(moves_are_noexcept<perturb::HashSet<std::string>>());
static_assert(moves_are_noexcept<perturb::HashTable<kit::MoveOnlyKey, std::unique_ptr<int>>>());
static_assert(std::is_nothrow_default_constructible_v<Numbers>);
static_assert(std::is_nothrow_default_constructible_v<perturb::HashSet<std::string>>);
#endif
static_assert(std::is_nothrow_destructible_v<Numbers>);

// Elements do not matter to a move.
struct Throwing {
  Throwing() = default;
  Throwing(Throwing&&) noexcept(false) {}
  Throwing& operator=(Throwing&&) noexcept(false) { return *this; }
};
static_assert(std::is_nothrow_move_assignable_v<perturb::HashTable<int, Throwing>>);

// An allocator that neither propagates nor is always equal makes a move assignment move elements, which allocates.
template <kit::Propagate Traits>
using With = perturb::HashTable<std::uint64_t, int, perturb::XxHash<std::uint64_t>, perturb::Equal<std::uint64_t>,
                                kit::IdAllocator<Value, Traits>>;
static_assert(!std::is_nothrow_move_assignable_v<With<kit::kPropagateNever>>);
static_assert(std::is_nothrow_move_assignable_v<With<kit::kPropagateAlways>>);
static_assert(std::is_nothrow_swappable_v<With<kit::kPropagateAlways>>);

/// A hasher or equality of which one of three operations cannot throw. The others do when `armed`.
template <bool kConstruct, bool kAssign, bool kSwap>
struct Functor {
  static inline bool armed = false;
  struct Thrown {};
  static void point() {
    if (armed) throw Thrown();
  }

  Functor() { point(); }
  Functor(const Functor&) { point(); }
  Functor(Functor&&) noexcept(kConstruct) {
    if constexpr (!kConstruct) point();
  }
  Functor& operator=(const Functor&) {
    point();
    return *this;
  }
  Functor& operator=(Functor&&) noexcept(kAssign) {
    if constexpr (!kAssign) point();
    return *this;
  }
  friend void swap(Functor&, Functor&) noexcept(kSwap) {
    if constexpr (!kSwap) point();
  }
  std::size_t operator()(int n) const {
    point();
    return static_cast<std::size_t>(n);
  }
  bool operator()(int a, int b) const {
    point();
    return a == b;
  }
};

template <class F>
perturb::HashSet<int, F, F> set_below(int n) {
  perturb::HashSet<int, F, F> set;
  for (int i = 0; i < n; ++i) set.insert(i);
  return set;
}

/// Throwing is armed while it lives.
template <class F>
struct Armed {
  Armed() { F::armed = true; }
  ~Armed() { F::armed = false; }
};

TEST(HashSetNoexcept, MoveConstructionIsWhenItsFunctorsAre) {
  using F = Functor<true, false, false>;
  static_assert(std::is_nothrow_move_constructible_v<perturb::HashSet<int, F, F>>);
  static_assert(!std::is_nothrow_move_constructible_v<perturb::HashSet<int, Functor<false, true, true>>>);
  auto source = set_below<F>(10);
  {
    const Armed<F> armed;
    const perturb::HashSet<int, F, F> target(std::move(source));
    EXPECT_EQ(target.size(), 10u);
  }
  EXPECT_TRUE(source.empty());
}

TEST(HashSetNoexcept, MoveAssignmentIsWhenItsFunctorsAre) {
  using F = Functor<false, true, false>;
  static_assert(std::is_nothrow_move_assignable_v<perturb::HashSet<int, F, F>>);
  static_assert(!std::is_nothrow_move_assignable_v<perturb::HashSet<int, Functor<true, false, false>>>);
  auto source = set_below<F>(10);
  auto target = set_below<F>(100);
  {
    const Armed<F> armed;
    target = std::move(source);
    EXPECT_EQ(target.size(), 10u);
  }
  EXPECT_TRUE(target.contains(3));
}

TEST(HashSetNoexcept, SwapIsWhenItsFunctorsAre) {
  using F = Functor<false, false, true>;
  static_assert(std::is_nothrow_swappable_v<perturb::HashSet<int, F, F>>);
  static_assert(!std::is_nothrow_swappable_v<perturb::HashSet<int, Functor<true, true, false>>>);
  auto a = set_below<F>(10);
  auto b = set_below<F>(100);
  {
    const Armed<F> armed;
    a.swap(b);
    EXPECT_EQ(a.size(), 100u);
    EXPECT_EQ(b.size(), 10u);
  }
  EXPECT_TRUE(a.contains(99));
}

TEST(HashTableNoexcept, HashingIsAskedBeforeItIsPromised) {
  const perturb::HashTable<std::uint64_t, int, kit::RawHash> calm;
  const perturb::HashTable<int, int, Functor<true, true, true>> wild;
  static_assert(noexcept(calm.hash(1)));
  static_assert(!noexcept(wild.hash(1)));
  EXPECT_EQ(calm.hash(1).value, 1u);
}

}  // namespace
