// SPDX-License-Identifier: MIT
#include <perturb/hash/hsieh.hpp>

#include <gtest/gtest.h>

namespace perturb::detail::hashing {
namespace {

static_assert(hsieh("") == 0, "it can be computed at compile time");

// hash_hsieh of twemproxy 60aaf85 on x86.
TEST(HsiehHash, EqualsTwemproxysOnAMachineWithSignedChars) {
  EXPECT_EQ(hsieh<signed char>("a"), 0x93642E87u);
  EXPECT_EQ(hsieh<signed char>("ab"), 0x5B8C0EC3u);
  EXPECT_EQ(hsieh<signed char>("abc"), 0xE5186B3Au);
  EXPECT_EQ(hsieh<signed char>("abcd"), 0x3AB452D8u);
  EXPECT_EQ(hsieh<signed char>("0123456789ab"), 0xABE296D7u);
  EXPECT_EQ(hsieh<signed char>("user:\xC3\xA4\xFF"), 0x52AB54AFu);
  EXPECT_EQ(hsieh<signed char>("\xFF\xFE\xFD"), 0xD989515Eu);
  EXPECT_EQ(hsieh<signed char>("The quick brown fox jumps over the lazy dog"), 0x1C19EE97u);
}

TEST(HsiehHash, OfNothingIsZero) {
  EXPECT_EQ(hsieh<signed char>(""), 0u);
  EXPECT_EQ(hsieh<unsigned char>(""), 0u);
}

TEST(HsiehHash, DependsOnTheSignOfCharsInALastThirdByteOnly) {
  EXPECT_NE(hsieh<signed char>("\xFF\xFE\xFD"), hsieh<unsigned char>("\xFF\xFE\xFD"));
  EXPECT_EQ(hsieh<signed char>("\xFF\xFE"), hsieh<unsigned char>("\xFF\xFE"));
  EXPECT_EQ(hsieh<signed char>("\xFF"), hsieh<unsigned char>("\xFF"));
}

}  // namespace
}  // namespace perturb::detail::hashing
