// SPDX-License-Identifier: MIT
/// @file Copies of arrays at every load: sparse ones, of which only the first slots of a group are read, and full ones.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <type_traits>

namespace {

template <class Value>
Value make(std::uint64_t i) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return std::to_string(i) + " is long enough to be kept outside of the string";
  } else if constexpr (std::is_integral_v<Value>) {
    return static_cast<Value>(i);
  } else {
    Value value{};
    value.fill(static_cast<typename Value::value_type>(i));
    return value;
  }
}

// At every size up to a full table of some growths, and with tombstones, the copy equals the original, has its capacity
// and can be changed without changing it.
template <class Value>
void expect_copies_at_every_load() {
  perturb::HashTable<std::uint64_t, Value> table;
  for (std::uint64_t i = 0; i < 1600; ++i) {
    table.try_emplace(i * 0x9e3779b97f4a7c15U, make<Value>(i));
    if (i % 7 == 3) table.erase(table.find((i - 2) * 0x9e3779b97f4a7c15U));
    if (i > 64 && i % 29 != 0) continue;
    auto copy = table;
    ASSERT_EQ(copy, table);
    ASSERT_EQ(copy.bucket_count(), table.bucket_count());
    ASSERT_EQ(copy.tombstone_count(), table.tombstone_count());
    ASSERT_EQ(copy.begin()->first, table.begin()->first);
    const auto size = table.size();
    while (!copy.empty()) copy.erase(copy.begin());
    ASSERT_EQ(table.size(), size);
    ASSERT_EQ(static_cast<std::size_t>(std::distance(table.begin(), table.end())), size);
  }
}

TEST(TableCopy, OfSmallSlots) { expect_copies_at_every_load<std::uint8_t>(); }
TEST(TableCopy, OfWords) { expect_copies_at_every_load<std::uint64_t>(); }
TEST(TableCopy, OfSlotsThatDoNotFillALine) { expect_copies_at_every_load<std::array<std::uint64_t, 2>>(); }
TEST(TableCopy, OfSlotsLongerThanALine) { expect_copies_at_every_load<std::array<std::uint8_t, 100>>(); }
TEST(TableCopy, OfElementsThatAreNotBytes) { expect_copies_at_every_load<std::string>(); }

TEST(TableCopy, OfASetOfBytes) {
  perturb::HashSet<std::uint8_t> set;
  for (int i = 0; i < 256; ++i) {
    set.insert(static_cast<std::uint8_t>(i));
    const auto copy = set;
    ASSERT_EQ(copy, set);
  }
}

}  // namespace
