// SPDX-License-Identifier: MIT
#include <perturb/profiles/node_text.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace perturb::detail::profiles {
namespace {

TEST(NodeText, LeavesOutThePortThatAProgramLeavesOut) {
  EXPECT_EQ(address_of({"h", "", 0}), "h:0");
  EXPECT_EQ(host_and_port({"h", "", 0}), "h");
  EXPECT_EQ(host_and_port({"h", "", 11211}), "h:11211");
  EXPECT_EQ(host_and_unusual_port({"h", "", 11211}), "h");
  EXPECT_EQ(host_and_unusual_port({"h", "", 0}), "h:0");
}

TEST(NodeText, BracketsAddressesOfVersion6InSocketAddresses) {
  EXPECT_EQ(socket_address({"fd00::1", "", 80}), "[fd00::1]:80");
  EXPECT_EQ(socket_address({"[fd00::1]", "", 80}), "[fd00::1]:80");
  EXPECT_EQ(socket_address({"10.0.0.1", "", 80}), "10.0.0.1:80");
  EXPECT_EQ(socket_address({"/run/a:b", "", 0}), "/run/a:b");
}

TEST(NodeText, NumbersInPlace) {
  NumberedText text("name", '_');
  EXPECT_EQ(text.with(0), "name_0");
  EXPECT_EQ(text.with(UINT64_C(18446744073709551615)), "name_18446744073709551615");
  EXPECT_EQ(text.with(7), "name_7");
}

}  // namespace
}  // namespace perturb::detail::profiles
