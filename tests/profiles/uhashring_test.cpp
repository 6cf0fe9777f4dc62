// SPDX-License-Identifier: MIT
// What is particular to uhashring; which node it chooses is in golden_test.cpp.
#include <perturb/profiles/uhashring.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace perturb::profiles {
namespace {

TEST(UhashringRingOwner, IsThatOfTheFirstPointAfterTheKey) {
  UhashringRing ring;
  ring.add_server("a", 0);
  ring.add_server("b", 0);
  const auto points = ring.ring().points();
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    ASSERT_EQ(ring.find_server_of_token(points[i].token), &points[i + 1].node.server);
  }
}

TEST(UhashringKetamaRingPoints, AreCountedInIntegers) {
  UhashringKetamaRing ring;
  for (int i = 0; i < 25; ++i) ring.add_server("node-" + std::to_string(i), 0);
  EXPECT_EQ(ring.ring().points().size(), 25u * 160);
}

TEST(UhashringRingNodes, AreNamedByNameOrAddress) {
  UhashringRing ring;
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80));
  EXPECT_FALSE(ring.add_server("elsewhere", 0, 1, "10.0.0.1:80")) << "the same name";
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80, 1, "other"));
}

TEST(UhashringRingBadInput, IsRefused) {
  EXPECT_THROW(UhashringRing({.vnodes = 0}), std::invalid_argument);
  EXPECT_THROW(UhashringKetamaRing({.vnodes = 0}), std::invalid_argument);
  EXPECT_THROW(UhashringKetamaRing({.replicas = 0}), std::invalid_argument);
  EXPECT_THROW(UhashringKetamaRing({.replicas = 5}), std::invalid_argument);
  EXPECT_THROW(UhashringRing().add_server("a", 0, 0), std::invalid_argument);
}

}  // namespace
}  // namespace perturb::profiles
