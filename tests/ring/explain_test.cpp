// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::TieRule;

TEST(RingExplain, SaysTokenPointArcOwnerAndTheNextNodes) {
  const perturb::HashRing<std::string> ring({"alpha", "beta", "gamma"});
  EXPECT_EQ(ring.explain("user:42"),
            "token       0x9fc1e605fa7174aa\n"
            "point       0x9fe7d01690363e18, the first point at or after the token\n"
            "arc         (0x9fa56bd3ec7e6eab, 0x9fe7d01690363e18], 0.10 % of the ring\n"
            "owner       beta\n"
            "preference  beta, alpha, gamma\n"
            "failover    beta, alpha, gamma\n");
}

TEST(RingExplain, NamesTheRuleOfTheRing) {
  perturb::HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::nearest, TieRule::keep_first>> ring({"a", "b"});
  EXPECT_NE(ring.explain("key").find(", the nearest point\n"), std::string::npos);
}

TEST(RingExplain, NamesEveryRule) {
  using perturb::detail::ring::text_of;
  EXPECT_STREQ(text_of(BoundRule::at_or_after), "the first point at or after the token");
  EXPECT_STREQ(text_of(BoundRule::after), "the first point after the token");
  EXPECT_STREQ(text_of(BoundRule::nearest), "the nearest point");
}

TEST(RingExplain, FindsAPointThoughAllAreAtTheToken) {
  kit::HandMadeRing<std::uint32_t, BoundRule::after> ring;
  ring.add_node({"a", {10, 10}});
  const auto& points = perturb::detail::ring::RingAccess::points(ring);
  EXPECT_EQ(points.token(perturb::detail::ring::owning_point<BoundRule::after>(points, std::uint32_t{10})), 10u);
}

TEST(RingExplain, SaysThatAnEmptyRingHasNoOwner) {
  EXPECT_EQ(perturb::HashRing<std::string>().explain("key").substr(12 + 18),
            "\nowner       none, since the ring has no points\n");
}

// The point that is named belongs to the owner, for every rule and every token near a point.
template <BoundRule bound>
void expect_point_of_the_owner() {
  kit::HandMadeRing<std::uint32_t, bound> ring;
  const std::uint32_t max = 0xFFFFFFFF;
  ring.add_node({"a", {0, 10, 10, 500, max}});
  ring.add_node({"b", {0, 11, 300, max - 5}});
  ring.add_node({"c", {10, 290, 0x80000000}});
  const auto& points = perturb::detail::ring::RingAccess::points(ring);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::uint32_t near = points.token(i);
    for (std::uint32_t offset = 0; offset < 7; ++offset) {
      const std::uint32_t token = near + offset - 3;
      const std::size_t point = perturb::detail::ring::owning_point<bound>(points, token);
      ASSERT_EQ(&ring.nodes()[points.value(point)], ring.owner_of_token(token)) << token;
    }
  }
  // Between points that are far apart, the first and the last included.
  kit::HandMadeRing<std::uint32_t, bound> sparse;
  sparse.add_node({"a", {100}});
  sparse.add_node({"b", {1000}});
  sparse.add_node({"c", {0x80000000}});
  const auto& few = perturb::detail::ring::RingAccess::points(sparse);
  for (const std::uint32_t token : {0u, 99u, 101u, 300u, 549u, 550u, 551u, 999u, 1001u, 0x40000000u, 0xC0000000u}) {
    const std::size_t point = perturb::detail::ring::owning_point<bound>(few, token);
    ASSERT_EQ(&sparse.nodes()[few.value(point)], sparse.owner_of_token(token)) << token;
  }
}

TEST(RingExplain, FindsThePointOfTheOwnerForEveryRule) {
  expect_point_of_the_owner<BoundRule::at_or_after>();
  expect_point_of_the_owner<BoundRule::after>();
  expect_point_of_the_owner<BoundRule::nearest>();
}

}  // namespace
