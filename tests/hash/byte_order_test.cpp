// SPDX-License-Identifier: MIT
#include <perturb/hash/byte_order.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace perturb {
namespace {

constexpr std::endian kOtherOrder = std::endian::native == std::endian::little ? std::endian::big : std::endian::little;

// The elements as a machine of the other byte order holds them in its memory.
template <class T>
std::vector<T> as_the_other_machine(std::vector<T> elements) {
  for (T& element : elements) {
    auto* const bytes = reinterpret_cast<unsigned char*>(&element);
    std::reverse(bytes, bytes + sizeof(T));
  }
  return elements;
}

template <class T>
void expect_both_machines_agree() {
  for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 31u, 1000u}) {
    std::vector<T> here(size);
    for (std::size_t i = 0; i < size; ++i) here[i] = static_cast<T>(i * UINT64_C(0x0123456789ABCDEF) + 1);
    const std::vector<T> there = as_the_other_machine(here);
    for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(77)}) {
      EXPECT_EQ(hash_elements<kOtherOrder>(there.data(), size, seed), hash_elements(here.data(), size, seed))
          << size << " elements of " << sizeof(T) << " bytes";
    }
  }
}

TEST(ByteOrderElements, HashAlikeOnMachinesOfBothOrders) {
  expect_both_machines_agree<std::uint8_t>();
  expect_both_machines_agree<std::int16_t>();
  expect_both_machines_agree<char16_t>();
  expect_both_machines_agree<std::uint32_t>();
  expect_both_machines_agree<char32_t>();
  expect_both_machines_agree<std::int64_t>();
}

TEST(ByteOrderElements, AreHashedAsTheirLittleEndianBytes) {
  const std::vector<std::uint32_t> elements = {0x03020100, 0x07060504};
  const unsigned char bytes[] = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(hash_elements(elements.data(), elements.size(), 5), xxh3(bytes, sizeof bytes, 5));
}

TEST(ByteOrderInteger, GivesItsLowestByteFirst) {
  constexpr auto bytes = little_endian_bytes(UINT64_C(0x0807060504030201));
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(bytes[i], static_cast<std::byte>(i + 1));
}

}  // namespace
}  // namespace perturb
