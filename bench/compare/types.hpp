// SPDX-License-Identifier: MIT
/// @file The key and value types that are compared, and how the i-th key of each is made.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace compare {

/// How integer keys are spread over their range.
enum class Pattern { random, dense, high_bits, pointer };
inline constexpr std::array kPatterns = {Pattern::random, Pattern::dense, Pattern::high_bits, Pattern::pointer};

constexpr std::string_view name_of(Pattern pattern) {
  switch (pattern) {
    case Pattern::random:
      return "random";
    case Pattern::dense:
      return "dense";
    case Pattern::high_bits:
      return "high-bits";
    case Pattern::pointer:
      return "pointer";
  }
  return "";
}

/// A bijection of the 64-bit integers that looks random (the finalizer of SplitMix64, by Sebastiano Vigna).
constexpr std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// The i-th key of a pattern; different i give different keys.
constexpr std::uint64_t integer_key(Pattern pattern, std::uint64_t i) {
  switch (pattern) {
    case Pattern::random:
      return scramble(i);
    case Pattern::dense:
      return i;
    case Pattern::high_bits:
      return i << 32;
    case Pattern::pointer:
      // Objects of 16 to 112 bytes that an allocator has put one after the other.
      return 0x7f3a'5c00'0010 + 64 * i + 16 * (scramble(i) % 4);
  }
  return 0;
}

/// The i-th string whose length lies between two bounds. The first eight characters tell all strings apart, as their
/// 48 bits are a bijection of i.
inline std::string string_key(std::uint64_t i, std::size_t shortest, std::size_t longest) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::uint64_t k48Bits = (std::uint64_t{1} << 48) - 1;
  std::uint64_t bits = (i * 0x5851f42d4c957f2d) & k48Bits;
  bits = (bits ^ (bits >> 24)) * 0x9e3779b97f4a7c15 & k48Bits;
  const std::size_t length = shortest + scramble(i) % (longest - shortest + 1);
  std::string key(length, '\0');
  for (std::size_t at = 0; at < length; ++at) {
    if (at >= 8 && at % 8 == 0) bits = scramble(bits);
    key[at] = kDigits[(bits >> (at % 8 * 6)) % 64];
  }
  return key;
}

/// A value of a cache line.
struct Block64 {
  std::array<std::uint64_t, 8> words;
};

// The value of the i-th key, and an integer under 2^31 that depends on a value read back.
template <class Value>
constexpr Value make_value(std::uint64_t i) {
  return static_cast<Value>(i & 0x7fff'ffff);
}
template <>
constexpr Block64 make_value<Block64>(std::uint64_t i) {
  return {{i & 0x7fff'ffff}};
}
constexpr std::uint64_t digest(std::uint64_t value) { return value; }
constexpr std::uint64_t digest(const Block64& value) { return value.words[0]; }

struct U64ToU64 {
  static constexpr std::string_view kName = "u64-u64";
  using Key = std::uint64_t;
  using Value = std::uint64_t;
  static constexpr bool has(Pattern) { return true; }
  static Key key(Pattern pattern, std::uint64_t i) { return integer_key(pattern, i); }
};

struct U32ToU32 {
  static constexpr std::string_view kName = "u32-u32";
  using Key = std::uint32_t;
  using Value = std::uint32_t;
  static constexpr bool has(Pattern pattern) { return pattern == Pattern::random || pattern == Pattern::dense; }
  static Key key(Pattern pattern, std::uint64_t i) {
    if (pattern == Pattern::dense) return static_cast<Key>(i);
    // A bijection of the 32-bit integers (MurmurHash3's finalizer, by Austin Appleby).
    auto x = static_cast<Key>(i);
    x = (x ^ (x >> 16)) * 0x85ebca6b;
    x = (x ^ (x >> 13)) * 0xc2b2ae35;
    return x ^ (x >> 16);
  }
};

struct StringToU64 {
  static constexpr std::string_view kName = "string-u64";
  using Key = std::string;
  using Value = std::uint64_t;
  static constexpr bool has(Pattern pattern) { return pattern == Pattern::random; }
  static Key key(Pattern, std::uint64_t i) { return string_key(i, 8, 40); }
};

struct LongStringToU64 {
  static constexpr std::string_view kName = "long-string-u64";
  using Key = std::string;
  using Value = std::uint64_t;
  static constexpr bool has(Pattern pattern) { return pattern == Pattern::random; }
  static Key key(Pattern, std::uint64_t i) { return string_key(i, 100, 200); }
};

struct U64ToBlock64 {
  static constexpr std::string_view kName = "u64-block64";
  using Key = std::uint64_t;
  using Value = Block64;
  static constexpr bool has(Pattern) { return true; }
  static Key key(Pattern pattern, std::uint64_t i) { return integer_key(pattern, i); }
};

/// Calls `f.template operator()<Type>()` for each type.
template <class F>
void for_each_type(F f) {
  f.template operator()<U64ToU64>();
  f.template operator()<U32ToU32>();
  f.template operator()<StringToU64>();
  f.template operator()<LongStringToU64>();
  f.template operator()<U64ToBlock64>();
}

}  // namespace compare
