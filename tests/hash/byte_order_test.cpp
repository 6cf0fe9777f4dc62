// SPDX-License-Identifier: MIT
#include <perturb/hash/byte_order.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perturb::detail::hashing {
namespace {

TEST(ByteOrderInteger, GivesItsLowestByteFirst) {
  constexpr auto bytes = little_endian_bytes(UINT64_C(0x0807060504030201));
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(bytes[i], static_cast<std::byte>(i + 1));
}

TEST(ByteOrderInteger, IsReadFromItsLowestByteOn) {
  const std::string_view bytes("\x01\x02\x03\xFF\x05\x06\x07\x88\x09", 9);
  EXPECT_EQ(load_little_endian<std::uint8_t>(bytes, 3), 0xFFu);
  EXPECT_EQ(load_little_endian<std::uint16_t>(bytes, 2), 0xFF03u);
  EXPECT_EQ(load_little_endian<std::uint32_t>(bytes, 0), 0xFF030201u);
  EXPECT_EQ(load_little_endian<std::uint64_t>(bytes, 1), UINT64_C(0x0988070605FF0302));
}

}  // namespace
}  // namespace perturb::detail::hashing
