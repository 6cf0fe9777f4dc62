// SPDX-License-Identifier: MIT
#include <perturb/hash/jenkins.hpp>

#include "hash/smhasher.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(jenkins_lookup3("", 0) == 0xDEADBEEF, "it can be computed at compile time");

// driver5() of lookup3.c.
TEST(JenkinsHash, EqualsThePublishedValues) {
  EXPECT_EQ(jenkins_lookup3("", 0xDEADBEEF), 0xBD5B7DDEu);
  EXPECT_EQ(jenkins_lookup3("Four score and seven years ago", 0), 0x17770551u);
  EXPECT_EQ(jenkins_lookup3("Four score and seven years ago", 1), 0xCD628161u);
}

TEST(JenkinsHash, HasSmhashersVerificationValue) {
  EXPECT_EQ(
      kit::smhasher_verification([](std::string_view key, std::uint32_t seed) { return jenkins_lookup3(key, seed); }),
      0x3D83917Au);
}

// memcached_generate_hash_value of libmemcached 1.1.4, MEMCACHED_HASH_JENKINS.
TEST(JenkinsHash, EqualsLibmemcachedsWithItsStart) {
  EXPECT_EQ(jenkins_lookup3("a", 13), 0xE0A38690u);
  EXPECT_EQ(jenkins_lookup3("abc", 13), 0x8F415600u);
  EXPECT_EQ(jenkins_lookup3("0123456789ab", 13), 0x6D223753u);
  EXPECT_EQ(jenkins_lookup3("0123456789abc", 13), 0x37F93EADu);
  EXPECT_EQ(jenkins_lookup3("user:\xC3\xA4\xFF", 13), 0xEE8AD5FCu);
  EXPECT_EQ(jenkins_lookup3("The quick brown fox jumps over the lazy dog", 13), 0x12B8163Cu);
}

}  // namespace
}  // namespace perturb::detail::hashing
