// SPDX-License-Identifier: MIT
#include <perturb/ring/member_edit.hpp>
#include <perturb/ring/members.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace {

using perturb::detail::ring::kNoNode;
using testing::ElementsAre;
using Pairs = std::vector<std::pair<std::string, double>>;
using ByIdentity = perturb::detail::ring::Members<std::string, true>;
using ByInsertion = perturb::detail::ring::Members<std::string, false>;

template <bool by_identity>
using Change = perturb::detail::ring::MemberChange<std::string, by_identity>;

template <bool by_identity>
Change<by_identity> with(const perturb::detail::ring::Members<std::string, by_identity>& members,
                         const Pairs& joining) {
  perturb::detail::ring::MemberEdit<std::string, by_identity> edit(members);
  for (const auto& [node, weight] : joining) edit.add(node, weight);
  return edit.finish();
}

TEST(MembersOrder, ByIdentityWhateverTheOrderOfAdding) {
  const ByIdentity one = with(ByIdentity(), Pairs{{"c", 1}, {"a", 2}, {"b", 3}}).members;
  const ByIdentity other = with(with(ByIdentity(), Pairs{{"b", 3}}).members, Pairs{{"a", 2}, {"c", 1}}).members;
  EXPECT_THAT(one.nodes(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(one.weights(), ElementsAre(2, 3, 1));
  EXPECT_THAT(other.nodes(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(other.weights(), ElementsAre(2, 3, 1));
}

TEST(MembersOrder, ByInsertionWhereTheTieRuleSaysSo) {
  const auto change = with(with(ByInsertion(), Pairs{{"c", 1}, {"a", 1}}).members, Pairs{{"b", 1}});
  EXPECT_THAT(change.members.nodes(), ElementsAre("c", "a", "b"));
  EXPECT_THAT(change.fresh, ElementsAre(2));
  EXPECT_THAT(change.new_number, ElementsAre(0, 1));
}

TEST(MembersWith, NumbersOldAndNewMembers) {
  const ByIdentity old = with(ByIdentity(), Pairs{{"b", 1}, {"d", 1}}).members;
  const auto change = with(old, Pairs{{"e", 1}, {"a", 1}, {"c", 1}});
  EXPECT_THAT(change.members.nodes(), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(change.new_number, ElementsAre(1, 3));
  EXPECT_THAT(change.fresh, ElementsAre(0, 2, 4));
  EXPECT_THAT(old.nodes(), ElementsAre("b", "d"));
}

TEST(MembersWith, SkipsIdentitiesThatArePresentAndLaterOnesOfTheSame) {
  const auto change = with(with(ByIdentity(), Pairs{{"a", 1}}).members, Pairs{{"b", 2}, {"a", 3}, {"b", 4}});
  EXPECT_THAT(change.members.nodes(), ElementsAre("a", "b"));
  EXPECT_THAT(change.members.weights(), ElementsAre(1, 2));
  const auto inserted = with(ByInsertion(), Pairs{{"b", 2}, {"a", 3}, {"b", 4}});
  EXPECT_THAT(inserted.members.nodes(), ElementsAre("b", "a"));
  EXPECT_THAT(inserted.members.weights(), ElementsAre(2, 3));
}

TEST(MembersWithout, TheOthersKeepTheirOrder) {
  const ByIdentity members = with(ByIdentity(), Pairs{{"a", 1}, {"b", 2}, {"c", 3}}).members;
  perturb::detail::ring::MemberEdit<std::string, true> edit(members);
  EXPECT_TRUE(edit.remove("b"));
  EXPECT_FALSE(edit.remove("b"));
  const auto change = edit.finish();
  EXPECT_THAT(change.members.nodes(), ElementsAre("a", "c"));
  EXPECT_THAT(change.members.weights(), ElementsAre(1, 3));
  EXPECT_THAT(change.new_number, ElementsAre(0, kNoNode, 1));
}

TEST(MembersWithWeight, ThePointsOfThatMemberCountAsNew) {
  const ByInsertion members = with(ByInsertion(), Pairs{{"a", 1}, {"b", 2}}).members;
  perturb::detail::ring::MemberEdit<std::string, false> edit(members);
  EXPECT_TRUE(edit.set_weight("a", 5));
  const auto change = edit.finish();
  EXPECT_THAT(change.members.weights(), ElementsAre(5, 2));
  EXPECT_THAT(change.new_number, ElementsAre(kNoNode, 1));
  EXPECT_THAT(change.fresh, ElementsAre(0));
}

TEST(MembersWithState, OnlyThoseThatAreUpHaveAWeightInUse) {
  const ByIdentity members = with(ByIdentity(), Pairs{{"a", 1}, {"b", 2}, {"c", 3}}).members;
  for (const std::size_t out : {0U, 1U, 2U}) {
    perturb::detail::ring::MemberEdit<std::string, true> edit(members);
    EXPECT_TRUE(edit.set_state(members.nodes()[out], perturb::NodeState::down));
    const ByIdentity changed = edit.finish().members;
    std::vector<double> expected{1, 2, 3};
    expected[out] = 0;
    EXPECT_EQ(changed.weights_in_use(), expected);
    EXPECT_EQ(changed.up_count(), 2u);
    EXPECT_THAT(changed.weights(), ElementsAre(1, 2, 3));
  }
}

TEST(MembersFind, GivesTheNumberOrNone) {
  const ByIdentity sorted = with(ByIdentity(), Pairs{{"b", 1}, {"d", 1}}).members;
  EXPECT_EQ(sorted.find("b"), 0u);
  EXPECT_EQ(sorted.find("d"), 1u);
  for (const char* unknown : {"a", "c", "e", ""}) EXPECT_EQ(sorted.find(unknown), kNoNode) << unknown;
  const ByInsertion inserted = with(ByInsertion(), Pairs{{"d", 1}, {"b", 1}}).members;
  EXPECT_EQ(inserted.find("b"), 1u);
  EXPECT_EQ(inserted.find("c"), kNoNode);
}

}  // namespace
