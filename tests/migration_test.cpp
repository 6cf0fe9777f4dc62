// SPDX-License-Identifier: MIT
#include <perturb/migration.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "migration/reference_store.hpp"

namespace {

using perturb::JournalError;
using perturb::MigrationOptions;
using perturb::MigrationPhase;
using perturb::StaleMover;
using reference::Case;
using reference::cases;
using reference::Executioner;
using reference::Killed;
using reference::MemoryJournal;
using reference::Range;
using reference::Ranges;
using reference::Ring;
using reference::ring_of;
using reference::World;
using testing::HasSubstr;
using Keys = std::map<std::string, std::string>;

Keys fill(World& world, int count) {
  Keys keys;
  for (int i = 0; i < count; ++i) keys["key " + std::to_string(i)] = "value " + std::to_string(i);
  for (const auto& [key, value] : keys) world.set(key, value);
  return keys;
}

TEST(MigrationRuns, MoveTheKeysOfThePlanAndNoOthers) {
  for (const std::size_t arcs_at_once : {std::size_t{1}, std::size_t{7}, Ranges::kAllArcs}) {
    for (const Case& c : cases()) {
      World world(c.before, c.after, arcs_at_once);
      const Keys keys = fill(world, 500);
      ASSERT_EQ(world.content(), world.placed(keys, c.before));
      MemoryJournal journal(world.executioner);
      reference::Migration mover = world.mover(journal, {.batch = 16, .arcs_at_once = arcs_at_once});
      std::size_t planned = 0;
      for (const auto& [key, value] : keys) planned += c.before.owner(key) != c.after.owner(key) ? 1U : 0U;
      mover.run();
      EXPECT_EQ(world.content(), world.placed(keys, c.after));
      EXPECT_EQ(mover.progress().copied, planned);
      EXPECT_EQ(mover.progress().erased, planned);
      EXPECT_EQ(mover.progress().repaired + mover.progress().changed + mover.progress().surplus, 0U);
      EXPECT_EQ(mover.progress().ranges_done, mover.progress().ranges);
      EXPECT_EQ(mover.phase(), MigrationPhase::done);
    }
  }
}

TEST(MigrationRuns, TakeStepsOfAtMostABatch) {
  World world(ring_of({"a"}), ring_of({"b"}), Ranges::kAllArcs);
  fill(world, 100);
  MemoryJournal journal(world.executioner);
  reference::Migration mover = world.mover(journal, {.batch = 10, .arcs_at_once = Ranges::kAllArcs});
  std::size_t steps = 0;
  std::size_t copied = 0;
  for (; !mover.is_done(); ++steps) {
    mover.step();
    EXPECT_LE(mover.progress().copied - copied, 10U);
    copied = mover.progress().copied;
  }
  EXPECT_GE(steps, 40U);  // copy, compare, compare back and clean, ten each
  mover.step();           // does nothing
}

TEST(MigrationRuns, GoThroughThePhasesInOrder) {
  World world(ring_of({"a"}), ring_of({"b"}), Ranges::kAllArcs);
  fill(world, 30);
  MemoryJournal journal(world.executioner);
  reference::Migration mover = world.mover(journal, {.batch = 10, .arcs_at_once = Ranges::kAllArcs});
  std::vector<MigrationPhase> phases{mover.phase()};
  while (!mover.is_done()) {
    mover.step();
    if (mover.phase() != phases.back()) phases.push_back(mover.phase());
  }
  // After a range is cleaned, the mover begins to copy the next one before it finds that there is none.
  const std::vector<MigrationPhase> expected{MigrationPhase::copy,  MigrationPhase::verify, MigrationPhase::commit,
                                             MigrationPhase::clean, MigrationPhase::copy,   MigrationPhase::done};
  EXPECT_EQ(phases, expected);
}

// Runs until the run dies at call number `fatal`. @returns whether it died.
bool dies(World& world, MemoryJournal& journal, std::size_t fatal, const MigrationOptions& options) {
  world.executioner = {0, fatal};
  try {
    world.mover(journal, options).run();
  } catch (const Killed&) {
    return true;
  }
  return false;
}

TEST(MigrationKilled, AtEveryCallAndResumedLosesNothing) {
  const MigrationOptions options{.batch = 4, .arcs_at_once = Ranges::kAllArcs};
  const Case c = cases()[0];
  for (std::size_t fatal = 0;; ++fatal) {
    World world(c.before, c.after, options.arcs_at_once);
    const Keys keys = fill(world, 40);
    MemoryJournal journal(world.executioner);
    if (!dies(world, journal, fatal, options)) {
      EXPECT_GT(fatal, 80U);
      break;
    }
    world.executioner = {};
    for (const auto& [key, value] : keys) ASSERT_EQ(world.get(key), value) << "after " << fatal << " calls";
    world.mover(journal, options).run();
    ASSERT_EQ(world.content(), world.placed(keys, c.after)) << "killed after " << fatal << " calls";
  }
}

TEST(MigrationKilled, LosesNothingEvenIfTheJournalIsLostToo) {
  const MigrationOptions options{.batch = 4, .arcs_at_once = Ranges::kAllArcs};
  const Case c = cases()[1];
  for (std::size_t fatal = 0;; ++fatal) {
    World world(c.before, c.after, options.arcs_at_once);
    const Keys keys = fill(world, 40);
    MemoryJournal journal(world.executioner);
    if (!dies(world, journal, fatal, options)) break;
    world.executioner = {};
    MemoryJournal empty(world.executioner);
    world.mover(empty, {.batch = 4, .arcs_at_once = options.arcs_at_once, .fence = 2}).run();
    ASSERT_EQ(world.content(), world.placed(keys, c.after)) << "killed after " << fatal << " calls";
  }
}

TEST(MigrationKilled, LosesNothingIfTheJournalLacksItsLastRecords) {
  const MigrationOptions options{.batch = 4, .arcs_at_once = 300, .fence = 9};
  const Case c = cases()[2];
  for (std::size_t kept = 0;; ++kept) {
    World world(c.before, c.after, options.arcs_at_once);
    const Keys keys = fill(world, 40);
    MemoryJournal journal(world.executioner);
    world.mover(journal, {.batch = 4, .arcs_at_once = 300}).run();
    if (kept > journal.list().size()) break;
    journal.list().resize(kept);
    world.mover(journal, options).run();
    ASSERT_EQ(world.content(), world.placed(keys, c.after)) << "with " << kept << " records";
  }
}

// One run of everything at once: a mover that is killed again and again, and writers that overwrite and erase, die
// before the second write, or have it arrive late, in any order, perhaps after the range has another owner.
void play(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const Case c = cases()[below(3)];
  MigrationOptions options{.batch = 1 + below(8), .arcs_at_once = below(2) == 0 ? 100 : Ranges::kAllArcs};
  World world(c.before, c.after, options.arcs_at_once);
  Keys keys = fill(world, 60);
  // What an earlier, broken migration left behind in a store that gets the keys.
  for (const Range& range : world.ranges()) {
    for (const auto& [key, value] : keys) {
      if (range.contains(c.before.token(key)) && below(4) == 0) world.store(range.to()).values()[key] = "from the dead";
    }
    for (int i = 0; i < 20; ++i) {
      const std::string key = "ghost " + std::to_string(i);
      if (range.contains(c.before.token(key))) world.store(range.to()).values()[key] = "from the dead";
    }
  }
  std::vector<World::Forward> under_way;
  MemoryJournal journal(world.executioner);
  const auto write_some = [&] {
    for (std::size_t n = below(3); n > 0; --n) {
      const std::string key = (below(8) == 0 ? "new " : "key ") + std::to_string(below(60));
      std::optional<std::string> value;
      if (below(3) != 0) value = std::to_string(random());
      if (value) {
        keys[key] = *value;
      } else {
        keys.erase(key);
      }
      if (const auto forward = world.write(key, value)) {
        const std::size_t fate = below(3);
        if (fate == 0) world.deliver(*forward);
        if (fate == 1) under_way.push_back(*forward);  // and otherwise the writer died
      }
    }
    while (!under_way.empty() && below(2) == 0) {
      const std::size_t i = below(under_way.size());
      world.deliver(under_way[i]);
      under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const std::string key = "key " + std::to_string(below(60));
    const auto expected = keys.find(key);
    ASSERT_EQ(world.get(key), expected == keys.end() ? std::nullopt : std::optional(expected->second));
  };
  for (bool is_done = false; !is_done;) {
    world.executioner = {0, 1 + below(60)};
    try {
      reference::Migration mover = world.mover(journal, options);
      while (!mover.is_done()) {
        mover.step();
        write_some();
        if (testing::Test::HasFatalFailure()) return;
      }
      is_done = true;
    } catch (const Killed&) {
      write_some();
    }
    options.batch = 1 + below(30);
  }
  for (const World::Forward& late : under_way) world.deliver(late);
  ASSERT_EQ(world.content(), world.placed(keys, c.after));
}

TEST(MigrationUnderTraffic, LosesNothingAndRaisesNothingFromTheDead) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    play(seed);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

TEST(MigrationUnderTraffic, TakesAWriteBetweenTheLastChangesAndTheRelease) {
  World world(ring_of({"a"}), ring_of({"b"}), Ranges::kAllArcs);
  Keys keys = fill(world, 20);
  MemoryJournal journal(world.executioner);
  reference::Migration mover = world.mover(journal, {.batch = 10, .arcs_at_once = Ranges::kAllArcs});
  // The source has no changes left, and the sink is told to keep what it has.
  world.store("b").on_sync = [&] { world.store("a").write(world.ranges().find(0), "key 3", keys["key 3"] = "late"); };
  mover.run();
  EXPECT_EQ(mover.progress().changed, 1U);
  EXPECT_EQ(world.content(), world.placed(keys, world.after()));
}

TEST(MigrationUnderTraffic, ShowsReadersEveryWriteThatWasAcknowledged) {
  World world(ring_of({"a", "b", "c"}), ring_of({"a", "b", "c", "d"}), Ranges::kAllArcs);
  fill(world, 400);
  constexpr int kKeys = 50;
  std::vector<std::atomic<int>> acknowledged(kKeys);
  for (int i = 0; i < kKeys; ++i) world.set("counter " + std::to_string(i), "0");
  std::atomic<bool> is_over{false};
  std::atomic<int> faults{0};
  std::thread writer([&] {
    for (int round = 1; !is_over; ++round) {
      for (int i = 0; i < kKeys; ++i) {
        world.set("counter " + std::to_string(i), std::to_string(round));
        acknowledged[static_cast<std::size_t>(i)] = round;
      }
    }
  });
  std::thread reader([&] {
    while (!is_over) {
      for (int i = 0; i < kKeys; ++i) {
        const int least = acknowledged[static_cast<std::size_t>(i)];
        const auto found = world.get("counter " + std::to_string(i));
        if (!found || std::stoi(*found) < least) ++faults;
      }
    }
  });
  MemoryJournal journal(world.executioner);
  reference::Migration mover = world.mover(journal, {.batch = 8, .arcs_at_once = Ranges::kAllArcs});
  while (!mover.is_done()) {
    mover.step();
    std::this_thread::yield();
  }
  is_over = true;
  writer.join();
  reader.join();
  EXPECT_EQ(faults, 0);
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = "counter " + std::to_string(i);
    EXPECT_EQ(world.get(key), std::to_string(acknowledged[static_cast<std::size_t>(i)]));
    std::size_t copies = 0;
    for (const auto& [where, value] : world.content()) copies += where.second == key ? 1U : 0U;
    EXPECT_EQ(copies, 1U);
  }
}

TEST(MigrationFencing, StopsARunThatWasBelievedDead) {
  const Case c = cases()[0];
  for (std::size_t steps = 0;; ++steps) {
    World world(c.before, c.after, Ranges::kAllArcs);
    Keys keys = fill(world, 60);
    MemoryJournal journal(world.executioner);
    const MigrationOptions options{.batch = 8, .arcs_at_once = Ranges::kAllArcs};
    reference::Migration old = world.mover(journal, options);
    for (std::size_t i = 0; i < steps; ++i) old.step();
    if (old.is_done()) {
      EXPECT_GT(steps, 20U);
      break;
    }
    reference::Migration young = world.mover(journal, options);
    ASSERT_GT(young.fence(), old.fence());
    young.step();
    // The old run may still look, but the first thing that it changes is refused.
    if (old.progress().ranges_done == old.progress().ranges) {
      old.run();  // only notes that all is done
    } else {
      EXPECT_THROW(old.run(), StaleMover);
    }
    keys["key 0"] = "later";
    world.set("key 0", "later");
    young.run();
    ASSERT_EQ(world.content(), world.placed(keys, c.after)) << "after " << steps << " steps";
  }
}

TEST(MigrationFencing, RefusesARunWithALowerNumberThanTheJournalHas) {
  World world(ring_of({"a"}), ring_of({"a", "b"}), 1);
  MemoryJournal journal(world.executioner);
  const reference::Migration mover = world.mover(journal, {.fence = 7});
  EXPECT_EQ(mover.fence(), 7U);
  EXPECT_THROW(world.mover(journal, {.fence = 6}), StaleMover);
  EXPECT_EQ(world.mover(journal).fence(), 8U);
}

TEST(MigrationSinks, ThatLostWhatWasCopiedGetItAgain) {
  World world(ring_of({"a"}), ring_of({"a", "b"}), Ranges::kAllArcs);
  const Keys keys = fill(world, 200);
  MemoryJournal journal(world.executioner);
  const MigrationOptions options{.batch = 16, .arcs_at_once = Ranges::kAllArcs};
  {
    reference::Migration mover = world.mover(journal, options);
    while (mover.phase() == MigrationPhase::copy) mover.step();
  }
  auto& values = world.store("b").values();
  ASSERT_FALSE(values.empty());
  values.erase(values.begin());
  values.begin()->second = "damaged";
  reference::Migration mover = world.mover(journal, options);
  mover.run();
  EXPECT_EQ(mover.progress().repaired, 2U);
  EXPECT_EQ(world.content(), world.placed(keys, world.after()));
}

// A store that says yes and keeps nothing.
struct Forgetful : reference::Store {
  using Store::Store;
  void put(const Range&, std::span<const reference::Entry>, std::uint64_t) {}
};

TEST(MigrationSinks, ThatKeepNothingEndTheMigrationBeforeAnythingIsErased) {
  const Ring before = ring_of({"a"});
  const Ring after = ring_of({"b"});
  World world(before, after, Ranges::kAllArcs);
  const Keys keys = fill(world, 20);
  Forgetful sink(world.executioner);
  MemoryJournal journal(world.executioner);
  perturb::Migration<reference::Store, Forgetful> mover(
      world.plan(), [&](const std::string& node) -> reference::Store& { return world.store(node); },
      [&](const std::string&) -> Forgetful& { return sink; }, journal, {.arcs_at_once = Ranges::kAllArcs});
  EXPECT_THROW(mover.run(), perturb::MigrationError);
  EXPECT_EQ(world.content(), world.placed(keys, before));
}

TEST(MigrationJournals, OfAnotherMigrationAreRefused) {
  World world(ring_of({"a"}), ring_of({"a", "b"}), 1);
  World other(ring_of({"a"}), ring_of({"a", "c"}), 1);
  MemoryJournal journal(world.executioner);
  const auto expect_refusal = [&](World& refused, const MigrationOptions& options) {
    const std::size_t records = journal.list().size();
    try {
      refused.mover(journal, options);
      ADD_FAILURE() << "not refused";
    } catch (const JournalError& error) {
      EXPECT_THAT(error.what(), HasSubstr("belongs to another migration"));
    }
    EXPECT_EQ(journal.list().size(), records);
  };
  const MigrationOptions options{.id = 5};
  world.mover(journal, options).step();
  expect_refusal(other, options);
  expect_refusal(world, {.id = 6});
  expect_refusal(world, {.arcs_at_once = 2, .id = 5});
  world.mover(journal, options).run();
  EXPECT_TRUE(world.mover(journal, options).is_done());
  // Once done, the journal may serve the next one.
  other.mover(journal, options).run();
  EXPECT_TRUE(other.mover(journal, options).is_done());
}

TEST(MigrationJournals, SayWhoseTheyAreAndCanBeGivenUp) {
  const Ring after = ring_of({"a", "b"});
  World world(ring_of({"a"}), after, 300);
  const Keys keys = fill(world, 100);
  World other(ring_of({"a"}), ring_of({"a", "c"}), 1);
  MemoryJournal journal(world.executioner);
  EXPECT_EQ(perturb::unfinished_migration(journal), std::nullopt);
  perturb::abandon_migration(journal);
  EXPECT_TRUE(journal.list().empty());
  const MigrationOptions options{.batch = 4, .arcs_at_once = 300, .id = 5};
  reference::Migration first = world.mover(journal, options);
  while (first.progress().ranges_done == 0) first.step();
  EXPECT_EQ(perturb::unfinished_migration(journal), 5U);
  perturb::abandon_migration(journal);
  EXPECT_EQ(perturb::unfinished_migration(journal), std::nullopt);
  other.mover(journal, {.id = 6}).step();
  EXPECT_EQ(perturb::unfinished_migration(journal), 6U);
  perturb::abandon_migration(journal);
  // Given up though it was not over: everything is looked at again.
  reference::Migration again = world.mover(journal, options);
  EXPECT_EQ(again.progress().ranges_done, 0U);
  again.run();
  EXPECT_EQ(again.progress().ranges_done, again.progress().ranges);
  EXPECT_EQ(perturb::unfinished_migration(journal), std::nullopt);
  EXPECT_EQ(world.content(), world.placed(keys, after));
}

TEST(MigrationJournals, WithRecordsThatMakeNoSenseAreRefused) {
  World world(ring_of({"a"}), ring_of({"a", "b"}), 1);
  MemoryJournal good(world.executioner);
  world.mover(good).step();
  const auto expect_refusal = [&](std::vector<std::byte> record) {
    MemoryJournal journal(world.executioner);
    journal.list() = good.list();
    journal.list().push_back(std::move(record));
    EXPECT_THROW(world.mover(journal), JournalError);
    EXPECT_EQ(perturb::unfinished_migration(journal), perturb::unfinished_migration(good));
  };
  const auto bytes = [](std::initializer_list<int> list) {
    std::vector<std::byte> result;
    for (const int i : list) result.push_back(static_cast<std::byte>(i));
    return result;
  };
  expect_refusal({});
  expect_refusal(bytes({'X'}));
  expect_refusal(bytes({'B', 1, 2}));
  expect_refusal(bytes({'R', 1, 2}));
  expect_refusal(bytes({'S', 255, 255, 0, 0, 1}));
  expect_refusal(bytes({'S', 0, 0, 0, 0, 9}));
  expect_refusal(good.list()[0]);
  // As many ranges as the plan does not have.
  good.list()[0].back() ^= std::byte{1};
  EXPECT_THROW(world.mover(good), JournalError);
}

TEST(MigrationOptionsOfARun, AreChecked) {
  World world(ring_of({"a"}), ring_of({"a", "b"}), 1);
  MemoryJournal journal(world.executioner);
  EXPECT_THROW(world.mover(journal, {.batch = 0}), std::invalid_argument);
  EXPECT_THROW(world.mover(journal, {.arcs_at_once = 0}), std::invalid_argument);
}

TEST(MigrationPlansOf, NothingAreDoneAtOnce) {
  World world(ring_of({"a"}), ring_of({"a"}), 1);
  MemoryJournal journal(world.executioner);
  reference::Migration mover = world.mover(journal);
  mover.run();
  EXPECT_TRUE(mover.is_done());
}

}  // namespace
