// SPDX-License-Identifier: MIT
/// @file Keys with an operator== and a hash of their own that look like a range or a tuple: the hash is theirs, not
/// that of their parts. The standard's types keep the hash of their parts.
#include "support/table_kinds.hpp"

#include <perturb/hash_ring.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace hashed {

inline std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

/// A range of characters that compares without case; its hash is in std::hash.
struct CaseString {
  std::string text;
  auto begin() const { return text.begin(); }
  auto end() const { return text.end(); }
  auto data() const { return text.data(); }
  auto size() const { return text.size(); }
  friend bool operator==(const CaseString& a, const CaseString& b) { return lower(a.text) == lower(b.text); }
};
/// The same with a perturb_hash.
struct CaseWord : CaseString {
  template <class State>
  friend void perturb_hash(State& state, const CaseWord& word) {
    state(lower(word.text));
  }
};
/// A list of numbers that compares without order, not contiguous.
struct Bag {
  std::list<int> numbers;
  auto begin() const { return numbers.begin(); }
  auto end() const { return numbers.end(); }
  friend bool operator==(const Bag& a, const Bag& b) {
    return std::multiset<int>(a.begin(), a.end()) == std::multiset<int>(b.begin(), b.end());
  }
};
/// A derived container whose == looks at less.
struct FirstOnly : std::vector<int> {
  using std::vector<int>::vector;
  friend bool operator==(const FirstOnly& a, const FirstOnly& b) { return a.front() == b.front(); }
};
/// A tuple-like class whose == ignores the second part.
struct Versioned {
  int id;
  int version;
  template <std::size_t I>
  friend int get(const Versioned& value) {
    return I == 0 ? value.id : value.version;
  }
  friend bool operator==(const Versioned& a, const Versioned& b) { return a.id == b.id; }
};
/// A view without an ==: compared and hashed by its elements.
struct View {
  const int* first;
  const int* last;
  const int* begin() const { return first; }
  const int* end() const { return last; }
};

/// Neither a range nor a tuple.
struct Point {
  int x;
  int y;
  friend bool operator==(const Point&, const Point&) = default;
};
/// Compared by the elements, with the == of std::vector.
struct Numbers : std::vector<int> {
  using std::vector<int>::vector;
};
/// The == of a base class, a member, a template.
struct FirstOnlyChild : FirstOnly {};
struct WithMember : std::vector<int> {
  bool operator==(const WithMember& other) const { return size() == other.size(); }
};
struct WithMemberChild : WithMember {};
template <class T>
struct WithTemplate : std::vector<T> {};
template <class T>
bool operator==(const WithTemplate<T>& a, const WithTemplate<T>& b) {
  return a.size() == b.size();
}
struct Greedy : std::vector<int> {
  template <class T>
  friend bool operator==(const T& a, const T& b) {
    return a.size() == b.size();
  }
};

}  // namespace hashed

template <>
struct std::hash<hashed::Point> {
  std::size_t operator()(const hashed::Point& point) const noexcept { return static_cast<std::size_t>(point.x); }
};
template <>
struct std::hash<hashed::CaseString> {
  std::size_t operator()(const hashed::CaseString& key) const {
    return std::hash<std::string>()(hashed::lower(key.text));
  }
};
template <>
struct std::hash<hashed::Bag> {
  std::size_t operator()(const hashed::Bag& key) const {
    std::size_t sum = 0;
    for (const int n : key) sum += static_cast<std::size_t>(n);
    return sum;
  }
};
template <>
struct std::hash<hashed::FirstOnly> {
  std::size_t operator()(const hashed::FirstOnly& key) const { return static_cast<std::size_t>(key.front()); }
};
template <>
struct std::hash<hashed::Versioned> {
  std::size_t operator()(const hashed::Versioned& key) const { return static_cast<std::size_t>(key.id); }
};
template <>
struct std::tuple_size<hashed::Versioned> : std::integral_constant<std::size_t, 2> {};
template <std::size_t I>
struct std::tuple_element<I, hashed::Versioned> {
  using type = int;
};

namespace {

using hashed::Bag;
using hashed::CaseString;
using hashed::CaseWord;
using hashed::FirstOnly;
using hashed::Versioned;

template <class Kind, class Key>
void expect_one_key_in(const Key& a, const Key& b, const Key& c) {
  kit::SetOf<Kind, Key> set;
  EXPECT_TRUE(set.insert(a).second);
  EXPECT_FALSE(set.insert(b).second) << "an equal key is there twice";
  EXPECT_TRUE(set.contains(b));
  EXPECT_TRUE(set.insert(c).second);
  EXPECT_EQ(set.erase(b), 1u);
  kit::TableOf<Kind, Key, int> table;
  ++table[a];
  ++table[b];
  EXPECT_EQ(table.size(), 1u);
}

/// `a` and `b` are equal, `c` is not.
template <class Key>
void expect_one_key(const Key& a, const Key& b, const Key& c) {
  ASSERT_TRUE(a == b && !(a == c));
  expect_one_key_in<kit::HashKind>(a, b, c);
  expect_one_key_in<kit::OrderedKind>(a, b, c);
  EXPECT_EQ(perturb::XxHash<Key>()(a), perturb::XxHash<Key>()(b));
  EXPECT_EQ(perturb::XxHash<>()(a), perturb::XxHash<>()(b));
}

TEST(KeysWithAHashOfTheirOwn, ARangeWithStdHashIsHashedByIt) {
  expect_one_key(CaseString{"Key"}, CaseString{"KEY"}, CaseString{"Other"});
  expect_one_key(Bag{{1, 2, 3}}, Bag{{3, 1, 2}}, Bag{{1, 2}});
  expect_one_key(FirstOnly{1, 2, 3}, FirstOnly{1}, FirstOnly{2});
}

TEST(KeysWithAHashOfTheirOwn, ARangeWithPerturbHashIsHashedByIt) {
  expect_one_key(CaseWord{{"Key"}}, CaseWord{{"KEY"}}, CaseWord{{"Other"}});
}

TEST(KeysWithAHashOfTheirOwn, ATupleLikeClassWithStdHashIsHashedByIt) {
  expect_one_key(Versioned{1, 2}, Versioned{1, 3}, Versioned{2, 2});
}

TEST(KeysWithAHashOfTheirOwn, AsPartsOfStandardTypesTheyAreHashedByIt) {
  const CaseString a{"Key"};
  const CaseString b{"KEY"};
  const CaseString c{"Other"};
  expect_one_key(std::vector<CaseString>{a, a}, std::vector<CaseString>{b, b}, std::vector<CaseString>{a, c});
  expect_one_key(std::pair(a, 1), std::pair(b, 1), std::pair(b, 2));
  expect_one_key(std::tuple(1, a), std::tuple(1, b), std::tuple(1, c));
  expect_one_key(std::optional(a), std::optional(b), std::optional<CaseString>());
  expect_one_key(std::variant<int, CaseString>(a), std::variant<int, CaseString>(b), std::variant<int, CaseString>(1));
  expect_one_key(std::array{a}, std::array{b}, std::array{c});
  expect_one_key(std::deque{Versioned{1, 1}}, std::deque{Versioned{1, 2}}, std::deque{Versioned{2, 1}});
}

TEST(KeysWithAHashOfTheirOwn, AClassWithStdHashIsHashedByIt) {
  expect_one_key(hashed::Point{1, 2}, hashed::Point{1, 2}, hashed::Point{2, 2});
  EXPECT_EQ(perturb::XxHash<>()(hashed::Point{7, 1}), perturb::XxHash<>()(std::size_t{7}));
  static_assert(perturb::is_nothrow_hashable_v<hashed::Point>);
  static_assert(!perturb::is_value_hashed_v<hashed::Point> && !perturb::is_value_hashed_v<std::vector<hashed::Point>>);
  static_assert(perturb::is_value_hashed_v<CaseWord>);
  const perturb::HashRing<std::string, perturb::StdHash<>> ring({"a", "b", "c", "d"});
  EXPECT_EQ(ring.owner(hashed::Point{1, 2}), ring.owner(hashed::Point{1, 3})) << "the hasher was chosen";
}

TEST(KeysWithAHashOfTheirOwn, AreSpreadThoughTheirStdHashIsSmall) {
  perturb::HashSet<FirstOnly> set;
  for (int n = 0; n < 1000; ++n) set.insert(FirstOnly{n << 10});
  EXPECT_LT(set.stats().mean_probe_length(), 1.5);
}

TEST(KeysWithAHashOfTheirOwn, StdHashIsWhatStdHashIs) {
  // The explicit choice stays the same whatever the default does.
  EXPECT_EQ(perturb::StdHash<Versioned>()(Versioned{7, 1}), std::hash<Versioned>()(Versioned{7, 2}));
  perturb::HashSet<Versioned, perturb::StdHash<Versioned>> set;
  set.insert(Versioned{1, 1});
  EXPECT_TRUE(set.contains(Versioned{1, 2}));
}

TEST(StandardKeys, AreHashedByTheirElements) {
  const std::vector<int> vector{1, 2, 3};
  const std::array<int, 3> array{1, 2, 3};
  EXPECT_EQ(perturb::XxHash<>()(vector), perturb::XxHash<>()(array));
  EXPECT_EQ(perturb::XxHash<>()(std::span<const int>(vector)), perturb::XxHash<>()(array));
  EXPECT_EQ(perturb::XxHash<>()(std::string("abc")), perturb::XxHash<>()(std::string_view("abc")));
  EXPECT_EQ(perturb::XxHash<>()(std::list<int>{1, 2}), perturb::XxHash<>()(std::deque<int>{1, 2}));
  EXPECT_EQ(perturb::XxHash<>()(std::pair(1, 2)), perturb::XxHash<>()(std::tuple(1, 2)));
  static_assert(perturb::is_hashable_v<std::vector<bool>>);
  static_assert(perturb::is_hashable_v<std::set<int>> && perturb::is_hashable_v<std::map<int, std::string>>);
  static_assert(perturb::is_hashable_v<std::optional<std::vector<std::string>>>);
  static_assert(perturb::is_hashable_v<std::variant<int, std::string>>);
  expect_one_key(vector, {1, 2, 3}, {1, 2});
  expect_one_key(std::map<int, std::string>{{1, "a"}}, {{1, "a"}}, {{1, "b"}});
}

TEST(KeysWithAnEqualityOfTheirOwn, AreNotHashedByTheirElements) {
  static_assert(!perturb::is_hashable_v<hashed::FirstOnlyChild>);
  static_assert(!perturb::is_hashable_v<hashed::WithMember> && !perturb::is_hashable_v<hashed::WithMemberChild>);
  static_assert(!perturb::is_hashable_v<hashed::WithTemplate<int>> && !perturb::is_hashable_v<hashed::Greedy>);
  static_assert(!perturb::is_hashable_v<std::vector<hashed::WithMember>>);
  static_assert(!perturb::is_hashable_v<std::pair<int, hashed::Greedy>>);
}

TEST(KeysWithAnEqualityOfTheirOwn, AreNotThoseThatInheritTheEqualityOfAStandardContainer) {
  expect_one_key(hashed::Numbers{1, 2}, hashed::Numbers{1, 2}, hashed::Numbers{2, 1});
  EXPECT_EQ(perturb::XxHash<>()(hashed::Numbers{1, 2}), perturb::XxHash<>()(std::vector<int>{1, 2}));
}

TEST(StandardKeys, AViewWithoutEqualityIsComparedAndHashedByItsElements) {
  const int numbers[] = {1, 2, 1, 2, 3};
  const hashed::View a{numbers, numbers + 2};
  const hashed::View b{numbers + 2, numbers + 4};
  perturb::HashSet<hashed::View> set;
  set.insert(a);
  EXPECT_TRUE(set.contains(b));
  EXPECT_FALSE(set.contains(hashed::View{numbers, numbers + 5}));
}

TEST(KeysWithAHashOfTheirOwn, GoToTheSameNodeOfARing) {
  const perturb::HashRing<std::string> ring({"a", "b", "c", "d"});
  for (const char* word : {"alpha", "beta", "gamma", "delta", "epsilon"}) {
    CaseWord upper{{word}};
    std::transform(upper.text.begin(), upper.text.end(), upper.text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    EXPECT_EQ(ring.owner(CaseWord{{word}}), ring.owner(upper));
  }
  perturb::ShardedTable<CaseWord, int, std::string> table;
  table.add_nodes(std::vector<std::string>{"a", "b"});
  table.set(CaseWord{{"Key"}}, 1);
  EXPECT_FALSE(table.set(CaseWord{{"KEY"}}, 2));
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
