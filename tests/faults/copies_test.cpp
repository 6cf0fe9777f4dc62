// SPDX-License-Identifier: MIT
/// @file Copying tables: what the traits say of it, as those of the standard's containers, and that types that contain
/// tables of themselves go on working. What must not compile lies in compile_fail.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/sharded_table.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

/// Its bytes can be copied, but it says that it may only be moved.
struct Ticket {
  int number = 0;

  Ticket() = default;
  explicit Ticket(int n) : number(n) {}
  Ticket(const Ticket&) = delete;
  Ticket(Ticket&&) = default;
  Ticket& operator=(const Ticket&) = delete;
  Ticket& operator=(Ticket&&) = default;
  friend bool operator==(const Ticket&, const Ticket&) = default;
  template <class State>
  friend void perturb_hash(State& state, const Ticket& ticket) noexcept {
    state(ticket.number);
  }
};
static_assert(std::is_trivially_copyable_v<Ticket> && !std::is_copy_constructible_v<Ticket>);

TEST(CopyTraits, AreThoseOfTheStandardContainers) {
  static_assert(std::is_copy_constructible_v<std::unordered_map<int, Ticket>>);
  static_assert(std::is_copy_constructible_v<perturb::HashTable<int, Ticket>>);
  static_assert(std::is_copy_constructible_v<perturb::HashSet<Ticket>>);
  static_assert(std::is_copy_assignable_v<perturb::HashTable<int, Ticket>>);
  static_assert(std::is_nothrow_move_constructible_v<perturb::HashTable<int, Ticket>>);
  static_assert(std::is_nothrow_move_assignable_v<perturb::HashSet<Ticket>>);
  static_assert(std::is_copy_constructible_v<perturb::HashTable<int, std::unique_ptr<int>>>);
}

TEST(CopyTraits, ElementsThatMoveOnlyAreMovedByEveryOtherMember) {
  perturb::HashTable<int, Ticket> table;
  perturb::HashSet<Ticket> set;
  for (int n = 0; n < 100; ++n) {
    table.try_emplace(n, n);
    table.insert_or_assign(n, Ticket(n));
    set.insert(Ticket(n));
  }
  perturb::HashTable<int, Ticket> moved(std::move(table));
  table = std::move(moved);
  swap(table, moved);
  EXPECT_EQ(moved.pop(3)->number, 3);
  EXPECT_EQ(moved.extract(4)->second.number, 4);
  EXPECT_EQ(set.extract(Ticket(5))->number, 5);
  moved.rehash(1000);
  table.merge(moved);
  EXPECT_EQ(table.size(), 98u);
  EXPECT_TRUE(table == table);
  table.erase(7);
  table.clear();
}

struct Node {
  perturb::HashTable<int, Node> children;
  int value = 0;
};
struct SetNode;
bool operator==(const SetNode& a, const SetNode& b);
struct SetNode {
  int value = 0;
  std::vector<perturb::HashSet<SetNode>> children;
};
bool operator==(const SetNode& a, const SetNode& b) { return a.value == b.value; }
template <class State>
void perturb_hash(State& state, const SetNode& node) noexcept {
  state(node.value);
}
struct Json {
  std::string text;
  perturb::HashTable<std::string, Json> object;
  std::vector<Json> array;
};
struct Owner {
  perturb::HashTable<int, std::unique_ptr<Owner>> owned;
};

TEST(RecursiveTypes, AreCopiedMovedAndAssigned) {
  Node root;
  root.children[1].children[2].value = 3;
  const Node copy = root;
  root = copy.children.at(1);
  EXPECT_EQ(root.children.at(2).value, 3);
  EXPECT_EQ(copy.children.at(1).children.at(2).value, 3);
  root.children.clear();
  root = copy;
  root.children.erase(1);

  SetNode set_root;
  set_root.children.emplace_back().insert(SetNode{2, {}});
  const SetNode set_copy = set_root;
  EXPECT_TRUE(set_copy.children.front().contains(SetNode{2, {}}));

  Json json;
  json.object["a"].object["b"].text = "deep";
  json.array.push_back(json);
  EXPECT_EQ(json.array.front().object.at("a").object.at("b").text, "deep");
  const Json json_copy = json;
  EXPECT_EQ(json_copy.array.front().object.at("a").object.at("b").text, "deep");

  Owner owner;
  owner.owned[1] = std::make_unique<Owner>();
  const Owner moved = std::move(owner);
  EXPECT_EQ(moved.owned.size(), 1u);
}

}  // namespace
