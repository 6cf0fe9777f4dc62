// SPDX-License-Identifier: MIT
#include <perturb/ring_types.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

namespace {

using perturb::Token128;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Token128Arithmetic, CarriesAndBorrows) {
  EXPECT_EQ((Token128{0, kMax} + Token128{0, 1}), (Token128{1, 0}));
  EXPECT_EQ((Token128{1, 0} - Token128{0, 1}), (Token128{0, kMax}));
  EXPECT_EQ((Token128{3, 5} + Token128{4, 6}), (Token128{7, 11}));
}

TEST(Token128Order, ComparesTheUpperHalfFirst) {
  EXPECT_LT((Token128{1, kMax}), (Token128{2, 0}));
  EXPECT_LT((Token128{2, 0}), (Token128{2, 1}));
}

using Point = perturb::RingPoint<std::string, std::uint32_t>;
using View = perturb::RingView<Point>;
static_assert(std::random_access_iterator<View::iterator>);

struct Three {
  std::vector<std::string> nodes = {"a", "b"};
  std::vector<std::uint32_t> tokens = {5, 6, 9};
  std::vector<std::uint32_t> numbers = {1, 0, 1};
  View view{{tokens.data(), tokens.size()}, {nullptr, numbers.data()}, nodes.data()};
};

TEST(RingView, GivesTokensWithTheirNodes) {
  const Three three;
  ASSERT_EQ(three.view.size(), 3u);
  EXPECT_EQ(three.view[1].token, 6u);
  EXPECT_EQ(&three.view[1].node, &three.nodes[0]);
  std::string text;
  for (const Point point : three.view) text += point.node + std::to_string(point.token);
  EXPECT_EQ(text, "b5a6b9");
}

TEST(RingView, IteratorsMoveByAnyDistance) {
  const Three three;
  auto it = three.view.begin();
  EXPECT_EQ((*it++).token, 5u);
  EXPECT_EQ(it[1].token, 9u);
  EXPECT_EQ((*(three.view.end() - 1)).token, 9u);
  EXPECT_EQ((*--it).token, 5u);
  EXPECT_EQ(three.view.end() - it, 3);
  EXPECT_LT(it, 1 + it);
}

TEST(RingView, IteratorsOutliveTheView) {
  const Three three;
  View::iterator it = View(three.view).begin();
  EXPECT_EQ((*it).token, 5u);
}

TEST(RingView, OfNothingIsEmpty) {
  const View view({}, {}, nullptr);
  EXPECT_TRUE(view.empty());
  EXPECT_EQ(view.begin(), view.end());
}

}  // namespace
