// SPDX-License-Identifier: MIT
// Uses of a ring that once compiled and did something else, or failed halfway.
#include <perturb/hash_ring.hpp>
#include <perturb/md5_hash.hpp>
#include <perturb/textbook.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::HashRing;
using testing::ElementsAre;
using Strings = HashRing<std::string>;

// ---- Lists ----------------------------------------------------------------------------------------------------------

TEST(HashRingList, OfPairsGivesWeights) {
  const Strings ring = {{"a", 2}, {"b", 1}};
  EXPECT_THAT(ring.nodes(), ElementsAre("a", "b"));
  EXPECT_EQ(ring.weight("a"), 2.0);
  Strings assigned;
  assigned = {{"a", 2}, {"b", 1.0}};
  EXPECT_EQ(assigned, ring);
  int two = 2;
  EXPECT_EQ(Strings({{"a", two}, {"b", 1.0f}}), ring);
  EXPECT_EQ((HashRing<int>{{1, 2}, {3, 4}}.weight(3)), 4.0);
}

TEST(HashRingList, OfNodesGivesEachTheWeightOne) {
  EXPECT_THAT((Strings{"a", "b"}.nodes()), ElementsAre("a", "b"));
  Strings ring;
  EXPECT_EQ(ring.add_nodes({"a", "b"}), 2u);
  EXPECT_EQ(ring.add_nodes({{"c", 2}, {"d", 3.0}}), 2u);
  EXPECT_EQ(ring.weight("d"), 3.0);
}

TEST(HashRingRange, MayBeOneThatIsOnlyReadOnce) {
  const std::vector<std::string> names = {"a", "bb", "c"};
  Strings ring;
  EXPECT_EQ(ring.add_nodes(names | std::views::filter([](const std::string& name) { return name.size() == 1; })), 2u);
  EXPECT_THAT(ring.nodes(), ElementsAre("a", "c"));
  EXPECT_EQ(Strings(names | std::views::filter([](const std::string& name) { return name.size() == 1; })), ring);
}

TEST(HashRingDeduction, FollowsTheRangeAndCStringsBecomeStrings) {
  static_assert(std::same_as<decltype(HashRing(std::vector<std::string>())), Strings>);
  static_assert(std::same_as<decltype(HashRing(std::map<std::string, double>())), Strings>);
  static_assert(std::same_as<decltype(HashRing{"a", "b"}), Strings>);
  static_assert(std::same_as<decltype(HashRing{1, 2}), HashRing<int>>);
  static_assert(
      std::same_as<decltype(HashRing(std::vector<int>(), perturb::Md5Hash())), HashRing<int, perturb::Md5Hash>>);
  const HashRing ring({"a", "b"});
  EXPECT_EQ(ring, Strings({"a", "b"}));
  const HashRing copy = ring;
  EXPECT_EQ(copy, ring);
}

// ---- Assignment -----------------------------------------------------------------------------------------------------

// A hasher whose copy throws when a test says so.
struct Reluctant {
  bool* throws = nullptr;

  Reluctant() = default;
  explicit Reluctant(bool* flag) : throws(flag) {}
  Reluctant(const Reluctant& other) : throws(other.throws) {
    if (throws != nullptr && *throws) throw std::runtime_error("no copy");
  }
  Reluctant(Reluctant&& other) noexcept : throws(other.throws) {}
  Reluctant& operator=(const Reluctant& other) {
    if (other.throws != nullptr && *other.throws) throw std::runtime_error("no copy");
    throws = other.throws;
    return *this;
  }
  Reluctant& operator=(Reluctant&& other) noexcept {
    throws = other.throws;
    return *this;
  }
  std::uint64_t operator()(int key) const noexcept { return static_cast<std::uint64_t>(key); }
  friend bool operator==(const Reluctant&, const Reluctant&) { return true; }
};

TEST(HashRingAssignment, ThatFailsChangesNothing) {
  bool throws = false;
  HashRing<int, Reluctant> ring({1, 2}, Reluctant(&throws));
  const HashRing<int, Reluctant> other({3, 4, 5}, Reluctant(&throws));
  const HashRing<int, Reluctant> before = ring;
  throws = true;
  EXPECT_THROW(ring = other, std::runtime_error);
  throws = false;
  EXPECT_EQ(ring, before);
  ring = other;
  EXPECT_EQ(ring, other);
}

TEST(HashRingAssignment, ToItselfByCopyOrMoveChangesNothing) {
  Strings ring({"a", "b"});
  const Strings before = ring;
  Strings& same = ring;
  ring = same;
  EXPECT_EQ(ring, before);
  ring = std::move(same);
  EXPECT_EQ(ring, before);
  EXPECT_EQ(ring.owner("key"), before.owner("key"));
}

// ---- Equality -------------------------------------------------------------------------------------------------------

struct SeededWithoutEquality {
  std::uint64_t seed = 0;
  std::uint64_t operator()(int key) const noexcept { return static_cast<std::uint64_t>(key) ^ seed; }
};

TEST(HashRingEquality, ComparesHashersAndPlacementsOrDoesNotCompile) {
  using Points = perturb::VirtualNodes<4, perturb::XxHash<>>;
  const HashRing<int, perturb::XxHash<>, Points> ring({1}, {}, Points(perturb::XxHash<>(1)));
  EXPECT_EQ(ring, ring);
  EXPECT_FALSE(ring == (HashRing<int, perturb::XxHash<>, Points>({1}, {}, Points(perturb::XxHash<>(2)))));
  using Empty = HashRing<int, perturb::XxHash<>, Points>;
  EXPECT_FALSE(Empty(Points(perturb::XxHash<>(1))) == Empty(Points(perturb::XxHash<>(2))))
      << "equal changes would make unequal rings of them";
  static_assert(std::equality_comparable<HashRing<int, kit::Fnv32>>);
  static_assert(!std::equality_comparable<HashRing<int, SeededWithoutEquality>>);
  static_assert(
      !std::equality_comparable<HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<4, SeededWithoutEquality>>>);
}

// ---- The balance ----------------------------------------------------------------------------------------------------

TEST(HashRingBalance, IsFiniteWhateverTheWeights) {
  for (const double tiny : {5e-324, 1e-300, 1e-30}) {
    const Strings ring({{"a", 1.0}, {"b", tiny}});
    const perturb::Balance balance = ring.balance();
    EXPECT_TRUE(std::isfinite(balance.peak)) << tiny;
    EXPECT_TRUE(std::isfinite(balance.min)) << tiny;
    EXPECT_TRUE(std::isfinite(balance.deviation)) << tiny;
    EXPECT_GE(balance.peak, balance.deviation);
  }
}

// ---- Identities -----------------------------------------------------------------------------------------------------

TEST(HashRingChar, IsAnIdentityByItsUnsignedValueOnEveryPlatform) {
  const char high = static_cast<char>(0xE4);
  const HashRing<char> ring({'a', high});
  const HashRing<unsigned char> numbers({static_cast<unsigned char>('a'), static_cast<unsigned char>(high)});
  ASSERT_EQ(ring.points().size(), numbers.points().size());
  for (std::size_t i = 0; i < ring.points().size(); ++i) {
    ASSERT_EQ(ring.points()[i].token, numbers.points()[i].token);
  }
  EXPECT_EQ(ring.nodes()[0], 'a');
  EXPECT_EQ(perturb::XxHash<char>()(high), perturb::XxHash<unsigned char>()(static_cast<unsigned char>(high)));
  EXPECT_EQ(perturb::XxHash<>()(high), perturb::XxHash<>()(0xE4));
  EXPECT_EQ(ring.token(high), ring.token(0xE4));
}

}  // namespace
