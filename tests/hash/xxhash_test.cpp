// SPDX-License-Identifier: MIT
// A program may include <xxhash.h> for itself, before perturb or after it, and link the library or not.
#include <xxhash.h>

#include <perturb/hash/xxh3_short.hpp>
#include <perturb/hash/xxhash.hpp>

#include <xxhash.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perturb::detail::hashing {
namespace {

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 131 + 7);
  return bytes;
}

TEST(Xxh3OneShot, EqualsTheLibraryForEveryLengthClass) {
  for (const std::size_t size : {0u, 1u, 3u, 4u, 8u, 9u, 16u, 17u, 128u, 129u, 240u, 241u, 512u, 1024u, 5000u}) {
    const std::string bytes = pattern(size);
    for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(1), UINT64_C(0x9E3779B185EBCA8D)}) {
      EXPECT_EQ(xxh3(bytes.data(), size, seed), XXH3_64bits_withSeed(bytes.data(), size, seed)) << size;
    }
    EXPECT_EQ(xxh3(bytes.data(), size, 0), XXH3_64bits(bytes.data(), size)) << size;
  }
}

// These are hashed by code of our own (xxh3_short.hpp).
TEST(Xxh3OneShot, EqualsTheLibraryForEveryShortLength) {
  for (std::size_t size = 0; size <= 100; ++size) {
    // Each byte counts: with the highest bit set, too.
    for (std::size_t byte = 0; byte <= size; ++byte) {
      std::string bytes = pattern(size);
      if (byte < size) bytes[byte] = static_cast<char>(bytes[byte] ^ 0x80);
      ASSERT_EQ(xxh3(bytes.data(), size, 0), XXH3_64bits(bytes.data(), size)) << size;
    }
  }
}

TEST(Xxh3OneShot, OfShortTextIsTheSameForTheCompiler) {
  constexpr std::string_view kText = "a text of seventy bytes, of which these are hashed when it is compiled";
  constexpr auto kHashes = [&] {
    std::array<std::uint64_t, 65> hashes{};
    for (std::size_t size = 4; size < hashes.size(); ++size) hashes[size] = xxh3_short(kText.substr(0, size));
    return hashes;
  }();
  for (std::size_t size = 4; size < kHashes.size(); ++size) {
    EXPECT_EQ(kHashes[size], XXH3_64bits(kText.data(), size)) << size;
  }
}

TEST(Xxh3OneShot, GoldenValuesStay) {
  EXPECT_EQ(xxh3(nullptr, 0, 0), UINT64_C(0x2D06800538D394C2));
  EXPECT_EQ(xxh3("abc", 3, 0), UINT64_C(0x78AF5F94892F3950));
  EXPECT_EQ(xxh3("abc", 3, 1), UINT64_C(0x6B4467B443C76228));
  const std::string bytes = pattern(1000);
  EXPECT_EQ(xxh3(bytes.data(), 1000, 0), UINT64_C(0x571D5CBFEF44331B));
  EXPECT_EQ(xxh3(bytes.data(), 1000, 1), UINT64_C(0x4B18EBD5BD6FE6AB));
}

TEST(HashBytes, AreXxh3ExceptOfMoreThan240BytesWithASeed) {
  for (const std::size_t size : {0u, 16u, 240u, 241u, 5000u}) {
    const std::string bytes = pattern(size);
    EXPECT_EQ(hash_bytes(bytes.data(), size, 0), xxh3(bytes.data(), size, 0)) << size;
    EXPECT_EQ(hash_bytes(bytes.data(), size, 7) == xxh3(bytes.data(), size, 7), size <= 240) << size;
  }
  EXPECT_NE(hash_bytes(pattern(300).data(), 300, 7), hash_bytes(pattern(300).data(), 300, 8));
}

TEST(Xxh3Streaming, PiecesHashAsTheWhole) {
  for (const std::size_t size : {0u, 1u, 16u, 240u, 241u, 1024u, 5000u}) {
    const std::string bytes = pattern(size);
    for (const std::size_t piece : {1u, 7u, 256u, 4096u}) {
      Xxh3Stream stream(42);
      for (std::size_t start = 0; start < size; start += piece) {
        stream.update(bytes.data() + start, std::min(piece, size - start));
      }
      EXPECT_EQ(stream.digest(), xxh3(bytes.data(), size, 42)) << size << " bytes in pieces of " << piece;
    }
  }
}

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

TEST(Xxh3Elements, HashAlikeOnMachinesOfBothOrders) {
  expect_both_machines_agree<std::uint8_t>();
  expect_both_machines_agree<std::int16_t>();
  expect_both_machines_agree<char16_t>();
  expect_both_machines_agree<std::uint32_t>();
  expect_both_machines_agree<char32_t>();
  expect_both_machines_agree<std::int64_t>();
}

TEST(Xxh3Elements, AreHashedAsTheirLittleEndianBytes) {
  const std::vector<std::uint32_t> elements = {0x03020100, 0x07060504};
  const unsigned char bytes[] = {0, 1, 2, 3, 4, 5, 6, 7};
  EXPECT_EQ(hash_elements(elements.data(), elements.size(), 5), xxh3(bytes, sizeof bytes, 5));
}

TEST(Xxh64OneShot, EqualsTheLibrary) {
  EXPECT_EQ(xxh64("", 0, 0), UINT64_C(0xEF46DB3751D8E999));
  EXPECT_EQ(xxh64("a", 1, 0), UINT64_C(0xD24EC4F1A98C6E5B));
  EXPECT_EQ(xxh64("abc", 3, 1), XXH64("abc", 3, 1));
}

TEST(Xxh32OneShot, EqualsThePublishedValues) {
  EXPECT_EQ(xxh32("", 0, 0), 0x02CC5D05u);
  EXPECT_EQ(xxh32("a", 1, 0), 0x550D7456u);
  EXPECT_EQ(xxh32("abc", 3, 1), XXH32("abc", 3, 1));
}

}  // namespace
}  // namespace perturb::detail::hashing
