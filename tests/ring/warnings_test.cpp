// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>
#include <perturb/md5_hash.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::HashRing;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Fifteen bits, as some programs have.
struct FifteenBits {
  std::uint32_t operator()(std::string_view key) const noexcept { return (kit::Fnv32()(key) >> 16) & 0x7FFF; }
};
// Claims to be avalanching, and is not: the ring does not mix it.
struct Fnv64Unmixed {
  using is_avalanching = void;
  std::uint64_t operator()(std::string_view key) const noexcept {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return hash;
  }
};

TEST(RingWarnings, AreNoneForADefaultRing) {
  EXPECT_THAT(HashRing<std::string>({"a", "b", "c"}).balance().warnings, IsEmpty());
  EXPECT_THAT(HashRing<int>({1, 2, 3}).balance().warnings, IsEmpty());
  EXPECT_THAT((HashRing<std::string, perturb::Md5Hash>({"a", "b"})).balance().warnings, IsEmpty());
  EXPECT_THAT((HashRing<int, perturb::IdentityHash>({1, 2})).balance().warnings, IsEmpty());
  EXPECT_THAT((HashRing<std::string, kit::Fnv32>({"a", "b"})).balance().warnings, IsEmpty());  // mixed
  EXPECT_THAT(HashRing<std::string>().balance().warnings, IsEmpty());
}

TEST(RingWarnings, NameTheWeightsThatMakeTooFewPoints) {
  HashRing<int> ring;
  for (int node = 0; node < 100; ++node) ring.add_node(node, 0.01);
  EXPECT_THAT(ring.balance().warnings, ElementsAre(AllOf(HasSubstr("few points: 300 for 100 nodes"),
                                                         HasSubstr("multiply weights that add up to 1"))));
}

TEST(RingWarnings, AreForFewerThan32PointsANode) {
  const auto warnings_of = [](double last) {
    HashRing<int, perturb::XxHash<>, perturb::VirtualNodes<32>> ring({1, 2, 3});
    ring.add_node(4, last);
    return ring.balance().warnings;
  };
  EXPECT_THAT(warnings_of(1.0), IsEmpty());
  EXPECT_THAT(warnings_of(31.0 / 32), ElementsAre(HasSubstr("few points: 127 for 4 nodes")));
}

TEST(RingWarnings, NameANodeWhosePointsDoNotFollowItsWeight) {
  HashRing<std::string> ring(std::vector<std::pair<std::string, double>>{{"a", 1.0}, {"b", 1.0}, {"tiny", 1e-6}});
  EXPECT_THAT(ring.balance().warnings, ElementsAre(AllOf(HasSubstr("points do not follow the weights"),
                                                         HasSubstr("tiny of weight 1e-06 has 1 of 513"))));
}

TEST(RingWarnings, NameTheNodeThatIsFarthestFromItsWeight) {
  kit::HandMadeRing<std::uint64_t> ring;
  ring.add_node({"a", {1, 2, 3}});
  ring.add_node({"b", {4}});
  EXPECT_THAT(ring.balance().warnings, Contains(HasSubstr("b of weight 1 has 1 of 4 points")));
}

TEST(RingWarnings, AreOnlyOfNodesThatAreUp) {
  HashRing<std::string> ring(std::vector<std::pair<std::string, double>>{{"a", 1.0}, {"b", 1.0}, {"tiny", 1e-6}});
  ring.set_state("tiny", perturb::NodeState::draining);
  EXPECT_THAT(ring.balance().warnings, IsEmpty());
  HashRing<int> few;
  for (int node = 0; node < 100; ++node) few.add_node(node, node < 2 ? 1 : 0.01);
  EXPECT_THAT(few.balance().warnings, Contains(HasSubstr("for 100 nodes")));
  for (int node = 2; node < 100; ++node) few.set_state(node, perturb::NodeState::down);
  EXPECT_THAT(few.balance().warnings, IsEmpty());
  for (int node = 0; node < 2; ++node) few.set_state(node, perturb::NodeState::down);
  EXPECT_THAT(few.balance().warnings, IsEmpty());
}

// Takes only keys of its own, so that there is no key to try the hasher with.
struct TwoPoints {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::at_or_after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::identity;
  [[nodiscard]] std::uint64_t point_count(double) const { return 64; }
  template <class Node, class AddPoint>
  void place(const Node& node, double, AddPoint&& add_point) const {
    for (std::uint64_t i = 0; i < 64; ++i) add_point(i << 58 | static_cast<std::uint64_t>(node));
  }
  struct Key {
    std::uint64_t token;
  };
  template <class Hash>
  [[nodiscard]] std::uint64_t key_token(const Hash&, const Key& key) const {
    return key.token;
  }
};

TEST(RingWarnings, OfAKeyHashNeedAPlacementThatTakesTheKeys) {
  const HashRing<int, perturb::XxHash<>, TwoPoints> ring({1, 2, 3});
  EXPECT_THAT(ring.balance().warnings, IsEmpty());
  EXPECT_EQ(ring.owner(TwoPoints::Key{2}), 2);
  EXPECT_EQ(ring.fingerprint(), ring.fingerprint());
}

TEST(RingWarnings, NameANarrowKeyHash) {
  const HashRing<std::string, FifteenBits> ring({"a", "b", "c"});
  EXPECT_THAT(ring.balance().warnings,
              Contains(AllOf(HasSubstr("weak key hash: 4096 short keys"), HasSubstr("different tokens"))));
}

TEST(RingWarnings, NameAKeyHashThatDoesNotSpreadShortKeys) {
  const HashRing<std::string, Fnv64Unmixed> ring({"a", "b", "c"});
  EXPECT_THAT(ring.balance().warnings, Contains(AllOf(HasSubstr("weak key hash"), HasSubstr("lie close together"))));
  // On a ring whose placement uses the hash as it is.
  const HashRing<std::string, kit::Fnv32, kit::Narrow<perturb::BoundRule::at_or_after, perturb::TieRule::insertion>>
      narrow({"a", "b", "c"});
  EXPECT_THAT(narrow.balance().warnings, Contains(HasSubstr("lie close together")));
}

// Hashers that take anything and then do not compile for strings: what they accept cannot be found out.
struct Place {
  int x;
};
struct AnyByReference {
  auto operator()(const auto& key) const { return static_cast<std::uint64_t>(key.x); }
};
struct AnyByValue {
  template <class Key>
  std::uint64_t operator()(Key key) const {
    return static_cast<std::uint64_t>(key.x);
  }
};
struct AnyForwarded {
  template <class Key>
  std::uint64_t operator()(Key&& key) const noexcept {
    return static_cast<std::uint64_t>(key.x);
  }
};
struct AnyAndMore final {
  template <class... Keys>
  auto operator()(const Keys&... keys) const {
    return (std::uint64_t{0} + ... + static_cast<std::uint64_t>(keys.x));
  }
};
// And one that takes what has a size.
struct Constrained {
  auto operator()(const auto& key) const
    requires requires { key.size(); }
  {
    return std::uint64_t{key.size()};
  }
};

template <class Hash>
inline constexpr bool kTellsItsKeys = perturb::detail::ring::TellsItsKeys<Hash>;
static_assert(kTellsItsKeys<perturb::XxHash<>> && kTellsItsKeys<perturb::XxHash<std::string>> &&
              kTellsItsKeys<perturb::RandomSeed<perturb::XxHash<>>> && kTellsItsKeys<perturb::Md5Hash> &&
              kTellsItsKeys<perturb::IdentityHash> && kTellsItsKeys<perturb::StdHash<>> && kTellsItsKeys<kit::Fnv32> &&
              kTellsItsKeys<std::uint64_t (*)(int)> && kTellsItsKeys<Constrained>);
static_assert(!kTellsItsKeys<AnyByReference> && !kTellsItsKeys<AnyByValue> && !kTellsItsKeys<AnyForwarded>);

template <class Hash>
class RingWithHash : public testing::Test {};
using HashersOfAnything = testing::Types<AnyByReference, AnyByValue, AnyForwarded, AnyAndMore>;
TYPED_TEST_SUITE(RingWithHash, HashersOfAnything);

TYPED_TEST(RingWithHash, OfAnythingIsNotSampled) {
  const HashRing<std::string, TypeParam> ring({"a", "b", "c"});
  EXPECT_THAT(ring.balance().warnings, IsEmpty());
  EXPECT_NE(ring.find_owner(Place{5}), nullptr);
  EXPECT_EQ(ring.fingerprint(), (HashRing<std::string, TypeParam>({"c", "b", "a"}).fingerprint()));
}

TEST(RingWarnings, SampleWhatAConstrainedHasherAccepts) {
  const HashRing<std::string, Constrained> ring({"a", "b", "c"});
  EXPECT_THAT(ring.balance().warnings, Contains(HasSubstr("weak key hash")));
}

}  // namespace
