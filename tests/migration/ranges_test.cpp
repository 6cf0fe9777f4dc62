// SPDX-License-Identifier: MIT
#include <perturb/migration_ranges.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "migration/reference_store.hpp"

namespace {

using reference::Case;
using reference::cases;
using reference::Range;
using reference::Ranges;
using reference::Ring;
using reference::ring_of;

TEST(MigrationRangesOf, EveryPlanHoldTheTokensOfItsMoves) {
  for (const Case& c : cases()) {
    const auto plan = perturb::diff(c.before, c.after);
    for (const std::size_t arcs_at_once : {std::size_t{1}, std::size_t{5}, Ranges::kAllArcs}) {
      const Ranges ranges(plan, arcs_at_once);
      std::size_t arcs = 0;
      for (const Range& range : ranges) {
        EXPECT_EQ(&ranges[range.number()], &range);
        EXPECT_LE(range.arcs().size(), arcs_at_once);
        arcs += range.arcs().size();
      }
      EXPECT_EQ(arcs, plan.size());
      for (int i = 0; i < 2000; ++i) {
        const std::uint64_t token = c.before.token(i);
        const Range* const range = ranges.find(token);
        const auto move = plan.find(token);
        ASSERT_EQ(range != nullptr, move != plan.end());
        if (range != nullptr) {
          ASSERT_TRUE(range->contains(token));
          ASSERT_EQ(range->from(), move->from);
          ASSERT_EQ(range->to(), move->to);
        }
        for (const Range& other : ranges) ASSERT_EQ(other.contains(token), &other == range);
      }
    }
    if (plan.size() > 300) continue;
    EXPECT_EQ(Ranges(plan, Ranges::kAllArcs).size(), c.after.size() < c.before.size() ? 2U : 3U);
  }
}

TEST(MigrationRangesOf, NoArcsHoldNothing) { EXPECT_FALSE(Range(0, "a", "b", {}).contains(7)); }

TEST(MigrationRangesOf, PlansThatCannotBeCarriedOutAreRefused) {
  EXPECT_THROW(Ranges(perturb::diff(ring_of({"a"}), Ring())), std::invalid_argument);
  EXPECT_THROW(Ranges(perturb::diff(ring_of({"a", "b"}), ring_of({"a", "c"}), 2)), std::invalid_argument);
  EXPECT_THROW(Ranges(perturb::diff(ring_of({"a"}), ring_of({"b"})), 0), std::invalid_argument);
  // Without an owner before there is nothing to move.
  const Ranges none(perturb::diff(Ring(), ring_of({"a"})));
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.find(7), nullptr);
}

}  // namespace
