// SPDX-License-Identifier: MIT
#include <perturb/hash/crc16.hpp>

#include <gtest/gtest.h>

namespace perturb::detail::hashing {
namespace {

static_assert((crc16_in_32_bits("123456789") & 0xFFFF) == 0x31C3, "it can be computed at compile time");

TEST(Crc16Sum, HasThePublishedValuesInItsLow16Bits) {
  EXPECT_EQ(crc16_in_32_bits("") & 0xFFFF, 0u);
  EXPECT_EQ(crc16_in_32_bits("123456789") & 0xFFFF, 0x31C3u);  // the Redis Cluster specification's
  EXPECT_EQ(crc16_in_32_bits("foo") % 16384, 12182u);          // CLUSTER KEYSLOT foo
  EXPECT_EQ(crc16_in_32_bits("somekey") % 16384, 11058u);      // CLUSTER KEYSLOT somekey
}

// hash_crc16 of twemproxy 60aaf85.
TEST(Crc16Sum, In32BitsEqualsTwemproxys) {
  EXPECT_EQ(crc16_in_32_bits("a"), 0x00007C87u);
  EXPECT_EQ(crc16_in_32_bits("abc"), 0x7C749DD6u);
  EXPECT_EQ(crc16_in_32_bits("0123456789ab"), 0x9C66F284u);
  EXPECT_EQ(crc16_in_32_bits("user:\xC3\xA4\xFF"), 0xA55715E2u);
  EXPECT_EQ(crc16_in_32_bits("The quick brown fox jumps over the lazy dog"), 0x22A3F0C8u);
}

}  // namespace
}  // namespace perturb::detail::hashing
