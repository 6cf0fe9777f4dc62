// SPDX-License-Identifier: MIT
#include <perturb/hash/md5.hpp>
#include <perturb/md5_hash.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/virtual_nodes.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using perturb::VirtualNodes;

template <class Placement, class Node>
std::vector<std::uint64_t> tokens_of(const Placement& placement, const Node& node, double weight) {
  std::vector<std::uint64_t> tokens;
  placement.place(node, weight, [&](std::uint64_t token) { tokens.push_back(token); });
  return tokens;
}

TEST(VirtualNodesPoints, AreTheHashOfIdentityAndIndex) {
  std::vector<std::uint64_t> expected;
  for (char i = 0; i < 3; ++i) {
    expected.push_back(perturb::XxHash<>()(std::string("node") + i + std::string(3, '\0')));
  }
  EXPECT_EQ(tokens_of(VirtualNodes<3>(), std::string("node"), 1), expected);
}

TEST(VirtualNodesPoints, OfMd5AreTheFirstEightBytesOfTheDigest) {
  const std::vector<std::uint64_t> tokens = tokens_of(VirtualNodes<300, perturb::Md5Hash>(), std::uint64_t{258}, 1);
  const perturb::detail::hashing::Md5Digest digest =
      perturb::detail::hashing::md5(std::string_view("\2\1\0\0\0\0\0\0\x2B\1\0\0", 12));  // 299
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < 8; ++i) last |= std::uint64_t{digest[i]} << (8 * i);
  EXPECT_EQ(tokens.size(), 300u);
  EXPECT_EQ(tokens.back(), last);
}

TEST(VirtualNodesPoints, OfAWeakHashAreMixed) {
  struct Length {
    std::uint64_t operator()(std::string_view text) const noexcept { return text.size(); }
  };
  EXPECT_THAT(tokens_of(VirtualNodes<2, Length>(), std::string("abc"), 1),
              testing::ElementsAre(perturb::detail::hashing::mix(7), perturb::detail::hashing::mix(7)));
}

TEST(VirtualNodesPoints, OfAHeavierNodeBeginWithThoseOfALighterOne) {
  const std::vector<std::uint64_t> light = tokens_of(VirtualNodes<>(), std::string("n"), 0.5);
  const std::vector<std::uint64_t> heavy = tokens_of(VirtualNodes<>(), std::string("n"), 2.25);
  ASSERT_EQ(light.size(), 128u);
  ASSERT_EQ(heavy.size(), 576u);
  EXPECT_TRUE(std::equal(light.begin(), light.end(), heavy.begin()));
}

TEST(VirtualNodesCount, IsRoundedAndAtLeastOne) {
  const VirtualNodes<256> placement;
  EXPECT_EQ(placement.point_count(1), 256u);
  EXPECT_EQ(placement.point_count(1.0 + 0.49 / 256), 256u);
  EXPECT_EQ(placement.point_count(1.0 + 0.5 / 256), 257u);
  EXPECT_EQ(placement.point_count(1e-300), 1u);
  EXPECT_EQ(VirtualNodes<1>().point_count(16777216), 16777216u);
}

TEST(VirtualNodesCount, OfMoreThanAnyNodeNeedsIsRefusedWithTheWeight) {
  for (const double weight : {65537.0, 8388608.0, 1e300}) {
    try {
      (void)VirtualNodes<256>().point_count(weight);
      FAIL() << weight << " is not refused";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(perturb::detail::ring::text_of(weight)));
    }
  }
}

}  // namespace
