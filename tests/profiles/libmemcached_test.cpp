// SPDX-License-Identifier: MIT
// What is particular to libmemcached; which server it chooses is in golden_test.cpp.
#include <perturb/profiles/libmemcached.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

LibmemcachedRing ring_of(LibmemcachedOptions options, int servers) {
  LibmemcachedRing ring(options);
  for (int i = 1; i <= servers; ++i) ring.add_server("10.0.0." + std::to_string(i), 11211);
  return ring;
}

std::size_t point_count(LibmemcachedMode mode, int servers) {
  return ring_of({.mode = mode}, servers).ring().points().size();
}

TEST(LibmemcachedRingPoints, AreAHundredAServerUnlessWeighted) {
  EXPECT_EQ(point_count(LibmemcachedMode::consistent, 7), 700u);
  EXPECT_EQ(point_count(LibmemcachedMode::ketama, 7), 700u);
  EXPECT_EQ(point_count(LibmemcachedMode::spy_unweighted, 7), 700u);
  EXPECT_EQ(point_count(LibmemcachedMode::weighted, 7), 7u * 160);
  EXPECT_EQ(point_count(LibmemcachedMode::spy, 7), 7u * 160);
}

TEST(LibmemcachedRingPoints, AreFewerWhereFloatsRoundDown) {
  EXPECT_EQ(point_count(LibmemcachedMode::weighted, 24), 24u * 160);
  EXPECT_EQ(point_count(LibmemcachedMode::weighted, 25), 25u * 156);
  EXPECT_EQ(point_count(LibmemcachedMode::weighted, 47), 47u * 156);
}

TEST(LibmemcachedRingPoints, BecomeWeightedByAServerOfWeightAbove1) {
  LibmemcachedRing ring = ring_of({}, 3);
  const std::uint32_t token = ring.token("key");
  ring.add_server("10.0.0.9", 11211, 2);
  EXPECT_EQ(ring.ring().points().size(), 32u * 4 * 3 + 64 * 4);  // 40 * 4 servers * 1/5, and 2/5
  EXPECT_EQ(ring.token("key"), token) << "the key hash stays";
  ring.remove_server("10.0.0.9", 11211);
  EXPECT_EQ(ring.ring().points().size(), 300u) << "as in a client that was made without it";
}

TEST(LibmemcachedRingHash, IsOneAtATimeUnlessTheModeSetsMd5) {
  EXPECT_EQ(LibmemcachedRing().token("abc"), perturb::detail::hashing::one_at_a_time("abc"));
  EXPECT_EQ(LibmemcachedRing({.mode = LibmemcachedMode::ketama}).token("abc"),
            perturb::detail::hashing::one_at_a_time("abc"));
  EXPECT_EQ(LibmemcachedRing({.mode = LibmemcachedMode::weighted}).token("abc"), 0x98500190u);  // RFC 1321: 90015098...
  EXPECT_EQ(LibmemcachedRing({.mode = LibmemcachedMode::spy}).token("abc"), 0x98500190u);
  EXPECT_EQ(LibmemcachedRing({.mode = LibmemcachedMode::weighted, .hash = LibmemcachedHash::default_hash}).token("abc"),
            perturb::detail::hashing::one_at_a_time("abc"));
}

TEST(LibmemcachedRingServers, AreFoundAndRemovedByHostAndPort) {
  LibmemcachedRing ring;
  EXPECT_EQ(ring.find_server("key"), nullptr);
  EXPECT_TRUE(ring.add_server("10.0.0.1", 11211));
  EXPECT_TRUE(ring.add_server("10.0.0.1", 11212));
  EXPECT_FALSE(ring.add_server("10.0.0.1", 11211, 5)) << "a duplicate";
  EXPECT_FALSE(ring.add_server("10.0.0.1", 0)) << "no port is memcached's port";
  EXPECT_EQ(ring.size(), 2u);
  EXPECT_FALSE(ring.remove_server("10.0.0.2", 11211));
  EXPECT_TRUE(ring.remove_server("10.0.0.1", 11212));
  ASSERT_NE(ring.find_server("key"), nullptr);
  EXPECT_EQ(*ring.find_server("key"), (Server{"10.0.0.1", "", 11211, 1}));
}

TEST(LibmemcachedRingServers, AddedTogetherMakeTheRingOfThoseAddedOneByOne) {
  std::vector<Server> servers;
  LibmemcachedRing one_by_one({.mode = LibmemcachedMode::weighted});
  for (std::uint16_t i = 0; i < 20; ++i) {
    servers.push_back({"10.0.0.1", "", static_cast<std::uint16_t>(100 + i), i % 3u + 1});
    one_by_one.add_server(servers.back());
  }
  LibmemcachedRing together({.mode = LibmemcachedMode::weighted});
  EXPECT_EQ(together.add_servers(servers), 20u);
  EXPECT_EQ(together.add_servers(servers), 0u) << "all are duplicates";
  EXPECT_EQ(together.servers(), servers);
  EXPECT_TRUE(together.ring() == one_by_one.ring());
}

TEST(LibmemcachedRingServers, AreUnchangedWhenOneIsRefused) {
  LibmemcachedRing ring = ring_of({}, 3);
  EXPECT_THROW(ring.add_servers({{"10.0.0.9", "", 1}, {"", "", 1}}), std::invalid_argument);
  EXPECT_EQ(ring.size(), 3u);
}

TEST(LibmemcachedRingBadInput, IsRefused) {
  LibmemcachedRing ring;
  EXPECT_THROW(ring.add_server("", 11211), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 11211, 0), std::invalid_argument);
  EXPECT_NO_THROW(ring.add_server(std::string(1024, 'x'), 11211));
  EXPECT_THROW(ring.add_server(std::string(1025, 'x'), 11211), std::invalid_argument);
  EXPECT_THROW(ring.add_server(std::string("a\0b", 3), 11211), std::invalid_argument);
}

TEST(LibmemcachedRingWarnings, NameAHashOf15Bits) {
  const LibmemcachedRing narrow = ring_of({.mode = LibmemcachedMode::weighted, .hash = LibmemcachedHash::crc}, 10);
  EXPECT_THAT(narrow.warnings(), ElementsAre(kNarrowKeyHash));
  // What it warns of: one server has all keys.
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(narrow.find_server(std::to_string(i)), narrow.find_server("key"));
  EXPECT_THAT(ring_of({.mode = LibmemcachedMode::weighted}, 10).warnings(), IsEmpty());
}

TEST(LibmemcachedRingWarnings, NameAServerWithoutPoints) {
  LibmemcachedRing ring;
  ring.add_server("10.0.0.1", 11211, 1000);
  ring.add_server("10.0.0.2", 11211, 1);
  EXPECT_THAT(ring.warnings(), Contains(kServerWithoutPoints));
}

}  // namespace
}  // namespace perturb::profiles
