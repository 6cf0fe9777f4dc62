// SPDX-License-Identifier: MIT
// What is particular to twemproxy; which server it chooses is in golden_test.cpp.
#include <perturb/profiles/twemproxy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

using testing::ElementsAre;

std::vector<std::uint32_t> tokens_of(const Server& server) {
  TwemproxyRing ring;
  ring.add_server(server);
  std::vector<std::uint32_t> tokens;
  for (const auto point : ring.ring().points()) tokens.push_back(point.token);
  return tokens;
}

TEST(TwemproxyRingPoints, FollowFromTheNameOrElseFromHostAndPort) {
  EXPECT_EQ(tokens_of({"10.0.0.1", "", 6379}), tokens_of({"h", "10.0.0.1:6379", 1}));
  EXPECT_EQ(tokens_of({"10.0.0.1", "", 11211}), tokens_of({"h", "10.0.0.1", 1}));
  EXPECT_EQ(tokens_of({"/run/a", "", 0}), tokens_of({"h", "/run/a:", 1})) << "a path keeps a colon";
}

TEST(TwemproxyRingHashTag, SelectsThePartBetweenTheFirstPair) {
  const TwemproxyRing ring({.hash_tag = "{}"});
  const auto part = [](const char* text) { return TwemproxyRing().token(text); };
  EXPECT_EQ(ring.token("a{user}b"), part("user"));
  EXPECT_EQ(ring.token("a{user}b{x}"), part("user"));
  EXPECT_EQ(ring.token("}a{user}"), part("user"));
  EXPECT_EQ(ring.token("{{user}}"), part("{user"));
  EXPECT_EQ(ring.token("a{}b"), part("a{}b")) << "an empty tag counts as none";
  EXPECT_EQ(ring.token("a{}b{user}"), part("a{}b{user}"));
  EXPECT_EQ(ring.token("a{user"), part("a{user"));
}

TEST(TwemproxyRingKeys, ThatAreEmptyHaveTheHash0) {
  EXPECT_EQ(TwemproxyRing().token(""), 0u);
  EXPECT_EQ(TwemproxyRing({.hash = TwemproxyHash::md5}).token(""), 0u);
}

TEST(TwemproxyRingServers, AreDuplicatesIfTheirNamesAreEqual) {
  TwemproxyRing ring;
  EXPECT_TRUE(ring.add_server("10.0.0.1", 6379, 1, "a"));
  EXPECT_FALSE(ring.add_server("10.0.0.2", 6379, 1, "a"));
  EXPECT_TRUE(ring.add_server("10.0.0.1", 6380, 1, "b"));
  EXPECT_TRUE(ring.remove_server("10.0.0.1", 6379));
  EXPECT_EQ(ring.size(), 1u);
}

TEST(TwemproxyRingServers, AreSortedByTheLengthsOfTheirNamesFirst) {
  TwemproxyRing ring;
  for (const char* name : {"bb", "c", "aaa", "ab"}) ring.add_server("10.0.0.1", 1, 1, name);
  std::vector<std::string> names;
  for (const Server& server : ring.servers()) names.push_back(server.name);
  EXPECT_THAT(names, ElementsAre("c", "ab", "bb", "aaa"));
}

TEST(TwemproxyRingWarnings, NameAHashOf15Bits) {
  EXPECT_THAT(TwemproxyRing({.hash = TwemproxyHash::crc32}).warnings(), ElementsAre(kNarrowKeyHash));
  EXPECT_TRUE(TwemproxyRing({.hash = TwemproxyHash::crc32a}).warnings().empty());
}

TEST(TwemproxyRingBadInput, IsRefused) {
  EXPECT_THROW(TwemproxyRing({.hash_tag = "{"}), std::invalid_argument);
  EXPECT_THROW(TwemproxyRing({.hash_tag = "{{}"}), std::invalid_argument);
  TwemproxyRing ring;
  EXPECT_THROW(ring.add_server("10.0.0.1", 1, 0), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 1, 0x80000000u), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 1, 1, "two words"), std::invalid_argument);
  EXPECT_THROW(ring.add_server("10.0.0.1", 1, 1, std::string(262, 'x')), std::invalid_argument);
  ring.add_server("10.0.0.1", 1, 0x7FFFFFFF);
  ring.add_server("10.0.0.1", 2, 0x7FFFFFFF);
  EXPECT_THROW(ring.add_server("10.0.0.1", 3, 2), std::invalid_argument) << "the sum passes 32 bits";
  EXPECT_EQ(ring.size(), 2u);
}

}  // namespace
}  // namespace perturb::profiles
