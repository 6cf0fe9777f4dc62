// SPDX-License-Identifier: MIT
#include <perturb/hash/md5.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

constexpr bool begins_with(const Md5Digest& digest, unsigned first, unsigned second) {
  return digest[0] == first && digest[1] == second;
}
static_assert(begins_with(md5("abc"), 0x90, 0x01), "MD5 can be computed at compile time");

std::string hex(const Md5Digest& digest) {
  std::string text;
  for (const unsigned byte : digest) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

// RFC 1321, appendix A.5.
TEST(Md5Digests, EqualTheTestSuiteOfTheRfc) {
  EXPECT_EQ(hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hex(md5("a")), "0cc175b9c0f1b6a831c399e269772661");
  EXPECT_EQ(hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hex(md5("abcdefghijklmnopqrstuvwxyz")), "c3fcd3d76192e4007dfb496cca67e13b");
  EXPECT_EQ(hex(md5("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")),
            "d174ab98d277d9f5a5611c2c9f419d9f");
  EXPECT_EQ(hex(md5("12345678901234567890123456789012345678901234567890123456789012345678901234567890")),
            "57edf4a22be3c955ac49da2e2107b67a");
}

// Where the padding begins to need a block of its own. The figures are those of coreutils' md5sum.
TEST(Md5Digests, AreRightAroundTheEndOfABlock) {
  struct Case {
    std::size_t size;
    std::string_view digest;
  };
  for (const auto& [size, digest] :
       {Case{55, "04364420e25c512fd958a70738aa8f72"}, Case{56, "668a72d5ba17f08e62dabcafad6db14b"},
        Case{57, "693037871c4a9d3d8685018905cb530a"}, Case{63, "7dc2ca208106a2f703567bdff99d8981"},
        Case{64, "c1bb4f81d892b2d57947682aeb252456"}, Case{65, "1bc932052302d074bdec39795fe00cf6"},
        Case{119, "ab347a5f68c8a443cfcddc633f12c24f"}, Case{120, "fb98667f98096de92620b64f46e1c5b5"},
        Case{121, "e8bb0ccd83750100b37f4831cd5d7ee2"}, Case{127, "a0b28c1da68705c2ff883fe279b72753"},
        Case{128, "d69cb61a6ee87200676eb0d4b90edbcb"}, Case{129, "3926841d393c00c3f36260e5ace10dc1"},
        Case{1000000, "ec78dbd963d2fc01e51176ed4dec299e"}}) {
    EXPECT_EQ(hex(md5(std::string(size, 'x'))), digest) << size;
  }
}

TEST(Md5Digests, AreTheSameOfBytesAndOfText) {
  const std::string text = "\x80\xFF text with high bytes";
  EXPECT_EQ(md5(std::as_bytes(std::span(text))), md5(text));
}

}  // namespace
}  // namespace perturb::detail::hashing
