// SPDX-License-Identifier: MIT
// What is particular to nginx; which server it chooses is in golden_test.cpp.
#include <perturb/profiles/nginx.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

std::vector<std::uint32_t> tokens_of(std::string host, std::uint16_t port, std::uint32_t weight = 1) {
  NginxRing ring;
  ring.add_server(std::move(host), port, weight);
  std::vector<std::uint32_t> tokens;
  for (const auto point : ring.ring().points()) tokens.push_back(point.token);
  return tokens;
}

TEST(NginxRingPoints, Are160ForEachUnitOfWeight) {
  EXPECT_EQ(tokens_of("10.0.0.1", 80).size(), 160u);
  EXPECT_EQ(tokens_of("10.0.0.1", 80, 3).size(), 480u);
}

TEST(NginxRingPoints, FollowFromTheTextOfTheDirectiveAlone) {
  EXPECT_EQ(tokens_of("10.0.0.1:80", 0), tokens_of("10.0.0.1", 80)) << "the text is the same";
  EXPECT_NE(tokens_of("10.0.0.1", 0), tokens_of("10.0.0.1", 80)) << "nginx connects to port 80, but hashes the text";
  EXPECT_EQ(tokens_of("UNIX:/run/a", 0), tokens_of("unix:/run/a", 0));
  EXPECT_EQ(tokens_of("unix:/run/a", 0), tokens_of("/run/a", 0)) << "the prefix is not hashed";
}

TEST(NginxRingPoints, HaveAPortOnlyAfterAColon) {
  EXPECT_NE(tokens_of("a:80", 0), tokens_of("a80", 0));
  EXPECT_EQ(tokens_of("80", 0).size(), 160u);
}

TEST(NginxRingWeights, MoveNoKeyBetweenOtherServers) {
  NginxRing before;
  for (std::uint16_t port = 1; port <= 10; ++port) before.add_server("10.0.0.1", port);
  NginxRing after = before;
  after.add_server("10.0.0.1", 11, 4);
  for (int i = 0; i < 5000; ++i) {
    const std::string key = std::to_string(i);
    const std::uint16_t port = after.find_server(key)->port;
    ASSERT_TRUE(port == 11 || port == before.find_server(key)->port) << key;
  }
}

TEST(NginxRingKeys, ThatAreEmptyHaveNoServerAmongSeveral) {
  NginxRing ring;
  ring.add_server("10.0.0.1", 80);
  EXPECT_NE(ring.find_server(""), nullptr);
  ring.add_server("10.0.0.2", 80);
  EXPECT_EQ(ring.find_server(""), nullptr);
}

// The CRC-32 has 32 bits and 160 000 points, so a few coincide; nginx keeps that of the server listed first.
TEST(NginxRingTies, AreResolvedForTheServerListedFirst) {
  NginxRing ring;
  std::vector<Server> servers;
  for (std::uint16_t port = 1; port <= 1000; ++port) servers.push_back({"10.0.0.1", "", port});
  ring.add_servers(servers);
  EXPECT_LT(ring.ring().points().size(), 160000u);
  EXPECT_GT(ring.ring().points().size(), 159900u);
}

TEST(NginxRingBadInput, IsRefused) {
  NginxRing ring;
  EXPECT_THROW(ring.add_server("10.0.0.1", 80, 0), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 80, 1000000), std::invalid_argument);
  EXPECT_THROW(ring.add_server("[::1]80", 0), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1:", 0), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1:80a", 0), std::invalid_argument);
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80));
  EXPECT_FALSE(ring.add_server("10.0.0.1:80", 0)) << "the same text";
}

}  // namespace
}  // namespace perturb::profiles
