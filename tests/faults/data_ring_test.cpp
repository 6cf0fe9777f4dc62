// SPDX-License-Identifier: MIT
// Faults in the middle of what moves data: every change and query of a sharded table, every plan and every snapshot is
// made again and again, and fails at the first, the second, ... point at which it can: an allocation, a hash, a copy of
// a key or a value, a callback. Nothing may be lost or doubled. This file replaces the global operator new.
#include "migration/reference_store.hpp"
#include "support/faults.hpp"
#include "support/replaced_new.hpp"

#include <perturb/balanced_tokens.hpp>
#include <perturb/errors.hpp>
#include <perturb/file_journal.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/sharded_table.hpp>
#include <perturb/virtual_nodes.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

void kit::before_allocation() { FaultPlan::point(kAllocation); }

namespace {

using perturb::NodeState;

constexpr unsigned kEverything = kit::kAllocation | kit::kHashing | kit::kCopying | kit::kAssigning | kit::kCallback;
// In a checked build a table allocates counters and hashes keys again where it cannot throw (docs/guarantees.md), so in
// sharded tables neither fails there.
constexpr unsigned kInShardedTables = PERTURB_CHECKED ? kit::kCopying | kit::kAssigning | kit::kCallback : kEverything;

// A text that copies and never moves; its copies fail when told to.
struct Copied {
  std::string text;

  explicit Copied(std::string its_text) : text(std::move(its_text)) {}
  Copied(const Copied& other) : text(other.text) { kit::FaultPlan::point(kit::kCopying); }
  Copied& operator=(const Copied& other) {
    kit::FaultPlan::point(kit::kAssigning);
    text = other.text;
    return *this;
  }
  ~Copied() = default;
  friend bool operator==(const Copied&, const Copied&) = default;
};

std::string_view text_of(const std::string& text) { return text; }
std::string_view text_of(const Copied& copied) { return copied.text; }

struct TextHash {
  using is_avalanching = void;
  template <class Key>
  std::uint64_t operator()(const Key& key) const {
    kit::FaultPlan::point(kit::kHashing);
    if constexpr (std::is_same_v<Key, Copied>) {
      return perturb::XxHash<std::string_view>()(key.text);
    } else {
      return perturb::XxHash<>()(key);
    }
  }
  std::string snapshot_name() const { return "TextHash"; }
  friend bool operator==(TextHash, TextHash) { return true; }
};

std::string node_name(int number) { return "a node with a name too long for a small string " + std::to_string(number); }
std::string long_text(int number) { return "a text too long for a small string " + std::to_string(number); }

/// Makes `operation` fail at its first, second, ... point, until it comes through, and calls `check(came_through)` each
/// time. `prepare` makes anew what it works on. `faults`: the kinds of points that count.
template <class Prepare, class Operation, class Check>
void fail_everywhere(Prepare prepare, Operation operation, Check check, int least_points = 3,
                     unsigned faults = kInShardedTables) {
  for (int nth = 1;; ++nth) {
    auto subject = prepare();
    bool has_thrown = false;
    kit::FaultPlan::arm(faults, nth);
    try {
      operation(subject);
    } catch (const kit::InjectedFault&) {
      has_thrown = true;
    }
    const bool fired = kit::FaultPlan::fired();
    kit::FaultPlan::disarm();
    check(subject, !has_thrown);
    if (testing::Test::HasFatalFailure()) return;
    if (!fired) {
      if ((faults & kit::kAllocation) != 0) {
        EXPECT_GT(nth, least_points) << "the operation has fewer points of failure than it must";
      }
      return;
    }
  }
}

// ---- The sharded table ----------------------------------------------------------------------------------------------

template <class Key, class T>
using Sharded = perturb::ShardedTable<Key, T, std::string, TextHash, perturb::VirtualNodes<6>>;
using Content = std::map<std::string, std::string>;

template <class Table>
Table filled(int entries) {
  Table table;
  for (int node = 1; node < 4; ++node) table.add_node(node_name(node));
  for (int n = 0; n < entries; ++n) {
    table.set(typename Table::key_type(long_text(n)), typename Table::mapped_type(long_text(-n)));
  }
  return table;
}

template <class Table>
Content content(const Table& table) {
  Content entries;
  for (const auto& [key, value] : table) {
    EXPECT_TRUE(entries.emplace(text_of(key), text_of(value)).second) << "an entry is there twice";
  }
  return entries;
}

// Every entry is found, is counted on the node that owns it, and is visited there.
template <class Table>
void expect_whole(const Table& table, const Content& expected) {
  ASSERT_EQ(content(table), expected);
  ASSERT_EQ(table.size(), expected.size());
  std::size_t on_nodes = 0;
  for (const std::string& node : table.ring().nodes()) {
    std::size_t count = 0;
    table.for_each_on(node, [&](const auto& key, const auto& value) {
      ++count;
      ASSERT_EQ(table.owner(key), node);
      ASSERT_EQ(table.get(key), &value);
    });
    ASSERT_EQ(table.node_size(node), count);
    on_nodes += count;
  }
  ASSERT_EQ(on_nodes, table.size());
}

template <class Table, class Change>
void expect_change_or_nothing(Change change, int least_points = 10) {
  const Table origin = filled<Table>(100);
  const Content expected = content(origin);
  fail_everywhere([&] { return origin; }, change,
                  [&](const Table& table, bool came_through) {
                    expect_whole(table, expected);
                    ASSERT_EQ(table.ring() == origin.ring(), !came_through);
                  },
                  least_points);
}

template <class Table>
class DataRingFaults : public testing::Test {};
struct Names {
  template <class Table>
  static std::string GetName(int) {
    return std::is_same_v<typename Table::key_type, Copied> ? "EntriesThatCopy" : "EntriesThatMove";
  }
};
using Tables = testing::Types<Sharded<std::string, std::string>, Sharded<Copied, Copied>>;
TYPED_TEST_SUITE(DataRingFaults, Tables, Names);

TYPED_TEST(DataRingFaults, EachChangeOfNodesHappensOrDoesNot) {
  using Table = TypeParam;
  using Change = perturb::RingChange<std::string>;
  expect_change_or_nothing<Table>([](Table& t) { t.add_node(node_name(4)); });
  expect_change_or_nothing<Table>([](Table& t) { t.add_nodes({node_name(4), node_name(0)}); });
  expect_change_or_nothing<Table>([](Table& t) { t.remove_node(node_name(2)); });
  expect_change_or_nothing<Table>([](Table& t) { t.remove_nodes({node_name(1), node_name(3)}); });
  expect_change_or_nothing<Table>([](Table& t) { t.set_weight(node_name(2), 3.0); });
  expect_change_or_nothing<Table>([](Table& t) { t.set_state(node_name(2), NodeState::draining); });
  expect_change_or_nothing<Table>(
      [](Table& t) { t.apply({Change::remove_node(node_name(1)), Change::add_node(node_name(9), 2.0)}); });
}

TYPED_TEST(DataRingFaults, ARebalanceWhoseCallbackThrowsChangesNothing) {
  using Table = TypeParam;
  std::size_t moved = 0;
  std::size_t calls = 0;
  expect_change_or_nothing<Table>(
      [&](Table& t) {
        calls = 0;
        moved =
            t.rebalance_to(std::vector<std::string>{node_name(7), node_name(2)}, [&](const auto& key, const auto& value,
                                                                                     const std::string& from,
                                                                                     const std::string& to) {
               kit::FaultPlan::point(kit::kCallback);
               ++calls;
               EXPECT_FALSE(text_of(key).empty() || text_of(value).empty());
               EXPECT_NE(from, to);
             }).moved;
      },
      60);
  EXPECT_GT(moved, 30u);
  EXPECT_EQ(moved, calls);
}

TYPED_TEST(DataRingFaults, ShardsThatCannotBeSplitOrJoinedLoseNothing) {
  using Table = TypeParam;
  using Key = typename Table::key_type;
  using T = typename Table::mapped_type;
  // 64 entries fill the first shard; the next one splits it, and memory for that may fail without notice.
  const Table full = filled<Table>(64);
  Content one_more = content(full);
  fail_everywhere([&] { return full; }, [](Table& t) { t.set(Key(long_text(1000)), T(long_text(0))); },
                  [&](const Table& table, bool came_through) {
                    Content expected = content(full);
                    if (came_through) expected.emplace(long_text(1000), long_text(0));
                    expect_whole(table, expected);
                  });
  const Table many = filled<Table>(300);
  fail_everywhere([&] { return many; },
                  [](Table& t) {
                    for (int n = 0; n < 290; ++n) t.erase(Key(long_text(n)));
                  },
                  [&](const Table& table, bool) {
                    Content expected = content(many);
                    // A fault ends the loop, before the entry is erased or after it.
                    std::erase_if(expected, [&](const auto& entry) { return !table.contains(Key(entry.first)); });
                    expect_whole(table, expected);
                    for (int n = 290; n < 300; ++n) ASSERT_TRUE(table.contains(Key(long_text(n))));
                  });
}

TYPED_TEST(DataRingFaults, ReservingCopyingAndAssigningHappenOrDoNot) {
  using Table = TypeParam;
  const Table origin = filled<Table>(70);
  const Content expected = content(origin);
  fail_everywhere([&] { return origin; }, [](Table& t) { t.reserve(2000); },
                  [&](const Table& table, bool) { expect_whole(table, expected); });
  fail_everywhere([] { return std::optional<Table>(); }, [&](std::optional<Table>& copy) { copy.emplace(origin); },
                  [&](const std::optional<Table>& copy, bool came_through) {
                    ASSERT_EQ(copy.has_value(), came_through);
                    if (copy) expect_whole(*copy, expected);
                  });
  const Table other = filled<Table>(5);
  fail_everywhere(
      [&] { return origin; }, [&](Table& t) { t = other; },
      [&](const Table& table, bool came_through) { expect_whole(table, came_through ? content(other) : expected); });
}

TYPED_TEST(DataRingFaults, AnEntryThatCannotBeSetOrTakenLeavesTheOthers) {
  using Table = TypeParam;
  using Key = typename Table::key_type;
  using T = typename Table::mapped_type;
  const Table origin = filled<Table>(20);
  const Content expected = content(origin);
  // An entry that is there: the value is the old one or, after the assignment, the new one.
  fail_everywhere([&] { return origin; }, [](Table& t) { t.set(Key(long_text(3)), T(long_text(99))); },
                  [&](const Table& table, bool came_through) {
                    Content now = expected;
                    if (came_through) now[long_text(3)] = long_text(99);
                    expect_whole(table, now);
                  },
                  1);
  fail_everywhere([&] { return origin; }, [](Table& t) { t.try_emplace(Key(long_text(50)), long_text(51)); },
                  [&](const Table& table, bool came_through) {
                    Content now = expected;
                    if (came_through) now.emplace(long_text(50), long_text(51));
                    expect_whole(table, now);
                  },
                  1);
  fail_everywhere([&] { return origin; },
                  [](Table& t) {
                    const Key key(long_text(3));
                    static_cast<void>(t.pop(key));
                  },
                  [&](const Table& table, bool came_through) {
                    Content now = expected;
                    if (came_through) now.erase(long_text(3));
                    expect_whole(table, now);
                  },
                  1);
}

// A class gets its assignment from its members, and by a member's operator=(Member) noexcept it would be noexcept,
// although the copy of the argument may throw.
TEST(DataRingFaultsOfAssignment, OfAClassWithRingOrTableAsAMemberMayThrow) {
  struct Holder {
    perturb::HashRing<std::string> ring;
    perturb::ShardedTable<std::string, std::string, std::string> table;
  };
  static_assert(!std::is_nothrow_copy_assignable_v<perturb::HashRing<std::string>>);
  static_assert(!std::is_nothrow_copy_assignable_v<perturb::ShardedTable<int, int, int>>);
  static_assert(!std::is_nothrow_copy_assignable_v<Holder>);
  static_assert(std::is_nothrow_move_assignable_v<Holder>);
  Holder other;
  other.ring.add_node(node_name(1));
  other.table.add_node(node_name(1));
  other.table.set("key", "value");
  fail_everywhere([] { return Holder(); }, [&](Holder& holder) { holder = other; },
                  [&](const Holder& holder, bool came_through) {
                    if (!came_through) return;
                    ASSERT_EQ(holder.ring, other.ring);
                    ASSERT_EQ(holder.table, other.table);
                  });
}

// ---- Plans and snapshots --------------------------------------------------------------------------------------------

template <class Placement>
using Ring = perturb::HashRing<std::string, TextHash, Placement>;

// `query(from)` gives the same result as `expected` or throws what was injected: never anything else.
template <class Query>
void expect_result_or_fault(Query query, int least_points = 3) {
  const auto expected = query();
  fail_everywhere([&] { return std::optional<std::decay_t<decltype(expected)>>(); },
                  [&](auto& result) { result.emplace(query()); },
                  [&](const auto& result, bool came_through) {
                    ASSERT_EQ(result.has_value(), came_through);
                    ASSERT_TRUE(!result || *result == expected);
                  },
                  least_points, kEverything);
}

template <class Placement>
void expect_faults_in_queries() {
  using R = Ring<Placement>;
  const R before({node_name(1), node_name(2), node_name(3), node_name(4)});
  R after = before;
  after.remove_node(node_name(2));
  after.add_node(node_name(5), 2.0);
  after.set_state(node_name(3), NodeState::down);

  expect_result_or_fault([&] { return diff(before, after, 3); }, 10);
  const auto plan = diff(before, after, 3);
  ASSERT_GT(plan.size(), 5u);
  using Plan = std::decay_t<decltype(plan)>;
  expect_result_or_fault([&] { return plan.transfers(); }, 10);
  expect_result_or_fault([&] { return plan.incoming(node_name(5)); });
  expect_result_or_fault([&] { return plan.outgoing(node_name(2)); });
  expect_result_or_fault([&] { return plan.table(); }, 10);
  expect_result_or_fault([&] { return plan.serialize(); });
  const auto plan_image = plan.serialize();
  expect_result_or_fault([&] { return Plan::deserialize(plan_image); });

  expect_result_or_fault([&] { return after.serialize(); });
  expect_result_or_fault([&] { return after.fingerprint(); });
  const auto image = after.serialize();
  expect_result_or_fault([&] { return R::deserialize(image); }, 10);
  expect_result_or_fault([&] {
    return R::deserialize(image, [](const std::string& id) {
      kit::FaultPlan::point(kit::kCallback);
      return id;
    });
  });
  expect_result_or_fault([&] { return after.explain("key"); });
  expect_result_or_fault([&] { return after.balance().warnings; }, 1);
  expect_result_or_fault([&] { return after.shares(); }, 1);
  expect_result_or_fault([&] { return after.arcs_of(node_name(1)); }, 1);
}

TEST(DataRingFaultsOfQueries, PlansAndSnapshotsOfVirtualNodesComeOutRightOrNotAtAll) {
  expect_faults_in_queries<perturb::VirtualNodes<6>>();
}
TEST(DataRingFaultsOfQueries, PlansAndSnapshotsOfBalancedTokensComeOutRightOrNotAtAll) {
  expect_faults_in_queries<perturb::BalancedTokens<6>>();
}

TEST(DataRingFaultsOfQueries, ASnapshotThatFailsIsNoBadSnapshot) {
  // Running out of memory must not look like a damaged image: a program would delete it.
  const Ring<perturb::VirtualNodes<6>> ring({node_name(1), node_name(2)});
  const auto image = ring.serialize();
  for (int nth = 1;; ++nth) {
    kit::FaultPlan::arm(kEverything, nth);
    try {
      static_cast<void>(Ring<perturb::VirtualNodes<6>>::deserialize(image));
    } catch (const kit::InjectedFault&) {
    } catch (const perturb::SnapshotError& error) {
      kit::FaultPlan::disarm();
      FAIL() << error.what();
    }
    const bool fired = kit::FaultPlan::fired();
    kit::FaultPlan::disarm();
    if (!fired) break;
  }
}

// ---- Migrations -----------------------------------------------------------------------------------------------------

TEST(DataRingFaultsOfMigrations, ARunWithoutMemoryAnywhereAndThenResumedLosesNothing) {
  const reference::Ring before{"a", "b"};
  const reference::Ring after{"a", "c"};
  const perturb::MigrationOptions options{.batch = 4, .arcs_at_once = reference::Ranges::kAllArcs};
  int nth = 1;
  for (bool fired = true; fired; ++nth) {
    reference::World world(before, after, options.arcs_at_once);
    Content content;
    for (int i = 0; i < 14; ++i) content[long_text(i)] = long_text(-i);
    for (const auto& [key, value] : content) world.set(key, value);
    reference::MemoryJournal journal(world.executioner);
    kit::FaultPlan::arm(kit::kAllocation, nth);
    try {
      world.mover(journal, options).run();
    } catch (const kit::InjectedFault&) {
    }
    fired = kit::FaultPlan::fired();
    kit::FaultPlan::disarm();
    for (const auto& [key, value] : content) ASSERT_EQ(world.get(key), value) << "allocation " << nth;
    world.mover(journal, options).run();
    ASSERT_EQ(world.content(), world.placed(content, after)) << "allocation " << nth;
  }
  EXPECT_GT(nth, 100) << "the run allocates less than it must";
}

// ---- Journals -------------------------------------------------------------------------------------------------------

class DataRingFaultsOfJournals : public testing::Test {
 protected:
  ~DataRingFaultsOfJournals() override { std::remove(path_.c_str()); }

  [[nodiscard]] std::string content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static std::span<const std::byte> record(const std::string& text) { return std::as_bytes(std::span(text)); }
  static std::vector<std::string> records(perturb::FileJournal& journal) {
    std::vector<std::string> texts;
    for (const auto& record : journal.records()) {
      std::string& text = texts.emplace_back();
      for (const std::byte byte : record) text.push_back(static_cast<char>(byte));
    }
    return texts;
  }

  std::string path_ = testing::TempDir() + "perturb-faults-" + std::to_string(::getpid()) + '-' +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".journal";
};

TEST_F(DataRingFaultsOfJournals, ARecordIsInTheFileAndTheJournalOrInNeither) {
  std::vector<std::string> texts;
  for (int n = 0; n < 20; ++n) texts.push_back(long_text(n));  // more than a journal has room for at first
  int nth = 1;
  for (bool fired = true; fired; ++nth) {
    std::remove(path_.c_str());
    std::optional<perturb::FileJournal> journal;
    std::size_t appended = 0;
    kit::FaultPlan::arm(kit::kAllocation, nth);
    try {
      journal.emplace(path_);
      for (const std::string& text : texts) {
        journal->append(record(text));
        ++appended;
      }
    } catch (const kit::InjectedFault&) {
    }
    fired = kit::FaultPlan::fired();
    kit::FaultPlan::disarm();
    std::vector<std::string> expected(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(appended));
    if (journal) {
      ASSERT_EQ(records(*journal), expected) << "allocation " << nth;
      journal->append(record("later"));
      expected.emplace_back("later");
      journal.reset();
    }
    perturb::FileJournal again(path_);
    ASSERT_EQ(records(again), expected) << "allocation " << nth;
  }
  EXPECT_GT(nth, 60) << "a journal allocates less than it must";
}

TEST_F(DataRingFaultsOfJournals, AFileThatCannotBeReadForLackOfMemoryKeepsItsRecords) {
  {
    perturb::FileJournal journal(path_);
    for (int n = 0; n < 5; ++n) journal.append(record(long_text(n)));
  }
  const std::string whole = content();
  const std::string torn = whole + whole.substr(12, 20);  // what a crash leaves of a record
  fail_everywhere(
      [&] {
        std::ofstream(path_, std::ios::binary) << torn;
        return 0;
      },
      [&](int) { perturb::FileJournal journal(path_); },
      [&](int, bool came_through) { ASSERT_EQ(content(), came_through ? whole : torn); }, 8, kit::kAllocation);
}

}  // namespace
