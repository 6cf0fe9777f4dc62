// SPDX-License-Identifier: MIT
/// @file Where the elements begin: never past the first, exact where an iteration depends on it, and never far to go.
#include <perturb/hash_set.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/first_used_group.hpp>
#include <perturb/table/slots.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>

namespace {

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace

using ByteSlot = Slot<SetElement<unsigned char>>;
constexpr std::size_t kCapacity = 64 * 1024;

// An array of which only the control bytes are used.
class FirstUsedGroupTest : public testing::Test {
 protected:
  FirstUsedGroupTest() : owner_(allocator_, kCapacity, kCapacity) {}

  void fill(std::size_t index) {
    owner_.array().controls()[index] = kFirstTag;
    ++size_;
    hint_.used(index / kGroupWidth * kGroupWidth);
  }
  void empty(std::size_t index) {
    owner_.array().controls()[index] = kEmpty;
    --size_;
  }
  [[nodiscard]] SlotArray<ByteSlot> array() const { return owner_.array(); }

  std::allocator<unsigned char> allocator_;
  ArrayOwner<ByteSlot, std::allocator<unsigned char>> owner_;
  FirstUsedGroup hint_;
  std::size_t size_ = 0;
};

TEST_F(FirstUsedGroupTest, IsTheLowestGroupThatWasUsed) {
  fill(4000);
  EXPECT_EQ(hint_.start(), 4000U);
  fill(4017);
  EXPECT_EQ(hint_.start(), 4000U);
  fill(35);
  EXPECT_EQ(hint_.start(), 32U);
}

TEST_F(FirstUsedGroupTest, IsFoundAnew) {
  fill(20000);
  hint_.reset();
  hint_.find(array());
  EXPECT_EQ(hint_.start(), 20000U);
}

TEST_F(FirstUsedGroupTest, StaysWhileTheGroupHasAnElement) {
  fill(32);
  fill(33);
  empty(33);
  ASSERT_TRUE(hint_.is(32));
  hint_.walk(array(), size_);
  EXPECT_EQ(hint_.start(), 32U);
}

TEST_F(FirstUsedGroupTest, GoesToTheNextUsedGroup) {
  fill(0);
  fill(160);
  empty(0);
  ASSERT_TRUE(hint_.is(0));
  hint_.walk(array(), size_);
  EXPECT_EQ(hint_.start(), 160U);
}

TEST_F(FirstUsedGroupTest, WalksOnlyAsFarAsItsCredit) {
  constexpr std::size_t kGroups = kCapacity / kGroupWidth;
  array().walk_credit() = 1000;
  fill(0);
  fill(kCapacity - 1);
  empty(0);
  ASSERT_TRUE(hint_.is(0));
  hint_.walk(array(), size_);
  EXPECT_EQ(hint_.start(), (1000 + FirstUsedGroup::kPerErasure) * kGroupWidth);
  EXPECT_EQ(array().walk_credit(), 0U);
  // Later erasures go on from there.
  hint_.walk(array(), size_);
  EXPECT_EQ(hint_.start(), (1000 + 2 * FirstUsedGroup::kPerErasure) * kGroupWidth);
  array().walk_credit() = kGroups;
  hint_.walk(array(), size_);
  EXPECT_EQ(hint_.start(), kCapacity - kGroupWidth);
  // What was not needed is kept.
  EXPECT_EQ(array().walk_credit(), 1000 + 3 * FirstUsedGroup::kPerErasure + 1);
}

TEST_F(FirstUsedGroupTest, BeginsWithCreditForOneWalkThroughTheArray) {
  array().walk_credit() = 0;
  hint_.reset(array());
  EXPECT_EQ(array().walk_credit(), kCapacity / kGroupWidth + 1);
}

TEST_F(FirstUsedGroupTest, TakesTheNextElementFromAnErasureByIterator) {
  fill(0);
  fill(kCapacity - 1);
  empty(0);
  hint_.erased(array(), 0, [] { return kCapacity - kGroupWidth; });
  EXPECT_EQ(hint_.start(), kCapacity - kGroupWidth);
}

TEST_F(FirstUsedGroupTest, CatchesUpWithAnErasureByIterator) {
  fill(0);
  fill(160);
  fill(320);
  empty(0);
  empty(160);  // and the hint is still at 0
  hint_.erased(array(), 160, [] { return std::size_t{320}; });
  EXPECT_EQ(hint_.start(), 320U);
}

TEST(FirstUsedGroup, IsNeverPastTheFirstElementOfATable) {
  std::mt19937_64 random(9);
  perturb::HashSet<std::uint64_t> set;
  set.reserve(5000);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t key = random() % 64;
    switch (random() % 4) {
      case 0:
        set.erase(key);
        break;
      case 1:
        if (const auto it = set.find(key); it != set.end()) set.erase(it);
        break;
      default:
        if (set.size() < 20 || random() % 8 == 0) set.insert(key);
    }
    std::size_t counted = 0;
    for (auto it = set.begin(); it != set.end(); ++it) ++counted;
    ASSERT_EQ(counted, set.size());
    if (random() % 500 == 0) set.clear();
  }
}

}  // namespace
