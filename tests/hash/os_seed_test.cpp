// SPDX-License-Identifier: MIT
#include <perturb/hash/os_seed.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

namespace perturb::detail::hashing {
namespace {

// Of 64 honest seeds two agree with a probability of 10^-16.
TEST(OsSeed, GivesDifferentSeeds) {
  std::set<std::uint64_t> seeds;
  for (int i = 0; i < 64; ++i) seeds.insert(os_seed());
  EXPECT_EQ(seeds.size(), 64u);
}

}  // namespace
}  // namespace perturb::detail::hashing
