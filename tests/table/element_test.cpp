// SPDX-License-Identifier: MIT
/// @file How elements move: each part judged by itself.
#include <perturb/table/element.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

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

static_assert(transfer_of<int>() == Transfer::moved);
static_assert(transfer_of<std::unique_ptr<int>>() == Transfer::moved);
static_assert(transfer_of<AssignableThrowingMove>() == Transfer::moved_back);
static_assert(transfer_of<ThrowingMove>() == Transfer::copied);
static_assert(transfer_of<OnlyThrowingMove>() == Transfer::moved_at_risk);
static_assert(transfer_of<Immovable>() == Transfer::impossible);
// The worst part decides for the element.
static_assert(MapElement<std::string, AssignableThrowingMove>::transfer() == Transfer::moved_back);
static_assert(MapElement<AssignableThrowingMove, ThrowingMove>::transfer() == Transfer::copied);
static_assert(MapElement<OnlyThrowingMove, int>::transfer() == Transfer::moved_at_risk);

// A container says that it can be copied even if its elements cannot.
static_assert(can_copy<std::deque<int>>() && can_copy<std::string>());
static_assert(!can_copy<std::deque<std::unique_ptr<int>>>());
static_assert(!can_copy<std::pair<const int, std::deque<std::unique_ptr<int>>>>());
static_assert(!can_copy<std::deque<std::deque<std::unique_ptr<int>>>>());

static_assert(moves_without_throwing<MapElement<std::string, std::unique_ptr<int>>>());
static_assert(!moves_without_throwing<MapElement<std::string, ThrowingMove>>());
static_assert(can_roll_back<MapElement<std::unique_ptr<int>, ThrowingMove>>());
static_assert(!can_roll_back<MapElement<int, OnlyThrowingMove>>() && can_move<MapElement<int, OnlyThrowingMove>>());
static_assert(!can_move<MapElement<int, Immovable>>() && !can_move<SetElement<Immovable>>());
static_assert(MapElement<int, double>::is_bytes() && !MapElement<int, std::string>::is_bytes());

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
