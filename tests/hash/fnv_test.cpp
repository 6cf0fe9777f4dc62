// SPDX-License-Identifier: MIT
#include <perturb/hash/fnv.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(fnv1_64("a") == UINT64_C(0xAF63BD4C8601B7BE), "it can be computed at compile time");

// RFC 9923, section 8 (and the authors' test_fnv.c).
TEST(FnvHash, EqualsThePublishedValues) {
  EXPECT_EQ(fnv1_32(""), 0x811C9DC5u);
  EXPECT_EQ(fnv1_32("a"), 0x050C5D7Eu);
  EXPECT_EQ(fnv1_32("foobar"), 0x31F0B262u);
  EXPECT_EQ(fnv1a_32(""), 0x811C9DC5u);
  EXPECT_EQ(fnv1a_32("a"), 0xE40C292Cu);
  EXPECT_EQ(fnv1a_32("foobar"), 0xBF9CF968u);
  EXPECT_EQ(fnv1_64(""), UINT64_C(0xCBF29CE484222325));
  EXPECT_EQ(fnv1_64("a"), UINT64_C(0xAF63BD4C8601B7BE));
  EXPECT_EQ(fnv1_64("foobar"), UINT64_C(0x340D8765A4DDA9C2));
}

// memcached_generate_hash_value of libmemcached 1.1.4 on x86; twemproxy's functions give the same.
TEST(FnvHash, EqualsLibmemcachedsOnAMachineWithSignedChars) {
  struct Case {
    std::string_view key;
    std::uint32_t fnv1_64, fnv1a_64, fnv1_32, fnv1a_32;
  };
  for (const Case& expected : {Case{"a", 0x8601B7BE, 0x8601EC8C, 0x050C5D7E, 0xE40C292C},
                               Case{"abc", 0x6BAFADCB, 0x0541574B, 0x439C2F4B, 0x1A47E90B},
                               Case{"0123456789ab", 0xA4CFC71D, 0x43B49151, 0x1963825D, 0x2D4C5D51},
                               Case{"user:\xC3\xA4\xFF", 0xEBF4F1CA, 0xE96B3E40, 0x84E1AA2A, 0x58766940},
                               Case{"\xFF\xFE\xFD", 0x93EDF087, 0x8F0E92D7, 0x914C9107, 0xBF6D4517}}) {
    EXPECT_EQ(static_cast<std::uint32_t>(fnv1_64<signed char>(expected.key)), expected.fnv1_64) << expected.key;
    EXPECT_EQ(fnv1a_64_in_32_bits<signed char>(expected.key), expected.fnv1a_64) << expected.key;
    EXPECT_EQ(fnv1_32<signed char>(expected.key), expected.fnv1_32) << expected.key;
    EXPECT_EQ(fnv1a_32<signed char>(expected.key), expected.fnv1a_32) << expected.key;
  }
}

TEST(FnvHash, In32BitsMovesAdjacentLettersBy435) {
  EXPECT_EQ(fnv1a_64_in_32_bits("d") - fnv1a_64_in_32_bits("e"), 435u);
}

}  // namespace
}  // namespace perturb::detail::hashing
