// SPDX-License-Identifier: MIT
#include <perturb/profiles/ketama_points.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::detail::profiles {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

// The numbers of equal servers up to 1000 for which a count rule gives each another number of digests than 40.
template <class Rule>
std::vector<std::size_t> sizes_that_lose_a_digest(Rule rule) {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 1; size <= 1000; ++size) {
    if (rule(1, size, size) != 40) sizes.push_back(size);
  }
  return sizes;
}

// The expected ones come from running libmemcached 1.1.4 and from evaluating ketama's expression in C.
TEST(KetamaPointsCount, InFloatsLosesADigestFor103Sizes) {
  const std::vector<std::size_t> sizes = sizes_that_lose_a_digest(digests_in_floats);
  EXPECT_EQ(sizes.size(), 103u);
  EXPECT_THAT(sizes, IsSupersetOf({25u, 47u, 50u, 55u, 61u, 71u, 94u, 100u}));
}

TEST(KetamaPointsCount, InDoublesLosesADigestForElevenSizes) {
  EXPECT_THAT(sizes_that_lose_a_digest(digests_in_doubles),
              ElementsAre(61, 122, 237, 244, 474, 488, 933, 948, 951, 953, 976));
}

TEST(KetamaPointsCount, InIntegersIsExact) {
  const auto rule = [](std::uint64_t weight, std::uint64_t total, std::size_t servers) {
    return digests_in_integers(weight, total, servers, 40);
  };
  EXPECT_TRUE(sizes_that_lose_a_digest(rule).empty());
  EXPECT_EQ(rule(1, 3, 2), 26u) << "40 * 2 / 3, rounded down";
}

TEST(KetamaPointsWords, AreTheDigestsBytesInLittleEndianOrder) {
  // RFC 1321: MD5 ("abc") = 900150983cd24fb0d6963f7d28e17f72
  EXPECT_EQ(md5_words("abc"), (std::array<std::uint32_t, 4>{0x98500190, 0xB04FD23C, 0x7D3F96D6, 0x727FE128}));
}

TEST(KetamaPointsDigests, AreOfThePrefixWithARunningNumber) {
  std::vector<std::uint32_t> points;
  emit_digests("10.0.1.1:11211", {0, 11}, [&](std::uint32_t token) { points.push_back(token); });
  ASSERT_EQ(points.size(), 44u);
  EXPECT_EQ(points[0], md5_words("10.0.1.1:11211-0")[0]);
  EXPECT_EQ(points[43], md5_words("10.0.1.1:11211-10")[3]);
}

}  // namespace
}  // namespace perturb::detail::profiles
