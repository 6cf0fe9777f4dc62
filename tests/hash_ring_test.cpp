// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>
#include <perturb/md5_hash.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::HashRing;
using perturb::TieRule;
using testing::ElementsAre;
using testing::HasSubstr;
using Strings = HashRing<std::string>;
template <class Ring>
using PointList = std::vector<std::pair<typename Ring::token_type, typename Ring::node_type>>;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

std::vector<std::string> names(const perturb::PreferenceList<std::string>& list) {
  std::vector<std::string> result;
  for (const std::string* node : list) result.push_back(*node);
  return result;
}
template <class Ring>
PointList<Ring> point_list(const Ring& ring) {
  PointList<Ring> points;
  for (const auto& [token, node] : ring.points()) points.emplace_back(token, node);
  return points;
}
std::vector<std::string> sample_keys(std::size_t count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back("key " + std::to_string(i));
  return keys;
}
template <class Ring>
std::vector<std::string> owners(const Ring& ring, const std::vector<std::string>& keys) {
  std::vector<std::string> result;
  for (const std::string& key : keys) result.push_back(ring.owner(key));
  return result;
}

// ---- The empty ring, one node, the end of the ring ------------------------------------------------------------------

TEST(HashRingEmpty, HasNoOwnerForAnyKey) {
  const Strings ring;
  EXPECT_EQ(ring.find_owner("key"), nullptr);
  EXPECT_EQ(ring.owner_of_token(0), nullptr);
  EXPECT_THROW((void)ring.owner("key"), perturb::EmptyRing);
  EXPECT_TRUE(ring.preference_list("key", 3).empty());
  EXPECT_EQ(ring.size(), 0u);
  EXPECT_TRUE(ring.points().empty());
  EXPECT_EQ(ring.share("a"), 0.0);
  EXPECT_TRUE(ring.arcs_of("a").empty());
  EXPECT_EQ(ring.memory_bytes(), 0u);
  static_assert(std::is_base_of_v<std::logic_error, perturb::EmptyRing>);
}

TEST(HashRingOneNode, OwnsEverything) {
  Strings ring;
  EXPECT_TRUE(ring.add_node("only"));
  for (const std::uint64_t token : {std::uint64_t{0}, std::uint64_t{1}, kMax}) {
    EXPECT_EQ(*ring.owner_of_token(token), "only");
  }
  EXPECT_EQ(ring.share("only"), 1.0);
  EXPECT_EQ(ring.balance().peak, 1.0);
  EXPECT_THAT(names(ring.preference_list("key", 5)), ElementsAre("only"));
}

TEST(HashRingOneNode, WithOnePointHasOneArcThatIsTheWholeRing) {
  kit::HandMadeRing<> ring;
  ring.add_node({"only", {77}});
  EXPECT_THAT(ring.arcs_of("only"), ElementsAre(perturb::Arc<std::uint64_t>{77, 77}));
  EXPECT_EQ(ring.share("only"), 1.0);
}

TEST(HashRingWrapAround, TokensPastTheLastPointBelongToTheFirst) {
  kit::HandMadeRing<> ring;
  ring.add_node({"low", {100}});
  ring.add_node({"high", {200}});
  EXPECT_EQ(ring.owner_of_token(0)->name, "low");
  EXPECT_EQ(ring.owner_of_token(100)->name, "low");
  EXPECT_EQ(ring.owner_of_token(101)->name, "high");
  EXPECT_EQ(ring.owner_of_token(200)->name, "high");
  EXPECT_EQ(ring.owner_of_token(201)->name, "low");
  EXPECT_EQ(ring.owner_of_token(kMax)->name, "low");
  EXPECT_THAT(ring.arcs_of("low"), ElementsAre(perturb::Arc<std::uint64_t>{200, 100}));
}

TEST(HashRingWrapAround, APointAtTheLargestTokenIsTheEnd) {
  kit::HandMadeRing<> ring;
  ring.add_node({"end", {kMax}});
  ring.add_node({"start", {0}});
  EXPECT_EQ(ring.owner_of_token(0)->name, "start");
  EXPECT_EQ(ring.owner_of_token(1)->name, "end");
  EXPECT_EQ(ring.owner_of_token(kMax)->name, "end");
}

// ---- Changing -------------------------------------------------------------------------------------------------------

TEST(HashRingAddNode, OfAPresentIdentityIsFalseAndChangesNothing) {
  Strings ring({"a", "b"});
  const Strings before = ring;
  EXPECT_FALSE(ring.add_node("a", 3.0));
  EXPECT_EQ(ring, before);
  EXPECT_EQ(ring.weight("a"), 1.0);
}

TEST(HashRingAddNode, ReplacingAMachineUnderItsIdentityMovesNothing) {
  struct Machine {
    std::string name;
    std::string address;
    const std::string& id() const { return name; }
  };
  HashRing<Machine> ring;
  ring.add_node({"a", "10.0.0.1"});
  ring.add_node({"b", "10.0.0.2"});
  const auto keys = sample_keys(100);
  std::vector<std::string> before;
  for (const std::string& key : keys) before.push_back(ring.owner(key).name);
  EXPECT_TRUE(ring.remove_node("b"));
  EXPECT_TRUE(ring.add_node({"b", "10.0.0.99"}));
  for (std::size_t i = 0; i < keys.size(); ++i) EXPECT_EQ(ring.owner(keys[i]).name, before[i]);
  EXPECT_EQ(ring.find_node("b")->address, "10.0.0.99");
}

TEST(HashRingUnknownIdentity, IsFalseAndChangesNothing) {
  Strings ring({"a", "b"});
  const Strings before = ring;
  EXPECT_FALSE(ring.remove_node("c"));
  EXPECT_FALSE(ring.set_weight("c", 2));
  EXPECT_EQ(ring, before);
  EXPECT_FALSE(ring.contains("c"));
  EXPECT_EQ(ring.find_node("c"), nullptr);
  EXPECT_EQ(ring.weight("c"), 0.0);
}

TEST(HashRingWeight, ThatIsNotPositiveAndFiniteIsRefusedWithItsValueAndChangesNothing) {
  Strings ring({"a"});
  const Strings before = ring;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [weight, text] : std::vector<std::pair<double, std::string>>{
           {0, "0"}, {-2.5, "-2.5"}, {nan, "nan"}, {infinity, "inf"}, {1e9, "1e+09"}}) {
    const auto refusal = [&](auto change) {
      try {
        change();
      } catch (const std::invalid_argument& error) {
        return std::string(error.what());
      }
      return std::string("not refused");
    };
    EXPECT_THAT(refusal([&] { ring.add_node("b", weight); }), HasSubstr(text));
    EXPECT_THAT(refusal([&] { ring.set_weight("a", weight); }), HasSubstr(text));
    EXPECT_THAT(refusal([&] { ring.add_nodes({{"c", 1.0}, {"d", weight}}); }), HasSubstr(text));
    EXPECT_EQ(ring, before);
  }
}

TEST(HashRingWeight, SetsTheNumberOfPoints) {
  Strings ring;
  ring.add_node("a", 0.5);
  ring.add_node("b", 2.0);
  ring.add_node("c", 1e-9);
  std::map<std::string, int> count;
  for (const auto& [token, node] : ring.points()) ++count[node];
  EXPECT_EQ(count, (std::map<std::string, int>{{"a", 128}, {"b", 512}, {"c", 1}}));
  EXPECT_TRUE(ring.set_weight("b", 0.25));
  EXPECT_EQ(ring.points().size(), 128u + 64 + 1);
  EXPECT_EQ(ring.weight("b"), 0.25);
}

TEST(HashRingWeight, PointsOfAllNodesTogetherStayBelowTwoToThe31) {
  // Each of 128 nodes asks for 2^24 points; the sum is refused before any is placed.
  HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<1>> ring;
  std::vector<std::pair<int, double>> nodes;
  for (int node = 0; node < 128; ++node) nodes.emplace_back(node, 16777216.0);
  EXPECT_THROW(ring.add_nodes(nodes), std::invalid_argument);
  EXPECT_TRUE(ring.empty());
}

TEST(HashRingAddNodes, BuildsFromNodesAndFromPairs) {
  const Strings one({"a", "b", "c"});
  const Strings two(std::vector<std::string>{"c", "a", "b"});
  const Strings three(std::map<std::string, double>{{"a", 1.0}, {"b", 1.0}, {"c", 1.0}});
  Strings four;
  EXPECT_EQ(four.add_nodes({{"b", 1.0}, {"a", 1.0}}), 2u);
  EXPECT_EQ(four.add_nodes(std::vector<const char*>{"c", "a", "c"}), 1u);
  EXPECT_EQ(one, two);
  EXPECT_EQ(one, three);
  EXPECT_EQ(one, four);
}

TEST(HashRingAddNodes, EqualsAddingOneByOne) {
  std::vector<std::pair<int, double>> nodes;
  for (int i = 0; i < 50; ++i) nodes.push_back({i * 37 % 50, 0.25 + i % 4});
  HashRing<int> bulk(nodes);
  HashRing<int> single;
  for (const auto& [node, weight] : nodes) EXPECT_TRUE(single.add_node(node, weight));
  EXPECT_EQ(bulk, single);
  EXPECT_TRUE(std::is_sorted(bulk.nodes().begin(), bulk.nodes().end()));
}

TEST(HashRingClear, LeavesAnEmptyUsableRing) {
  Strings ring({"a", "b"});
  ring.clear();
  EXPECT_EQ(ring, Strings());
  EXPECT_EQ(ring.find_owner("key"), nullptr);
  EXPECT_TRUE(ring.add_node("c"));
  EXPECT_EQ(ring.owner("key"), "c");
}

// ---- Values ---------------------------------------------------------------------------------------------------------

TEST(HashRingValue, CopiesAreIndependent) {
  Strings ring({"a", "b"});
  const Strings copy = ring;
  ring.remove_node("a");
  EXPECT_EQ(copy.size(), 2u);
  EXPECT_EQ(copy, Strings({"a", "b"}));
  EXPECT_FALSE(copy == ring);
}

TEST(HashRingValue, MovedFromIsEmptyAndUsable) {
  Strings ring({"a", "b"});
  const Strings moved = std::move(ring);
  EXPECT_EQ(moved, Strings({"a", "b"}));
  EXPECT_EQ(ring.find_owner("key"), nullptr);
  EXPECT_TRUE(ring.add_node("c"));
  EXPECT_EQ(ring.owner("key"), "c");
  static_assert(std::is_nothrow_move_constructible_v<Strings> && std::is_nothrow_move_assignable_v<Strings>);
}

TEST(HashRingValue, SwapExchangesHashersToo) {
  HashRing<int, perturb::XxHash<>> one({1, 2}, perturb::XxHash<>(7));
  HashRing<int, perturb::XxHash<>> other({3});
  const std::uint64_t token = one.token("key");
  swap(one, other);
  EXPECT_EQ(other.token("key"), token);
  EXPECT_EQ(one.owner("key"), 3);
  EXPECT_EQ(other.size(), 2u);
}

TEST(HashRingValue, EqualityLooksAtNodesWeightsAndHasher) {
  const Strings ring({"a", "b"});
  Strings heavier({"a", "b"});
  heavier.set_weight("a", 2);
  EXPECT_FALSE(ring == heavier);
  heavier.set_weight("a", 1);
  EXPECT_EQ(ring, heavier);
  EXPECT_FALSE(ring == Strings({"a", "c"}));
  EXPECT_FALSE(ring == Strings({"a", "b"}, perturb::XxHash<>(1)));
}

// ---- Points, arcs, shares -------------------------------------------------------------------------------------------

TEST(HashRingPoints, AreARandomAccessRangeInRingOrder) {
  const Strings ring({"a", "b", "c"});
  const auto points = ring.points();
  static_assert(std::random_access_iterator<decltype(points.begin())>);
  ASSERT_EQ(points.size(), 768u);
  for (std::size_t i = 1; i < points.size(); ++i) EXPECT_LT(points[i - 1].token, points[i].token);
  EXPECT_EQ(points.end() - points.begin(), 768);
  EXPECT_EQ(&(*(points.begin() + 5)).node, &points[5].node);
}

TEST(HashRingPoints, WithEqualTokensAreOrderedByIdentity) {
  kit::HandMadeRing<> ring;
  for (const char* name : {"c", "a", "b"}) ring.add_node({name, {500}});
  EXPECT_EQ(ring.owner_of_token(500)->name, "a");
  EXPECT_EQ(ring.owner_of_token(499)->name, "a");
  std::vector<std::string> order;
  for (const auto& [token, node] : ring.points()) order.push_back(node.name);
  EXPECT_THAT(order, ElementsAre("a", "b", "c"));
  EXPECT_EQ(ring.share("a"), 1.0);
  EXPECT_EQ(ring.share("b"), 0.0);
  EXPECT_TRUE(ring.arcs_of("b").empty());
}

TEST(HashRingShare, IsExact) {
  kit::HandMadeRing<> ring;
  constexpr std::uint64_t kEighth = std::uint64_t{1} << 61;
  ring.add_node({"a", {kEighth, 4 * kEighth}});
  ring.add_node({"b", {2 * kEighth, 7 * kEighth}});
  EXPECT_EQ(ring.share("a"), 0.5);
  EXPECT_EQ(ring.share("b"), 0.5);
  EXPECT_THAT(ring.shares(), ElementsAre(0.5, 0.5));
  EXPECT_THAT(ring.arcs_of("b"), ElementsAre(perturb::Arc<std::uint64_t>{kEighth, 2 * kEighth},
                                             perturb::Arc<std::uint64_t>{4 * kEighth, 7 * kEighth}));
}

TEST(HashRingShare, IsThePartOfKeysThatANodeOwns) {
  HashRing<int> ring({{1, 2, 3}});
  ring.set_weight(3, 4.0);
  std::map<int, int> count;
  constexpr int kKeys = 200000;
  for (int key = 0; key < kKeys; ++key) ++count[ring.owner(key)];
  for (const int node : ring.nodes()) EXPECT_NEAR(count[node] / double{kKeys}, ring.share(node), 0.004);
}

TEST(HashRingBalance, IsThatOf256RandomPoints) {
  // Mean over rings of the largest share over the mean: 1.10 at 10 nodes, 1.16 at 100 for random points.
  const auto mean_peak = [](int nodes, int rings) {
    double sum = 0;
    for (int ring = 0; ring < rings; ++ring) {
      std::vector<std::string> names;
      for (int i = 0; i < nodes; ++i) names.push_back("ring" + std::to_string(ring) + "node" + std::to_string(i));
      sum += Strings(names).balance().peak;
    }
    return sum / rings;
  };
  EXPECT_NEAR(mean_peak(10, 60), 1.10, 0.02);
  EXPECT_NEAR(mean_peak(100, 10), 1.16, 0.02);
}

TEST(HashRingMemory, IsBelowThirtyBytesAPoint) {
  std::vector<int> nodes(100);
  for (int i = 0; i < 100; ++i) nodes[static_cast<std::size_t>(i)] = i;
  HashRing<int> ring(nodes);
  EXPECT_LT(ring.memory_bytes(), 30 * ring.points().size());
  ring.add_node(100);
  ring.remove_node(5);
  EXPECT_LT(ring.memory_bytes(), 30 * ring.points().size());
}

// ---- Preference lists -----------------------------------------------------------------------------------------------

TEST(HashRingPreferenceList, BeginsWithTheOwnerAndThenTheOwnersAfterEachRemoval) {
  std::vector<std::string> nodes;
  for (int i = 0; i < 20; ++i) nodes.push_back("node" + std::to_string(i));
  const Strings ring(nodes);
  for (const std::string& key : sample_keys(50)) {
    const auto list = names(ring.preference_list(key, 20));
    ASSERT_EQ(list.size(), 20u);
    Strings shrinking = ring;
    for (const std::string& next : list) {
      EXPECT_EQ(shrinking.owner(key), next);
      shrinking.remove_node(next);
    }
  }
}

// ---- Determinism and movement ---------------------------------------------------------------------------------------

TEST(HashRingGolden, PointsAndOwnersOfADefaultRingNeverChange) {
  const Strings ring({"alpha", "beta", "gamma"});
  EXPECT_EQ(ring.points()[0].token, 0x00B7FE570CDA395Au);
  EXPECT_EQ(ring.points()[767].token, 0xFF47F75D8B074A31u);
  EXPECT_THAT(owners(ring, {"a", "b", "c", "d", "e", "f", "g", "h"}),
              ElementsAre("gamma", "gamma", "beta", "beta", "alpha", "gamma", "beta", "gamma"));
  const HashRing<std::uint64_t> numbers({1, 2, 3});
  EXPECT_EQ(numbers.points()[0].token, 0x00357FCCDEE9FC6Cu);
}

TEST(HashRingDeterminism, TheOrderOfAddingDoesNotMatter) {
  std::mt19937 random(5);
  std::vector<std::pair<std::string, double>> nodes;
  for (int i = 0; i < 12; ++i) nodes.push_back({"n" + std::to_string(i), 0.5 + i % 3});
  const Strings expected(nodes);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(nodes.begin(), nodes.end(), random);
    Strings ring;
    ring.add_node("passing", 1.5);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      ring.add_node(nodes[i].first, 3.0);
      if (i == 5) ring.remove_node("passing");
      ring.set_weight(nodes[i].first, nodes[i].second);
    }
    EXPECT_EQ(ring, expected);
    EXPECT_EQ(point_list(ring), point_list(expected));
  }
}

// A reference: a sorted vector of (token, identity), searched by a linear scan.
class ReferenceRing {
 public:
  void set(const std::string& node, double weight) {
    erase(node);
    perturb::VirtualNodes<16>().place(node, weight, [&](std::uint64_t token) { points_.emplace_back(token, node); });
    std::sort(points_.begin(), points_.end());
  }
  void erase(const std::string& node) {
    std::erase_if(points_, [&](const auto& point) { return point.second == node; });
  }
  const std::string* owner(std::uint64_t token) const {
    return points_.empty() ? nullptr : &kit::owner_by_scan(points_, token, BoundRule::at_or_after);
  }
  const std::vector<std::pair<std::uint64_t, std::string>>& points() const { return points_; }

 private:
  std::vector<std::pair<std::uint64_t, std::string>> points_;
};

TEST(HashRingProperty, RandomChangesAgreeWithAReferenceAndSurvivorsNeverExchangeKeys) {
  using Ring = HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<16>>;
  std::mt19937_64 random(2024);
  Ring ring;
  ReferenceRing reference;
  std::vector<std::uint64_t> probes(300);
  for (std::uint64_t& probe : probes) probe = random();
  for (int step = 0; step < 1500; ++step) {
    const Ring before = ring;
    const std::string node = "node" + std::to_string(random() % 12);
    const double weight = 0.1 * static_cast<double>(1 + random() % 40);
    const bool known = before.contains(node);
    switch (random() % 3) {
      case 0:
        ASSERT_EQ(ring.add_node(node, weight), !known);
        if (!known) reference.set(node, weight);
        break;
      case 1:
        ASSERT_EQ(ring.remove_node(node), known);
        reference.erase(node);
        break;
      default:
        ASSERT_EQ(ring.set_weight(node, weight), known);
        if (known) reference.set(node, weight);
    }
    ASSERT_EQ(point_list(ring), reference.points());
    for (const std::uint64_t probe : probes) {
      const std::string* const owner = ring.owner_of_token(probe);
      const std::string* const expected = reference.owner(probe);
      ASSERT_EQ(owner == nullptr, expected == nullptr);
      if (owner == nullptr) continue;
      ASSERT_EQ(*owner, *expected);
      const std::string* const old = before.owner_of_token(probe);
      ASSERT_TRUE(old == nullptr || *old == *owner || *old == node || *owner == node)
          << "a key went from " << *old << " to " << *owner << " when " << node << " changed";
    }
  }
}

TEST(HashRingProperty, OwnersAroundEveryPointAreThoseOfTheArcs) {
  std::mt19937_64 random(77);
  HashRing<int> ring;
  for (int node = 0; node < 60; ++node) ring.add_node(node, 0.25 * static_cast<double>(1 + random() % 8));
  const auto points = ring.points();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const int next = points[i + 1 == points.size() ? 0 : i + 1].node;
    ASSERT_EQ(*ring.owner_of_token(points[i].token), points[i].node);
    ASSERT_EQ(*ring.owner_of_token(points[i].token + 1), next);
    ASSERT_EQ(*ring.owner_of_token(points[i].token - 1), points[i].node);
  }
}

// Puts all points into 5000 neighbouring tokens.
struct Together {
  using is_avalanching = void;
  std::uint64_t operator()(std::string_view text) const noexcept {
    return (std::uint64_t{1} << 63) + perturb::XxHash<>()(text) % 5000;
  }
};

TEST(HashRingCrowded, AHashThatPutsAllPointsTogetherStillFindsOwners) {
  HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<256, Together>> ring;
  for (int node = 0; node < 8; ++node) ring.add_node(node);
  const auto points = point_list(ring);
  for (std::uint64_t offset = 0; offset < 5100; ++offset) {
    const std::uint64_t token = (std::uint64_t{1} << 63) - 50 + offset;
    ASSERT_EQ(*ring.owner_of_token(token), kit::owner_by_scan(points, token, BoundRule::at_or_after));
  }
  EXPECT_EQ(*ring.owner_of_token(0), points.front().second);
  EXPECT_EQ(*ring.owner_of_token(kMax), points.front().second);
}

// ---- Hashers --------------------------------------------------------------------------------------------------------

template <class Hash>
class HashRingHasher : public testing::Test {};
using Hashers = testing::Types<perturb::XxHash<>, perturb::StdHash<std::string>, perturb::Md5Hash, kit::Fnv32,
                               perturb::RandomSeed<perturb::XxHash<>>>;
TYPED_TEST_SUITE(HashRingHasher, Hashers);

TYPED_TEST(HashRingHasher, SpreadsKeysByShare) {
  const HashRing<std::string, TypeParam> ring({"a", "b", "c", "d"});
  std::map<std::string, int> count;
  constexpr int kKeys = 40000;
  for (const std::string& key : sample_keys(kKeys)) {
    ++count[ring.owner(key)];
    ASSERT_EQ(ring.token(key), perturb::hash_key(ring.hash_function(), key).value);
  }
  for (const std::string& node : ring.nodes()) EXPECT_NEAR(count[node] / double{kKeys}, ring.share(node), 0.01);
}

TEST(HashRingIdentityHash, SpreadsConsecutiveIntegers) {
  const HashRing<std::string, perturb::IdentityHash> ring({"a", "b", "c", "d"});
  std::map<std::string, int> count;
  constexpr int kKeys = 40000;
  for (int key = 0; key < kKeys; ++key) ++count[ring.owner(key)];
  for (const std::string& node : ring.nodes()) EXPECT_NEAR(count[node] / double{kKeys}, ring.share(node), 0.01);
}

TEST(HashRingPointHash, OfMd5AgreesWithTheDigests) {
  const HashRing<std::string, perturb::Md5Hash, perturb::VirtualNodes<64, perturb::Md5Hash>> ring({"x", "y"});
  PointList<Strings> expected;
  for (const std::string node : {"x", "y"}) {
    for (char i = 0; i < 64; ++i) {
      expected.emplace_back(perturb::Md5Hash()(node + i + std::string(3, '\0')), node);
    }
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(point_list(ring), expected);
}

TEST(HashRingNoexcept, LooksUpWithoutThrowingWhereHashingDoes) {
  struct Throwing {
    std::uint64_t operator()(int key) const { return static_cast<std::uint64_t>(key); }
  };
  static_assert(noexcept(std::declval<const Strings&>().find_owner("key")));
  static_assert(noexcept(std::declval<const Strings&>().owner_of_token(1)));
  static_assert(!noexcept(std::declval<const HashRing<int, Throwing>&>().find_owner(1)));
  SUCCEED();
}

TEST(HashRingArcs, GiveTheOwnerOfEachTokenUpToTheirEnds) {
  const Strings ring({"a", "b", "c"});
  const auto arcs = ring.arcs();
  ASSERT_EQ(arcs.size(), ring.points().size());
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    const std::uint64_t after = arcs[i == 0 ? arcs.size() - 1 : i - 1].upto;
    EXPECT_EQ(ring.owner_of_token(arcs[i].upto), &arcs[i].node);
    EXPECT_EQ(ring.owner_of_token(after + 1), &arcs[i].node);
  }
}

TEST(HashRingArcs, WithoutNodesAreNone) { EXPECT_TRUE(Strings().arcs().empty()); }

// ---- Placements -----------------------------------------------------------------------------------------------------

// Checks the owners around every point and every end of an arc against a scan by the bound rule.
template <class Ring>
void expect_owners_by_rule(const Ring& ring, const PointList<Ring>& points) {
  using Token = typename Ring::token_type;
  ASSERT_EQ(point_list(ring), points);
  std::vector<Token> tokens = {Token{}, perturb::detail::ring::before(Token{})};
  const Token one = Token{} - perturb::detail::ring::before(Token{});
  const auto arcs = ring.arcs();
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const Token base : {points[i].first, arcs[i].upto}) {
      for (const Token token : {perturb::detail::ring::before(base), base, static_cast<Token>(base + one)}) {
        tokens.push_back(token);
      }
    }
  }
  for (const Token token : tokens) {
    ASSERT_EQ(*ring.owner_of_token(token), kit::owner_by_scan(points, token, Ring::placement_type::kBound));
  }
}

// Points sorted by token, equal ones in the order of the list.
template <class Points>
Points sorted_by_token(const Points& points) {
  const std::multimap<typename Points::value_type::first_type, typename Points::value_type::second_type> sorted(
      points.begin(), points.end());
  return Points(sorted.begin(), sorted.end());
}

// The points of `nodes`, equal tokens as the tie rule says.
template <class Ring>
PointList<Ring> placed(const typename Ring::placement_type& placement,
                       const std::vector<std::pair<std::string, double>>& nodes) {
  PointList<Ring> points;
  for (const auto& [node, weight] : nodes) {
    placement.place(node, weight, [&](auto token) { points.emplace_back(token, node); });
  }
  constexpr TieRule kTies = Ring::placement_type::kTies;
  if constexpr (kTies == TieRule::identity) std::sort(points.begin(), points.end());
  if constexpr (kTies == TieRule::keep_last) std::reverse(points.begin(), points.end());
  points = sorted_by_token(points);
  if constexpr (perturb::detail::ring::keeps_one_v<typename Ring::placement_type>) {
    const auto same_token = [](const auto& a, const auto& b) { return a.first == b.first; };
    points.erase(std::unique(points.begin(), points.end(), same_token), points.end());
  }
  return points;
}

template <class Placement>
class HashRingPlacement : public testing::Test {};
using Placements = testing::Types<
    kit::Narrow<BoundRule::at_or_after, TieRule::insertion>, kit::Narrow<BoundRule::at_or_after, TieRule::keep_first>,
    kit::Narrow<BoundRule::nearest, TieRule::insertion>, kit::Narrow<BoundRule::nearest, TieRule::identity>,
    kit::Narrow<BoundRule::after, TieRule::keep_last>, kit::WholeDigest>;
TYPED_TEST_SUITE(HashRingPlacement, Placements);

TYPED_TEST(HashRingPlacement, OwnersFollowItsRulesThroughChanges) {
  using Ring = HashRing<std::string, kit::Fnv32, TypeParam>;
  for (const std::uint32_t mask : {0xFFFFFFFFu, 0xFF000000u, 0xFFu}) {  // with few bits many tokens are equal
    TypeParam placement;
    if constexpr (requires { placement.mask; }) placement.mask = mask;
    Ring ring(kit::Fnv32(), placement);
    std::vector<std::pair<std::string, double>> nodes;
    for (const char* node : {"delta", "alpha", "charlie", "echo", "bravo"}) {
      ring.add_node(node);
      nodes.push_back({node, 1.0});
      expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    }
    ring.set_weight("charlie", 2.0);
    nodes[2].second = 2.0;
    expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    ring.remove_node("alpha");
    nodes.erase(nodes.begin() + 1);
    expect_owners_by_rule(ring, placed<Ring>(placement, nodes));
    EXPECT_EQ(ring, Ring(nodes, kit::Fnv32(), placement));
  }
}

TYPED_TEST(HashRingPlacement, KeysFollowItsTokens) {
  using Ring = HashRing<std::string, kit::Fnv32, TypeParam>;
  const Ring ring({"a", "b", "c"});
  for (const std::string& key : sample_keys(200)) {
    EXPECT_EQ(ring.token(key), TypeParam().key_token(kit::Fnv32(), key));
    EXPECT_EQ(ring.find_owner(key), ring.owner_of_token(ring.token(key)));
    EXPECT_EQ(ring.preference_list(key, 3).front(), ring.find_owner(key));
  }
}

TYPED_TEST(HashRingPlacement, SharesAddUpToOne) {
  const HashRing<std::string, kit::Fnv32, TypeParam> ring({"a", "b", "c", "d", "e"});
  double sum = 0;
  for (const double share : ring.shares()) sum += share;
  EXPECT_NEAR(sum, 1.0, 1e-12);
}

TEST(HashRingTies, WithInsertionOrderTheNodeAddedFirstOwnsAnEqualToken) {
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::insertion> ring;
  for (const char* name : {"b", "c", "a"}) ring.add_node({name, {500}});
  EXPECT_EQ(ring.owner_of_token(1)->name, "b");
  ring.remove_node("b");
  EXPECT_EQ(ring.owner_of_token(1)->name, "c");
}

TEST(HashRingTies, RemovingANodeExposesTheEqualPointThatItsOwnReplaced) {
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::keep_last> last;
  kit::HandMadeRing<std::uint64_t, BoundRule::at_or_after, TieRule::keep_first> first;
  for (const char* name : {"b", "c", "a"}) {
    last.add_node({name, {500}});
    first.add_node({name, {500}});
  }
  EXPECT_EQ(last.points().size(), 1u);
  EXPECT_EQ(last.owner_of_token(1)->name, "a");
  EXPECT_EQ(first.owner_of_token(1)->name, "b");
  last.remove_node("a");
  first.remove_node("b");
  EXPECT_EQ(last.owner_of_token(1)->name, "c");
  EXPECT_EQ(first.owner_of_token(1)->name, "c");
}

TEST(HashRingWholePlacement, PlacesAllAgainAtEachChange) {
  using Ring = HashRing<std::string, perturb::XxHash<>, kit::RelativeWeights>;
  const auto expected = [](const std::vector<std::string>& nodes, const std::vector<double>& weights) {
    PointList<Ring> points;
    kit::RelativeWeights().place_all(
        nodes, weights, [&](std::size_t node, std::uint32_t token) { points.emplace_back(token, nodes[node]); });
    return sorted_by_token(points);
  };
  Ring ring;
  ring.add_node("b");
  expect_owners_by_rule(ring, expected({"b"}, {1}));
  ring.add_node("a", 3.0);
  expect_owners_by_rule(ring, expected({"b", "a"}, {1, 3}));
  ring.add_node("c");
  ring.set_weight("b", 5.0);
  expect_owners_by_rule(ring, expected({"b", "a", "c"}, {5, 3, 1}));
  ring.remove_node("b");
  expect_owners_by_rule(ring, expected({"a", "c"}, {3, 1}));
  EXPECT_EQ(ring.points().size(), 4u * (60 + 20));
}

TEST(HashRingWholePlacement, ANodeWithoutPointsOwnsNothing) {
  HashRing<std::string, perturb::XxHash<>, kit::RelativeWeights> ring;
  ring.add_node("large", 1e6);
  ring.add_node("small", 1.0);
  EXPECT_EQ(ring.share("small"), 0.0);
  EXPECT_EQ(ring.share("large"), 1.0);
  EXPECT_EQ(names(ring.preference_list("key", 2)).size(), 1u);
}

}  // namespace
