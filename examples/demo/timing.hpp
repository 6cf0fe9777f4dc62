// SPDX-License-Identifier: MIT
/// @file HashTable beside std::unordered_map: the time of each operation, and the memory of an entry.
#pragma once

#include "demo/report.hpp"

#include <perturb/hash_table.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace demo {

inline constexpr int kRounds = 7;

struct Timing {
  std::string operation;
  double table_ns;
  double std_ns;
};

namespace timing {

using Words = std::vector<std::string>;

/// Takes the result of the operations, so that the compiler cannot remove them.
inline volatile std::uint64_t kept;

/// Nanoseconds a word that each operation takes on a table of `words`. `absent` are words that are not in it.
template <class Table>
std::vector<double> one_round(const Words& words, const Words& shuffled, const Words& absent) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  const auto time = [&](auto operation) {
    const Clock::time_point start = Clock::now();
    operation();
    const std::chrono::duration<double, std::nano> taken = Clock::now() - start;
    times.push_back(taken.count() / static_cast<double>(words.size()));
  };
  Table table;
  std::uint64_t sum = 0;
  time([&] {
    for (const std::string& word : words) ++table[word];
  });
  const auto find_all = [&] {
    for (const std::string& word : shuffled) sum += table.find(word)->second;
  };
  find_all();  // Caches hold little of an array to which elements have just been moved.
  time(find_all);
  time([&] {
    for (const std::string& word : absent) sum += table.count(word);
  });
  time([&] {
    for (const auto& [word, count] : table) sum += count;
  });
  time([&] {
    for (const std::string& word : shuffled) sum += table.erase(word);
  });
  kept = sum;
  return times;
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + kRounds / 2, values.end());
  return values[kRounds / 2];
}

/// Counts the bytes that it allocates.
template <class T>
struct CountingAllocator {
  using value_type = T;
  std::size_t* bytes;

  explicit CountingAllocator(std::size_t& counter) : bytes(&counter) {}
  template <class U>
  CountingAllocator(const CountingAllocator<U>& other) : bytes(other.bytes) {}  // NOLINT(google-explicit-constructor)

  T* allocate(std::size_t n) {
    *bytes += n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* memory, std::size_t n) {
    *bytes -= n * sizeof(T);
    std::allocator<T>().deallocate(memory, n);
  }
  template <class U>
  bool operator==(const CountingAllocator<U>& other) const {
    return bytes == other.bytes;
  }
};

}  // namespace timing

/// From now on malloc keeps what is freed. As it is, glibc's gives the memory of large blocks back to the system, and
/// keeps that of small ones: then only a table that is one block pays for page faults in every round.
inline void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

/// Times the same operations on the same words in both tables, in turn, and takes the median of the rounds.
template <class Counts>
std::vector<Timing> time_operations(const Counts& counts) {
  const std::vector<std::string> names = {"insert", "find, present", "find, absent", "iterate", "erase"};
  timing::Words words(counts.keys().begin(), counts.keys().end());
  // In neither table's own order: a table is read faster in its own.
  std::sort(words.begin(), words.end());
  std::mt19937_64 random(1);
  std::shuffle(words.begin(), words.end(), random);
  timing::Words shuffled = words;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  timing::Words absent;
  for (const std::string& word : shuffled) {
    std::string other(word.rbegin(), word.rend());
    while (counts.contains(other)) other += '~';
    absent.push_back(std::move(other));
  }

  keep_freed_memory();
  std::vector<std::vector<double>> table_times(names.size());
  std::vector<std::vector<double>> std_times(names.size());
  Progress progress("timing", 2 * kRounds);
  const auto add = [&](std::vector<std::vector<double>>& all, const std::vector<double>& round) {
    for (std::size_t i = 0; i < names.size(); ++i) all[i].push_back(round[i]);
    progress.advance();
  };
  for (int round = 0; round < kRounds; ++round) {
    add(table_times, timing::one_round<perturb::HashTable<std::string, std::uint64_t>>(words, shuffled, absent));
    add(std_times, timing::one_round<std::unordered_map<std::string, std::uint64_t>>(words, shuffled, absent));
  }
  std::vector<Timing> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result.push_back({names[i], timing::median(table_times[i]), timing::median(std_times[i])});
  }
  return result;
}

/// The bytes that a std::unordered_map of the same entries allocates.
template <class Counts>
std::size_t std_map_bytes(const Counts& counts) {
  using Entry = typename Counts::value_type;
  std::size_t bytes = 0;
  const std::unordered_map<typename Counts::key_type, typename Counts::mapped_type,
                           std::hash<typename Counts::key_type>, std::equal_to<>, timing::CountingAllocator<Entry>>
      map(counts.begin(), counts.end(), 0, {}, {}, timing::CountingAllocator<Entry>(bytes));
  return bytes;
}

}  // namespace demo
