// SPDX-License-Identifier: MIT
#include <perturb/hash/murmur2.hpp>

#include "hash/smhasher.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(murmur2_32("", 0) == 0 && murmur2_64a("", 0) == 0, "they can be computed at compile time");

TEST(Murmur2Hash, HasSmhashersVerificationValues) {
  EXPECT_EQ(kit::smhasher_verification([](std::string_view key, std::uint32_t seed) { return murmur2_32(key, seed); }),
            0x27864C1Eu);
  EXPECT_EQ(kit::smhasher_verification([](std::string_view key, std::uint32_t seed) { return murmur2_64a(key, seed); }),
            0x1F0D3804u);
}

// memcached_generate_hash_value of libmemcached 1.1.4, MEMCACHED_HASH_MURMUR.
TEST(Murmur2Hash, EqualsLibmemcachedsWithItsSeed) {
  const auto libmemcached = [](std::string_view key) {
    return murmur2_32(key, 0xDEADBEEF * static_cast<std::uint32_t>(key.size()));
  };
  EXPECT_EQ(libmemcached("a"), 0x4B41757Cu);
  EXPECT_EQ(libmemcached("abc"), 0x7B0CC428u);
  EXPECT_EQ(libmemcached("0123456789ab"), 0x0D4E2821u);
  EXPECT_EQ(libmemcached("user:\xC3\xA4\xFF"), 0x4AE5371Eu);
  EXPECT_EQ(libmemcached("The quick brown fox jumps over the lazy dog"), 0x30C79125u);
}

#if defined(__GLIBCXX__) && __SIZEOF_SIZE_T__ == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
TEST(Murmur2Hash, Of64BitsIsTheStringHashOfLibstdcxx) {
  std::string key;
  for (int size = 0; size < 40; ++size) {
    EXPECT_EQ(murmur2_64a(key, 0xC70F6907), std::hash<std::string>()(key)) << size;
    key += static_cast<char>(200 + size);
  }
}
#endif

}  // namespace
}  // namespace perturb::detail::hashing
