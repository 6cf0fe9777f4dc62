// SPDX-License-Identifier: MIT
#include <perturb/hash/crc32.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(crc32("123456789") == 0xCBF43926, "it can be computed at compile time");

TEST(Crc32Sum, EqualsThePublishedValues) {
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926u);  // the check value of every catalogue of CRCs
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339u);
}

TEST(Crc32Sum, OfPiecesIsThatOfTheWhole) {
  Crc32 crc;
  crc.update("1234");
  const Crc32 after_four = crc;
  crc.update("");
  crc.update("56789");
  EXPECT_EQ(crc.value(), 0xCBF43926u);
  EXPECT_EQ(after_four.value(), crc32("1234"));  // and a copy stays where it was
}

// memcached_generate_hash_value of libmemcached 1.1.4, MEMCACHED_HASH_CRC.
TEST(Crc32Sum, In15BitsEqualsLibmemcacheds) {
  EXPECT_EQ(crc32_in_15_bits("a"), 0x68B7u);
  EXPECT_EQ(crc32_in_15_bits("abc"), 0x3524u);
  EXPECT_EQ(crc32_in_15_bits("0123456789ab"), 0x0623u);
  EXPECT_EQ(crc32_in_15_bits("user:\xC3\xA4\xFF"), 0x6C2Fu);
  EXPECT_EQ(crc32_in_15_bits("\xFF\xFE\xFD"), 0x08EAu);
}

}  // namespace
}  // namespace perturb::detail::hashing
