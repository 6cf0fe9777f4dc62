// SPDX-License-Identifier: MIT
// What is particular to ketama; which server it chooses is in golden_test.cpp.
#include <perturb/profiles/ketama.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace perturb::profiles {
namespace {

std::size_t points_per_server(int servers) {
  KetamaRing ring;
  for (int i = 1; i <= servers; ++i) ring.add_server("10.0.0." + std::to_string(i), 11211, 64);
  return ring.ring().points().size() / static_cast<std::size_t>(servers);
}

TEST(KetamaRingPoints, Are160AServerButWhereRoundingLosesADigest) {
  EXPECT_EQ(points_per_server(25), 160u);
  EXPECT_EQ(points_per_server(60), 160u);
  EXPECT_EQ(points_per_server(61), 156u);
  EXPECT_EQ(points_per_server(122), 156u);
}

TEST(KetamaRingKeys, EndBeforeAZeroByte) {
  EXPECT_EQ(KetamaRing().token(std::string_view("key\0rest", 8)), KetamaRing().token("key"));
}

TEST(KetamaRingBadInput, IsRefused) {
  KetamaRing ring;
  EXPECT_TRUE(ring.add_server("255.255.255.255", 65535)) << "21 bytes";
  EXPECT_THROW(ring.add_server("cache.example.com", 11211), std::invalid_argument) << "23 bytes";
  EXPECT_THROW(ring.add_server("10.0.0.1", 11211, 0), std::invalid_argument);
}

}  // namespace
}  // namespace perturb::profiles
