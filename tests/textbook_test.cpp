// SPDX-License-Identifier: MIT
#include <perturb/textbook.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using perturb::TextbookRing;
using perturb::TextbookStore;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kCapacity = 100'000'000;
constexpr std::string_view kKeys[] = {
    "a",  "b", "cneiuouwenfouwnefonowuenfounwef", "d", "aasdiqwdbqowhdoqwd", "127hih12brilbo7912r", "iev3h98223nof23",
    "r56"};

TextbookStore eight_keys_on_one_node() {
  TextbookStore store(kCapacity);
  store.add_node(kCapacity);
  for (const std::string_view key : kKeys) store.set(key, key);
  return store;
}

TEST(TextbookExample, KeysStandAtTheirDigestModuloTheCapacity) {
  const TextbookRing ring(kCapacity);
  std::vector<std::uint64_t> positions;
  for (const std::string_view key : kKeys) positions.push_back(ring.position(key));
  EXPECT_EQ(ring.capacity(), kCapacity);
  EXPECT_EQ(ring.size(), 0u);
  EXPECT_THAT(positions, ElementsAre(58726497, 95795343, 25912199, 61147053, 1779395, 81549590, 48536630, 69617187));
}

TEST(TextbookExample, OneNodeHoldsAllEight) {
  const TextbookStore store = eight_keys_on_one_node();
  EXPECT_EQ(store.table().size(), 8u);
  EXPECT_EQ(store.node_size(kCapacity), 8u);
  EXPECT_THAT(store.positions_on(kCapacity),
              ElementsAre(1779395, 25912199, 48536630, 58726497, 61147053, 69617187, 81549590, 95795343));
}

TEST(TextbookExample, ANodeInTheMiddleTakesThreeAndGivesThemBack) {
  TextbookStore store = eight_keys_on_one_node();
  EXPECT_EQ(store.add_node(50'000'000).moved, 3u);
  EXPECT_THAT(store.positions_on(50'000'000), ElementsAre(1779395, 25912199, 48536630));
  EXPECT_THAT(store.positions_on(kCapacity), ElementsAre(58726497, 61147053, 69617187, 81549590, 95795343));
  EXPECT_EQ(store.owner("iev3h98223nof23"), 50'000'000u);
  ASSERT_NE(store.get("iev3h98223nof23"), nullptr);
  EXPECT_EQ(*store.get("iev3h98223nof23"), "iev3h98223nof23");

  EXPECT_EQ(store.remove_node(50'000'000).moved, 3u);
  EXPECT_EQ(store.node_size(kCapacity), 8u);
  for (const std::string_view key : kKeys) {
    ASSERT_NE(store.get(key), nullptr) << key;
    EXPECT_EQ(*store.get(key), key);
  }
}

// A store that keeps one entry for each position loses the first of two keys there.
TEST(TextbookFault, EntriesOnEqualPositionsAreAllKept) {
  TextbookStore store(2);
  store.add_node(2);
  for (const std::string_view key : kKeys) EXPECT_TRUE(store.set(key, key));
  EXPECT_EQ(store.size(), 8u);
  EXPECT_EQ(store.positions_on(2).size(), 8u);
  store.add_node(0);
  for (const std::string_view key : kKeys) {
    ASSERT_NE(store.get(key), nullptr) << key;
    EXPECT_EQ(*store.get(key), key);
    EXPECT_EQ(store.owner(key), store.position(key) == 0 ? 0u : 2u);
  }
}

// A store that hands a node's entries to the next higher one has none for those of the highest.
TEST(TextbookFault, TheHighestNodeCanBeRemoved) {
  TextbookStore store = eight_keys_on_one_node();
  store.add_node(50'000'000);
  EXPECT_EQ(store.remove_node(kCapacity).moved, 5u);
  EXPECT_EQ(store.node_size(50'000'000), 8u);
  for (const std::string_view key : kKeys) EXPECT_EQ(*store.get(key), key);
}

// Without a wrap a key beyond the highest node has no owner.
TEST(TextbookFault, KeysBeyondTheHighestNodeWrapAroundToTheLowest) {
  TextbookStore store(kCapacity);
  store.add_node(30'000'000);
  store.add_node(60'000'000);
  EXPECT_EQ(store.position("b"), 95795343u);
  EXPECT_EQ(store.owner("b"), 30'000'000u);
  EXPECT_TRUE(store.set("b", "kept"));
  EXPECT_EQ(*store.get("b"), "kept");
  EXPECT_THAT(store.positions_on(30'000'000), ElementsAre(95795343));
}

TEST(TextbookRingOwner, IsTheFirstNodeAtOrAfterThePosition) {
  TextbookRing ring(kCapacity);
  EXPECT_EQ(ring.find_owner("a"), nullptr);
  EXPECT_THROW((void)ring.owner("a"), perturb::EmptyRing);
  EXPECT_TRUE(ring.add_node(58'726'496));
  EXPECT_TRUE(ring.add_node(0));
  EXPECT_FALSE(ring.add_node(0));
  EXPECT_EQ(ring.owner("a"), 0u);
  EXPECT_TRUE(ring.add_node(58'726'498));
  EXPECT_EQ(ring.owner("a"), 58'726'498u);
  EXPECT_TRUE(ring.add_node(58'726'497));
  EXPECT_EQ(ring.owner("a"), 58'726'497u);
  EXPECT_THAT(ring.nodes(), ElementsAre(0, 58'726'496, 58'726'497, 58'726'498));
  EXPECT_TRUE(ring.remove_node(58'726'497));
  EXPECT_FALSE(ring.remove_node(58'726'497));
  EXPECT_EQ(ring.owner("a"), 58'726'498u);
}

TEST(TextbookRingShare, IsThePartOfThePositions) {
  TextbookRing ring(99);
  ring.add_node(24);
  ring.add_node(99);
  EXPECT_NEAR(ring.ring().share(24), 0.25, 1e-12);
  EXPECT_NEAR(ring.ring().share(99), 0.75, 1e-12);
}

TEST(TextbookRingCapacity, OfEachSizeKeepsTheOrderOfPositions) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t capacity :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{255}, std::uint64_t{1} << 63, kMax - 1, kMax}) {
    TextbookRing ring(capacity);
    for (const std::string_view key : kKeys) EXPECT_LT(ring.position(key), capacity);
    EXPECT_TRUE(ring.add_node(capacity));
    EXPECT_TRUE(ring.add_node(ring.position("a")));
    EXPECT_EQ(ring.owner("a"), ring.position("a"));
  }
}

TEST(TextbookRingCapacity, ModuloAPowerOfTwoIsTheEndOfTheDigest) {
  // MD5 of the empty string is d41d8cd98f00b204e9800998ecf8427e.
  EXPECT_EQ(TextbookRing(std::uint64_t{1} << 32).position(""), 0xecf8427eu);
  EXPECT_EQ(TextbookRing(std::uint64_t{1} << 63).position(""), 0x69800998ecf8427eu);
}

TEST(TextbookPlacement, CountsThePointsThatItPlaces) {
  using perturb::detail::ring::TextbookPlacement;
  std::uint64_t placed = 0;
  TextbookPlacement(10).place(7, 2.0, [&](std::uint64_t) { ++placed; });
  EXPECT_EQ(TextbookPlacement::point_count(2.0), placed);
}

TEST(TextbookBadInput, IsRefusedWithItsNumber) {
  EXPECT_THROW(TextbookRing(0), std::invalid_argument);
  EXPECT_THROW(TextbookStore(0), std::invalid_argument);
  TextbookStore store(100);
  try {
    store.add_node(101);
    FAIL() << "beyond the capacity";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("101"));
    EXPECT_THAT(error.what(), HasSubstr("100"));
  }
  EXPECT_TRUE(store.nodes().empty());
  EXPECT_THROW(store.set("key", "value"), perturb::EmptyRing);
  EXPECT_EQ(store.get("key"), nullptr);
  EXPECT_FALSE(store.erase("key"));
}

TEST(TextbookStoreLastNode, StaysWhileItHoldsEntries) {
  TextbookStore store = eight_keys_on_one_node();
  EXPECT_THROW(store.remove_node(kCapacity), std::logic_error);
  EXPECT_EQ(store.size(), 8u);
  for (const std::string_view key : kKeys) EXPECT_TRUE(store.erase(key));
  EXPECT_TRUE(store.remove_node(kCapacity));
  EXPECT_TRUE(store.nodes().empty());
}

}  // namespace
