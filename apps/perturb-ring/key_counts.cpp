// SPDX-License-Identifier: MIT
#include "key_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "progress.hpp"

namespace ring_tool {

KeyCounts count_keys(const Ring& ring, KeySource& keys) {
  KeyCounts counts;
  counts.of_server.resize(ring.spec().servers.size());
  std::vector<std::uint32_t> owners;
  Progress progress("counting keys", keys.whole());
  for (;;) {
    const auto& batch = keys.next();
    if (batch.empty()) return counts;
    owners.resize(batch.size());
    ring.find_owners(batch, owners);
    for (const std::uint32_t owner : owners) ++(owner == kNoServer ? counts.without_server : counts.of_server[owner]);
    counts.all += batch.size();
    progress.show(keys.done());
  }
}

KeyMoves compare_keys(const Ring& before, const Ring& after, KeySource& keys, const OnMove& on_move) {
  // Servers as numbers that both rings share; the last one is none.
  std::vector<std::string> labels;
  std::unordered_map<std::string, std::size_t> numbers;
  const auto numbers_of = [&](const Ring& ring) {
    std::vector<std::size_t> result;
    for (const ServerSpec& server : ring.spec().servers) {
      const auto [it, is_new] = numbers.emplace(server.label(), labels.size());
      if (is_new) labels.push_back(server.label());
      result.push_back(it->second);
    }
    return result;
  };
  const std::vector<std::size_t> old_numbers = numbers_of(before);
  const std::vector<std::size_t> new_numbers = numbers_of(after);
  const std::size_t none = labels.size();
  labels.emplace_back();

  KeyMoves moves;
  std::unordered_map<std::uint64_t, std::uint64_t> counts;  // by two numbers
  std::vector<std::uint32_t> old_owners;
  std::vector<std::uint32_t> new_owners;
  Progress progress("comparing owners", keys.whole());
  for (;;) {
    const auto& batch = keys.next();
    if (batch.empty()) break;
    old_owners.resize(batch.size());
    new_owners.resize(batch.size());
    before.find_owners(batch, old_owners);
    after.find_owners(batch, new_owners);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::size_t from = old_owners[i] == kNoServer ? none : old_numbers[old_owners[i]];
      const std::size_t to = new_owners[i] == kNoServer ? none : new_numbers[new_owners[i]];
      if (from == to) continue;
      ++moves.moved;
      ++counts[static_cast<std::uint64_t>(from) << 32 | to];
      if (on_move) on_move(batch[i], labels[from], labels[to]);
    }
    moves.all += batch.size();
    progress.show(keys.done());
  }
  for (const auto& [pair, count] : counts) {
    moves.pairs[{labels[static_cast<std::size_t>(pair >> 32)], labels[static_cast<std::size_t>(pair & 0xFFFFFFFF)]}] =
        count;
  }
  return moves;
}

}  // namespace ring_tool
