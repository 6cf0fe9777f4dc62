// SPDX-License-Identifier: MIT
#include <perturb/ring/identity.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

struct Server {
  std::string host;
  int port;
};

template <>
struct perturb::NodeTraits<Server> {
  static std::string id(const Server& server) { return server.host + ":" + std::to_string(server.port); }
};

namespace {

struct Rack {
  std::uint16_t number;
  std::uint16_t id() const { return number; }
};
enum class Zone : std::int8_t { west = -1, east = 1 };

namespace ring = perturb::detail::ring;
using namespace std::string_view_literals;

TEST(NodeIdentity, StringsAndIntegersAreTheirOwn) {
  static_assert(std::is_same_v<ring::IdentityOf<std::string>, std::string_view>);
  static_assert(std::is_same_v<ring::IdentityOf<int>, int>);
  EXPECT_TRUE(ring::is_named(std::string("a"), "a"));
  EXPECT_FALSE(ring::is_named(std::string("a"), "b"));
  EXPECT_TRUE(ring::is_named(-3, -3));
}

TEST(NodeIdentity, ComesFromAMemberOrASpecialisation) {
  static_assert(std::is_same_v<ring::IdentityOf<Rack>, std::uint16_t>);
  static_assert(std::is_same_v<ring::IdentityOf<Server>, std::string_view>);
  EXPECT_TRUE(ring::is_named(Rack{7}, 7));
  EXPECT_TRUE(ring::is_named(Server{"10.0.0.1", 11211}, "10.0.0.1:11211"));
}

TEST(NodeIdentity, IntegersAreOrderedByValueAndStringsByBytes) {
  EXPECT_TRUE(ring::is_before(9, 10));
  EXPECT_TRUE(ring::is_before(-1, 0));
  EXPECT_TRUE(ring::is_before(std::string("10"), "9"));
}

TEST(NodeIdentityBytes, OfAStringAreItsOwnWithZerosInside) {
  EXPECT_EQ(ring::identity_bytes(std::string("a\0b", 3)), "a\0b"sv);
}

TEST(NodeIdentityBytes, OfAnIntegerAreItsValueInEightLittleEndianBytes) {
  EXPECT_EQ(ring::identity_bytes(std::uint8_t{5}), "\5\0\0\0\0\0\0\0"sv);
  EXPECT_EQ(ring::identity_bytes(std::uint64_t{0x0807060504030201}), "\1\2\3\4\5\6\7\x08"sv);
  EXPECT_EQ(ring::identity_bytes(-2), "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv);
  EXPECT_EQ(ring::identity_bytes(Zone::west), ring::identity_bytes(-1));
  EXPECT_EQ(ring::identity_bytes(Rack{258}), "\2\1\0\0\0\0\0\0"sv);
}

TEST(NodeIdentityText, IsDecimalForIntegers) {
  EXPECT_EQ(ring::identity_text(std::string("node")), "node");
  EXPECT_EQ(ring::identity_text(-12), "-12");
  EXPECT_EQ(ring::identity_text('a'), "97");
  EXPECT_EQ(ring::identity_text(Zone::east), "1");
  EXPECT_EQ(ring::identity_text(Server{"h", 1}), "h:1");
}

}  // namespace
