// SPDX-License-Identifier: MIT
#include <perturb/hash/one_at_a_time.hpp>

#include <gtest/gtest.h>

namespace perturb::detail::hashing {
namespace {

static_assert(one_at_a_time("a") == 0xCA2E9442, "it can be computed at compile time");

TEST(OneAtATimeHash, EqualsThePublishedValues) {
  EXPECT_EQ(one_at_a_time(""), 0u);
  EXPECT_EQ(one_at_a_time("a"), 0xCA2E9442u);
  EXPECT_EQ(one_at_a_time("The quick brown fox jumps over the lazy dog"), 0x519E91F5u);
}

// memcached_generate_hash_value of libmemcached 1.1.4 on x86, MEMCACHED_HASH_DEFAULT.
TEST(OneAtATimeHash, EqualsLibmemcachedsOnAMachineWithSignedChars) {
  EXPECT_EQ(one_at_a_time<signed char>("abc"), 0xED131F5Bu);
  EXPECT_EQ(one_at_a_time<signed char>("0123456789ab"), 0xF6361F26u);
  EXPECT_EQ(one_at_a_time<signed char>("user:\xC3\xA4\xFF"), 0xC6B27E0Cu);
  EXPECT_EQ(one_at_a_time<signed char>("\xFF\xFE\xFD"), 0x475549B8u);
}

TEST(OneAtATimeHash, DependsOnTheSignOfCharsForHighBytesOnly) {
  EXPECT_EQ(one_at_a_time<signed char>("abc"), one_at_a_time<unsigned char>("abc"));
  EXPECT_NE(one_at_a_time<signed char>("\x80"), one_at_a_time<unsigned char>("\x80"));
}

}  // namespace
}  // namespace perturb::detail::hashing
