// SPDX-License-Identifier: MIT
/// @file Copies of tables at every load, and of arrays at every load: sparse ones, of which only the first slots of a
/// group are read, and full ones.
#include "support/table_kinds.hpp"

#include <perturb/table/copy.hpp>
#include <perturb/table/element.hpp>
#include <perturb/table/slots.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace {

template <class Value>
Value make(std::uint64_t i) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return std::to_string(i) + " is long enough to be kept outside of the string";
  } else if constexpr (std::is_integral_v<Value>) {
    return static_cast<Value>(i);
  } else {
    Value value{};
    value.fill(static_cast<typename Value::value_type>(i));
    return value;
  }
}

template <class Kind>
class TableCopy : public ::testing::Test {
 protected:
  // At every size up to a full table of some growths, and with tombstones or holes, the copy equals the original, has
  // its order and capacity and can be changed without changing it.
  template <class Value>
  static void expect_copies_at_every_load() {
    kit::TableOf<Kind, std::uint64_t, Value> table;
    for (std::uint64_t i = 0; i < 1600; ++i) {
      table.try_emplace(i * 0x9e3779b97f4a7c15U, make<Value>(i));
      if (i % 7 == 3) table.erase(table.find((i - 2) * 0x9e3779b97f4a7c15U));
      if (i > 64 && i % 29 != 0) continue;
      auto copy = table;
      ASSERT_EQ(copy, table);
      ASSERT_EQ(copy.bucket_count(), table.bucket_count());
      ASSERT_TRUE(std::equal(copy.begin(), copy.end(), table.begin(), table.end()));
      if constexpr (kit::kIsOrdered<decltype(table)>) {
        ASSERT_LE(copy.tombstone_count(), table.tombstone_count());
        ASSERT_TRUE(copy.is_contiguous());
        copy.move_to_end(copy.front().first);
      } else {
        ASSERT_EQ(copy.tombstone_count(), table.tombstone_count());
      }
      const auto size = table.size();
      while (!copy.empty()) copy.erase(copy.begin());
      ASSERT_EQ(table.size(), size);
      ASSERT_EQ(static_cast<std::size_t>(std::distance(table.begin(), table.end())), size);
    }
  }
};
TYPED_TEST_SUITE(TableCopy, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(TableCopy, OfSmallSlots) { TestFixture::template expect_copies_at_every_load<std::uint8_t>(); }
TYPED_TEST(TableCopy, OfWords) { TestFixture::template expect_copies_at_every_load<std::uint64_t>(); }
TYPED_TEST(TableCopy, OfSlotsThatDoNotFillALine) {
  TestFixture::template expect_copies_at_every_load<std::array<std::uint64_t, 2>>();
}
TYPED_TEST(TableCopy, OfSlotsLongerThanALine) {
  TestFixture::template expect_copies_at_every_load<std::array<std::uint8_t, 100>>();
}
TYPED_TEST(TableCopy, OfElementsThatAreNotBytes) { TestFixture::template expect_copies_at_every_load<std::string>(); }

TYPED_TEST(TableCopy, OfASetOfBytes) {
  kit::SetOf<TypeParam, std::uint8_t> set;
  for (int i = 0; i < 256; ++i) {
    set.insert(static_cast<std::uint8_t>(i));
    const auto copy = set;
    ASSERT_EQ(copy, set);
  }
}

// --- how much is copied ----------------------------------------------------------------------------------------------

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace

template <std::size_t kBytes>
struct Bytes {
  unsigned char bytes[kBytes];
  friend bool operator==(const Bytes&, const Bytes&) = default;
};

// Copies an array with so many elements in each group, the first ones; returns how many slots of each group it wrote,
// and fails if these are not the first ones.
template <std::size_t kBytes>
std::vector<std::size_t> slots_copied(std::size_t capacity, std::size_t allocated, std::vector<std::size_t> sizes) {
  using ByteSlot = Slot<SetElement<Bytes<kBytes>>>;
  static_assert(sizeof(ByteSlot) == kBytes);
  const std::allocator<Bytes<kBytes>> allocator;
  const ArrayOwner<ByteSlot, std::allocator<Bytes<kBytes>>> from(allocator, capacity, allocated);
  const ArrayOwner<ByteSlot, std::allocator<Bytes<kBytes>>> to(allocator, capacity, allocated);
  const auto fill = [&](SlotArray<ByteSlot> array, unsigned char byte) {
    std::memset(static_cast<void*>(array.slot(allocated - 1)), byte, allocated * kBytes);
  };
  fill(from.array(), 1);
  fill(to.array(), 2);
  std::size_t size = 0;
  for (std::size_t group = 0; group < sizes.size(); ++group) {
    size += sizes[group];
    for (std::size_t lane = 0; lane < sizes[group]; ++lane)
      from.array().controls()[group * kGroupWidth + lane] = kFirstTag;
  }
  copy_bytes(from.array(), to.array(), size);
  EXPECT_EQ(std::memcmp(from.array().controls(), to.array().controls(), from.array().control_bytes()), 0);
  std::vector<std::size_t> copied;
  for (std::size_t first = 0; first < allocated; first += kGroupWidth) {
    const auto is_copied = [&](std::size_t i) { return to.array().slot(i)->value.bytes[0] == 1; };
    std::size_t lane = 0;
    while (lane < kGroupWidth && first + lane < allocated && is_copied(first + lane)) ++lane;
    copied.push_back(lane);
    for (; lane < kGroupWidth && first + lane < allocated; ++lane) EXPECT_FALSE(is_copied(first + lane));
  }
  return copied;
}
using Counts = std::vector<std::size_t>;

TEST(ArrayCopy, OfASparseArrayReadsTheLinesOfEachGroupThatAreUsed) {
  const Counts sizes{0, 1, 8, 9, 16, 13, 0, 0};  // 47 of 128
  EXPECT_EQ(slots_copied<1>(128, 128, sizes), (Counts{0, 8, 8, 16, 16, 16, 0, 0}));
  EXPECT_EQ(slots_copied<8>(128, 128, sizes), (Counts{0, 8, 8, 16, 16, 16, 0, 0}));
  EXPECT_EQ(slots_copied<16>(128, 128, sizes), (Counts{0, 4, 8, 12, 16, 16, 0, 0}));
  EXPECT_EQ(slots_copied<32>(128, 128, sizes), (Counts{0, 2, 8, 10, 16, 14, 0, 0}));
  EXPECT_EQ(slots_copied<64>(128, 128, sizes), sizes);
  EXPECT_EQ(slots_copied<100>(128, 128, sizes), sizes);
}

TEST(ArrayCopy, OfAnArrayThatIsThreeEighthsFullReadsItAll) {
  EXPECT_EQ(slots_copied<8>(128, 128, {0, 1, 8, 9, 16, 13, 1, 0}), Counts(8, 16));
}

TEST(ArrayCopy, OfOneGroupReadsAllThatHasMemory) {
  EXPECT_EQ(slots_copied<8>(16, 12, {1}), Counts{12});
  EXPECT_EQ(slots_copied<8>(32, 6, {1}), Counts{6});
}

}  // namespace
