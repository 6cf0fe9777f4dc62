// SPDX-License-Identifier: MIT
/// @file HashTable and HashSet: faults that were found by other projects' suites and by use, each by the name of what
/// was wrong. The contract itself is tested operation by operation in contract/.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

// Its copy number `fuse` throws.
struct FusedCopy {
  inline static int fuse = -1;
  int number;

  explicit FusedCopy(int n) : number(n) {}
  FusedCopy(const FusedCopy& other) : number(other.number) {
    if (fuse >= 0 && fuse-- == 0) throw std::runtime_error("copy");
  }
  FusedCopy& operator=(const FusedCopy&) = default;
};

TEST(HashTableInsert, ThatFailsLeavesCapacityAndIteratorsAsTheyWere) {
  perturb::HashTable<int, FusedCopy> table;
  for (int i = 0; i < 6; ++i) table.emplace(i, FusedCopy(i));
  ASSERT_EQ(table.bucket_count(), 8U);
  const FusedCopy value(9);
  int failures = 0;
  for (int fuse = 0; fuse < 7; ++fuse) {
    const auto it = table.find(0);
    FusedCopy::fuse = fuse;
    try {
      table.emplace(100, value);
    } catch (const std::runtime_error&) {
      ++failures;
      ASSERT_EQ(table.bucket_count(), 8U) << fuse;
      ASSERT_EQ(it->second.number, 0) << fuse;
    }
    FusedCopy::fuse = -1;
  }
  EXPECT_EQ(failures, 7);
  table.emplace(100, value);
  EXPECT_EQ(table.bucket_count(), 32U);
}

TEST(HashTableInsert, ThatFailsInAnEmptyTableAllocatesNothing) {
  perturb::HashTable<int, FusedCopy> table;
  const FusedCopy value(1);
  FusedCopy::fuse = 0;
  EXPECT_THROW(table.emplace(1, value), std::runtime_error);
  FusedCopy::fuse = -1;
  EXPECT_EQ(table.bucket_count(), 0U);
}

// A hasher and an equality that belong together: a table must never have the one of one and the other of another.
struct TaggedHash {
  int tag = 0;
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key + tag); }
};
struct TaggedEqual {
  inline static bool assignment_throws = false;
  int tag = 0;

  explicit TaggedEqual(int t = 0) : tag(t) {}
  TaggedEqual(const TaggedEqual&) = default;
  TaggedEqual& operator=(const TaggedEqual& other) {
    if (assignment_throws) throw std::runtime_error("assignment");
    tag = other.tag;
    return *this;
  }
  bool operator()(int a, int b) const { return a == b; }
};
using TaggedTable = perturb::HashTable<int, int, TaggedHash, TaggedEqual>;

TEST(HashTableAssignment, ThatFailsKeepsHasherAndEqualityTogether) {
  TaggedTable to(0, TaggedHash{1}, TaggedEqual{1});
  TaggedTable from(0, TaggedHash{2}, TaggedEqual{2});
  to[5] = 6;
  TaggedEqual::assignment_throws = true;
  EXPECT_THROW(to = std::move(from), std::runtime_error);
  TaggedEqual::assignment_throws = false;
  EXPECT_EQ(to.hash_function().tag, to.key_eq().tag);
}

TEST(HashTableInsert, OfBracesMovesTheKey) {
  perturb::HashTable<std::unique_ptr<int>, int> table;
  EXPECT_TRUE(table.insert({std::make_unique<int>(1), 2}).second);
}

TEST(HashTableUpdate, CopiesFromAViewAndMovesFromAContainer) {
  perturb::HashTable<int, std::string> source = {{1, "one"}};
  perturb::HashTable<int, std::string> target;
  target.update(source.items());
  target.update(source);
  EXPECT_EQ(source.at(1), "one");
  target.update(std::move(source));
  EXPECT_EQ(target.at(1), "one");
  std::vector<std::pair<std::unique_ptr<int>, std::unique_ptr<int>>> pairs;
  pairs.emplace_back(std::make_unique<int>(1), std::make_unique<int>(2));
  perturb::HashTable<std::unique_ptr<int>, std::unique_ptr<int>> owners;
  owners.update(std::move(pairs));
  EXPECT_EQ(*owners.begin()->second, 2);
}

// Counts how many are made.
struct Name {
  inline static int made = 0;

  explicit Name(std::string_view name) : text(name) { ++made; }
  std::string text;
};
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(const Name& name) const { return name.text.size(); }
  std::size_t operator()(std::string_view name) const { return name.size(); }
};
struct NameEqual {
  using is_transparent = void;
  bool operator()(const Name& a, const Name& b) const { return a.text == b.text; }
  bool operator()(std::string_view a, const Name& b) const { return a == b.text; }
};

TEST(HashSetInsert, MakesNoKeyWhereItIsThereAlready) {
  perturb::HashSet<Name, NameHash, NameEqual> names;
  Name::made = 0;
  EXPECT_TRUE(names.insert(std::string_view("ada")).second);
  EXPECT_FALSE(names.insert(std::string_view("ada")).second);
  EXPECT_EQ(Name::made, 1);
}

// The key is incomplete where the tables are declared.
struct SelfKeyed;
struct SelfHash {
  std::size_t operator()(const SelfKeyed& key) const;
};
struct SelfEqual {
  bool operator()(const SelfKeyed& a, const SelfKeyed& b) const;
};
struct SelfKeyed {
  explicit SelfKeyed(int n) : number(n) {}
  int number;
  perturb::HashSet<SelfKeyed, SelfHash, SelfEqual> set{};
  perturb::HashTable<SelfKeyed, SelfKeyed, SelfHash, SelfEqual> table{};
};
std::size_t SelfHash::operator()(const SelfKeyed& key) const { return static_cast<std::size_t>(key.number); }
bool SelfEqual::operator()(const SelfKeyed& a, const SelfKeyed& b) const { return a.number == b.number; }

TEST(HashTableDeclaration, TakesAKeyThatIsIncompleteThere) {
  SelfKeyed key(1);
  key.set.insert(SelfKeyed(2));
  key.table.emplace(SelfKeyed(3), SelfKeyed(4));
  EXPECT_TRUE(key.set.contains(SelfKeyed(2)));
  EXPECT_EQ(key.table.at(SelfKeyed(3)).number, 4);
}

}  // namespace
