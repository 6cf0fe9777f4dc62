// SPDX-License-Identifier: MIT
/// @file OrderedHashTable driven through random operations beside a plain list of pairs in order, for keys whose hashes
/// are kept and for keys whose are not, and with a hasher that makes many of them collide.
#include "support/functors.hpp"
#include "support/invariants.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using kit::Number;

template <class Table>
class Beside {
 public:
  using Key = typename Table::key_type;
  using Items = std::vector<std::pair<Number, Number>>;

  Beside(std::uint64_t seed, Number keys) : random_(seed), keys_(keys) {}

  void drive(std::size_t operations) {
    for (std::size_t i = 0; i < operations && !::testing::Test::HasFailure(); ++i) {
      if (i % (4 * keys_) == 0) growing_ = !growing_;
      step();
      kit::expect_counts(table_);
      if (i % 61 == 0) compare();
    }
    compare();
  }

 private:
  static Key key(Number n) { return kit::make<Key>(n); }
  typename Items::iterator in_list(Number n) {
    return std::find_if(items_.begin(), items_.end(), [n](const auto& item) { return item.first == n; });
  }
  std::size_t below_size() { return static_cast<std::size_t>(random_.below(items_.size())); }

  void compare() {
    kit::expect_invariants(table_);
    Items seen;
    for (const auto& [k, v] : table_) seen.emplace_back(kit::number_of(k), v);
    ASSERT_EQ(seen, items_);
    if (!items_.empty()) {
      const std::size_t i = below_size();
      kit::check_equal(table_.nth(i)->second, items_[i].second, "nth");
      kit::check(table_.nth(items_.size()) == table_.end(), "nth past the end");
      kit::check_equal(table_.front().second, items_.front().second, "front");
      kit::check_equal(table_.back().second, items_.back().second, "back");
    }
    if (table_.is_contiguous()) {
      const auto entries = table_.entries();
      kit::check_equal(entries.size(), items_.size(), "entries");
      for (std::size_t i = 0; i < entries.size(); ++i) kit::check_equal(entries[i].second, items_[i].second, "entries");
    }
  }

  void step() {
    const std::uint64_t choice = random_.below(100);
    if (choice < (growing_ ? 60 : 25)) {
      insert();
    } else if (choice < 80) {
      erase();
    } else if (choice < 95) {
      move();
    } else {
      restructure();
    }
  }

  void insert() {
    const Number n = random_.below(keys_);
    const Number v = random_.below(1000);
    const auto [it, is_new] = table_.insert_or_assign(key(n), v);
    const auto item = in_list(n);
    kit::check(is_new == (item == items_.end()));
    kit::check(kit::number_of(it->first) == n && it->second == v);
    if (is_new) {
      items_.emplace_back(n, v);
    } else {
      item->second = v;
    }
  }

  void erase() {
    const Number n = random_.below(keys_);
    const auto item = in_list(n);
    const auto it = table_.find(key(n));
    kit::check((it == table_.end()) == (item == items_.end()));
    switch (random_.below(5)) {
      case 0:
        kit::check_equal(table_.erase(key(n)), item != items_.end() ? 1 : 0);
        break;
      case 1: {
        if (it == table_.end()) break;
        const auto next = table_.erase(it);
        kit::check(next == table_.end() ? item + 1 == items_.end() : next->second == (item + 1)->second);
        break;
      }
      case 2: {
        const auto popped = table_.pop_front();
        kit::check(popped.has_value() == !items_.empty());
        if (popped) kit::check(popped->second == items_.front().second);
        if (popped) items_.erase(items_.begin());
        return;
      }
      case 3: {
        const auto popped = table_.pop_back();
        kit::check(popped.has_value() == !items_.empty());
        if (popped) kit::check(popped->second == items_.back().second);
        if (popped) items_.pop_back();
        return;
      }
      default:
        kit::check(table_.extract(key(n)).has_value() == (item != items_.end()));
        break;
    }
    if (item != items_.end()) items_.erase(item);
  }

  void move() {
    const Number n = random_.below(keys_);
    const bool last = random_.one_in(2);
    const auto item = in_list(n);
    kit::check(table_.move_to_end(key(n), last) == (item != items_.end()));
    if (item == items_.end()) return;
    if (last) {
      std::rotate(item, item + 1, items_.end());
    } else {
      std::rotate(items_.begin(), item, item + 1);
    }
  }

  void restructure() {
    switch (random_.below(10)) {
      case 0:
        table_.reserve(static_cast<std::size_t>(random_.below(2 * keys_)));
        break;
      case 1:
        table_.rehash(static_cast<std::size_t>(random_.below(3 * keys_)));
        kit::check(table_.is_contiguous());
        break;
      case 2:
        table_.shrink_to_fit();
        break;
      case 3: {
        Table copy(table_);
        kit::check(copy == table_);
        table_ = std::move(copy);
        break;
      }
      case 4: {
        const Number modulus = 2 + random_.below(5);
        const auto leaves = [&](Number n) { return n % modulus == 0; };
        const auto erased =
            erase_if(table_, [&](const auto& element) { return leaves(kit::number_of(element.first)); });
        kit::check_equal(erased, std::erase_if(items_, [&](const auto& item) { return leaves(item.first); }));
        break;
      }
      case 5: {
        // By iterators, and the end is the same one all the time.
        const auto last = table_.end();
        const Number modulus = 2 + random_.below(5);
        for (auto it = table_.begin(); it != last;) {
          it = kit::number_of(it->first) % modulus == 1 ? table_.erase(it) : std::next(it);
        }
        std::erase_if(items_, [&](const auto& item) { return item.first % modulus == 1; });
        break;
      }
      case 6: {
        table_.sort([](const auto& a, const auto& b) { return a.second < b.second; });
        for (auto it = items_.begin(); it != items_.end(); ++it) {
          const auto is_less = [](const auto& a, const auto& b) { return a.second < b.second; };
          std::rotate(std::upper_bound(items_.begin(), it, *it, is_less), it, it + 1);
        }
        break;
      }
      case 7: {
        Table other;
        for (Number n = 0; n < keys_; n += 7) other.emplace(key(n), n);
        table_.merge(other);
        for (Number n = 0; n < keys_; n += 7) {
          if (in_list(n) == items_.end()) items_.emplace_back(n, n);
        }
        break;
      }
      case 8: {
        if (items_.size() < 2) break;
        const std::size_t first = below_size() / 2;
        const std::size_t last = first + below_size() / 2;
        const auto end = static_cast<std::ptrdiff_t>(last);
        const auto after = table_.erase(table_.nth(first), table_.nth(last));
        kit::check(after == table_.nth(first));
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.begin() + end);
        break;
      }
      default:
        if (random_.one_in(8)) {
          table_.clear();
          items_.clear();
        }
        break;
    }
  }

  kit::Random random_;
  Number keys_;
  bool growing_ = false;
  Table table_;
  Items items_;
};

TEST(OrderedProperty, NumbersComeAndGo) {
  using Table = perturb::OrderedHashTable<Number, Number>;
  Beside<Table>(1, 20).drive(60'000);
  Beside<Table>(2, 400).drive(60'000);
}

/// Keeps hashes, collides, and its elements own memory.
TEST(OrderedProperty, StringsThatCollide) {
  struct FewHashes {
    std::size_t operator()(const std::string& key) const { return static_cast<std::size_t>(kit::number_of(key) % 11); }
  };
  using Table =
      perturb::OrderedHashTable<std::string, Number, FewHashes, perturb::Equal<std::string>,
                                std::allocator<std::pair<const std::string, Number>>, perturb::growth::Doubling>;
  Beside<Table>(3, 30).drive(30'000);
  Beside<Table>(4, 300).drive(30'000);
}

TEST(OrderedIndex, ReadsThePositionsThatWereWrittenInEveryWidth) {
  namespace ordered = perturb::detail::ordered;
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  constexpr std::size_t kSlots = 5;
  std::size_t widest = 0;
  for (const std::size_t capacity :
       {std::size_t{16}, std::size_t{512}, std::size_t{1} << 17, std::size_t{1} << 25, kMost / 2 + 1}) {
    const ordered::Positions positions(capacity);
    widest = positions.width();
    std::vector<perturb::detail::table::Control> memory(8 * (kSlots + 1) + 16, 0xAA);
    perturb::detail::table::Control* const controls = memory.data() + 8 * (kSlots + 1);
    const auto in_slot = [&](std::size_t slot) { return positions.at(controls, slot); };
    const std::size_t bytes = std::min(widest, sizeof(std::size_t));
    const std::size_t largest = kMost >> (8 * (sizeof(std::size_t) - bytes));
    for (std::size_t slot = 0; slot < kSlots; ++slot) positions.write(in_slot(slot), largest / 3 + slot);
    positions.write(in_slot(2), largest);
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
      EXPECT_EQ(positions.read(in_slot(slot)), slot == 2 ? largest : largest / 3 + slot) << capacity;
    }
    EXPECT_EQ(*controls, 0xAA) << "a control byte was overwritten";
    EXPECT_EQ(*(controls - kSlots * widest - 1), 0xAA) << "a position before the index was overwritten";
  }
  EXPECT_EQ(widest, sizeof(std::size_t));
}

TEST(OrderedIndex, RenumbersThePositionsOfItsFullSlotsInEveryWidth) {
  namespace ordered = perturb::detail::ordered;
  namespace table = perturb::detail::table;
  struct Slot {};
  for (const std::size_t slots : {16U, 32U, 64U, 256U}) {
    for (const std::size_t capacity : {16U, 512U, 1U << 17, 1U << 25}) {
      const ordered::Positions positions(capacity);
      const std::size_t bytes = positions.width() * slots;
      std::vector<table::Control> memory(2 * table::kGroupWidth + bytes + slots, 0xAA);
      void* begin = memory.data() + bytes;
      std::size_t room = memory.size() - bytes;
      auto* const controls = static_cast<table::Control*>(std::align(table::kGroupWidth, slots, begin, room));
      const auto is_full = [](std::size_t slot) { return slot % 3 != 1 && slot % 32 != 0; };
      const std::size_t most = capacity - 1;
      for (std::size_t slot = 0; slot < slots; ++slot) {
        controls[slot] = is_full(slot) ? table::kFirstTag : static_cast<table::Control>(slot % 2);
        positions.write(positions.at(controls, slot), most - slot % 16);
      }
      const ordered::Index<Slot> index(controls, slots, nullptr, positions);
      index.renumber([](std::size_t position) { return position / 2; });
      for (std::size_t slot = 0; slot < slots; ++slot) {
        const std::size_t before = most - slot % 16;
        ASSERT_EQ(index.position(slot), is_full(slot) ? before / 2 : before) << slot << " of " << slots;
      }
    }
  }
}

struct SweepsForEver : perturb::growth::Doubling {
  static constexpr std::size_t rehash_to(std::size_t, std::size_t capacity) { return capacity; }
};

TEST(OrderedTables, GrowUnderAPolicyThatOnlySweeps) {
  perturb::OrderedHashTable<Number, Number, perturb::XxHash<Number>, perturb::Equal<Number>,
                            std::allocator<std::pair<const Number, Number>>, SweepsForEver>
      table;
  for (Number n = 0; n < 1000; ++n) table.try_emplace(n, n);
  EXPECT_GE(table.bucket_count(), 1000u);
  for (Number n = 0; n < 1000; ++n) ASSERT_EQ(table.nth(static_cast<std::size_t>(n))->first, n);
}

TEST(OrderedTables, OfTensOfThousandsOfEntriesKeepTheirOrderWhenTheyGrow) {
  perturb::OrderedHashTable<Number, Number> table;
  constexpr Number kCount = 100'000;  // positions of three bytes, and indexes made anew with prefetching
  for (Number n = 0; n < kCount; ++n) table.try_emplace(n * n, n);
  Number n = 0;
  for (const auto& [key, value] : table) {
    ASSERT_EQ(value, n);
    ASSERT_EQ(key, n * n);
    ++n;
  }
  ASSERT_EQ(n, kCount);
  for (n = 0; n < kCount; ++n) ASSERT_EQ(*table.get(n * n), n);
  kit::expect_invariants(table);
}

// Indexes with positions of two and three bytes, whose blocks are compacted where they are and made larger.
template <class Key>
void come_and_go(Number size, Number count) {
  perturb::OrderedHashTable<Key, Number> table;
  kit::Random random(size);
  std::vector<Number> present;  // in any order
  for (Number n = 0; n < count; ++n) {
    ASSERT_TRUE(table.try_emplace(kit::make<Key>(n), n).second);
    present.push_back(n);
    if (n < size) continue;
    Number& gone = present[static_cast<std::size_t>(random.below(present.size()))];
    ASSERT_EQ(table.erase(kit::make<Key>(gone)), 1U);
    gone = present.back();
    present.pop_back();
  }
  std::sort(present.begin(), present.end());
  std::vector<Number> seen;
  for (const auto& [key, n] : table) {
    ASSERT_EQ(kit::number_of(key), n);
    seen.push_back(n);
  }
  EXPECT_EQ(seen, present) << "they were inserted in this order";
  for (const Number n : present) ASSERT_EQ(*table.get(kit::make<Key>(n)), n);
  kit::expect_invariants(table);
}

TEST(OrderedTables, OfManyEntriesThatComeAndGoKeepTheirOrder) {
  for (const Number size : {70U, 190U, 3000U, 60'000U}) {
    come_and_go<Number>(size, 5 * size);
    come_and_go<std::string>(size, 3 * size);
  }
}

/// Its move and the destructor of what is left call `on_destruction`.
struct Caller {
  static inline std::function<void(Number)> on_destruction;
  explicit Caller(Number n) : number(n) {}
  Caller(Caller&& other) noexcept : number(other.number) {}
  ~Caller() {
    if (auto call = std::exchange(on_destruction, nullptr)) call(number);
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  Caller& operator=(Caller&&) = delete;
  Number number;
};

/// All keys have the same home group.
struct SameGroup {
  using is_avalanching = void;
  std::uint64_t operator()(Number key) const noexcept { return (key & 0xff) << 32 | key << 48; }
};

TEST(OrderedTables, FindWhatTheMoveOfAnErasedElementInserts) {
  using Table = perturb::OrderedHashTable<Number, Caller, SameGroup>::with_growth<perturb::growth::NoShrink>;
  for (const bool by_key : {true, false}) {
    Table table;
    table.reserve(60);
    for (Number n = 0; n < 15; ++n) table.try_emplace(n, n);  // one slot of the home group stays empty
    Caller::on_destruction = [&](Number) {
      table.try_emplace(100, 100U);  // takes it
      table.try_emplace(101, 101U);  // goes past the group
    };
    by_key ? static_cast<void>(table.erase(7)) : static_cast<void>(table.erase(table.find(7)));
    EXPECT_FALSE(table.contains(7));
    EXPECT_TRUE(table.contains(100) && table.contains(101)) << by_key;
    EXPECT_EQ(table.size(), 16U);
    kit::expect_invariants(table);
  }
}

}  // namespace
