// SPDX-License-Identifier: MIT
/// @file How elements move: each part judged by itself.
#include <perturb/table/element.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace {

using namespace perturb::detail::table;  // NOLINT(google-build-using-namespace): the header under test is this
                                         // namespace

// NOLINTBEGIN(performance-noexcept-move-constructor): that is what they are for
struct ThrowingMove {
  ThrowingMove() = default;
  ThrowingMove(const ThrowingMove&) {}
  ThrowingMove(ThrowingMove&&) {}
};
struct AssignableThrowingMove {
  AssignableThrowingMove(const AssignableThrowingMove&) {}
  AssignableThrowingMove(AssignableThrowingMove&&) {}
  AssignableThrowingMove& operator=(AssignableThrowingMove&&) noexcept = default;
};
struct OnlyThrowingMove {
  OnlyThrowingMove(OnlyThrowingMove&&) {}
};
// NOLINTEND(performance-noexcept-move-constructor)
struct Immovable {
  Immovable(const Immovable&) = delete;
};

TEST(ElementTransfer, OfAPartIsTheSafestThatItsTypeAllows) {
  EXPECT_EQ(transfer_of<int>(), Transfer::moved);
  EXPECT_EQ(transfer_of<std::unique_ptr<int>>(), Transfer::moved);
  EXPECT_EQ(transfer_of<AssignableThrowingMove>(), Transfer::moved_back);
  EXPECT_EQ(transfer_of<ThrowingMove>(), Transfer::copied);
  EXPECT_EQ(transfer_of<OnlyThrowingMove>(), Transfer::moved_at_risk);
  EXPECT_EQ(transfer_of<Immovable>(), Transfer::impossible);
  EXPECT_TRUE(is_undoable<AssignableThrowingMove>() && is_undoable<ThrowingMove>());
  EXPECT_FALSE(is_undoable<int>() || is_undoable<OnlyThrowingMove>());
}

TEST(ElementTransfer, IsThatOfTheWorstPart) {
  EXPECT_EQ((MapElement<std::string, AssignableThrowingMove>::transfer()), Transfer::moved_back);
  EXPECT_EQ((MapElement<AssignableThrowingMove, ThrowingMove>::transfer()), Transfer::copied);
  EXPECT_EQ((MapElement<OnlyThrowingMove, int>::transfer()), Transfer::moved_at_risk);
  EXPECT_TRUE((moves_without_throwing<MapElement<std::string, std::unique_ptr<int>>>()));
  EXPECT_FALSE((moves_without_throwing<MapElement<std::string, ThrowingMove>>()));
  EXPECT_TRUE((can_roll_back<MapElement<std::unique_ptr<int>, ThrowingMove>>()));
  EXPECT_FALSE((can_roll_back<MapElement<int, OnlyThrowingMove>>()));
  EXPECT_TRUE((can_move<MapElement<int, OnlyThrowingMove>>()));
  EXPECT_FALSE((can_move<MapElement<int, Immovable>>()) || can_move<SetElement<Immovable>>());
}

TEST(ElementCopy, IsRefusedWhereAContainerSaysYesButItsElementsCannotBeCopied) {
  EXPECT_TRUE(can_copy<std::deque<int>>() && can_copy<std::string>());
  EXPECT_FALSE(can_copy<std::deque<std::unique_ptr<int>>>());
  EXPECT_FALSE((can_copy<std::pair<const int, std::deque<std::unique_ptr<int>>>>()));
  EXPECT_FALSE(can_copy<std::deque<std::deque<std::unique_ptr<int>>>>());
  EXPECT_TRUE((can_copy<std::variant<int, std::string>>()));
  EXPECT_FALSE((can_copy<std::variant<int, std::deque<std::unique_ptr<int>>>>()));
  EXPECT_TRUE((MapElement<int, std::string>::is_copyable()) && SetElement<std::string>::is_copyable());
  EXPECT_FALSE((MapElement<int, std::unique_ptr<int>>::is_copyable()) || SetElement<Immovable>::is_copyable());
}

template <class T>
using InDeque = std::deque<T>;
template <class T>
using InPair = std::pair<const int, T>;
template <class T>
using InVariant = std::variant<int, T>;
template <template <class> class Wrapper, int levels>
struct Nested {
  using type = Wrapper<typename Nested<Wrapper, levels - 1>::type>;
};
template <template <class> class Wrapper>
struct Nested<Wrapper, 0> {
  using type = std::deque<std::unique_ptr<int>>;
};

template <template <class> class Wrapper>
void expect_eight_levels_looked_at() {
  EXPECT_FALSE((can_copy<typename Nested<Wrapper, 7>::type>()));
  EXPECT_TRUE((can_copy<typename Nested<Wrapper, 8>::type>())) << "where looking ends, the type is believed";
}

TEST(ElementCopy, IsLookedAtEightLevelsDeep) {
  expect_eight_levels_looked_at<InDeque>();
  expect_eight_levels_looked_at<InPair>();
  expect_eight_levels_looked_at<InVariant>();
}

TEST(Elements, SayWhatMayBeDoneWithThem) {
  EXPECT_TRUE((MapElement<int, double>::is_bytes()) && SetElement<int>::is_bytes());
  EXPECT_FALSE((MapElement<int, std::string>::is_bytes()) || SetElement<std::string>::is_bytes());
  EXPECT_TRUE((MapElement<int, std::string>::is_destroyed_quietly()) && SetElement<int>::is_destroyed_quietly());
  EXPECT_FALSE((MapElement<int, std::unique_ptr<int>>::is_destroyed_quietly()));
  // The key is moved out before the value, so it must survive a value that throws.
  EXPECT_TRUE((MapElement<std::unique_ptr<int>, int>::extracts_safely()));
  EXPECT_TRUE((MapElement<std::string, ThrowingMove>::extracts_safely()));
  EXPECT_FALSE((MapElement<std::unique_ptr<int>, ThrowingMove>::extracts_safely()));
  EXPECT_FALSE((MapElement<int, OnlyThrowingMove>::extracts_safely()));
  EXPECT_TRUE(SetElement<ThrowingMove>::extracts_safely());
  EXPECT_FALSE(SetElement<OnlyThrowingMove>::extracts_safely());
}

TEST(MapElement, MovesTheKeyToo) {
  using Element = MapElement<std::string, std::string>;
  Element::Value from(std::string(100, 'k'), std::string(100, 'v'));
  const char* const key_bytes = from.first.data();
  std::allocator<Element::Value> allocator;
  Element::Value* const to = allocator.allocate(1);
  Element::move_construct(allocator, to, from);
  EXPECT_EQ(to->first.data(), key_bytes);
  EXPECT_EQ(to->second, std::string(100, 'v'));
  std::destroy_at(to);
  allocator.deallocate(to, 1);
}

TEST(MapElement, ExtractMovesBothPartsOut) {
  using Element = MapElement<std::string, std::unique_ptr<int>>;
  Element::Value value("key", std::make_unique<int>(5));
  const Element::Extracted extracted =
      Element::extract(value, [](auto&&... parts) { return Element::Extracted(std::move(parts)...); });
  EXPECT_EQ(extracted.first, "key");
  EXPECT_EQ(*extracted.second, 5);
  EXPECT_EQ(value.second, nullptr);
}

template <class Element, class First>
constexpr bool kSeesKey = requires(const First& first) { Element::key_in(first, 1); };

TEST(MapElement, SeesTheKeyAmongConstructorArgumentsOnlyWhereItIsOne) {
  using Element = MapElement<std::uint64_t, int>;
  const std::uint64_t key = 5;
  EXPECT_EQ(&Element::key_in(key, 1), &key);
  const std::pair<std::uint64_t, short> pair(7, short{1});
  EXPECT_EQ(&Element::key_in(pair), &pair.first);
  // An int would have to be converted first: the reference would be to a temporary.
  static_assert(kSeesKey<Element, std::uint64_t> && !kSeesKey<Element, int>);
}

}  // namespace
