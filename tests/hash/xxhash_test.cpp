// SPDX-License-Identifier: MIT
// A program may include <xxhash.h> for itself, before perturb or after it, and link the library or not.
#include <xxhash.h>

#include <perturb/hash/xxhash.hpp>

#include <xxhash.h>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace perturb {
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

TEST(Xxh3OneShot, GoldenValuesStay) {
  EXPECT_EQ(xxh3(nullptr, 0, 0), UINT64_C(0x2D06800538D394C2));
  EXPECT_EQ(xxh3("abc", 3, 0), UINT64_C(0x78AF5F94892F3950));
  EXPECT_EQ(xxh3("abc", 3, 1), UINT64_C(0x6B4467B443C76228));
  const std::string bytes = pattern(1000);
  EXPECT_EQ(xxh3(bytes.data(), 1000, 0), UINT64_C(0x571D5CBFEF44331B));
  EXPECT_EQ(xxh3(bytes.data(), 1000, 1), UINT64_C(0x4B18EBD5BD6FE6AB));
}

TEST(Xxh3Streaming, PiecesGiveWhatTheWholeGives) {
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

}  // namespace
}  // namespace perturb
