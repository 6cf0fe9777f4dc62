// SPDX-License-Identifier: MIT
#include <perturb/profiles/ip_address.hpp>

#if __has_include(<arpa/inet.h>)  // not on Windows: what is compared with is POSIX
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string>

namespace perturb::detail::profiles {
namespace {

// What the C library reads: the bytes, or nothing.
std::optional<IpAddress> parse_by_library(const std::string& text) {
  IpAddress address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.size = 16;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

TEST(IpAddressText, IsReadAsTheCLibraryReadsIt) {
  for (const char* text : {"10.1.2.3",
                           "255.255.255.255",
                           "0.0.0.0",
                           "256.1.1.1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.",
                           ".1.2.3",
                           "a.b.c.d",
                           "",
                           "::",
                           "::1",
                           "1::",
                           "1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1::8",
                           "1:2:3::6:7:8",
                           "::ffff:10.1.2.3",
                           "1:2:3:4:5:6:1.2.3.4",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "fe80::1:2",
                           "12345::",
                           "1::2::3",
                           ":1",
                           "1:",
                           ":::",
                           "1:2:3:4:5:6:7::",
                           "::2:3:4:5:6:7:8",
                           "g::",
                           "fd00::1 ",
                           "+1::",
                           "010.1.2.3",
                           "00.0.0.0",
                           "00001::",
                           "0001::",
                           "-1.2.3.4",
                           "1:2:3:4::5:6:7:8"}) {
    EXPECT_EQ(parse_ip_address(text), parse_by_library(text)) << text;
  }
}

TEST(IpAddressText, OfRandomAddressesIsThatOfTheCLibraryAndReadBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    IpAddress address;
    address.size = 16;
    for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
    ASSERT_EQ(parse_ip_address(text.data()), address) << text.data();
    ASSERT_EQ(ipv6_text(address), text.data());
    ASSERT_EQ(parse_ip_address('[' + std::string(text.data()) + ']'), address) << text.data();
  }
}

TEST(IpAddressText, WithOneByteChangedIsReadAsTheCLibraryReadsIt) {
  std::mt19937 random(2);
  constexpr std::string_view kBytes = "0123456789abcF:.g ";
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 2 == 0 ? "10.20.30.40" : "fd00:1::2:30.4.5.6";
    for (int changes = 0; changes < 3; ++changes) text[random() % text.size()] = kBytes[random() % kBytes.size()];
    ASSERT_EQ(parse_ip_address(text), parse_by_library(text)) << text;
  }
}

}  // namespace
}  // namespace perturb::detail::profiles

#endif
