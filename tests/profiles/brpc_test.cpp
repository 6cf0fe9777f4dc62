// SPDX-License-Identifier: MIT
#include <perturb/profiles/brpc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

using detail::profiles::BrpcPoints;
using detail::profiles::md5_words;

std::vector<std::uint32_t> tokens_of(const BrpcRing& ring) {
  std::vector<std::uint32_t> tokens;
  for (const auto point : ring.ring().points()) tokens.push_back(point.token);
  return tokens;
}

BrpcRing ring_of(const BrpcOptions& options) {
  BrpcRing ring(options);
  ring.add_server("10.1.2.3", 11211, 7);
  return ring;
}

TEST(BrpcRingPoints, AreHashesOfAddressPortAndNumberWhateverTheWeight) {
  std::vector<std::uint32_t> murmur;
  std::vector<std::uint32_t> md5;
  for (int i = 0; i < 100; ++i) {
    const std::string text = "10.1.2.3:11211-" + std::to_string(i);
    murmur.push_back(detail::hashing::murmur3_x86_32(text, 0));
    md5.push_back(md5_words(text)[0]);
  }
  std::sort(murmur.begin(), murmur.end());
  std::sort(md5.begin(), md5.end());
  EXPECT_EQ(tokens_of(ring_of({})), murmur);
  EXPECT_EQ(tokens_of(ring_of({.balancer = BrpcBalancer::c_md5})), md5);
}

TEST(BrpcRingPoints, AreFourOfEachDigestWithKetama) {
  std::vector<std::uint32_t> words;
  for (int i = 0; i < 25; ++i) {
    for (const std::uint32_t word : md5_words("10.1.2.3:11211-" + std::to_string(i))) words.push_back(word);
  }
  std::sort(words.begin(), words.end());
  EXPECT_EQ(tokens_of(ring_of({.balancer = BrpcBalancer::c_ketama})), words);
  EXPECT_EQ(tokens_of(ring_of({.balancer = BrpcBalancer::c_ketama, .replicas = 8})).size(), 8u);
}

TEST(BrpcRingTies, AreOrderedByTheLastByteOfTheAddressFirst) {
  EXPECT_LT(BrpcPoints::identity({"9.0.0.1", "", 1}), BrpcPoints::identity({"1.0.0.2", "", 1}));
  EXPECT_LT(BrpcPoints::identity({"1.0.0.1", "", 80}), BrpcPoints::identity({"1.0.0.1", "", 443}));
}

TEST(BrpcRingKeys, AreRequestCodesOrTheHashOfTheBalancer) {
  BrpcRing ring;
  for (std::uint16_t port = 1; port <= 9; ++port) ring.add_server("10.0.0.1", port);
  EXPECT_EQ(ring.find_server("key"), ring.find_server_of_token(detail::hashing::murmur3_x86_32("key", 0)));
  EXPECT_EQ(BrpcRing({.balancer = BrpcBalancer::c_md5}).token("key"), md5_words("key")[0]);
  EXPECT_EQ(BrpcRing({.balancer = BrpcBalancer::c_ketama}).token("key"), md5_words("key")[0]);
}

TEST(BrpcRingBadInput, IsRefused) {
  EXPECT_THROW(BrpcRing({.replicas = 0}), std::invalid_argument);
  EXPECT_THROW(BrpcRing({.balancer = BrpcBalancer::c_ketama, .replicas = 10}), std::invalid_argument);
  EXPECT_THROW(BrpcRing().add_server("example.com", 80), std::invalid_argument);
}

}  // namespace
}  // namespace perturb::profiles
