// SPDX-License-Identifier: MIT
#include <perturb/hash/murmur3.hpp>

#include "hash/smhasher.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(murmur3_x86_32("", 0) == 0, "it can be computed at compile time");

TEST(Murmur3Hash, HasSmhashersVerificationValue) {
  EXPECT_EQ(
      kit::smhasher_verification([](std::string_view key, std::uint32_t seed) { return murmur3_x86_32(key, seed); }),
      0xB0F57EE3u);
}

// memcached_generate_hash_value of libmemcached 1.1.4, MEMCACHED_HASH_MURMUR3.
TEST(Murmur3Hash, EqualsLibmemcachedsWithItsSeed) {
  const auto libmemcached = [](std::string_view key) {
    return murmur3_x86_32(key, 0xDEADBEEF * static_cast<std::uint32_t>(key.size()));
  };
  EXPECT_EQ(libmemcached("a"), 0x8872DBC8u);
  EXPECT_EQ(libmemcached("abc"), 0x25D3A89Au);
  EXPECT_EQ(libmemcached("0123456789ab"), 0xE477F45Au);
  EXPECT_EQ(libmemcached("user:\xC3\xA4\xFF"), 0xD1B15861u);
  EXPECT_EQ(libmemcached("The quick brown fox jumps over the lazy dog"), 0x9B2E7C8Au);
}

}  // namespace
}  // namespace perturb::detail::hashing
