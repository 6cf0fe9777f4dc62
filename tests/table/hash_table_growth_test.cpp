// SPDX-License-Identifier: MIT
/// @file The numbers of the growth rules: (size, tombstones, capacity) of a table after every operation of random
/// histories, equal to those of a small model that is written from the rules' text and knows nothing of slots.
///
/// The model counts full slots and tombstones per group. It is exact as long as no element leaves its home group, so
/// the histories never put more than sixteen elements into one; groups that are full, and so tombstones, abound.
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/random.hpp"

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t kGroup = 16;

std::size_t power_of_two_from(std::size_t n) {
  std::size_t power = 8;
  while (power < n) power *= 2;
  return power;
}

/// Fill to three quarters; sweep while size + 1 is under two thirds, else times four; a quarter under one sixth. (The
/// histories stay under 50 000 elements; a test below has those beyond.)
struct DictRules {
  using Growth = perturb::growth::Dict;
  static bool may_fill(std::size_t fill, std::size_t capacity) { return 4 * fill <= 3 * capacity; }
  static bool sweeps(std::size_t size, std::size_t capacity) { return 3 * (size + 1) < 2 * capacity; }
  static constexpr std::size_t kFactor = 4;
  static bool shrinks(std::size_t size, std::size_t capacity) { return 6 * size < capacity; }
  static bool holds(std::size_t n, std::size_t capacity) { return 6 * n < 4 * capacity; }
};

struct QuadruplingRules : DictRules {
  using Growth = perturb::growth::Quadrupling;
};

struct NoShrinkRules : DictRules {
  using Growth = perturb::growth::NoShrink;
  static bool shrinks(std::size_t, std::size_t) { return false; }
};

/// Fill to seven eighths, times two, no shrinking.
struct DoublingRules {
  using Growth = perturb::growth::Doubling;
  static bool may_fill(std::size_t fill, std::size_t capacity) { return 8 * fill <= 7 * capacity; }
  static bool sweeps(std::size_t size, std::size_t capacity) { return 4 * (size + 1) < 3 * capacity; }
  static constexpr std::size_t kFactor = 2;
  static bool shrinks(std::size_t, std::size_t) { return false; }
  static bool holds(std::size_t n, std::size_t capacity) { return 4 * n < 3 * capacity; }
};

template <class Rules>
class Model {
 public:
  std::size_t capacity = 0;
  std::size_t floor = 0;
  std::vector<std::uint64_t> keys;
  std::map<std::size_t, std::size_t> tombstones_of;  // by group
  std::map<const char*, std::size_t> events;

  std::size_t size() const { return keys.size(); }
  std::size_t tombstones() const {
    std::size_t sum = 0;
    for (const auto& [group, count] : tombstones_of) sum += count;
    return sum;
  }
  bool has(std::uint64_t key) const { return std::find(keys.begin(), keys.end(), key) != keys.end(); }

  /// No group would have more than sixteen elements in a table of that capacity.
  bool fits(std::size_t slots, const std::uint64_t* one_more = nullptr) const {
    std::map<std::size_t, std::size_t> full;
    for (const std::uint64_t key : keys) ++full[group_of(key, slots)];
    if (one_more != nullptr) ++full[group_of(*one_more, slots)];
    return std::all_of(full.begin(), full.end(), [](const auto& entry) { return entry.second <= kGroup; });
  }

  void insert(std::uint64_t key) {
    if (capacity == 0) {
      capacity = 8;
    } else if (const auto found = tombstones_of.find(group_of(key, capacity)); found != tombstones_of.end()) {
      if (--found->second == 0) tombstones_of.erase(found);
      ++events["reuse"];
    } else if (!Rules::may_fill(size() + tombstones() + 1, capacity)) {
      const bool sweep = Rules::sweeps(size(), capacity);
      ++events[sweep ? "sweep" : "growth"];
      rehash_to(sweep ? capacity : Rules::kFactor * capacity);
    }
    keys.push_back(key);
  }

  std::size_t capacity_after_erasure() const {
    const bool step = Rules::shrinks(size() - 1, capacity) && capacity / 4 >= 8 && capacity / 4 >= floor;
    return step ? capacity / 4 : capacity;
  }

  void erase(std::uint64_t key, bool may_shrink) {
    const std::size_t group = group_of(key, capacity);
    const auto in_group = static_cast<std::size_t>(
        std::count_if(keys.begin(), keys.end(), [&](std::uint64_t k) { return group_of(k, capacity) == group; }));
    const auto found = tombstones_of.find(group);
    if (in_group + (found == tombstones_of.end() ? 0 : found->second) == kGroup) {
      ++tombstones_of[group];
      ++events["tombstone"];
    }
    const std::size_t next = capacity_after_erasure();
    std::erase(keys, key);
    if (may_shrink && next != capacity) {
      ++events["shrink"];
      rehash_to(next);
    }
  }

  static std::size_t capacity_for(std::size_t n) {
    std::size_t slots = 8;
    while (!Rules::holds(n, slots)) slots *= 2;
    return slots;
  }

  void reserve(std::size_t n) {
    if (n <= size()) return;
    const std::size_t wanted = capacity_for(n);
    if (capacity < wanted) {
      rehash_to(wanted);
    } else if (!Rules::may_fill(n + tombstones(), capacity)) {
      rehash_to(capacity);
    }
    floor = std::max(floor, capacity);
  }

  /// What rehash(n) goes to.
  std::size_t capacity_of_rehash(std::size_t n) const {
    if (n == 0 && size() == 0) return 0;
    std::size_t slots = power_of_two_from(n);
    while (!Rules::may_fill(size(), slots)) slots *= 2;
    return slots;
  }
  void rehash(std::size_t n) {
    rehash_to(capacity_of_rehash(n));
    floor = n == 0 ? 0 : power_of_two_from(n);
  }

  void clear() {
    keys.clear();
    tombstones_of.clear();
  }

 private:
  static std::size_t group_of(std::uint64_t hash, std::size_t slots) {
    return static_cast<std::size_t>(hash & (slots - 1)) / kGroup;
  }
  void rehash_to(std::size_t slots) {
    capacity = slots;
    tombstones_of.clear();
  }
};

template <class Rules>
class Pair {
 public:
  using Table = perturb::HashTable<std::uint64_t, int, kit::RawHash, perturb::Equal<std::uint64_t>,
                                   std::allocator<std::pair<const std::uint64_t, int>>, typename Rules::Growth>;

  explicit Pair(std::uint64_t seed) : random_(seed) {}

  void drive(std::size_t steps, std::uint64_t spread) {
    ASSERT_EQ(table_.hash(12345).value, 12345u) << "the model needs the hash as it is";
    for (std::size_t i = 0; i < steps; ++i) {
      if (i % 200 == 0) {
        // Other groups are preferred now, for insertions and for erasures, and the table grows or shrinks.
        offset_ = random_.next();
        insertions_of_ten_ = 2 + random_.below(7);
        insertion_parity_ = random_.below(2) * kGroup;
        erasure_parity_ = random_.below(2) * kGroup;
      }
      step(spread);
      ASSERT_EQ(table_.size(), model_.size());
      ASSERT_EQ(table_.bucket_count(), model_.capacity);
      ASSERT_EQ(table_.tombstone_count(), model_.tombstones());
      if (i % 500 == 0) kit::expect_invariants(table_);
    }
    kit::expect_invariants(table_);
  }

  std::size_t events(const char* name) { return model_.events[name]; }

 private:
  void step(std::uint64_t spread) {
    if (random_.one_in(60)) return restructure();
    if (random_.below(10) < insertions_of_ten_) {
      // Two times out of three into a few groups, which fill up.
      std::uint64_t key = random_.next() & 0xFFFFF;
      if (!random_.one_in(3)) key = ((offset_ + random_.below(spread)) & 0xFFFFF) + (random_.below(4) << 40);
      if (!random_.one_in(10)) key = (key & ~std::uint64_t{kGroup}) | insertion_parity_;
      if (model_.has(key)) {
        const std::size_t capacity = table_.bucket_count();
        ASSERT_FALSE(table_.emplace(key, 0).second);
        ASSERT_EQ(table_.bucket_count(), capacity) << "an existing key never rehashes";
      } else if (model_.fits(std::max<std::size_t>(model_.capacity, 8), &key)) {
        ASSERT_TRUE(table_.emplace(key, 0).second);
        model_.insert(key);
      }
    } else if (model_.size() > 0) {
      std::uint64_t key = model_.keys[static_cast<std::size_t>(random_.below(model_.size()))];
      for (int tries = 0; tries < 8 && (key & kGroup) != erasure_parity_; ++tries) {
        key = model_.keys[static_cast<std::size_t>(random_.below(model_.size()))];
      }
      switch (random_.below(4)) {
        case 0:
          table_.erase(table_.find(key));
          model_.erase(key, false);
          break;
        default:
          if (!model_.fits(model_.capacity_after_erasure())) break;
          if (random_.one_in(2)) {
            ASSERT_EQ(table_.erase(key), 1u);
          } else {
            ASSERT_TRUE(random_.one_in(2) ? table_.pop(key).has_value() : table_.extract(key).has_value());
          }
          model_.erase(key, true);
      }
    }
  }

  void restructure() {
    switch (random_.below(10)) {
      case 0: {
        const auto n = static_cast<std::size_t>(random_.below(3 * model_.size() + 4));
        table_.reserve(n);
        model_.reserve(n);
        break;
      }
      case 1: {
        const auto n = static_cast<std::size_t>(random_.below(4 * model_.size() + 4));
        if (!model_.fits(std::max<std::size_t>(model_.capacity_of_rehash(n), 8))) break;
        table_.rehash(n);
        model_.rehash(n);
        break;
      }
      case 2:
        if (random_.one_in(20)) {
          table_.clear();
          model_.clear();
        }
        break;
      case 3: {
        // Moves and swap take capacity and floor along.
        Table moved(std::move(table_));
        ASSERT_EQ(table_.bucket_count(), 0u);
        if (random_.one_in(2)) {
          table_ = std::move(moved);
        } else {
          table_.swap(moved);
        }
        break;
      }
      case 4:
        ASSERT_EQ(table_.erase(~std::uint64_t{0}), 0u);  // an absent key changes nothing
        break;
      default:
        if (!random_.one_in(4) || !model_.fits(std::max<std::size_t>(model_.capacity_of_rehash(0), 8))) break;
        table_.shrink_to_fit();
        model_.rehash(0);
        break;
    }
  }

  kit::Random random_;
  std::uint64_t offset_ = 0;
  std::uint64_t insertions_of_ten_ = 5;
  std::uint64_t insertion_parity_ = 0;
  std::uint64_t erasure_parity_ = 0;
  Table table_;
  Model<Rules> model_;
};

template <class Rules>
std::map<const char*, std::size_t> drive() {
  std::map<const char*, std::size_t> events;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    Pair<Rules> pair(seed);
    pair.drive(10'000, std::uint64_t{8} << (seed % 6));
    for (const char* name : {"growth", "sweep", "shrink", "reuse", "tombstone"}) events[name] += pair.events(name);
    if (::testing::Test::HasFatalFailure()) {
      ADD_FAILURE() << "seed " << seed;
      break;
    }
  }
  return events;
}

TEST(HashTableGrowth, DictFollowsItsRules) {
  auto events = drive<DictRules>();
  EXPECT_GT(events["growth"], 20u);
  EXPECT_GT(events["sweep"], 20u);
  EXPECT_GT(events["shrink"], 20u);
  EXPECT_GT(events["reuse"], 20u);
  EXPECT_GT(events["tombstone"], 20u);
}

TEST(HashTableGrowth, QuadruplingFollowsItsRules) {
  auto events = drive<QuadruplingRules>();
  EXPECT_GT(events["growth"], 20u);
  EXPECT_GT(events["sweep"], 20u);
  EXPECT_GT(events["shrink"], 20u);
}

TEST(HashTableGrowth, NoShrinkFollowsItsRules) {
  auto events = drive<NoShrinkRules>();
  EXPECT_GT(events["growth"], 20u);
  EXPECT_GT(events["sweep"], 20u);
  EXPECT_EQ(events["shrink"], 0u);
}

TEST(HashTableGrowth, DoublingFollowsItsRules) {
  auto events = drive<DoublingRules>();
  EXPECT_GT(events["growth"], 20u);
  EXPECT_GT(events["sweep"], 20u);
  EXPECT_EQ(events["shrink"], 0u);
}

// --- histories around 50 000 elements: each change of the capacity is the one that the rule's text asks for
// -----------

template <class Growth>
void drive_around_50000(bool doubles_beyond, unsigned seed) {
  std::mt19937_64 random(seed);
  perturb::HashSet<std::uint64_t, perturb::XxHash<std::uint64_t>, perturb::Equal<std::uint64_t>,
                   std::allocator<std::uint64_t>, Growth>
      set;
  std::vector<std::uint64_t> keys;
  std::map<std::size_t, std::size_t> growths;
  std::size_t shrinks = 0;
  // Up and down between a quarter of a million and a few thousand elements, with churn on the way.
  for (const std::size_t aim : std::initializer_list<std::size_t>{60'000, 40'000, 130'000, 90'000, 250'000, 5'000,
                                                                  120'000, 49'000, 51'000, 2'000}) {
    while (keys.size() != aim) {
      const std::size_t size = set.size();
      const std::size_t capacity = set.bucket_count();
      const std::size_t fill = size + set.tombstone_count();
      const bool is_away = keys.size() < aim ? random() % 4 == 0 : random() % 4 != 0;
      if (is_away && !keys.empty()) {
        const auto i = static_cast<std::size_t>(random() % keys.size());
        ASSERT_EQ(set.erase(keys[i]), 1u);
        keys[i] = keys.back();
        keys.pop_back();
        const bool shrinks_now = 6 * (size - 1) < capacity && capacity >= 32;
        ASSERT_EQ(set.bucket_count(), shrinks_now ? capacity / 4 : capacity) << size;
        shrinks += shrinks_now ? 1 : 0;
      } else {
        keys.push_back(random());
        ASSERT_TRUE(set.insert(keys.back()).second);
        if (set.bucket_count() == capacity) continue;
        if (capacity == 0) {
          ASSERT_EQ(set.bucket_count(), 8u);
          continue;
        }
        ASSERT_EQ(4 * fill, 3 * capacity) << "it grew before it was three quarters full";
        ASSERT_GE(3 * (size + 1), 2 * capacity) << "it grew where a sweep would have done";
        const std::size_t factor = doubles_beyond && size > 50'000 ? 2 : 4;
        ASSERT_EQ(set.bucket_count(), factor * capacity) << size;
        ++growths[factor];
      }
    }
  }
  EXPECT_GE(growths[4], 5u);
  EXPECT_EQ(growths[2] > 0, doubles_beyond);
  EXPECT_GE(shrinks, 3u);
}

TEST(HashTableGrowth, ADictGrowsByFourUpTo50000ElementsAndByTwoBeyond) {
  for (const unsigned seed : {1u, 2u, 3u}) drive_around_50000<perturb::growth::Dict>(true, seed);
}

TEST(HashTableGrowth, QuadruplingGrowsByFourAtEverySize) { drive_around_50000<perturb::growth::Quadrupling>(false, 4); }

}  // namespace
