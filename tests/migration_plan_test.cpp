// SPDX-License-Identifier: MIT
#include <perturb/migration_plan.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::diff;
using perturb::HashRing;
using perturb::TieRule;
using testing::HasSubstr;
using Strings = HashRing<std::string>;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

// The names of the first `replicas` nodes for a token, by a walk of the test's own; "" where there are none.
template <class Ring>
std::vector<std::string> holders(const Ring& ring, typename Ring::token_type token, std::size_t replicas) {
  std::vector<std::string> names;
  const auto ends = ring.arcs();
  std::size_t at = 0;
  while (at < ends.size() && ends[at].upto < token) ++at;
  for (std::size_t k = 0; k < ends.size() && names.size() < replicas; ++k) {
    const std::string name(perturb::detail::ring::owned_identity(ends[(at + k) % ends.size()].node));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  names.resize(replicas);
  return names;
}

// Replays the plan on the tokens next to every end of an arc and on random ones: that covers every segment.
template <class Ring>
void expect_replay(const Ring& before, const Ring& after, std::size_t replicas) {
  const auto plan = diff(before, after, replicas);
  using Token = typename Ring::token_type;
  std::vector<Token> tokens;
  for (const Ring* ring : {&before, &after}) {
    for (const auto& end : ring->arcs()) {
      tokens.push_back(end.upto);
      tokens.push_back(perturb::detail::ring::before(end.upto));
      tokens.push_back(end.upto + perturb::detail::ring::token_of_hash<Token>(perturb::HashValue(1)));
    }
  }
  for (int key = 0; key < 50; ++key) tokens.push_back(before.token("key " + std::to_string(key)));
  const std::size_t ranks = plan.replicas();
  for (const Token token : tokens) {
    std::vector<std::string> list = holders(before, token, replicas);
    for (std::uint32_t rank = 0; rank < ranks; ++rank) {
      const auto move = plan.find(token, rank);
      if (move == plan.end()) continue;
      ASSERT_EQ(move->rank, rank);
      ASSERT_EQ(list[rank], move->has_from ? move->from : "");
      ASSERT_NE(list[rank], move->has_to ? move->to : "") << "a move that changes nothing";
      list[rank] = move->has_to ? move->to : "";
    }
    ASSERT_EQ(list, holders(after, token, replicas));
  }
  // Sorted, disjoint, merged.
  for (std::size_t i = 1; i < plan.size(); ++i) {
    if (plan[i - 1].rank != plan[i].rank) {
      ASSERT_LT(plan[i - 1].rank, plan[i].rank);
      continue;
    }
    ASSERT_LT(plan[i - 1].arc.upto, plan[i].arc.upto);
    const bool touches = plan[i - 1].arc.upto == plan[i].arc.after;
    ASSERT_FALSE(touches && plan[i - 1].from == plan[i].from && plan[i - 1].to == plan[i].to &&
                 plan[i - 1].has_from == plan[i].has_from && plan[i - 1].has_to == plan[i].has_to);
    ASSERT_FALSE(plan.begin()[i].contains(plan[i - 1].arc.upto));
  }
  ASSERT_EQ(decltype(diff(before, after))::deserialize(plan.serialize()), plan);
}

template <class Ring, class Random>
void change_at_random(Ring& ring, Random& random) {
  for (int change = static_cast<int>(random() % 3); change >= 0; --change) {
    const std::string name = "n" + std::to_string(random() % 7);
    switch (random() % 3) {
      case 0:
        ring.remove_node(name);
        break;
      case 1:
        ring.set_weight(name, 0.5 + static_cast<double>(random() % 4) / 2);
        break;
      default:
        ring.add_node(name, 0.5 + static_cast<double>(random() % 4) / 2);
    }
  }
}

template <class Ring>
void expect_replays_of_random_changes(Ring ring, unsigned seed, int rounds) {
  std::mt19937 random(seed);
  for (int round = 0; round < rounds; ++round) {
    const Ring before = ring;
    change_at_random(ring, random);
    for (std::size_t replicas = 1; replicas <= 3; ++replicas) {
      ASSERT_NO_FATAL_FAILURE(expect_replay(before, ring, replicas)) << "round " << round << ", replicas " << replicas;
    }
  }
}

TEST(MigrationPlanReplay, TurnsTheNodesBeforeIntoThoseAfterOnADefaultRing) {
  expect_replays_of_random_changes(HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<16>>(), 1, 40);
}

TEST(MigrationPlanReplay, HoldsForEveryPlacementAndBoundRule) {
  using kit::Narrow;
  using perturb::XxHash;
  expect_replays_of_random_changes(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::at_or_after, TieRule::identity>>({0xFF}), 2, 20);
  expect_replays_of_random_changes(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::after, TieRule::insertion>>(), 3,
                                   20);
  expect_replays_of_random_changes(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::keep_first>>({0xFFF}), 4, 20);
  expect_replays_of_random_changes(
      HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::keep_last>>({0xFF}), 5, 20);
  expect_replays_of_random_changes(HashRing<std::string, XxHash<>, kit::WholeDigest>(), 6, 20);
  expect_replays_of_random_changes(HashRing<std::string, XxHash<>, kit::RelativeWeightsOf<8>>(), 7, 20);
}

TEST(MigrationPlan, OfEqualRingsIsEmpty) {
  const Strings ring({"a", "b"});
  const auto plan = diff(ring, ring, 2);
  EXPECT_TRUE(plan.empty());
  EXPECT_EQ(plan.fraction(), 0.0);
  EXPECT_EQ(plan.find(5), plan.end());
  EXPECT_TRUE(diff(Strings(), Strings()).empty());
}

TEST(MigrationPlan, OfAJoiningNodeListsExactlyItsArcs) {
  const Strings before({"a", "b", "c"});
  Strings after = before;
  after.add_node("d", 2.0);
  const auto plan = diff(before, after);
  for (const auto& move : plan) EXPECT_EQ(move.to, "d");
  EXPECT_DOUBLE_EQ(plan.fraction(), after.share("d"));
  EXPECT_DOUBLE_EQ(plan.incoming("d").fraction(), after.share("d"));
  EXPECT_NEAR(plan.outgoing("a").fraction() + plan.outgoing("b").fraction() + plan.outgoing("c").fraction(),
              plan.fraction(), 1e-12);
  EXPECT_TRUE(plan.outgoing("d").empty());
  EXPECT_TRUE(plan.incoming("unknown").empty());
}

TEST(MigrationPlan, OfAReplacedNodeIsOneArcRoundTheRing) {
  const Strings before({"a"});
  const Strings after({"b"});
  const auto plan = diff(before, after);
  ASSERT_EQ(plan.size(), 1u);
  EXPECT_EQ(plan[0].arc, (perturb::Arc<std::uint64_t>{kMax, kMax}));
  EXPECT_EQ(plan.fraction(), 1.0);
  EXPECT_TRUE(plan[0].contains(0) && plan[0].contains(kMax));
}

TEST(MigrationPlan, SaysWhenThereWasOrIsNoNode) {
  const Strings ring({"a", "b"});
  const auto filled = diff(Strings(), ring);
  for (const auto& move : filled) EXPECT_FALSE(move.has_from);
  EXPECT_EQ(filled.fraction(), 1.0);
  const auto emptied = diff(ring, Strings(), 2);
  for (const auto& move : emptied) EXPECT_FALSE(move.has_to);
  EXPECT_EQ(emptied.fraction(), 1.0);
  const auto fewer = diff(ring, Strings({"a"}), 2);
  EXPECT_EQ(fewer.replicas(), 2u);
  EXPECT_EQ(
      std::count_if(fewer.begin(), fewer.end(), [](const auto& move) { return !move.has_to; }),
      static_cast<std::ptrdiff_t>(std::count_if(fewer.begin(), fewer.end(), [](auto& m) { return m.rank == 1; })));
}

TEST(MigrationPlan, TakesNoNodeForANodeWithoutAName) {
  const Strings ring({"a", "b"});
  const auto filled = diff(Strings(), ring);
  const auto emptied = diff(ring, Strings());
  EXPECT_TRUE(filled.outgoing("").empty());
  EXPECT_TRUE(emptied.incoming("").empty());
  EXPECT_EQ(filled.incoming("a").size() + filled.incoming("b").size(), filled.size());
  EXPECT_TRUE(filled.transfers() == filled) << "what nobody had has to be copied too";
  EXPECT_TRUE(emptied.transfers().empty());
  EXPECT_FALSE(filled == emptied);
  EXPECT_THAT(filled.table(), HasSubstr("\n0     -     a "));
  EXPECT_THAT(emptied.table(), HasSubstr("\n0     a     - "));
}

TEST(MigrationPlan, ComparesNoMoreReplicasThanThereAreNodes) {
  const Strings ring({"a", "b"});
  EXPECT_EQ(diff(ring, Strings({"a"}), 1000).replicas(), 2u);
  EXPECT_THROW((void)diff(ring, ring, 0), std::invalid_argument);
}

TEST(MigrationPlan, OfRingsThatHashKeysDifferentlyIsRefused) {
  const Strings ring({"a", "b"});
  EXPECT_THROW((void)diff(ring, Strings({"a", "b"}, perturb::XxHash<>(1))), std::invalid_argument);
  // The placement makes the tokens of keys: another mask, other tokens.
  using Masked = HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::after, TieRule::identity>>;
  EXPECT_THROW((void)diff(Masked({"a"}), Masked({"a"}, {}, {0xFFFF})), std::invalid_argument);
}

TEST(MigrationPlanTransfers, LeaveOutNodesThatHadTheKeysUnderAnotherRank) {
  // a and b exchange their ranks where a's weight grows: with two nodes and two replicas nothing is copied.
  const Strings two({"a", "b"});
  Strings other = two;
  other.set_weight("a", 3.0);
  const auto exchange = diff(two, other, 2);
  EXPECT_FALSE(exchange.empty());
  EXPECT_TRUE(exchange.transfers().empty());

  Strings joined({"a", "b", "c", "d", "e"});
  const Strings before = joined;
  joined.add_node("f");
  for (std::size_t replicas = 1; replicas <= 3; ++replicas) {
    const auto plan = diff(before, joined, replicas);
    const auto transfers = plan.transfers();
    for (int key = 0; key < 3000; ++key) {
      const std::uint64_t token = before.token(key);
      const auto had = holders(before, token, replicas);
      const auto has = holders(joined, token, replicas);
      for (std::uint32_t rank = 0; rank < replicas; ++rank) {
        const bool is_new = std::find(had.begin(), had.end(), has[rank]) == had.end();
        const auto transfer = transfers.find(token, rank);
        ASSERT_EQ(transfer != transfers.end(), is_new);
        ASSERT_EQ(is_new ? transfer->to : has[rank], has[rank]);
      }
    }
    for (const auto& move : transfers) EXPECT_EQ(move.to, "f");
    EXPECT_EQ(transfers == plan, replicas == 1);
  }
}

TEST(MigrationPlanFind, GivesTheLowestRankThatMoves) {
  const Strings before({"a", "b", "c"});
  Strings after = before;
  after.add_node("d");
  const auto plan = diff(before, after, 3);
  for (int key = 0; key < 1000; ++key) {
    const std::uint64_t token = before.token(key);
    const auto* expected = plan.end();
    for (std::uint32_t rank = 0; rank < 3 && expected == plan.end(); ++rank) expected = plan.find(token, rank);
    ASSERT_EQ(plan.find(token), expected);
  }
  EXPECT_EQ(plan.find(5, 7), plan.end());
}

TEST(MigrationPlanTable, ListsRanksPairsArcsAndShares) {
  kit::HandMadeRing<> before;
  constexpr std::uint64_t kEighth = std::uint64_t{1} << 61;
  before.add_node({"alpha", {2 * kEighth}});
  before.add_node({"beta", {4 * kEighth}});
  kit::HandMadeRing<> after = before;
  after.add_node({"c", {kEighth, 3 * kEighth, 5 * kEighth}});
  EXPECT_EQ(diff(before, after).table(),
            "rank  from   to  arcs    share\n"
            "0     alpha  c      1  62.50 %\n"
            "0     beta   c      1  12.50 %\n"
            "all                 2  75.00 %\n");
}

TEST(MigrationPlanImage, IsTheSameOnEveryPlatform) {
  kit::HandMadeRing<std::uint32_t> before;
  before.add_node({"a", {0x10000000}});
  kit::HandMadeRing<std::uint32_t> after = before;
  after.add_node({"b", {0x80000000}});
  std::string hex;
  for (const std::byte byte : diff(before, after).serialize()) {
    hex += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    hex += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  EXPECT_EQ(hex,
            "706572747572625001000000250000000000000"
            "0738696b659a2e0c7"
            "0473010000000100000000000000"
            "0000001000000080000000000301000000610100000062");
}

TEST(MigrationPlanImage, DamagedIsRefused) {
  const Strings before({"a", "b", "c"});
  Strings after = before;
  after.add_node("d");
  using Plan = decltype(diff(before, after));
  const std::vector<std::byte> image = diff(before, after, 2).serialize();
  const auto refusal = [](const std::vector<std::byte>& bytes) {
    try {
      (void)Plan::deserialize(bytes);
    } catch (const perturb::SnapshotError& error) {
      return std::string(error.what());
    }
    return std::string("not refused");
  };
  std::mt19937 random(9);
  for (int damage = 0; damage < 2000; ++damage) {
    std::vector<std::byte> bytes = image;
    bytes[random() % bytes.size()] ^= static_cast<std::byte>(1 << random() % 8);
    EXPECT_THAT(refusal(bytes), HasSubstr("not a usable image"));
    bytes = image;
    bytes.resize(random() % bytes.size());
    EXPECT_THAT(refusal(bytes), HasSubstr("truncated"));
  }
  EXPECT_THAT(refusal({}), HasSubstr("truncated"));
}

// The image of a plan of integers with 32-bit tokens.
struct RawMove {
  std::uint32_t after, upto, rank;
  std::uint64_t from = 1, to = 2;
};
std::vector<std::byte> image_of(const std::vector<RawMove>& moves, std::uint32_t replicas = 2) {
  perturb::detail::ring::ImageWriter image;
  image.integer(std::uint8_t{4});
  image.integer(static_cast<std::uint8_t>('i'));
  image.integer(replicas);
  image.integer(static_cast<std::uint64_t>(moves.size()));
  for (const RawMove& move : moves) {
    image.token(move.after);
    image.token(move.upto);
    image.integer(move.rank);
    image.integer(std::uint8_t{3});
    image.identity(move.from);
    image.identity(move.to);
  }
  return std::move(image).finish(perturb::detail::ring::ImageKind::plan);
}

TEST(MigrationPlanImage, OfManyReplicasCostsOnlyWhatItsMovesCost) {
  using Plan = perturb::MigrationPlan<std::uint64_t, std::uint32_t>;
  const auto plan = Plan::deserialize(image_of({{10, 20, 0}, {10, 20, 4'000'000'000}}, 4'294'967'295));
  EXPECT_EQ(plan.transfers().size(), 2u);
  EXPECT_EQ(plan.transfers().replicas(), 4'294'967'295u);
}

TEST(MigrationPlanFind, FindsNothingUnderARankWithoutMoves) {
  using Plan = perturb::MigrationPlan<std::uint64_t, std::uint32_t>;
  const auto plan = Plan::deserialize(image_of({{10, 20, 0}, {10, 20, 2}}, 3));
  EXPECT_NE(plan.find(15, 2), plan.end());
  EXPECT_EQ(plan.find(15, 1), plan.end());
}

TEST(MigrationPlanImage, OfARingIsRefusedAsOne) {
  try {
    (void)perturb::MigrationPlan<std::string, std::uint64_t>::deserialize(Strings({"a"}).serialize());
    FAIL() << "not refused";
  } catch (const perturb::SnapshotError& error) {
    EXPECT_THAT(error.what(), HasSubstr("image of a ring, not of a migration plan"));
  }
}

// What deserialize() says of an image whose body begins with these bytes.
template <class Plan>
std::string refusal_of_body(std::uint8_t width, char kind, std::uint32_t replicas, std::uint8_t ends) {
  perturb::detail::ring::ImageWriter image;
  image.integer(width);
  image.integer(static_cast<std::uint8_t>(kind));
  image.integer(replicas);
  image.integer(std::uint64_t{1});
  image.token(std::uint32_t{1});
  image.token(std::uint32_t{2});
  image.integer(std::uint32_t{0});
  image.integer(ends);
  image.identity(std::uint64_t{1});
  image.identity(std::uint64_t{2});
  try {
    (void)Plan::deserialize(std::move(image).finish(perturb::detail::ring::ImageKind::plan));
  } catch (const perturb::SnapshotError& error) {
    return error.what();
  }
  return "not refused";
}

TEST(MigrationPlanImage, OfAnotherTypeOfPlanIsRefusedByWhatDiffers) {
  using Plan = perturb::MigrationPlan<std::uint64_t, std::uint32_t>;
  EXPECT_EQ(refusal_of_body<Plan>(4, 'i', 1, 3), "not refused");
  EXPECT_EQ(refusal_of_body<Plan>(4, 'i', 1, 1), "not refused");
  EXPECT_EQ(refusal_of_body<Plan>(4, 'i', 1, 2), "not refused");
  EXPECT_THAT(refusal_of_body<Plan>(8, 'i', 1, 3), HasSubstr("another width"));
  EXPECT_THAT(refusal_of_body<Plan>(4, 's', 1, 3), HasSubstr("another kind of identity"));
  EXPECT_THAT(refusal_of_body<Plan>(4, 'i', 0, 3), HasSubstr("not those of a plan"));
  EXPECT_THAT(refusal_of_body<Plan>(4, 'i', 1, 0), HasSubstr("not those of a plan"));
  EXPECT_THAT(refusal_of_body<Plan>(4, 'i', 1, 4), HasSubstr("not those of a plan"));
  perturb::detail::ring::ImageWriter empty;
  empty.integer(std::uint8_t{4});
  empty.integer(static_cast<std::uint8_t>('i'));
  empty.integer(std::uint32_t{0});
  empty.integer(std::uint64_t{0});
  EXPECT_THROW((void)Plan::deserialize(std::move(empty).finish(perturb::detail::ring::ImageKind::plan)),
               perturb::SnapshotError)
      << "a plan has at least one rank";
}

TEST(MigrationPlanImage, OfMovesThatNoPlanHasIsRefused) {
  using Plan = perturb::MigrationPlan<std::uint64_t, std::uint32_t>;
  EXPECT_EQ(Plan::deserialize(image_of({{10, 20, 0}, {20, 30, 0}, {40, 35, 1}, {36, 37, 1}, {38, 40, 1}})).size(), 5u);
  EXPECT_EQ(Plan::deserialize(image_of({{7, 7, 0}, {9, 9, 1}})).size(), 2u) << "the whole ring";
  const auto is_refused = [](const std::vector<RawMove>& moves) {
    EXPECT_THROW((void)Plan::deserialize(image_of(moves)), perturb::SnapshotError);
  };
  is_refused({{10, 20, 0}, {15, 30, 0}});               // overlap
  is_refused({{10, 20, 0}, {10, 20, 0}});               // twice the same
  is_refused({{20, 30, 0}, {10, 20, 0}});               // not sorted
  is_refused({{10, 20, 1}, {20, 30, 0}});               // ranks not sorted
  is_refused({{10, 20, 0}, {40, 30, 0}});               // only the first may wrap
  is_refused({{10, 20, 0}, {30, 30, 0}});               // the whole ring is disjoint from nothing
  is_refused({{7, 7, 0}, {7, 8, 0}});                   // nor is anything from it
  is_refused({{30, 10, 0}, {20, 31, 0}});               // into the arc that wraps
  is_refused({{40, 35, 1}, {36, 37, 1}, {37, 41, 1}});  // as above, later
  is_refused({{10, 20, 0, 5, 5}});                      // from a node to itself
  is_refused({{10, 20, 2}});                            // no such rank
}

TEST(MigrationPlanValues, ArePlansOfIntegerIdentitiesToo) {
  HashRing<int> before({1, 2, 3});
  HashRing<int> after = before;
  after.remove_node(2);
  const auto plan = diff(before, after, 2);
  EXPECT_TRUE(plan.incoming(2).empty());
  EXPECT_DOUBLE_EQ(diff(before, after).outgoing(2).fraction(), before.share(2));
  EXPECT_EQ((decltype(diff(before, after))::deserialize(plan.serialize())), plan);
}

}  // namespace
