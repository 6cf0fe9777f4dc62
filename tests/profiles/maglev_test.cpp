// SPDX-License-Identifier: MIT
// The tables are those of Envoy's own unit tests, test/extensions/load_balancing_policies/maglev/maglev_lb_test.cc.
#include <perturb/profiles/maglev.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace perturb::profiles {
namespace {

using testing::ElementsAre;

// The ports in the slots, from 90 on.
std::vector<int> table_of(const MaglevRing& ring, std::uint64_t size) {
  std::vector<int> table;
  for (std::uint64_t slot = 0; slot < size; ++slot) table.push_back(ring.find_server_of_hash(slot)->port - 90);
  return table;
}

TEST(MaglevRingTable, EqualsThatOfItsUnitTestBasic) {
  MaglevRing ring({.table_size = 7});
  for (std::uint16_t port = 90; port <= 95; ++port) ring.add_server("127.0.0.1", port);
  EXPECT_THAT(table_of(ring, 7), ElementsAre(2, 4, 0, 1, 5, 0, 3));
  EXPECT_EQ(ring.find_server_of_hash(10)->port, 91);  // slot 3
}

TEST(MaglevRingTable, DoesNotDependOnTheOrderOfTheHosts) {
  MaglevRing ring({.table_size = 7});
  for (std::uint16_t port = 95; port >= 90; --port) ring.add_server("127.0.0.1", port);
  EXPECT_THAT(table_of(ring, 7), ElementsAre(2, 4, 0, 1, 5, 0, 3));
}

TEST(MaglevRingTable, EqualsThatOfItsUnitTestBasicWithHostName) {
  MaglevRing ring({.table_size = 7, .use_hostname_for_hashing = true});
  for (std::uint16_t port = 90; port <= 95; ++port) ring.add_server("127.0.0.1", port, 1, std::to_string(port));
  EXPECT_THAT(table_of(ring, 7), ElementsAre(2, 5, 0, 3, 4, 1, 0));
}

TEST(MaglevRingTable, EqualsThatOfItsUnitTestWeighted) {
  MaglevRing ring({.table_size = 17});
  ring.add_server("127.0.0.1", 90, 1);
  ring.add_server("127.0.0.1", 91, 2);
  EXPECT_THAT(table_of(ring, 17), ElementsAre(1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1));
}

// Its unit test LocalityWeightedSameLocalityWeights: two hosts of the same effective weight.
TEST(MaglevRingTable, EqualsThatOfTwoEqualHosts) {
  MaglevRing ring({.table_size = 17});
  ring.add_server("127.0.0.1", 90);
  ring.add_server("127.0.0.1", 91);
  EXPECT_THAT(table_of(ring, 17), ElementsAre(1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1));
}

TEST(MaglevRingTable, GivesEqualHostsTheSameNumberOfSlotsButOne) {
  MaglevRing ring;
  for (std::uint16_t port = 90; port < 190; ++port) ring.add_server("127.0.0.1", port);
  std::vector<int> slots(100);
  for (const int host : table_of(ring, 65537)) ++slots[static_cast<std::size_t>(host)];
  const auto [fewest, most] = std::minmax_element(slots.begin(), slots.end());
  EXPECT_EQ(*fewest, 655);
  EXPECT_EQ(*most, 656);
}

TEST(MaglevRingKeys, FallInTheSlotOfTheirHash) {
  MaglevRing ring({.table_size = 7});
  for (std::uint16_t port = 90; port <= 95; ++port) ring.add_server("127.0.0.1", port);
  EXPECT_EQ(ring.find_server(""), ring.find_server_of_hash(UINT64_C(0xEF46DB3751D8E999)));  // XXH64 of nothing
}

TEST(MaglevRingBadInput, IsRefused) {
  EXPECT_THROW(MaglevRing({.table_size = 8}), std::invalid_argument);
  EXPECT_THROW(MaglevRing({.table_size = 1}), std::invalid_argument);
  EXPECT_THROW(MaglevRing({.table_size = 5000077}), std::invalid_argument) << "a prime, but too large";
  EXPECT_EQ(MaglevRing().find_server("key"), nullptr);
}

}  // namespace
}  // namespace perturb::profiles
