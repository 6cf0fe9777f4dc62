// SPDX-License-Identifier: MIT
#include <perturb/hash_state.hpp>
#include <perturb/hashers.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <forward_list>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace shapes {

struct Point {
  int x = 0;
  int y = 0;
};
template <class State>
void perturb_hash(State& state, const Point& point) {
  state(point.x, point.y);
}

class Label {
 public:
  Label(std::string text, std::optional<Point> place) : text_(std::move(text)), place_(place) {}

  template <class State>
  friend void perturb_hash(State& state, const Label& label) noexcept {
    state(label.text_, label.place_);
  }

 private:
  std::string text_;
  std::optional<Point> place_;
};

struct Tree {
  int value = 0;
  std::vector<Tree> children;

  template <class State>
  friend void perturb_hash(State& state, const Tree& tree) noexcept {
    state(tree.value, tree.children);
  }
};

// An enum whose perturb_hash comes before its being an integer.
enum class Colour { red, dark_red, blue };
template <class State>
void perturb_hash(State& state, const Colour& colour) noexcept {
  state(colour == Colour::blue);
}

struct Nothing {};

struct Thrower {
  Thrower() { throw 1; }
  Thrower(const Thrower&) {}
  template <class State>
  friend void perturb_hash(State&, const Thrower&) {}
};

struct Shouting : std::char_traits<char> {
  static bool eq(char a, char b) { return (a | 32) == (b | 32); }
};

}  // namespace shapes

namespace perturb {
namespace {

using detail::hashing::FoldSeed;
using detail::hashing::is_c_string_v;
using detail::hashing::mix;
using detail::hashing::xxh3;

template <class T>
std::uint64_t hash(const T& value, std::uint64_t seed = 0) {
  return XxHash<>(seed)(value);
}

enum class Small : std::int8_t { minus_one = -1, five = 5 };
enum Unscoped { unscoped_five = 5 };

// Which types can be hashed, without throwing, and by value

static_assert(is_hashable_v<int> && is_hashable_v<bool> && is_hashable_v<Small> && is_hashable_v<std::byte>);
static_assert(is_hashable_v<float> && is_hashable_v<double> && is_hashable_v<long double>);
static_assert(is_hashable_v<std::string> && is_hashable_v<std::pmr::string> && is_hashable_v<std::u16string_view>);
static_assert(is_hashable_v<std::vector<std::pair<std::string, std::list<bool>>>>);
static_assert(is_hashable_v<std::map<int, std::set<std::string>>>);
static_assert(is_hashable_v<std::variant<std::monostate, int, std::vector<bool>>>);
static_assert(is_hashable_v<shapes::Point> && is_hashable_v<std::vector<shapes::Label>>);
static_assert(!is_hashable_v<shapes::Nothing> && !is_hashable_v<std::vector<shapes::Nothing>>);
static_assert(!is_hashable_v<std::pair<int, shapes::Nothing>> && !is_hashable_v<std::optional<shapes::Nothing>>);
static_assert(!is_hashable_v<std::unordered_set<int>> && !is_hashable_v<std::unordered_map<int, int>>);
static_assert(!is_hashable_v<std::basic_string<char, shapes::Shouting>>, "its == is not that of its characters");
static_assert(is_hashable_v<std::filesystem::path>, "by std::hash: it is a range of itself");
static_assert(!is_value_hashed_v<std::filesystem::path> && !is_value_hashed_v<std::pair<int, std::error_code>>);
static_assert(!is_hashable_v<void (*)()> && !is_hashable_v<int shapes::Point::*>);

static_assert(is_nothrow_hashable_v<int> && is_nothrow_hashable_v<std::string> && is_nothrow_hashable_v<double>);
static_assert(is_nothrow_hashable_v<std::vector<std::pair<std::string, std::optional<int>>>>);
static_assert(is_nothrow_hashable_v<shapes::Label> && is_nothrow_hashable_v<std::vector<shapes::Label>>);
static_assert(!is_nothrow_hashable_v<shapes::Point>, "its perturb_hash does not promise it");
static_assert(!is_nothrow_hashable_v<std::pair<int, shapes::Point>> && !is_nothrow_hashable_v<shapes::Nothing>);

static_assert(is_value_hashed_v<int> && is_value_hashed_v<std::string> && is_value_hashed_v<shapes::Label>);
static_assert(is_value_hashed_v<const char*> && is_value_hashed_v<std::vector<std::string_view>>);
static_assert(!is_value_hashed_v<int*> && !is_value_hashed_v<void*> && !is_value_hashed_v<std::unique_ptr<int>>);
static_assert(!is_value_hashed_v<std::pair<int, int*>> && !is_value_hashed_v<std::vector<std::optional<int*>>>);
static_assert(!is_value_hashed_v<std::variant<int, const int*>> && !is_value_hashed_v<std::array<std::tuple<int*>, 2>>);

static_assert(is_c_string_v<const char*> && is_c_string_v<char*> && is_c_string_v<const char16_t*>);
static_assert(is_c_string_v<char[5]>, "decays to a pointer where it is a key");
static_assert(!is_c_string_v<std::string> && !is_c_string_v<std::string_view> && !is_c_string_v<int*>);
static_assert(!is_c_string_v<const unsigned char*>, "an address like any other");

static_assert(XxHash<>()(5) == mix(5), "integers are hashed at compile time too");
static_assert(XxHash<>()(std::pair(1, 2.5)) != XxHash<>()(std::pair(2, 2.5)));

// Integers

TEST(HashStateIntegers, OfEqualValueAgreeWhateverTheirType) {
  for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(9)}) {
    const std::uint64_t five = hash(std::uint64_t{5}, seed);
    EXPECT_EQ(hash(5, seed), five);
    EXPECT_EQ(hash(5u, seed), five);
    EXPECT_EQ(hash(5L, seed), five);
    EXPECT_EQ(hash(static_cast<signed char>(5), seed), five);
    EXPECT_EQ(hash(static_cast<unsigned char>(5), seed), five);
    EXPECT_EQ(hash(static_cast<short>(5), seed), five);
    EXPECT_EQ(hash('\5', seed), five);
    EXPECT_EQ(hash(u'\5', seed), five);
    EXPECT_EQ(hash(U'\5', seed), five);
    EXPECT_EQ(hash(L'\5', seed), five);
    EXPECT_EQ(hash(std::byte{5}, seed), five);
    EXPECT_EQ(hash(Small::five, seed), five);
    EXPECT_EQ(hash(unscoped_five, seed), five);
  }
  EXPECT_EQ(hash(true), hash(1));
  EXPECT_EQ(hash(false), hash(0));
}

TEST(HashStateIntegers, OfNegativeValueAreSignExtended) {
  EXPECT_EQ(hash(-1), hash(~UINT64_C(0)));
  EXPECT_EQ(hash(static_cast<signed char>(-1)), hash(-1LL));
  EXPECT_EQ(hash(Small::minus_one), hash(-1));
  EXPECT_NE(hash(-1), hash(0xFFFFFFFFu));
}

#ifdef __SIZEOF_INT128__
TEST(HashStateIntegers, Of128BitsAgreeWithShorterOnesOfTheirValue) {
  using detail::hashing::Int128;
  using detail::hashing::UInt128;
  EXPECT_EQ(hash(static_cast<Int128>(5)), hash(5));
  EXPECT_EQ(hash(static_cast<UInt128>(5)), hash(5));
  EXPECT_EQ(hash(static_cast<Int128>(-5)), hash(-5));
  EXPECT_EQ(hash(static_cast<UInt128>(~UINT64_C(0))), hash(~UINT64_C(0)));
  const UInt128 large = static_cast<UInt128>(7) << 64;
  EXPECT_NE(hash(large), hash(0));
  EXPECT_NE(hash(large), hash(7));
  EXPECT_NE(hash(large + 1), hash(large));
  EXPECT_EQ(hash(static_cast<Int128>(large)), hash(large));
}

TEST(HashStateIntegers, Of128BitsAreNeverTakenForOthersOfTheirType) {
  using detail::hashing::Int128;
  using detail::hashing::UInt128;
  const UInt128 ones = ~UINT64_C(0);
  EXPECT_NE(hash(ones), hash(~static_cast<UInt128>(0)));
  EXPECT_NE(hash(static_cast<Int128>(-1)), hash(static_cast<Int128>(ones)));
  const auto wide = [](std::uint64_t high, std::uint64_t low) { return (static_cast<UInt128>(high) << 64) + low; };
  EXPECT_NE(hash(std::pair(wide(7, 5), wide(0, 9))), hash(std::pair(wide(0, 5), wide(9, 7))));
}
#endif

// Floating-point numbers

TEST(HashStateFloats, ZerosAgree) {
  EXPECT_EQ(hash(-0.0), hash(0.0));
  EXPECT_EQ(hash(-0.0f), hash(0.0f));
  EXPECT_EQ(hash(-0.0L), hash(0.0L));
  EXPECT_EQ(hash(std::vector{-0.0, 1.0}), hash(std::vector{0.0, 1.0}));
}

TEST(HashStateFloats, OfEqualValueAgreeWhateverTheirType) {
  for (const float value : {0.0f, 1.0f, -1.5f, 1e30f, std::numeric_limits<float>::denorm_min()}) {
    EXPECT_EQ(hash(value), hash(static_cast<double>(value)));
    EXPECT_EQ(hash(value), hash(static_cast<long double>(value)));
  }
  EXPECT_EQ(hash(std::numeric_limits<float>::infinity()), hash(std::numeric_limits<long double>::infinity()));
}

TEST(HashStateFloats, LongOnesUseAllOfTheirDigits) {
  if (std::numeric_limits<long double>::digits == std::numeric_limits<double>::digits) {
    GTEST_SKIP() << "long double is no wider than double here";
  }
  const long double third = 1.0L / 3;
  const long double next = std::nextafter(third, 1.0L);
  EXPECT_NE(hash(third), hash(next));
  EXPECT_NE(hash(third), hash(static_cast<double>(third)));
  // The nearest double is below the one and above the other.
  const long double above = 1 + std::numeric_limits<long double>::epsilon();
  const long double below = 1 - std::numeric_limits<long double>::epsilon();
  EXPECT_NE(hash(above), hash(1.0));
  EXPECT_NE(hash(below), hash(1.0));
  EXPECT_NE(hash(above), hash(below));
}

// Strings

TEST(HashStateStrings, OfEqualCharactersAgreeWhateverTheirType) {
  const std::string string = "perturbation";
  const char array[] = "perturbation";
  for (const std::uint64_t seed : {UINT64_C(0), UINT64_C(9)}) {
    const std::uint64_t expected = xxh3(string.data(), string.size(), seed);
    EXPECT_EQ(hash(string, seed), expected);
    EXPECT_EQ(hash(std::string_view(string), seed), expected);
    EXPECT_EQ(hash(string.c_str(), seed), expected);
    EXPECT_EQ(hash(const_cast<char*>(string.c_str()), seed), expected);
    EXPECT_EQ(hash(array, seed), expected);
    EXPECT_EQ(hash(std::pmr::string(string), seed), expected);
    EXPECT_EQ(hash(std::as_bytes(std::span(string)), seed), expected);
    EXPECT_EQ(hash(std::u8string(u8"perturbation"), seed), expected);
  }
}

TEST(HashStateStrings, InArraysEndAtTheNulOrWithTheArray) {
  const char with_more[] = "ab\0c";
  EXPECT_EQ(hash(with_more), hash("ab"));
  const char full[3] = {'a', 'b', 'c'};
  EXPECT_EQ(hash(full), hash("abc"));
  EXPECT_NE(hash(std::string(with_more, 4)), hash("ab"));  // a std::string may hold a NUL
}

TEST(HashStateStrings, OfWideCharactersAreTheirLittleEndianBytes) {
  EXPECT_EQ(hash(u"ab"), xxh3("a\0b\0", 4, 0));
  EXPECT_EQ(hash(std::u32string(U"ab")), xxh3("a\0\0\0b\0\0\0", 8, 0));
  EXPECT_EQ(hash(std::wstring(L"ab")), hash(std::vector<wchar_t>{L'a', L'b'}));
}

// Ranges

TEST(HashStateRanges, OfContiguousIntegersAgreeWhateverTheirType) {
  const std::uint64_t expected = hash(std::vector<std::int32_t>{1, -2, 3});
  const std::int32_t array[] = {1, -2, 3};
  const unsigned char bytes[] = {1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 3, 0, 0, 0};
  EXPECT_EQ(hash(array), expected);
  EXPECT_EQ(hash(std::array<std::int32_t, 3>{1, -2, 3}), expected);
  EXPECT_EQ(hash(std::span<const std::int32_t>(array)), expected);
  EXPECT_EQ(expected, xxh3(bytes, sizeof bytes, 0));
}

TEST(HashStateRanges, OfOtherElementsAgreeWhateverTheirType) {
  const std::vector<std::string> vector = {"a", "bc", ""};
  const std::uint64_t expected = hash(vector);
  EXPECT_EQ(hash(std::list<std::string>{"a", "bc", ""}), expected);
  EXPECT_EQ(hash(std::forward_list<std::string>{"a", "bc", ""}), expected);
  EXPECT_EQ(hash(std::deque<std::string_view>{"a", "bc", ""}), expected);
  EXPECT_EQ(hash(std::array<std::string, 3>{"a", "bc", ""}), expected);
  EXPECT_EQ(hash(std::span<const std::string>(vector)), expected);
}

TEST(HashStateRanges, OfBoolsAreHashedAlsoFromAVectorOfBits) {
  EXPECT_EQ(hash(std::vector<bool>{true, false, true}), hash(std::list<bool>{true, false, true}));
  EXPECT_NE(hash(std::vector<bool>{true, false, true}), hash(std::vector<bool>{true, false}));
  EXPECT_NE(hash(std::vector<bool>(64)), hash(std::vector<bool>(65)));
}

TEST(HashStateRanges, AreNotConfusedByWhereTheirPartsEnd) {
  using Nested = std::vector<std::vector<int>>;
  const std::vector<Nested> different = {
      {}, {{}}, {{}, {}}, {{1}, {2, 3}}, {{1, 2}, {3}}, {{1, 2, 3}}, {{}, {1, 2, 3}}, {{1, 2, 3}, {}}, {{1}, {2}, {3}}};
  std::set<std::uint64_t> hashes;
  for (const Nested& nested : different) hashes.insert(hash(nested));
  EXPECT_EQ(hashes.size(), different.size());

  using Lists = std::list<std::list<std::optional<int>>>;  // not a byte path anywhere
  EXPECT_NE(hash(Lists{{1}, {2, 3}}), hash(Lists{{1, 2}, {3}}));
  EXPECT_NE(hash(Lists{{std::nullopt, 1}}), hash(Lists{{1, std::nullopt}}));
  EXPECT_NE(hash(Lists{{std::nullopt}}), hash(Lists{{0}}));

  using Strings = std::pair<std::string, std::string>;
  EXPECT_NE(hash(Strings("ab", "c")), hash(Strings("a", "bc")));
  EXPECT_NE(hash(Strings("abc", "")), hash(Strings("", "abc")));
  EXPECT_NE(hash(std::vector<std::string>{"a"}), hash(std::vector<std::string>{"a", ""}));
}

// Pairs, tuples, optionals, variants

TEST(HashStateTuples, DependOnTheOrderOfTheirElements) {
  EXPECT_NE(hash(std::pair(1, 2)), hash(std::pair(2, 1)));
  EXPECT_NE(hash(std::tuple(1, 2, 3)), hash(std::tuple(1, 3, 2)));
  EXPECT_EQ(hash(std::tuple(1, "x")), hash(std::pair(1, std::string("x"))));
}

TEST(HashStateTuples, OfAGridDoNotCollide) {
  std::set<std::uint64_t> hashes;
  for (int x = 0; x < 200; ++x) {
    for (int y = 0; y < 200; ++y) hashes.insert(hash(std::pair(x, y)));
  }
  EXPECT_EQ(hashes.size(), 40000u);
}

TEST(HashStateChoices, EmptyOnesDifferFromThoseThatHoldZero) {
  EXPECT_NE(hash(std::optional<int>()), hash(std::optional<int>(0)));
  EXPECT_NE(hash(std::optional<std::optional<int>>(std::optional<int>())), hash(std::optional<std::optional<int>>()));
  using Variant = std::variant<std::monostate, int, unsigned>;
  EXPECT_NE(hash(Variant()), hash(Variant(0)));
  EXPECT_NE(hash(Variant(7)), hash(Variant(7u)));  // other alternatives are other values
}

TEST(HashStateChoices, VariantWithoutValueCanBeHashed) {
  std::variant<int, shapes::Thrower> variant = 1;
  EXPECT_THROW(variant.emplace<1>(), int);
  ASSERT_TRUE(variant.valueless_by_exception());
  EXPECT_NE(hash(variant), hash(std::variant<int, shapes::Thrower>(0)));
}

// Pointers

TEST(HashStatePointers, AreHashedByAddress) {
  const int values[2] = {7, 7};
  EXPECT_NE(hash(&values[0]), hash(&values[1]));
  EXPECT_EQ(hash(&values[0]), hash(static_cast<const void*>(&values[0])));
  EXPECT_EQ(hash(&values[0]), hash(reinterpret_cast<std::uintptr_t>(&values[0])));
  EXPECT_EQ(hash(nullptr), hash(static_cast<int*>(nullptr)));
  const auto unique = std::make_unique<int>(7);
  EXPECT_EQ(hash(unique), hash(unique.get()));
  const auto shared = std::make_shared<const int>(7);
  EXPECT_EQ(hash(shared), hash(shared.get()));
}

// Users' types

TEST(HashStateUsersTypes, AreFoundWhereverTheirFunctionIs) {
  using shapes::Label;
  using shapes::Point;
  EXPECT_EQ(hash(Point{1, 2}), hash(std::pair(1, 2)));
  EXPECT_NE(hash(Point{1, 2}), hash(Point{2, 1}));
  EXPECT_EQ(hash(Label("a", Point{1, 2})), hash(std::tuple("a", std::optional(std::pair(1, 2)))));
  EXPECT_NE(hash(Label("a", std::nullopt)), hash(Label("a", Point())));
  EXPECT_EQ(hash(std::vector{Point{1, 2}, Point{3, 4}}), hash(std::vector{std::pair(1, 2), std::pair(3, 4)}));
}

TEST(HashStateUsersTypes, MayContainThemselves) {
  using shapes::Tree;
  const Tree chain{1, {{2, {{3, {}}}}}};
  const Tree bush{1, {{2, {}}, {3, {}}}};
  EXPECT_NE(hash(chain), hash(bush));
  EXPECT_EQ(hash(chain), hash(Tree(chain)));
}

TEST(HashStateUsersTypes, DecideEvenIfTheyAreEnums) {
  using shapes::Colour;
  EXPECT_EQ(hash(Colour::red), hash(Colour::dark_red));
  EXPECT_NE(hash(Colour::red), hash(Colour::blue));
}

TEST(HashStateUsersTypes, MayPassTheirPartsOneByOne) {
  HashState at_once(FoldSeed(3));
  at_once(1, "two", 3.0);
  HashState one_by_one(FoldSeed(3));
  one_by_one(1);
  one_by_one("two");
  one_by_one(3.0);
  EXPECT_EQ(at_once.finish(), one_by_one.finish());
  EXPECT_EQ(at_once.finish(), hash(std::tuple(1, "two", 3.0), 3));
}

// The values themselves. They change with a major version only: tables and rings that were stored or are shared by
// several programs depend on them.

TEST(HashStateGolden, IntegersStay) {
  EXPECT_EQ(hash(0), UINT64_C(0x03DF1E7F7166C9D2));
  EXPECT_EQ(hash(1), UINT64_C(0xD90D4A61D7EE3C0E));
  EXPECT_EQ(hash(-1), UINT64_C(0x20841D4AA316D2B6));
  EXPECT_EQ(hash(true), UINT64_C(0xD90D4A61D7EE3C0E));
  EXPECT_EQ(hash('a'), UINT64_C(0x79F3551DF6A4BEA0));
  EXPECT_EQ(hash(Small::five), UINT64_C(0x26BD5CCDEB1C1E66));
  EXPECT_EQ(hash(std::uint64_t{0x0123456789ABCDEF}), UINT64_C(0xC7336B94F1543C53));
  EXPECT_EQ(hash(std::uint64_t{0x0123456789ABCDEF}, 1), UINT64_C(0xFD52699F4FD2187B));
#ifdef __SIZEOF_INT128__
  EXPECT_EQ(hash((static_cast<detail::hashing::UInt128>(7) << 64) + 5), UINT64_C(0xD11C69263A3BD55A));
#endif
}

TEST(HashStateGolden, FloatsStay) {
  EXPECT_EQ(hash(0.0), UINT64_C(0x03DF1E7F7166C9D2));
  EXPECT_EQ(hash(1.0f), UINT64_C(0x2B746700E06134BD));
  EXPECT_EQ(hash(-2.5), UINT64_C(0x0F859800EBE5D232));
  EXPECT_EQ(hash(0.5L), UINT64_C(0x72ED5B041A136536));
  EXPECT_EQ(hash(0.1, 1), UINT64_C(0x300C4D5F9401962E));
}

TEST(HashStateGolden, StringsStay) {
  EXPECT_EQ(hash(""), UINT64_C(0x2D06800538D394C2));
  EXPECT_EQ(hash("abc"), UINT64_C(0x78AF5F94892F3950));
  EXPECT_EQ(hash("abc", 1), UINT64_C(0x6B4467B443C76228));
  EXPECT_EQ(hash(std::string(1000, 'x')), UINT64_C(0xC0A4877B962CBA82));
  EXPECT_EQ(hash(std::string(1000, 'x'), 1), UINT64_C(0x969887509FF10AA5));
  EXPECT_EQ(hash(u"abc"), UINT64_C(0x67D24ACC9A994FEA));
  EXPECT_EQ(hash(U"abc"), UINT64_C(0x713478F456FAFF87));
}

TEST(HashStateGolden, RangesStay) {
  EXPECT_EQ(hash(std::vector<std::byte>{std::byte{1}, std::byte{2}}), UINT64_C(0x08130B77DDEF5807));
  EXPECT_EQ(hash(std::vector<std::uint32_t>{1, 2, 3}), UINT64_C(0x6BBF7429332BEA48));
  EXPECT_EQ(hash(std::array<std::int64_t, 2>{-1, 1}), UINT64_C(0x25F8163F37D19F9E));
  EXPECT_EQ(hash(std::vector<double>{1.0, 2.0}), UINT64_C(0x265779B3B2CBA2C5));
  EXPECT_EQ(hash(std::vector<bool>{true, false}), UINT64_C(0xBAEB92C264F3F663));
  EXPECT_EQ(hash(std::vector<std::string>{"a", "bc"}), UINT64_C(0x98A6872FE6BE5222));
  EXPECT_EQ(hash(std::vector<std::vector<int>>{{1}, {2, 3}}), UINT64_C(0x559491428C0FF5D1));
  EXPECT_EQ(hash(std::vector<std::string>()), UINT64_C(0x03DF1E7F7166C9D2));
}

TEST(HashStateGolden, CompositesStay) {
  EXPECT_EQ(hash(std::pair(1, 2)), UINT64_C(0x47EF7A6C590E004D));
  EXPECT_EQ(hash(std::pair(1, 2), 1), UINT64_C(0x67B59FC03138FA0F));
  EXPECT_EQ(hash(std::tuple(1, "a", 2.5)), UINT64_C(0x2B34FCFDEC3B4D66));
  EXPECT_EQ(hash(std::optional<int>()), UINT64_C(0x03DF1E7F7166C9D2));
  EXPECT_EQ(hash(std::optional<int>(7)), UINT64_C(0x917A15AC2B54A080));
  EXPECT_EQ(hash(std::variant<int, std::string>("a")), UINT64_C(0x75AC1A1629AEE09A));
  EXPECT_EQ(hash(shapes::Label("a", shapes::Point{1, 2})), UINT64_C(0xED82848E18F3FE40));
  EXPECT_EQ(hash(shapes::Label("a", shapes::Point{1, 2}), 1), UINT64_C(0xBC39B276639C5578));
}

}  // namespace
}  // namespace perturb
