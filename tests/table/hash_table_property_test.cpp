// SPDX-License-Identifier: MIT
/// @file HashTable and std::unordered_map driven through the same random operations, millions in all, for several kinds
/// of keys, hashers and growth policies; the invariants are looked at as they go. The promises that are about numbers
/// (capacities, tombstones, floors) are in hash_table_growth_test.cpp and growth_steps_test.cpp.
#include "support/allocators.hpp"
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using kit::Number;

/// How many keys there are and how many operations a run makes.
struct Run {
  std::uint64_t seed;
  Number keys;
  std::size_t operations;
  std::size_t between_full_checks;
};

template <class Table, class Model>
void expect_same(const Table& table, const Model& model) {
  kit::check(table.size() == model.size());
  kit::expect_invariants(table);
  for (const auto& [key, value] : model) {
    const auto* found = table.get(key);
    kit::check(found != nullptr && *found == value);
  }
}

/// Does the same to a table and to a std::unordered_map, chosen at random, and compares what they answer.
template <class Table>
class Twins {
 public:
  using Key = typename Table::key_type;
  using Value = typename Table::mapped_type;
  using Model = std::unordered_map<Key, Value, std::hash<Key>, std::equal_to<Key>>;

  explicit Twins(const Run& run) : run_(run), random_(run.seed) {}

  void drive() {
    for (std::size_t i = 0; i < run_.operations && !::testing::Test::HasFailure(); ++i) {
      // Stretches in which the tables mostly grow and mostly shrink take turns.
      if (i % (4 * run_.keys) == 0) growing_ = !growing_;
      step();
      kit::expect_counts(table_);
      if (i % run_.between_full_checks == 0) expect_same(table_, model_);
    }
    expect_same(table_, model_);
  }

 private:
  Number number() { return random_.below(run_.keys); }
  Key key() { return kit::make<Key>(number()); }
  Value value() { return kit::make<Value>(random_.below(1000)); }

  void step() {
    const std::uint64_t choice = random_.below(100);
    if (choice < (growing_ ? 60 : 20)) {
      insert();
    } else if (choice < 80) {
      erase();
    } else if (choice < 97) {
      look_up();
    } else {
      restructure();
    }
  }

  void insert() {
    const Key k = key();
    const Value v = value();
    switch (random_.below(7)) {
      case 0: {
        const auto [it, is_new] = table_.insert({k, v});
        kit::check(is_new == model_.insert({k, v}).second);
        kit::check(it->first == k);
        break;
      }
      case 1: {
        const auto [it, is_new] = table_.emplace(k, v);
        kit::check(is_new == model_.emplace(k, v).second);
        kit::check(it->second == model_.at(k));
        break;
      }
      case 2: {
        const auto [it, is_new] = table_.try_emplace(k, v);
        kit::check(is_new == model_.try_emplace(k, v).second);
        kit::check(it->second == model_.at(k));
        break;
      }
      case 3: {
        const auto [it, is_new] = table_.insert_or_assign(k, v);
        kit::check(is_new == model_.insert_or_assign(k, v).second);
        kit::check(it->second == v);
        break;
      }
      case 4:
        table_[k] = v;
        model_[k] = v;
        break;
      case 5:
        kit::check(table_.set_default(k, v) == model_.try_emplace(k, v).first->second);
        break;
      default: {
        // With a hash computed before, and a value that may be one of the table's own.
        const auto h = table_.hash(k);
        const auto other = table_.find(key());
        if (other == table_.end()) {
          table_.try_emplace(h, k, v);
          model_.try_emplace(k, v);
        } else {
          const Value copy = other->second;
          table_.insert_or_assign(h, k, other->second);
          model_.insert_or_assign(k, copy);
        }
        break;
      }
    }
  }

  void erase() {
    const Key k = key();
    switch (random_.below(5)) {
      case 0:
        kit::check(table_.erase(k) == model_.erase(k));
        break;
      case 1: {
        const auto it = table_.find(k);
        if (it == table_.end()) break;
        kit::check(table_.erase(it->first) == 1u);  // the key that is named is the one that goes
        model_.erase(k);
        break;
      }
      case 2: {
        const auto it = table_.find(k);
        kit::check((it == table_.end()) == !model_.contains(k));
        if (it == table_.end()) break;
        table_.erase(it);
        model_.erase(k);
        break;
      }
      case 3: {
        const auto popped = table_.pop(k);
        const auto it = model_.find(k);
        kit::check(popped.has_value() == (it != model_.end()));
        if (!popped) break;
        kit::check(*popped == it->second);
        model_.erase(it);
        break;
      }
      default: {
        const auto extracted = table_.extract(k);
        const auto it = model_.find(k);
        kit::check(extracted.has_value() == (it != model_.end()));
        if (!extracted) break;
        kit::check(extracted->first == k);
        kit::check(extracted->second == it->second);
        model_.erase(it);
        break;
      }
    }
    kit::check(!table_.contains(k));
  }

  void look_up() {
    const Key k = key();
    const auto in_model = model_.find(k);
    const auto in_table = table_.find(k);
    kit::check((in_table == table_.end()) == (in_model == model_.end()));
    kit::check(table_.contains(k, table_.hash(k)) == (in_model != model_.end()));
    if (in_model != model_.end()) {
      kit::check(in_table->second == in_model->second);
    }
  }

  void restructure() {
    switch (random_.below(12)) {
      case 0:
        if (random_.one_in(20)) {
          table_.clear();
          model_.clear();
        }
        break;
      case 1:
        table_.reserve(random_.below(2 * run_.keys));
        break;
      case 2:
        table_.rehash(random_.below(3 * run_.keys));
        break;
      case 3:
      case 4:
        table_.shrink_to_fit();
        break;
      case 5: {
        Table copy(table_);
        kit::check(copy.bucket_count() == table_.bucket_count());
        kit::check(copy == table_);
        if (random_.one_in(2)) table_ = std::move(copy);
        break;
      }
      case 6: {
        Table other;
        other.reserve(random_.below(run_.keys));
        other = table_;
        table_.swap(other);
        break;
      }
      case 7: {
        const Number modulus = 2 + random_.below(5);
        const auto leaves = [&](const auto& element) { return kit::number_of(element.first) % modulus == 0; };
        kit::check(erase_if(table_, leaves) == std::erase_if(model_, leaves));
        break;
      }
      case 8: {
        // Erasing while iterating: every element is visited once.
        std::set<Number> visited;
        const Number modulus = 2 + random_.below(5);
        for (auto it = table_.begin(); it != table_.end();) {
          const Number n = kit::number_of(it->first);
          kit::check(visited.insert(n).second);
          it = n % modulus == 1 ? table_.erase(it) : std::next(it);
        }
        kit::check(visited.size() == model_.size());
        std::erase_if(model_, [&](const auto& element) { return kit::number_of(element.first) % modulus == 1; });
        break;
      }
      case 9: {
        Table other;
        Model other_model;
        for (std::size_t i = random_.below(20); i > 0; --i) {
          const Key k = key();
          const Value v = value();
          other.insert_or_assign(k, v);
          other_model.insert_or_assign(k, v);
        }
        table_.merge(other);
        model_.merge(other_model);
        kit::check(other.size() == other_model.size());
        break;
      }
      case 10: {
        // Away with a part of it, by iterators.
        if (table_.size() < 2) break;
        const auto first = std::next(table_.begin(), static_cast<std::ptrdiff_t>(random_.below(table_.size() / 2)));
        const auto last = std::next(first, static_cast<std::ptrdiff_t>(random_.below(table_.size() / 2)));
        for (auto it = first; it != last; ++it) model_.erase(it->first);
        kit::check(table_.erase(first, last) == last);
        break;
      }
      default: {
        std::vector<std::pair<Key, Value>> range;
        for (std::size_t i = random_.below(20); i > 0; --i) range.emplace_back(key(), value());
        table_.update(range);
        for (const auto& [k, v] : range) model_.insert_or_assign(k, v);
        break;
      }
    }
  }

  Run run_;
  kit::Random random_;
  bool growing_ = false;
  Table table_;
  Model model_;
};

template <class Table>
void drive(const Run& run) {
  Twins<Table>(run).drive();
}

namespace growth = perturb::growth;

template <class Key, class T, class Hash = perturb::XxHash<Key>, class Growth = growth::Dict>
using Table = perturb::HashTable<Key, T, Hash, perturb::Equal<Key>, std::allocator<std::pair<const Key, T>>, Growth>;

TEST(HashTableProperty, FewNumbersComeAndGo) {
  drive<Table<std::uint64_t, std::uint64_t>>(
      {.seed = 1, .keys = 40, .operations = 1'500'000, .between_full_checks = 37});
}

TEST(HashTableProperty, ManyNumbersComeAndGo) {
  drive<Table<std::uint64_t, std::uint64_t>>(
      {.seed = 2, .keys = 5'000, .operations = 1'000'000, .between_full_checks = 9'973});
}

TEST(HashTableProperty, StringsComeAndGo) {
  drive<Table<std::string, std::string>>({.seed = 3, .keys = 700, .operations = 300'000, .between_full_checks = 997});
}

TEST(HashTableProperty, UserKeysUnderDoubling) {
  drive<Table<kit::UserKey, std::uint64_t, perturb::StdHash<kit::UserKey>, growth::Doubling>>(
      {.seed = 4, .keys = 400, .operations = 300'000, .between_full_checks = 499});
}

/// Multiplies, and is not mixed: with 0 all keys collide, with 2^40 they differ in their high bits only, with 4096 they
/// share their low bits as well as those of the tag.
struct FactorHash {
  using is_avalanching = std::true_type;
  static inline std::uint64_t factor = 1;
  std::uint64_t operator()(std::uint64_t n) const noexcept { return n * factor; }
};

TEST(HashTableProperty, BadHashersAreSlowAndRight) {
  for (const std::uint64_t factor : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4096}, std::uint64_t{1} << 40}) {
    SCOPED_TRACE(factor);
    FactorHash::factor = factor;
    drive<Table<std::uint64_t, std::uint64_t, FactorHash>>(
        {.seed = 6 + factor, .keys = 300, .operations = 200'000, .between_full_checks = 499});
  }
}

// Hashing that may throw goes other ways through the code: with a plan instead of in place.
TEST(HashTableProperty, AHasherThatMayThrowWithoutShrinking) {
  drive<Table<std::uint64_t, std::string, kit::IdHash<std::uint64_t>, growth::NoShrink>>(
      {.seed = 9, .keys = 600, .operations = 300'000, .between_full_checks = 997});
}

TEST(HashTableErasure, DrainingFromTheFrontIsLinear) {
  // Four million elements in sixteen million slots. To walk over the freed front at each begin() would take 2e12 looks
  // at a group, most of an hour; the runner's time limit would fail the test.
  constexpr std::uint32_t kElements = 4'000'000;
  perturb::HashSet<std::uint32_t> set;
  set.rehash(std::size_t{1} << 24);
  for (std::uint32_t n = 0; n < kElements; ++n) set.insert(n);
  std::uint64_t sum = 0;
  while (!set.empty()) {
    sum += *set.begin();
    set.erase(set.begin());
  }
  EXPECT_EQ(sum, std::uint64_t{kElements} * (kElements - 1) / 2);
  EXPECT_TRUE(set.begin() == set.end());
}

TEST(HashTableErasure, ErasingWhileIteratingVisitsEverythingOnceInEveryShape) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    kit::Random random(seed);
    perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash> table;
    // Few low bits: groups overflow and leave tombstones.
    const std::uint64_t spread = 1 + random.below(200);
    for (std::uint64_t n = random.below(400); n > 0; --n) {
      table.emplace(random.below(spread) + (random.below(50) << 30), n);
      if (random.one_in(5)) table.erase(random.below(spread));
    }
    const std::size_t capacity = table.bucket_count();
    std::set<std::uint64_t> wanted;
    for (const auto& [key, value] : table) wanted.insert(key);
    ASSERT_EQ(wanted.size(), table.size());
    std::set<std::uint64_t> visited;
    std::set<std::uint64_t> kept;
    for (auto it = table.begin(); it != table.end();) {
      ASSERT_TRUE(visited.insert(it->first).second);
      if (random.one_in(2)) {
        it = table.erase(it);
      } else {
        kept.insert(it->first);
        ++it;
      }
    }
    ASSERT_EQ(visited, wanted);
    ASSERT_EQ(table.bucket_count(), capacity) << "erase(iterator) never shrinks";
    ASSERT_EQ(table.size(), kept.size());
    for (const std::uint64_t key : kept) ASSERT_TRUE(table.contains(key));
    kit::expect_invariants(table);
  }
}

TEST(HashTableReserve, NoInsertionMovesAnythingWithinIt) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    kit::Random random(seed);
    perturb::HashTable<std::uint64_t, std::string> table;
    for (std::uint64_t n = random.below(50); n > 0; --n) table.emplace(random.next(), "before");
    const std::size_t size = table.size();
    const std::size_t promised = size + random.below(2000);
    table.reserve(promised);
    const std::size_t capacity = table.bucket_count();
    std::vector<std::pair<std::uint64_t, const std::string*>> addresses;
    for (const auto& [key, value] : table) addresses.emplace_back(key, &value);
    while (table.size() < promised) {
      const auto it = table.emplace(random.next(), "within").first;
      addresses.emplace_back(it->first, &it->second);
    }
    ASSERT_EQ(table.bucket_count(), capacity);
    for (const auto& [key, address] : addresses) ASSERT_EQ(table.get(key), address);
  }
}

TEST(HashTableReserve, TheBucketCountStaysWhateverIsErasedAndInsertedWithinIt) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    kit::Random random(seed);
    const std::size_t promised = 1 + random.below(300);
    perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash> table;
    table.reserve(promised);
    const std::size_t capacity = table.bucket_count();
    ASSERT_LT(6 * promised, 4 * capacity);
    ASSERT_TRUE(capacity == 8 || 6 * promised >= 2 * capacity) << "the smallest capacity that does";
    const std::uint64_t spread = 1 + random.below(400);  // few: groups overflow, tombstones arise, sweeps happen
    for (int i = 0; i < 4000; ++i) {
      if (table.size() < promised && random.below(100) < 55) {
        table.emplace(random.below(spread) + (random.below(8) << 50), 0);
      } else if (!table.empty()) {
        switch (random.below(3)) {
          case 0:
            table.erase(table.begin()->first);
            break;
          case 1:
            table.erase(table.begin());
            break;
          default:
            table.erase(random.below(spread));
        }
      }
      ASSERT_EQ(table.bucket_count(), capacity);
    }
    kit::expect_invariants(table);
  }
}

TEST(HashTableReserve, ASweepWithinItAllocatesNothing) {
  using Allocator = kit::IdAllocator<std::pair<const std::uint64_t, std::uint64_t>, kit::kPropagateNever>;
  perturb::HashTable<std::uint64_t, std::uint64_t, kit::RawHash, perturb::Equal<std::uint64_t>, Allocator> table;
  table.reserve(300);
  const std::uint64_t allocations = kit::Ledger::instance().allocations();
  kit::Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    if (table.size() < 300 && random.one_in(2)) {
      table.emplace(random.below(600) + (random.below(8) << 50), 0);
    } else if (!table.empty()) {
      table.erase(table.begin());
    }
  }
  EXPECT_EQ(kit::Ledger::instance().allocations(), allocations);
}

TEST(HashTableErasure, EraseIfShrinksAtMostOnceAndAtItsEnd) {
  perturb::HashTable<std::uint64_t, std::uint64_t> table;
  for (std::uint64_t n = 0; n < 5000; ++n) table.emplace(n, n);
  const std::size_t capacity = table.bucket_count();
  std::size_t visits = 0;
  erase_if(table, [&](const auto& element) {
    ++visits;
    EXPECT_EQ(table.bucket_count(), capacity);
    return element.first >= 10;
  });
  EXPECT_EQ(visits, 5000u);
  EXPECT_LT(table.bucket_count(), capacity);
  EXPECT_EQ(table.size(), 10u);
  kit::expect_invariants(table);
}

}  // namespace
