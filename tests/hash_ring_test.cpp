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

}  // namespace
