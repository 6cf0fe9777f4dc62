// SPDX-License-Identifier: MIT
// What is particular to HAProxy; which server it chooses is in golden_test.cpp.
#include <perturb/profiles/haproxy.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

std::vector<std::uint32_t> tokens_of(const Server& server, HaproxyHashKey hash_key) {
  HaproxyRing ring({.hash_key = hash_key});
  ring.add_server(server);
  std::vector<std::uint32_t> tokens;
  for (const auto point : ring.ring().points()) tokens.push_back(point.token);
  return tokens;
}

HaproxyRing ring_of_ids(const std::vector<std::uint32_t>& ids) {
  HaproxyRing ring;
  std::vector<Server> servers;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    servers.push_back({"10.0.0.1", "", static_cast<std::uint16_t>(i + 1), 2, ids[i]});
  }
  ring.add_servers(servers);
  return ring;
}

TEST(HaproxyRingPoints, Are16ForEachUnitOfWeight) {
  EXPECT_EQ(ring_of_ids({1, 2, 3}).ring().points().size(), 3u * 2 * 16);
}

TEST(HaproxyRingIds, AreTheFirstFreeNumbersFromTheirIndexOn) {
  // The second server cannot have 2, which is the fourth's id, and gets 3; the third then gets 4.
  const HaproxyRing automatic = ring_of_ids({0, 0, 0, 2});
  const HaproxyRing given = ring_of_ids({1, 3, 4, 2});
  for (int i = 0; i < 2000; ++i) {
    const std::string key = std::to_string(i);
    ASSERT_EQ(automatic.find_server(key)->port, given.find_server(key)->port) << key;
  }
}

TEST(HaproxyRingIds, ThatAreGivenTwiceAreRefused) {
  HaproxyRing ring = ring_of_ids({7});
  EXPECT_THROW(ring.add_server("10.0.0.2", 80, 1, 7u), std::invalid_argument);
  EXPECT_EQ(ring.size(), 1u);
}

TEST(HaproxyRingOwner, IsTheNearestPointOnEitherSide) {
  const HaproxyRing ring = ring_of_ids({1, 2, 3});
  const auto points = ring.ring().points();
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const std::uint32_t gap = points[i + 1].token - points[i].token;
    ASSERT_EQ(ring.find_server_of_token(points[i].token + gap / 2), &points[i].node.server);
    ASSERT_EQ(ring.find_server_of_token(points[i].token + gap / 2 + 1), &points[i + 1].node.server);
  }
}

TEST(HaproxyRingFunction, IsMixedUnlessItIsNamed) {
  const std::uint32_t hash = detail::hashing::sdbm("key");
  EXPECT_EQ(HaproxyRing().token("key"), detail::hashing::haproxy_full_hash(hash));
  EXPECT_EQ(HaproxyRing({.function = HaproxyFunction::sdbm}).token("key"), hash);
  EXPECT_EQ(HaproxyRing({.function = HaproxyFunction::sdbm, .avalanche = true}).token("key"),
            detail::hashing::haproxy_full_hash(hash));
}

TEST(HaproxyRingHashKey, AddrIgnoresThePortAndTheId) {
  const Server server{"10.0.0.1", "", 80, 1, 5};
  const Server moved{"10.0.0.1", "", 81, 1, 6};
  const Server other{"10.0.0.2", "", 80, 1, 5};
  EXPECT_EQ(tokens_of(server, HaproxyHashKey::addr), tokens_of(moved, HaproxyHashKey::addr));
  EXPECT_NE(tokens_of(server, HaproxyHashKey::addr), tokens_of(other, HaproxyHashKey::addr));
  EXPECT_NE(tokens_of(server, HaproxyHashKey::addr_port), tokens_of(moved, HaproxyHashKey::addr_port));
}

TEST(HaproxyRingHashKey, AddrTakesEitherSpellingOfAVersion6Address) {
  EXPECT_EQ(tokens_of({"fd00::1", "", 80}, HaproxyHashKey::addr),
            tokens_of({"[fd00:0::0:1]", "", 80}, HaproxyHashKey::addr));
}

TEST(HaproxyRingHashKey, GuidFallsBackToTheId) {
  EXPECT_EQ(tokens_of({"10.0.0.1", "", 80, 1, 5}, HaproxyHashKey::guid),
            tokens_of({"10.0.0.1", "", 80, 1, 5}, HaproxyHashKey::id));
  EXPECT_NE(tokens_of({"10.0.0.1", "x", 80, 1, 5}, HaproxyHashKey::guid),
            tokens_of({"10.0.0.1", "", 80, 1, 5}, HaproxyHashKey::id));
}

TEST(HaproxyRingBadInput, IsRefused) {
  HaproxyRing ring;
  EXPECT_THROW(ring.add_server("10.0.0.1", 80, 257), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 80, 0), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 80, 1, 0x80000000u), std::invalid_argument);
  EXPECT_THROW(HaproxyRing({.hash_key = HaproxyHashKey::addr}).add_server("example.com", 80), std::invalid_argument);
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80, 256));
  EXPECT_FALSE(ring.add_server("10.0.0.1", 80)) << "a duplicate";
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80, 1, "another")) << "HAProxy tells servers apart by their names";
}

}  // namespace
}  // namespace perturb::profiles
