// SPDX-License-Identifier: MIT
// The figures are those of Envoy's own unit tests, test/extensions/load_balancing_policies/ring_hash/
// ring_hash_lb_test.cc.
#include <perturb/profiles/envoy.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::profiles {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::uint64_t, int>> points_of(const EnvoyRing& ring) {
  std::vector<std::pair<std::uint64_t, int>> points;
  for (const auto point : ring.ring().points()) points.emplace_back(point.token, point.node.server.port);
  return points;
}

EnvoyRing ring_of_ports(const EnvoyOptions& options, int first, int last, bool is_named = false) {
  EnvoyRing ring(options);
  for (int port = first; port <= last; ++port) {
    ring.add_server("127.0.0.1", static_cast<std::uint16_t>(port), 1, is_named ? std::to_string(port) : "");
  }
  return ring;
}

TEST(EnvoyRingPoints, EqualThoseOfItsUnitTestBasic) {
  EXPECT_THAT(points_of(ring_of_ports({.minimum_ring_size = 12}, 90, 95)),
              ElementsAre(Pair(UINT64_C(833437586790550860), 94), Pair(UINT64_C(928266305478181108), 92),
                          Pair(UINT64_C(1033482794131418490), 90), Pair(UINT64_C(3551244743356806947), 95),
                          Pair(UINT64_C(3851675632748031481), 93), Pair(UINT64_C(5583722120771150861), 91),
                          Pair(UINT64_C(6311230543546372928), 91), Pair(UINT64_C(7700377290971790572), 93),
                          Pair(UINT64_C(13144177310400110813), 95), Pair(UINT64_C(13444792449719432967), 92),
                          Pair(UINT64_C(15516499411664133160), 94), Pair(UINT64_C(16117243373044804889), 90)));
}

TEST(EnvoyRingPoints, EqualThoseOfItsUnitTestBasicWithMurmur2) {
  const EnvoyOptions options{.minimum_ring_size = 12, .hash_function = EnvoyHashFunction::murmur_hash_2};
  EXPECT_THAT(points_of(ring_of_ports(options, 80, 85)),
              ElementsAre(Pair(UINT64_C(1358027074129602068), 85), Pair(UINT64_C(4361834613929391114), 83),
                          Pair(UINT64_C(7224494972555149682), 84), Pair(UINT64_C(7701421856454313576), 81),
                          Pair(UINT64_C(8649315368077433379), 82), Pair(UINT64_C(8739448859063030639), 84),
                          Pair(UINT64_C(9887544217113020895), 81), Pair(UINT64_C(10150910876324007731), 82),
                          Pair(UINT64_C(15168472011420622455), 83), Pair(UINT64_C(15427156902705414897), 80),
                          Pair(UINT64_C(16375050414328759093), 85), Pair(UINT64_C(17613279263364193813), 80)));
}

TEST(EnvoyRingPoints, EqualThoseOfItsUnitTestBasicWithHostname) {
  const EnvoyOptions options{.minimum_ring_size = 12, .use_hostname_for_hashing = true};
  EXPECT_THAT(points_of(ring_of_ports(options, 90, 95, true)),
              ElementsAre(Pair(UINT64_C(1975508444536362413), 95), Pair(UINT64_C(2376063919839173711), 95),
                          Pair(UINT64_C(2386806903309390596), 93), Pair(UINT64_C(6749904478991551885), 94),
                          Pair(UINT64_C(6803900775736438537), 93), Pair(UINT64_C(7225015537174310577), 92),
                          Pair(UINT64_C(8787465352164086522), 90), Pair(UINT64_C(11282020843382717940), 92),
                          Pair(UINT64_C(13723418369486627818), 91), Pair(UINT64_C(13776502110861797421), 90),
                          Pair(UINT64_C(14338313586354474791), 91), Pair(UINT64_C(15364271037087512980), 94)));
}

TEST(EnvoyRingPoints, RoundUpToWholeNumbersAsInItsUnitTestUnevenHosts) {
  EXPECT_THAT(points_of(ring_of_ports({.minimum_ring_size = 3}, 80, 81)),
              ElementsAre(Pair(UINT64_C(5454692015285649509), 80), Pair(UINT64_C(7859399908942313493), 81),
                          Pair(UINT64_C(13838424394637650569), 80), Pair(UINT64_C(16064866803292627174), 81)));
}

TEST(EnvoyRingPoints, FollowTheWeightsAsInItsUnitTestHostWeightedTinyRing) {
  EnvoyRing ring({.minimum_ring_size = 6, .maximum_ring_size = 6});
  for (std::uint16_t weight = 1; weight <= 3; ++weight) {
    ring.add_server("127.0.0.1", static_cast<std::uint16_t>(89 + weight), weight);
  }
  EXPECT_THAT(points_of(ring),
              ElementsAre(Pair(UINT64_C(928266305478181108), 92), Pair(UINT64_C(4443673547860492590), 92),
                          Pair(UINT64_C(5583722120771150861), 91), Pair(UINT64_C(6311230543546372928), 91),
                          Pair(UINT64_C(13444792449719432967), 92), Pair(UINT64_C(16117243373044804889), 90)));
}

TEST(EnvoyRingOwner, IsThatOfTheFirstPointAtOrAfterTheHash) {
  const EnvoyRing ring = ring_of_ports({.minimum_ring_size = 12}, 90, 95);
  EXPECT_EQ(ring.find_server_of_token(0)->port, 94);
  EXPECT_EQ(ring.find_server_of_token(std::numeric_limits<std::uint64_t>::max())->port, 94);
  EXPECT_EQ(ring.find_server_of_token(UINT64_C(3551244743356806947))->port, 95);
  EXPECT_EQ(ring.find_server_of_token(UINT64_C(3551244743356806948))->port, 93);
}

TEST(EnvoyRingKeys, AreHashedByXxHash64) {
  // The example of the xxHash specification's sanity checks: the empty input with the seed 0.
  EXPECT_EQ(EnvoyRing().token(""), UINT64_C(0xEF46DB3751D8E999));
}

TEST(EnvoyRingAddresses, OfVersion6AreHashedInBrackets) {
  EnvoyRing bare;
  EnvoyRing bracketed;
  EXPECT_TRUE(bare.add_server("fd00::1", 80));
  EXPECT_TRUE(bracketed.add_server("[fd00::1]", 80));
  EXPECT_EQ(points_of(bare), points_of(bracketed));
}

TEST(EnvoyRingBadInput, IsRefused) {
  EXPECT_THROW(EnvoyRing({.minimum_ring_size = 20, .maximum_ring_size = 10}), std::invalid_argument);
  EXPECT_THROW(EnvoyRing({.minimum_ring_size = 0}), std::invalid_argument);
  EXPECT_THROW(EnvoyRing({.maximum_ring_size = 8388609}), std::invalid_argument);
  EXPECT_THROW(EnvoyRing({.use_hostname_for_hashing = true}).add_server("10.0.0.1", 80), std::invalid_argument);
}

TEST(EnvoyRingWarnings, NameAHostThatGetsNoPoints) {
  EnvoyRing ring({.minimum_ring_size = 4, .maximum_ring_size = 4});
  for (std::uint16_t port = 1; port <= 5; ++port) ring.add_server("10.0.0.1", port);
  EXPECT_THAT(ring.warnings(), ElementsAre(kServerWithoutPoints));
}

}  // namespace
}  // namespace perturb::profiles
