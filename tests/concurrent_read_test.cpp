// SPDX-License-Identifier: MIT
/// @file Const members called from many threads at once: they do not write. ThreadSanitizer (the preset tsan) reports a
/// write; without it the test compares results.
#include <perturb/hash_ring.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr int kThreads = 4;

// Runs `read` in several threads at once; each must return `expected`.
void expect_in_all_threads(std::uint64_t expected, const std::function<std::uint64_t()>& read) {
  std::vector<std::uint64_t> results(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::uint64_t& result : results) threads.emplace_back([&] { result = read(); });
  for (std::thread& thread : threads) thread.join();
  for (const std::uint64_t result : results) EXPECT_EQ(result, expected);
}

// Large enough for the batched code path, with tombstones and empty groups at the start.
class ConcurrentRead : public testing::Test {
 protected:
  ConcurrentRead() {
    for (std::uint64_t key = 0; key < kSize; ++key) table_.try_emplace(key, key);
    for (std::uint64_t key = 0; key < kSize; key += 3) table_.erase(table_.find(key));
    for (const auto& [key, value] : table_) sum_ += value;
  }

  static constexpr std::uint64_t kSize = 300'000;
  perturb::HashTable<std::uint64_t, std::uint64_t> table_;
  std::uint64_t sum_ = 0;
};

TEST_F(ConcurrentRead, Find) {
  expect_in_all_threads(sum_, [&table = std::as_const(table_)] {
    std::uint64_t sum = 0;
    for (std::uint64_t key = 0; key < kSize; ++key) sum += table.get_or(key, 0);
    return sum;
  });
}

TEST_F(ConcurrentRead, FindBatch) {
  std::vector<std::uint64_t> keys;
  for (std::uint64_t key = 0; key < kSize; ++key) keys.push_back(key);
  expect_in_all_threads(sum_, [&table = std::as_const(table_), &keys] {
    std::vector<const std::uint64_t*> values(keys.size());
    table.find_batch(keys, values);
    std::uint64_t sum = 0;
    for (const std::uint64_t* value : values) sum += value == nullptr ? 0 : *value;
    return sum;
  });
}

TEST_F(ConcurrentRead, IterateCopyAndCompare) {
  expect_in_all_threads(2 * sum_ + 1, [&table = std::as_const(table_)] {
    std::uint64_t sum = 0;
    for (const auto& [key, value] : table) sum += value;
    const auto copy = table;
    for (const std::uint64_t value : copy.values()) sum += value;
    return sum + (copy == table ? 1U : 0U);
  });
}

TEST_F(ConcurrentRead, States) {
  const auto states = [&table = std::as_const(table_)]() -> std::uint64_t {
    return table.size() + table.bucket_count() + table.tombstone_count() + table.memory_bytes() +
           table.stats().longest_probe + static_cast<std::uint64_t>(std::distance(table.begin(), table.end()));
  };
  expect_in_all_threads(states(), states);
}

TEST(ConcurrentRingRead, OwnersAndPreferences) {
  perturb::HashRing<std::string> ring;
  for (int i = 0; i < 20; ++i) ring.add_node("node-" + std::to_string(i), 1.0 + i % 3);
  const auto read = [&ring = std::as_const(ring)] {
    std::uint64_t sum = 0;
    for (int key = 0; key < 2000; ++key) {
      const std::string name = "key-" + std::to_string(key);
      sum += ring.owner(name).size();
      for (const std::string* node : ring.preference_list(name, 3)) sum += node->size();
    }
    return sum;
  };
  expect_in_all_threads(read(), read);
}

}  // namespace
