// SPDX-License-Identifier: MIT
/// @file Sixteen control bytes at a time, against one at a time. Built for each kind of group: SSE2 or NEON, and words.
#include <perturb/table/control_group.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace

struct alignas(kGroupWidth) Controls {
  Control bytes[kGroupWidth];
};

template <class Mask>
std::vector<unsigned> lanes(Mask mask) {
  std::vector<unsigned> result;
  for (; mask; mask.drop_lowest()) result.push_back(mask.lowest());
  return result;
}

template <class Matches>
std::vector<unsigned> lanes_where(const Controls& controls, Matches matches) {
  std::vector<unsigned> result;
  for (unsigned lane = 0; lane < kGroupWidth; ++lane) {
    if (matches(controls.bytes[lane])) result.push_back(lane);
  }
  return result;
}

void expect_group_is_right(const Controls& controls, std::uint64_t hash) {
  const ControlGroup group(controls.bytes);
  EXPECT_EQ(lanes(group.match_tag(hash)), lanes_where(controls, [&](Control c) { return c == tag_of(hash); }));
  EXPECT_EQ(lanes(group.match_empty()), lanes_where(controls, [](Control c) { return c == kEmpty; }));
  EXPECT_EQ(lanes(group.match_tombstone()), lanes_where(controls, [](Control c) { return c == kTombstone; }));
  EXPECT_EQ(lanes(group.match_full()), lanes_where(controls, [](Control c) { return c >= kFirstTag; }));
  EXPECT_EQ(lanes(group.match_full_or_sentinel()), lanes_where(controls, [](Control c) { return c >= kSentinel; }));
  EXPECT_EQ(group.match_full().count(), lanes(group.match_full()).size());
}

TEST(ControlGroup, AgreesWithOneByteAtATimeForEveryValueInEveryLane) {
  for (unsigned lane = 0; lane < kGroupWidth; ++lane) {
    for (unsigned value = 0; value < 256; ++value) {
      for (const Control others : {kEmpty, kTombstone, Control{3}, Control{128}, Control{255}}) {
        Controls controls;
        for (Control& control : controls.bytes) control = others;
        controls.bytes[lane] = static_cast<Control>(value);
        expect_group_is_right(controls, std::uint64_t{value} << 32);
        if (HasFailure()) return;
      }
    }
  }
}

TEST(ControlGroup, AgreesWithOneByteAtATimeForRandomGroups) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 5000; ++round) {
    Controls controls;
    // Few different values, so that neighbours are often equal and carries between bytes would show.
    for (Control& control : controls.bytes) control = static_cast<Control>(random() % 2 ? random() % 6 : random());
    expect_group_is_right(controls, random() % 2 ? random() : std::uint64_t{controls.bytes[random() % 16]} << 32);
    if (HasFailure()) return;
  }
}

TEST(ControlTag, ComesFromBits32To39AndIsNeverAState) {
  EXPECT_EQ(tag_of(0xabULL << 32), 0xab);
  EXPECT_EQ(tag_of(~(0xffULL << 32)), kFirstTag);
  for (std::uint64_t value = 0; value < 256; ++value) EXPECT_GE(tag_of(value << 32), kFirstTag);
}

TEST(LaneMask, PackedHasOneBitALane) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 1000; ++round) {
    Controls controls;
    unsigned expected = 0;
    for (unsigned lane = 0; lane < kGroupWidth; ++lane) {
      controls.bytes[lane] = random() % 2 ? kEmpty : kFirstTag;
      expected |= controls.bytes[lane] == kEmpty ? 1U << lane : 0U;
    }
    ASSERT_EQ(ControlGroup(controls.bytes).match_empty().packed(), expected);
  }
}

// As NEON has them.
TEST(LaneMask, OfFourBitsALaneIsPackedForEverySet) {
  for (unsigned set = 0; set < 1U << kGroupWidth; ++set) {
    std::uint64_t bits = 0;
    for (unsigned lane = 0; lane < kGroupWidth; ++lane) bits |= std::uint64_t{set >> lane & 1} << (4 * lane);
    const LaneMask<std::uint64_t, 4> mask(bits);
    ASSERT_EQ(mask.packed(), set);
    ASSERT_EQ(mask.count(), static_cast<unsigned>(std::popcount(set)));
    if (set != 0) {
      ASSERT_EQ(mask.lowest(), static_cast<unsigned>(std::countr_zero(set)));
    }
  }
}

}  // namespace
