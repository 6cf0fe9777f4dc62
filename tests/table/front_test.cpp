// SPDX-License-Identifier: MIT
/// @file Where the elements begin: never past the first, exact where an iteration depends on it, and never far to go.
#include <perturb/hash_set.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/front.hpp>
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
class FrontTest : public testing::Test {
 protected:
  FrontTest() : owner_(allocator_, kCapacity) {}

  void fill(std::size_t index) {
    owner_.array().controls()[index] = kFirstTag;
    ++size_;
    front_.used(index / kGroupWidth * kGroupWidth);
  }
  void empty(std::size_t index) {
    owner_.array().controls()[index] = kEmpty;
    --size_;
  }
  [[nodiscard]] SlotArray<ByteSlot> array() const { return owner_.array(); }

  std::allocator<unsigned char> allocator_;
  ArrayOwner<ByteSlot, std::allocator<unsigned char>> owner_;
  Front front_;
  std::size_t size_ = 0;
};

TEST_F(FrontTest, IsTheLowestGroupThatWasUsed) {
  fill(4000);
  EXPECT_EQ(front_.group(), 4000U);
  fill(4017);
  EXPECT_EQ(front_.group(), 4000U);
  fill(35);
  EXPECT_EQ(front_.group(), 32U);
}

TEST_F(FrontTest, IsFoundAnew) {
  fill(20000);
  front_.reset();
  front_.find(array());
  EXPECT_EQ(front_.group(), 20000U);
}

TEST_F(FrontTest, StaysWhileTheGroupHasAnElement) {
  fill(32);
  fill(33);
  empty(33);
  front_.erased(array(), 32, size_);
  EXPECT_EQ(front_.group(), 32U);
}

TEST_F(FrontTest, GoesToTheNextUsedGroup) {
  fill(0);
  fill(160);
  empty(0);
  front_.erased(array(), 0, size_);
  EXPECT_EQ(front_.group(), 160U);
}

TEST_F(FrontTest, GoesNotFarAfterAnErasureByKey) {
  fill(0);
  fill(kCapacity - 1);
  empty(0);
  front_.erased(array(), 0, size_);
  EXPECT_EQ(front_.group(), 64 * kGroupWidth);
  // An erasure by iterator behind it goes the rest.
  empty(kCapacity - 1);
  front_.erased(array(), kCapacity - kGroupWidth, [] { return Front::none(); });
  fill(kCapacity - 1);
  EXPECT_EQ(front_.group(), kCapacity - kGroupWidth);
}

TEST_F(FrontTest, TakesTheNextElementFromAnErasureByIterator) {
  fill(0);
  fill(kCapacity - 1);
  empty(0);
  front_.erased(array(), 0, [] { return kCapacity - kGroupWidth; });
  EXPECT_EQ(front_.group(), kCapacity - kGroupWidth);
}

TEST(Front, IsNeverPastTheFirstElementOfATable) {
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
