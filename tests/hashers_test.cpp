// SPDX-License-Identifier: MIT
#include <perturb/hashers.hpp>
#include <perturb/md5_hash.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb {
namespace {

using detail::hashing::little_endian_bytes;
using detail::hashing::mix;

struct Avalanching {
  using is_avalanching = std::true_type;
  std::uint64_t operator()(std::uint64_t key) const noexcept { return key; }
};
struct NotAvalanching {
  using is_avalanching = std::false_type;
  std::uint64_t operator()(std::uint64_t key) const { return key; }
};
struct Avalanching32 {
  using is_avalanching = void;
  std::uint32_t operator()(std::uint64_t key) const noexcept { return static_cast<std::uint32_t>(key); }
};
struct Silent {
  std::uint8_t operator()(std::uint64_t key) const noexcept { return static_cast<std::uint8_t>(key); }
};

static_assert(is_avalanching_v<Avalanching> && is_avalanching_v<Avalanching32>);
static_assert(!is_avalanching_v<NotAvalanching> && !is_avalanching_v<Silent>);
static_assert(is_avalanching_v<XxHash<int>> && is_avalanching_v<XxHash<std::string>> && is_avalanching_v<XxHash<>>);
static_assert(is_avalanching_v<Md5Hash> && is_avalanching_v<RandomSeed<XxHash<>>>);
static_assert(!is_avalanching_v<StdHash<int>> && !is_avalanching_v<StdHash<>> && !is_avalanching_v<IdentityHash>);

static_assert(is_transparent_v<XxHash<std::string>> && is_transparent_v<XxHash<std::string_view>>);
static_assert(is_transparent_v<XxHash<>> && is_transparent_v<StdHash<std::string>> && is_transparent_v<StdHash<>>);
static_assert(is_transparent_v<RandomSeed<XxHash<std::string>>> && is_transparent_v<Md5Hash>);
static_assert(is_transparent_v<Equal<std::string>> && is_transparent_v<Equal<std::u16string_view>>);
static_assert(is_transparent_v<Equal<>>);
static_assert(!is_transparent_v<XxHash<int>> && !is_transparent_v<Equal<int>> && !is_transparent_v<StdHash<int>>);

static_assert(!std::is_convertible_v<std::uint64_t, HashValue> && !std::is_convertible_v<HashValue, std::uint64_t>);
static_assert(HashValue(3) == HashValue(3) && HashValue(3) != HashValue(4));

static_assert(sizeof(XxHash<int>) == 8 && sizeof(RandomSeed<XxHash<std::string>>) == 8);
static_assert(std::is_trivially_copyable_v<XxHash<std::string>> && std::is_nothrow_default_constructible_v<XxHash<>>);
static_assert(!std::is_convertible_v<std::uint64_t, XxHash<int>>, "a seed is not taken for a hasher by accident");
static_assert(std::is_empty_v<IdentityHash> && std::is_empty_v<StdHash<int>> && std::is_empty_v<Equal<std::string>>);

// hash_key

TEST(HashKeyMixing, LeavesAvalanchingResultsAlone) { EXPECT_EQ(hash_key(Avalanching(), UINT64_C(77)), HashValue(77)); }

TEST(HashKeyMixing, MixesEveryOtherResult) {
  EXPECT_EQ(hash_key(NotAvalanching(), UINT64_C(77)), HashValue(mix(77)));
  EXPECT_EQ(hash_key(IdentityHash(), 77), HashValue(mix(77)));
  EXPECT_EQ(hash_key(IdentityHash(), -1), HashValue(mix(~UINT64_C(0))));
  EXPECT_EQ(hash_key(StdHash<int>(), 77), HashValue(mix(std::hash<int>()(77))));
}

TEST(HashKeyMixing, MixesNarrowResultsEvenIfTheyAreAvalanching) {
  EXPECT_EQ(hash_key(Avalanching32(), UINT64_C(77)), HashValue(mix(77)));
  EXPECT_EQ(hash_key(Silent(), UINT64_C(0x1FF)), HashValue(mix(0xFF)));
}

TEST(HashKeyMixing, TakesALambda) {
  const auto lambda = [](int key) { return static_cast<std::size_t>(key); };
  EXPECT_EQ(hash_key(lambda, 5), HashValue(mix(5)));
}

TEST(HashKeyMixing, IsNoexceptIfTheHasherIs) {
  EXPECT_TRUE(noexcept(hash_key(Avalanching(), UINT64_C(1))));
  EXPECT_FALSE(noexcept(hash_key(NotAvalanching(), UINT64_C(1))));
  EXPECT_TRUE(noexcept(hash_key(XxHash<std::string>(), std::string())));
  EXPECT_TRUE(noexcept(hash_key(XxHash<>(), std::vector<std::pair<int, std::string>>())));
  EXPECT_TRUE(noexcept(hash_key(StdHash<std::string>(), std::string())));
}

// XxHash

TEST(XxHashKeys, OfOneTypeAndOfAnyTypeAgree) {
  const auto expect_agreement = [](const auto& key) {
    using Key = std::remove_cvref_t<decltype(key)>;
    for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(1), ~UINT64_C(0)}) {
      EXPECT_EQ(XxHash<Key>(seed)(key), XxHash<>(seed)(key));
      EXPECT_EQ(hash_key(XxHash<Key>(seed), key), HashValue(XxHash<>(seed)(key)));
    }
  };
  expect_agreement(5);
  expect_agreement(2.5f);
  expect_agreement(std::string("key"));
  expect_agreement(std::string_view("key"));
  expect_agreement(std::u32string(U"key"));
  expect_agreement(std::vector<int>{1, 2});
  expect_agreement(std::pair(1, std::string("x")));
  expect_agreement(std::optional<int>(3));
  const int object = 1;
  expect_agreement(&object);
}

TEST(XxHashKeys, OfStringTypesAcceptEachOther) {
  const std::string string = "key";
  const char* const pointer = string.c_str();
  const std::uint64_t expected = XxHash<std::string>(3)(string);
  EXPECT_EQ(XxHash<std::string>(3)(std::string_view(string)), expected);
  EXPECT_EQ(XxHash<std::string>(3)(pointer), expected);
  EXPECT_EQ(XxHash<std::string>(3)("key"), expected);
  EXPECT_EQ(XxHash<std::string_view>(3)(string), expected);
  EXPECT_EQ(XxHash<>(3)("key"), expected);
  EXPECT_EQ(XxHash<>(3)(pointer), expected);
  EXPECT_EQ(XxHash<std::u16string>(3)(u"key"), XxHash<>(3)(u"key"));
}

TEST(XxHashKeys, ReadArraysToTheNulInEveryForm) {
  const char array[] = "key\0more";
  EXPECT_EQ(XxHash<std::string>()(array), XxHash<>()("key"));
  EXPECT_EQ(XxHash<>()(array), XxHash<>()("key"));
  EXPECT_TRUE(Equal<std::string>()(array, "key"));
  EXPECT_TRUE(Equal<>()(array, "key"));
}

TEST(XxHashSeeds, AreKeptAndCompared) {
  EXPECT_EQ(XxHash<int>().seed(), 0u);
  EXPECT_EQ(XxHash<int>(42).seed(), 42u);
  EXPECT_EQ(XxHash<std::string>(~UINT64_C(0)).seed(), ~UINT64_C(0));
  EXPECT_EQ(XxHash<>(42), XxHash<>(42));
  EXPECT_NE(XxHash<>(42), XxHash<>(43));
  EXPECT_EQ(XxHash<>(), XxHash<>(0));
}

template <class Key>
std::size_t values_over_seeds(const Key& key) {
  std::set<std::uint64_t> values;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) values.insert(XxHash<>(seed)(key));
  return values.size();
}

TEST(XxHashSeeds, ChangeTheHashOfEveryKindOfKey) {
  EXPECT_EQ(values_over_seeds(0), 1000u);
  EXPECT_EQ(values_over_seeds(5), 1000u);
  EXPECT_EQ(values_over_seeds(2.5), 1000u);
  EXPECT_EQ(values_over_seeds(""), 1000u);
  EXPECT_EQ(values_over_seeds("abc"), 1000u);
  EXPECT_EQ(values_over_seeds(std::string(1000, 'x')), 1000u);
  EXPECT_EQ(values_over_seeds(std::vector<int>{1, 2, 3}), 1000u);
  EXPECT_EQ(values_over_seeds(std::pair(1, 2)), 1000u);
  EXPECT_EQ(values_over_seeds(std::optional<int>()), 1000u);
}

TEST(XxHashQuality, ShortStringsSpreadEvenlyOverTheBitsThatAreUsed) {
  for (const int shift : {0, 32, 56}) {  // home slot, tag, the token's highest
    std::vector<std::uint32_t> cells(256);
    for (int i = 0; i < 65536; ++i) ++cells[(XxHash<std::string>()("k" + std::to_string(i)) >> shift) & 255];
    double variance = 0;
    for (const std::uint32_t cell : cells) variance += (cell - 256.0) * (cell - 256.0) / 255.0;
    EXPECT_LT(variance / 256, 1.4) << "from bit " << shift;
  }
}

TEST(XxHashQuality, EveryBitOfAShortStringFlipsEveryBitOfTheHash) {
  constexpr int kSamples = 1000;
  std::vector<int> turned(std::size_t{64} * 64);
  std::mt19937_64 random(4);
  for (int sample = 0; sample < kSamples; ++sample) {
    const std::uint64_t bits = random();
    const auto hash = [](std::uint64_t x) {
      const auto bytes = little_endian_bytes(x);
      return XxHash<>()(std::span<const std::byte>(bytes));
    };
    for (std::size_t in = 0; in < 64; ++in) {
      const std::uint64_t difference = hash(bits) ^ hash(bits ^ (UINT64_C(1) << in));
      for (std::size_t out = 0; out < 64; ++out) turned[in * 64 + out] += static_cast<int>((difference >> out) & 1);
    }
  }
  for (const int count : turned) {
    EXPECT_GT(count, kSamples * 2 / 5);
    EXPECT_LT(count, kSamples * 3 / 5);
  }
}

TEST(XxHashQuality, SecondElementsOfPairsSpreadEvenly) {
  for (const int shift : {0, 32, 56}) {
    std::vector<std::uint32_t> cells(256);
    for (int x = 0; x < 256; ++x) {
      for (int y = 0; y < 256; ++y) ++cells[(XxHash<>()(std::pair(x, y)) >> shift) & 255];
    }
    double variance = 0;
    for (const std::uint32_t cell : cells) variance += (cell - 256.0) * (cell - 256.0) / 255.0;
    EXPECT_LT(variance / 256, 1.4) << "from bit " << shift;
  }
}

// StdHash, IdentityHash, Md5Hash, RandomSeed

TEST(StdHashKeys, EqualStdHash) {
  EXPECT_EQ(StdHash<int>()(5), std::hash<int>()(5));
  EXPECT_EQ(StdHash<std::string>()(std::string("key")), std::hash<std::string>()("key"));
  EXPECT_EQ(StdHash<std::string>()("key"), std::hash<std::string>()("key"));
  EXPECT_EQ(StdHash<>()("key"), std::hash<std::string>()("key"));
  EXPECT_EQ(StdHash<>()(std::string_view("key")), std::hash<std::string>()("key"));
  EXPECT_EQ(StdHash<>()(5), std::hash<int>()(5));
}

TEST(IdentityHashKeys, AreTheirOwnHash) {
  enum class Colour { red = 7 };
  EXPECT_EQ(IdentityHash()(5), 5u);
  EXPECT_EQ(IdentityHash()(-1), ~UINT64_C(0));
  EXPECT_EQ(IdentityHash()(Colour::red), 7u);
  const int object = 1;
  EXPECT_EQ(IdentityHash()(&object), reinterpret_cast<std::uintptr_t>(&object));
}

// "abc" is RFC 1321's vector 900150983cd24fb0…; eight zero bytes give 7dea362b3fac8e00….
TEST(Md5HashKeys, AreTheFirstEightDigestBytesLittleEndian) {
  EXPECT_EQ(Md5Hash()("abc"), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(std::string("abc")), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(std::string_view("abc")), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(std::u8string(u8"abc")), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(std::vector<std::uint8_t>{'a', 'b', 'c'}), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(std::as_bytes(std::span("abc", 3))), UINT64_C(0xB04FD23C98500190));
  EXPECT_EQ(Md5Hash()(0), UINT64_C(0x008EAC3F2B36EA7D));
  EXPECT_EQ(Md5Hash()(-1), Md5Hash()(~UINT64_C(0)));
  EXPECT_EQ(Md5Hash()(UINT64_C(0x4847464544434241)), Md5Hash()("ABCDEFGH"));
}

TEST(RandomSeedHashers, DifferFromEachOtherAndAgreeWithTheirCopies) {
  const RandomSeed<XxHash<std::string>> first;
  const RandomSeed<XxHash<std::string>> second;
  const RandomSeed<XxHash<std::string>> copy = first;
  EXPECT_NE(first, second);
  EXPECT_NE(first("key"), second("key"));
  EXPECT_EQ(copy, first);
  EXPECT_EQ(copy.seed(), first.seed());
  EXPECT_EQ(copy("key"), first("key"));
}

TEST(RandomSeedHashers, TakeASeedToRepeatARun) {
  const RandomSeed<XxHash<int>> hasher(42);
  EXPECT_EQ(hasher.seed(), 42u);
  EXPECT_EQ(hasher(5), XxHash<int>(42)(5));
}

// Equal

TEST(EqualKeys, OfStringTypesCompareCharacters) {
  const std::string one = "key";
  const std::string other = "key";
  EXPECT_TRUE(Equal<std::string>()(one, other.c_str()));
  EXPECT_TRUE(Equal<std::string>()("key", std::string_view(other)));
  EXPECT_FALSE(Equal<std::string>()("key", "keys"));
  EXPECT_TRUE(Equal<>()(one.c_str(), other.c_str()));
  EXPECT_TRUE(Equal<>()(one, "key"));
  EXPECT_TRUE(Equal<std::u16string>()(u"key", std::u16string(u"key")));
}

TEST(EqualKeys, OfNumbersCompareValues) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(Equal<double>()(nan, nan));
  EXPECT_TRUE(Equal<double>()(-0.0, 0.0));
  EXPECT_TRUE(Equal<>()(5, std::uint64_t{5}));
  EXPECT_FALSE(Equal<>()(-1, 0xFFFFFFFFu));
  EXPECT_FALSE(Equal<>()(-1, ~UINT64_C(0)));
  EXPECT_TRUE(Equal<>()(1.0f, 1.0));
  EXPECT_FALSE(Equal<>()(5, 6L));
  EXPECT_FALSE(Equal<>()(-5, -6L));
  const long double next = 1 + std::numeric_limits<long double>::epsilon();  // no constant in pairs of doubles
  EXPECT_FALSE(Equal<long double>()(1.0L, next) || Equal<long double>()(next, 1.0L));
}

TEST(EqualKeys, OfSpansCompareElements) {
  const int one[] = {1, 2, 3};
  const int other[] = {1, 2, 3};
  using Span = std::span<const int>;
  EXPECT_TRUE(Equal<Span>()(Span(one), Span(other)));
  EXPECT_FALSE(Equal<Span>()(Span(one), Span(other).first(2)));
  EXPECT_FALSE(Equal<Span>()(Span(one).first(2), Span(other)));
  EXPECT_FALSE(Equal<Span>()(Span(one).first(2), Span(other).last(2)));
  EXPECT_TRUE(Equal<>()(Span(one), std::vector<int>{1, 2, 3}));
}

TEST(EqualKeys, UseTheOperatorOfEverythingElse) {
  using Pair = std::pair<int, std::string>;
  EXPECT_TRUE(Equal<Pair>()({1, "a"}, {1, "a"}));
  EXPECT_FALSE(Equal<Pair>()({1, "a"}, {1, "b"}));
  EXPECT_TRUE(noexcept(Equal<int>()(1, 1)));
  EXPECT_TRUE(noexcept(Equal<std::string>()(std::string_view(), std::string_view())));
}

TEST(EqualKeys, ThatAreEqualHashAlike) {
  EXPECT_TRUE(Equal<>()(1.0f, 1.0));
  EXPECT_EQ(XxHash<>()(1.0f), XxHash<>()(1.0));
  EXPECT_TRUE(Equal<>()('a', 97));
  EXPECT_EQ(XxHash<>()('a'), XxHash<>()(97));
}

}  // namespace
TEST(EqualOfAnything, TakesNumbersWhoseEqualityIsThatOfTheConvertedKey) {
  using perturb::detail::hashing::compares_as_converted;
  static_assert(compares_as_converted<float, double>() && compares_as_converted<double, double>());
  static_assert(!compares_as_converted<double, float>() && !compares_as_converted<int, double>());
  static_assert(!compares_as_converted<double, int>() && compares_as_converted<int, unsigned>());
  static_assert(!compares_as_converted<std::pair<int, double>, std::pair<int, float>>());
  static_assert(compares_as_converted<std::pair<int, float>, std::pair<long, double>>());
  EXPECT_TRUE(perturb::Equal<>()(0.5F, 0.5));
  EXPECT_EQ(perturb::XxHash<>()(0.1F), perturb::XxHash<>()(static_cast<double>(0.1F)));
}

TEST(TransparentInsertion, ConvertsAllButStringsAndClassesOfTheUsers) {
  using perturb::detail::hashing::inserts_unconverted_v;
  struct Mine {};
  static_assert(inserts_unconverted_v<const char*, std::string> &&
                inserts_unconverted_v<std::string_view, std::string>);
  static_assert(inserts_unconverted_v<int, Mine> && inserts_unconverted_v<Mine, std::string>);
  static_assert(!inserts_unconverted_v<double, float> && !inserts_unconverted_v<long, int>);
  static_assert(!inserts_unconverted_v<std::pair<double, int>, std::pair<float, int>>);
}

}  // namespace perturb
