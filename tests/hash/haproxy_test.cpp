// SPDX-License-Identifier: MIT
#include <perturb/hash/haproxy.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

static_assert(sdbm("a") == 'a' && djb2("") == 5381 && wt6("") == 0xF99A0360, "they can be computed at compile time");

// The converters sdbm, djb2, wt6 and sdbm(1), which appends full_hash, of HAProxy 2.6.12, asked over HTTP.
TEST(HaproxyHashes, EqualTheProgramsOwn) {
  struct Case {
    std::string_view key;
    std::uint32_t sdbm, djb2, wt6, full_hash_of_sdbm;
  };
  for (const Case& expected :
       {Case{"a", 0x00000061, 0x0002B606, 0x714BF225, 0x6D1EFF97},
        Case{"abc", 0x3025F862, 0x0B885C8B, 0x940028E8, 0x274B4266},
        Case{"0123456789ab", 0xCF0E41C6, 0x7B052FB5, 0xF9CC96A5, 0xEB7C71AE},
        Case{"user:\xC3\xA4\xFF", 0xA659506F, 0xFDFDF224, 0x0F37E9E8, 0x92FA6B08},
        Case{"The quick brown fox jumps over the lazy dog", 0x8CA77173, 0x34CC38DE, 0xE4E7B045, 0xF70F1695}}) {
    EXPECT_EQ(sdbm(expected.key), expected.sdbm) << expected.key;
    EXPECT_EQ(djb2(expected.key), expected.djb2) << expected.key;
    EXPECT_EQ(wt6(expected.key), expected.wt6) << expected.key;
    EXPECT_EQ(haproxy_full_hash(sdbm(expected.key)), expected.full_hash_of_sdbm) << expected.key;
  }
}

}  // namespace
}  // namespace perturb::detail::hashing
