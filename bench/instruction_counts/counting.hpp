// SPDX-License-Identifier: MIT
/// @file The keys of the counted operations, and the counting. All is local to each source that includes it: then the
/// compiler inlines as in a program of that source alone, and what another source calls does not change its figures.
#pragma once

#include <valgrind/callgrind.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void make_key(std::uint64_t i, std::uint64_t& key) { key = scramble(i + 1); }

// 8 to 40 characters.
[[maybe_unused]] void make_key(std::uint64_t i, std::string& key) {
  key.assign(8 + scramble(i + 1) % 33, 'x');
  for (std::size_t at = 0; at < 8; ++at) key[at] = static_cast<char>('a' + (i >> (4 * at) & 15));
}

template <class Key>
std::vector<Key> make_keys(std::size_t first, std::size_t count) {
  std::vector<Key> keys(count);
  for (std::size_t i = 0; i < count; ++i) make_key(first + i, keys[i]);
  return keys;
}

void require(bool condition, std::string_view what) {
  if (condition) return;
  std::fprintf(stderr, "instruction_counts: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(EXIT_FAILURE);
}

// Counts the instructions of `operation` alone, under this name.
template <class Operation>
void count(const std::string& name, Operation operation) {
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  operation();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(name.c_str());
}

}  // namespace
