// SPDX-License-Identifier: MIT
/// @file The probe recurrence: its first positions by hand, that it visits everything, and its strided form.
/// What a live CPython chooses is compared in probe_sequence_cpython_test.cpp.
#include <perturb/table/probe_sequence.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

namespace {

using perturb::ProbeSequence;
using perturb::detail::table::StridedProbeSequence;

static_assert(ProbeSequence(0x1234, 7).position() == 4, "the sequence is usable in constant expressions");

template <class Sequence>
std::vector<std::size_t> positions(Sequence sequence, std::size_t count) {
  std::vector<std::size_t> result;
  for (; result.size() < count; sequence.advance()) result.push_back(sequence.position());
  return result;
}

TEST(ProbeSequence, FollowsTheRecurrenceByHand) {
  // hash 1000 = 31·32 + 8: home 1000 & 7 = 0; perturb 31: 0+31+1 = 32 & 7 = 0; perturb 0: 1, then 5·1+1 = 6, 31 & 7 …
  EXPECT_EQ(positions(ProbeSequence(1000, 7), 6), (std::vector<std::size_t>{0, 0, 1, 6, 7, 4}));
}

TEST(ProbeSequence, UsesTheLeftShiftOfCPythonAndNotTheRightShiftOfTheArticle) {
  // With the article's (i >> 2) + i instead of (i << 2) + i, position 4 would be followed by 6, not by 21 & 7 = 5.
  EXPECT_EQ(positions(ProbeSequence(4, 7), 2), (std::vector<std::size_t>{4, 5}));
}

TEST(ProbeSequence, PerturbIsUnsignedSoThatTheTopBitRunsOut) {
  std::set<std::size_t> seen;
  for (const std::size_t position : positions(ProbeSequence(~std::uint64_t{0}, 15), 14 + 16)) seen.insert(position);
  EXPECT_EQ(seen.size(), 16U);
}

TEST(ProbeSequence, VisitsEveryPositionOnceThirteenShiftsAreDone) {
  std::mt19937_64 random(1);
  for (std::size_t size = 1; size <= 4096; size *= 2) {
    for (int i = 0; i < 20; ++i) {
      ProbeSequence sequence(random(), size - 1);
      for (int shift = 0; shift < 13; ++shift) sequence.advance();
      std::set<std::size_t> seen;
      for (const std::size_t position : positions(sequence, size)) seen.insert(position);
      ASSERT_EQ(seen.size(), size);
      ASSERT_LT(*seen.rbegin(), size);
    }
  }
}

TEST(ProbeSequence, HashesWithTheSameHomePartSoon) {
  const std::vector<std::size_t> a = positions(ProbeSequence(7, 1023), 4);
  const std::vector<std::size_t> b = positions(ProbeSequence(7 + 1024, 1023), 4);
  EXPECT_EQ(a[0], b[0]);
  EXPECT_NE(a[1], b[1]);
}

TEST(ProbeSequence, StridedIsTheSameSequenceOfGroups) {
  std::mt19937_64 random(2);
  for (std::size_t groups = 1; groups <= 1024; groups *= 4) {
    for (int i = 0; i < 50; ++i) {
      const std::uint64_t hash = random();
      const std::vector<std::size_t> strided = positions(StridedProbeSequence<16>(hash, 16 * (groups - 1)), 40);
      std::vector<std::size_t> scaled = positions(ProbeSequence(hash / 16, groups - 1), 40);
      for (std::size_t& position : scaled) position *= 16;
      ASSERT_EQ(strided, scaled);
    }
  }
}

}  // namespace
