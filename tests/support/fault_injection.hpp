// SPDX-License-Identifier: MIT
/// @file Every modifying operation of a table with something throwing at every point where something can: allocator,
/// hasher, equality, the copies of both, and the elements' own constructors and assignments. Afterwards the invariants
/// hold, nothing leaks, nothing is lost, and where the strong guarantee is given the table is as it was before.
#pragma once

#include "support/contract.hpp"
#include "support/faults.hpp"
#include "support/invariants.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace kit {

/// The tables that the operations begin with.
enum class Start { empty, few, about_to_grow, about_to_sweep, about_to_shrink };
constexpr Start kStarts[] = {Start::empty, Start::few, Start::about_to_grow, Start::about_to_sweep,
                             Start::about_to_shrink};
constexpr const char* kStartNames[] = {"empty", "few", "about to grow", "about to sweep", "about to shrink"};

// Where the hash is the number, slots are chosen: kNew goes to a group without elements in all of these tables.
constexpr Number kNew = 112;
constexpr Number kPresent = 3;
constexpr Number kAbsent = 50'000;

template <class Table>
void build(Table& table, Start start) {
  switch (start) {
    case Start::empty:
      break;
    case Start::few:
      kit::fill(table, 0, 5);
      break;
    case Start::about_to_grow:
      table.rehash(32);
      kit::fill(table, 0, 24);
      break;
    case Start::about_to_sweep:
      // Six of eight groups full, and most of five of them erased.
      table.rehash(128);
      kit::fill(table, 0, 96);
      for (Number n = 10; n < 80; ++n) table.erase(table.find(kit::key<Table>(n)));
      EXPECT_EQ(table.tombstone_count(), 70u);
      break;
    case Start::about_to_shrink:
      for (Number n = 0; table.bucket_count() < 32; ++n) kit::add(table, n);
      while (6 * (table.size() - 1) >= table.bucket_count()) {
        table.erase(table.find(kit::key<Table>(table.size() - 1)));
      }
      break;
  }
}

/// What an operation works with; all of it made before anything throws.
template <class Table>
struct Scene {
  using Key = typename Table::key_type;

  explicit Scene(Start start) {
    build(table, start);
    for (Number n = 2; n < 40; n += 3) kit::add(other, n, n + 500);
    kit::fill(apart, 200, 230);
    range.push_back(kit::element<Table>(kPresent, 77));
    for (Number n = 60; n < 90; ++n) range.push_back(kit::element<Table>(n));
    element.push_back(kit::element<Table>(kNew));
    element.push_back(kit::element<Table>(kPresent, 77));
  }

  Table table;
  Table other{0, typename Table::hasher(1)};  // another hasher state
  Table apart{0, typename Table::hasher(2), typename Table::key_equal(), typename Table::allocator_type(9)};
  std::vector<kit::Element<Table>> range;
  std::vector<kit::Element<Table>> element;  // a new one and one whose key is there
  Key fresh = kit::key<Table>(kNew);
  Key present = kit::key<Table>(kPresent);
  Key absent = kit::key<Table>(kAbsent);
};

/// What must be true if the operation did not come through.
enum class After {
  same,        // strong: the table is as it was
  some_added,  // strong for each element: nothing is lost, some of the new ones may be there
  some_gone,   // a part of the erasures is done
  one_less,    // the element that was to be taken out may be lost, no other one
  shared_out,  // every element is in one of the two tables
  valid        // the invariants hold, and there is nothing in it that was not in either
};

template <class Table>
struct Operation {
  const char* name;
  After after;
  void (*run)(Scene<Table>&);
  bool assigns_functors = false;  // and may then only leave valid tables, if that throws
};

/// Keys can only be moved, and values may throw when they are.
template <class Table>
inline constexpr bool kTearsApart = false;
template <class Table>
  requires kit::kIsMap<Table>
inline constexpr bool kTearsApart<Table> = !std::is_copy_constructible_v<typename Table::key_type> &&
                                           !std::is_nothrow_move_constructible_v<typename Table::mapped_type>;

/// The elements of a vector as rvalues.
template <class Value>
auto moved(std::vector<Value>& values) {
  return std::ranges::subrange(std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
}

template <class Table>
std::vector<Operation<Table>> operations() {
  using S = Scene<Table>;
  std::vector<Operation<Table>> all;
  const auto add = [&](const char* name, After after, void (*run)(S&)) { all.push_back({name, after, run}); };
  const auto add_assignment = [&](const char* name, After after, void (*run)(S&)) {
    all.push_back({name, after, run, true});
  };

  add("insert new", After::same, [](S& s) { s.table.insert(std::move(s.element[0])); });
  add("insert present", After::same, [](S& s) { s.table.insert(std::move(s.element[1])); });
  add("emplace new", After::same, [](S& s) { s.table.emplace(std::move(s.element[0])); });
  add("emplace present", After::same, [](S& s) { s.table.emplace(std::move(s.element[1])); });
  add("emplace_hint", After::same, [](S& s) { s.table.emplace_hint(s.table.begin(), std::move(s.element[0])); });
  add("insert range", After::some_added,
      [](S& s) { s.table.insert(std::make_move_iterator(s.range.begin()), std::make_move_iterator(s.range.end())); });
  add("insert_range", After::some_added, [](S& s) { s.table.insert_range(moved(s.range)); });
  add("erase key", After::same, [](S& s) { s.table.erase(s.present); });
  add("erase absent key", After::same, [](S& s) { s.table.erase(s.absent); });
  add("erase iterator", After::same, [](S& s) {
    if (!s.table.empty()) s.table.erase(s.table.begin());
  });
  add("erase_if", After::some_gone,
      [](S& s) { erase_if(s.table, [](const auto& value) { return kit::key_number(value) % 2 == 0; }); });
  add("erase_if with a predicate that throws", After::some_gone, [](S& s) {
    erase_if(s.table, [](const auto& value) {
      FaultPlan::point(kit::kComparing);
      return kit::key_number(value) % 2 == 0;
    });
  });
  // A std::pair gets its key first. If that was moved, it cannot be had back when the value's move throws.
  add("extract", kTearsApart<Table> ? After::one_less : After::same,
      [](S& s) { static_cast<void>(s.table.extract(s.present)); });
  add("reserve", After::same, [](S& s) { s.table.reserve(200); });
  add("reserve within capacity", After::same, [](S& s) { s.table.reserve(s.table.bucket_count() / 2); });
  add("rehash", After::same, [](S& s) { s.table.rehash(300); });
  add("rehash to the same capacity", After::same, [](S& s) { s.table.rehash(s.table.bucket_count()); });
  add("shrink_to_fit", After::same, [](S& s) { s.table.shrink_to_fit(); });
  add("merge", After::shared_out, [](S& s) { s.table.merge(s.other); });
  add("merge into", After::shared_out, [](S& s) { s.other.merge(s.table); });
  add_assignment("swap", After::shared_out, [](S& s) { s.table.swap(s.other); });
  add_assignment("move construct", After::same, [](S& s) {
    Table moved(std::move(s.table));
    FaultPlan::disarm();
    s.table.swap(moved);
  });
  add_assignment("move assign", After::valid, [](S& s) { s.table = std::move(s.other); });
  add_assignment("move assign with another allocator", After::valid, [](S& s) { s.table = std::move(s.apart); });
  add_assignment("move away to another allocator", After::valid, [](S& s) { s.apart = std::move(s.table); });
  add_assignment("move construct with another allocator", After::valid, [](S& s) {
    Table moved(std::move(s.table), typename Table::allocator_type(5));
    FaultPlan::disarm();
    s.table = std::move(moved);
  });
  add("clear", After::same, [](S& s) { s.table.clear(); });
  add("construct from a range", After::same,
      [](S& s) { const Table made(std::make_move_iterator(s.range.begin()), std::make_move_iterator(s.range.end())); });
  add("insert_batch", After::some_added, [](S& s) { s.table.insert_batch(moved(s.range)); });

  if constexpr (kit::kIsCopyable<Table>) {
    add("insert a copy", After::same, [](S& s) { s.table.insert(typename Table::value_type(s.element[0])); });
    add("copy construct", After::same, [](S& s) { const Table copy(s.table); });
    add_assignment("copy assign", After::same, [](S& s) { s.table = s.other; });
    add_assignment("copy assign with another allocator", After::same, [](S& s) { s.table = s.apart; });
    add("insert range of copies", After::some_added, [](S& s) { s.table.insert(s.range.begin(), s.range.end()); });
    add("insert_batch of copies", After::some_added, [](S& s) { s.table.insert_batch(s.range); });
    add_assignment("assign a list", After::same, [](S& s) { s.table = {s.element[0], s.element[1]}; });
  }
  if constexpr (requires(Table& table) { table.pop_front(); }) {
    add("pop_front", kTearsApart<Table> ? After::one_less : After::same,
        [](S& s) { static_cast<void>(s.table.pop_front()); });
    add("pop_back", kTearsApart<Table> ? After::one_less : After::same,
        [](S& s) { static_cast<void>(s.table.pop_back()); });
    add("move_to_end", After::same, [](S& s) { s.table.move_to_end(s.present); });
    add("move to the front", After::same, [](S& s) { s.table.move_to_end(s.present, false); });
    add("sort", After::same, [](S& s) {
      s.table.sort([](const auto& a, const auto& b) {
        FaultPlan::point(kit::kComparing);
        return kit::key_number(a) > kit::key_number(b);
      });
    });
  }
  if constexpr (kit::kIsMap<Table>) {
    using T = typename Table::mapped_type;
    add("emplace parts", After::same, [](S& s) { s.table.emplace(std::move(s.fresh), kNew); });
    add("emplace piecewise", After::same, [](S& s) {
      s.table.emplace(std::piecewise_construct, std::forward_as_tuple(std::move(s.fresh)), std::forward_as_tuple(kNew));
    });
    add("try_emplace new", After::same, [](S& s) { s.table.try_emplace(std::move(s.fresh), kNew); });
    add("try_emplace present", After::same, [](S& s) { s.table.try_emplace(std::move(s.present), Number{77}); });
    add("operator[]", After::same, [](S& s) { s.table[std::move(s.fresh)]; });
    add("insert_or_assign new", After::same,
        [](S& s) { s.table.insert_or_assign(std::move(s.fresh), std::move(s.element[0].second)); });
    add("insert_or_assign present", After::same,
        [](S& s) { s.table.insert_or_assign(std::move(s.present), std::move(s.element[1].second)); });
    add("set_default", After::same, [](S& s) { s.table.set_default(std::move(s.fresh), kNew); });
    add("pop", After::same, [](S& s) { static_cast<void>(s.table.pop(s.present)); });
    add("try_emplace with its hash", After::same, [](S& s) {
      const auto hash = s.table.hash(s.fresh);
      s.table.try_emplace(hash, std::move(s.fresh), kNew);
    });
    if constexpr (kit::kIsCopyable<Table>) {
      add("update", After::some_added, [](S& s) { s.table.update(s.range); });
      add("update from a table", After::some_added, [](S& s) { s.table.update(s.other); });
      add("insert_or_assign of a copy", After::same, [](S& s) {
        const T& value = s.element[1].second;
        s.table.insert_or_assign(s.present, value);
      });
    }
  }
  return all;
}

inline bool includes(const Contents& larger, const Contents& smaller) {
  return std::all_of(smaller.begin(), smaller.end(), [&](const auto& entry) { return larger.contains(entry.first); });
}

inline Contents together(Contents a, const Contents& b) {
  a.insert(b.begin(), b.end());
  return a;
}

struct Before {
  Contents table;
  Contents other;
  Contents apart;
};

template <class Table>
void expect_after(After after, const Before& before, const Scene<Table>& scene, const Contents& added) {
  kit::expect_invariants(scene.table);
  kit::expect_invariants(scene.other);
  kit::expect_invariants(scene.apart);
  const Contents now = kit::contents(scene.table);
  const Contents others = kit::contents(scene.other);
  switch (after) {
    case After::same:
      EXPECT_EQ(now, before.table) << "the strong guarantee";
      EXPECT_EQ(others, before.other);
      EXPECT_EQ(kit::contents(scene.apart), before.apart);
      break;
    case After::some_added:
      EXPECT_TRUE(includes(now, before.table)) << "an element is lost";
      EXPECT_TRUE(includes(together(before.table, added), now)) << "an element came from nowhere";
      EXPECT_EQ(others, before.other);
      break;
    case After::some_gone:
      EXPECT_TRUE(includes(before.table, now)) << "an element came from nowhere";
      for (const auto& [n, value] : before.table) EXPECT_TRUE(n % 2 == 0 || now.contains(n)) << n << " is lost";
      break;
    case After::one_less:
      EXPECT_TRUE(includes(before.table, now)) << "an element came from nowhere";
      EXPECT_GE(now.size() + 1, before.table.size());
      break;
    case After::shared_out:
      EXPECT_EQ(now.size() + others.size(), before.table.size() + before.other.size());
      EXPECT_TRUE(includes(together(now, others), together(before.table, before.other))) << "an element is lost";
      break;
    case After::valid:
      EXPECT_TRUE(includes(together(together(before.table, before.apart), added), now))
          << "an element came from nowhere";
      break;
  }
}

/// Failures of the running test so far: a case that failed is not gone on with, the next one is.
inline int failures() { return ::testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count(); }

/// `kRollsBack`: elements whose parts each move without throwing or can be copied. Only then is anything promised but
/// that the table stays valid.
template <class Table, bool kRollsBack>
void inject(const Operation<Table>& operation, Start start, unsigned kinds) {
  const int failed_before = failures();
  for (int nth = 1;; ++nth) {
    SCOPED_TRACE(std::string(operation.name) + ", " + kStartNames[static_cast<int>(start)] + ", kinds " +
                 std::to_string(kinds) + ", point " + std::to_string(nth));
    ASSERT_LT(nth, 100'000);
    Scene<Table> scene(start);
    Contents added = kit::contents(scene.other);
    added.emplace(kNew, kNew);
    for (const auto& element : scene.range) added.emplace(kit::key_number(element), kit::value_number(element));
    const Before before{kit::contents(scene.table), kit::contents(scene.other), kit::contents(scene.apart)};

    FaultPlan::arm(kinds, nth);
    bool came_through = true;
    try {
      operation.run(scene);
    } catch (const kit::InjectedFault&) {
      came_through = false;
    }
    const bool fired = FaultPlan::fired();
    FaultPlan::disarm();

    if (came_through) {
      kit::expect_invariants(scene.table);
      kit::expect_invariants(scene.other);
      kit::expect_invariants(scene.apart);
    } else {
      const bool only_valid = (!kRollsBack && (kinds & (kit::kMoving | kit::kAllocation)) != 0) ||
                              (operation.assigns_functors && (kinds & kit::kFunctors) != 0);
      expect_after(only_valid ? After::valid : operation.after, before, scene, added);
      // And it can be used on.
      kit::fill(scene.table, 300, 340);
      for (Number n = 300; n < 340; ++n) EXPECT_EQ(scene.table.erase(kit::key<Table>(n)), 1u);
      kit::expect_invariants(scene.table);
    }
    if (!fired || failures() != failed_before) return;
  }
}

template <class Table, bool kRollsBack = true>
void inject_everywhere() {
  using Key = typename Table::key_type;
  for (const Operation<Table>& operation : operations<Table>()) {
    for (const Start start : kStarts) {
      for (const unsigned kinds : {kit::kAllocation, kit::kHashing, kit::kComparing, kit::kMaking, kit::kCopying,
                                   kit::kMoving, kit::kAssigning, kit::kFunctors}) {
        inject<Table, kRollsBack>(operation, start, kinds);
      }
    }
  }
  EXPECT_EQ(kit::Ledger::instance().blocks(), 0u) << "memory is leaked";
  if constexpr (requires { Key::living(); }) {
    EXPECT_EQ(Key::living(), 0) << "keys are leaked";
  }
  if constexpr (requires { Table::mapped_type::living(); }) {
    EXPECT_EQ(Table::mapped_type::living(), 0) << "values are leaked";
  }
}

// The parts that elements are made of.
using Solid = kit::Fragile<kit::Move::never_throws, kit::Copy::works>;
using SolidMoveOnly = kit::Fragile<kit::Move::never_throws, kit::Copy::deleted>;
using Copied = kit::Fragile<kit::Move::throws, kit::Copy::works>;
using AtRisk = kit::Fragile<kit::Move::throws, kit::Copy::deleted>;

}  // namespace kit
