// SPDX-License-Identifier: MIT
/// @file Insertions with a hint take what the same insertions without one take.
#include "support/table_kinds.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// Counts how many are made of a view.
struct Name {
  static inline int made = 0;
  std::string text;
  explicit Name(std::string_view view) : text(view) { ++made; }
  [[maybe_unused]] friend bool operator==(const Name& a, const Name& b) { return a.text == b.text; }
  [[maybe_unused]] friend bool operator==(const Name& a, std::string_view b) { return a.text == b; }
};
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  std::size_t operator()(const Name& name) const { return (*this)(name.text); }
};

template <class Set, class K>
constexpr bool kTakesHint = requires(Set& set, K key) { set.insert(set.begin(), key); };

template <class Kind>
class Hints : public ::testing::Test {};
TYPED_TEST_SUITE(Hints, kit::TableKinds, kit::TableKindNames);

TYPED_TEST(Hints, ATransparentSetTakesAViewWithAHint) {
  using Strings = kit::SetOf<TypeParam, std::string>;
  EXPECT_TRUE((kTakesHint<Strings, std::string_view>));
  [](auto set) {
    if constexpr (kTakesHint<decltype(set), std::string_view>) {
      auto it = set.insert(set.begin(), std::string_view("a"));
      EXPECT_EQ(*it, "a");
      it = set.insert(set.end(), std::string_view("a"));
      EXPECT_EQ(*it, "a");
      EXPECT_EQ(set.size(), 1u);
    }
  }(Strings());
}

TYPED_TEST(Hints, AKeyIsMadeOnlyIfItIsNotThere) {
  using Names = kit::SetOf<TypeParam, Name, NameHash, std::equal_to<>>;
  EXPECT_TRUE((kTakesHint<Names, std::string_view>));
  [](auto set) {
    if constexpr (kTakesHint<decltype(set), std::string_view>) {
      set.insert(set.begin(), std::string_view("a"));
      Name::made = 0;
      set.insert(set.begin(), std::string_view("a"));
      EXPECT_EQ(Name::made, 0);
      EXPECT_EQ(set.size(), 1u);
    }
  }(Names());
}

TYPED_TEST(Hints, ASetThatIsNotTransparentTakesNoOtherKeys) {
  EXPECT_FALSE((kTakesHint<kit::SetOf<TypeParam, Name, NameHash>, std::string_view>)) << "a Name is made explicitly";
  EXPECT_TRUE((kTakesHint<kit::SetOf<TypeParam, int>, short>));
}

TYPED_TEST(Hints, ARangeIsNotTakenForAHintAndAKey) {
  const kit::SetOf<TypeParam, std::string> source{"a", "b"};
  kit::SetOf<TypeParam, std::string> set;
  set.insert(source.begin(), source.end());
  EXPECT_EQ(set.size(), 2u);
  typename kit::SetOf<TypeParam, std::string>::iterator it = set.insert(set.begin(), "c");
  EXPECT_EQ(*it, "c");
}

}  // namespace
