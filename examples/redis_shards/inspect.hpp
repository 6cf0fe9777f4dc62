// SPDX-License-Identifier: MIT
/// @file Looking at the shards: what is where, and whether everything is where it belongs.
#pragma once

#include "progress.hpp"
#include "shards.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace shards {

inline void show_status(Shards& shards, bool as_json) {
  shards.agree();
  const RingState& state = shards.state();
  nlohmann::json rows = nlohmann::json::array();
  std::uint64_t all = 0;
  for (const std::string& name : state.servers()) {
    Server& server = shards.server(name);
    const std::uint64_t keys = server.key_count();
    all += keys;
    rows.push_back({{"server", name},
                    {"keys", keys},
                    {"memory", server.connection().info("memory", "used_memory_human")},
                    {"share", state.ring().share(name)},
                    {"next_share", state.is_moving() ? state.next_ring().share(name) : state.ring().share(name)}});
  }
  if (as_json) {
    std::cout << nlohmann::json{{"epoch", state.epoch()}, {"moving", state.is_moving()}, {"servers", rows}}.dump(2)
              << '\n';
    return;
  }
  std::printf("%-28s %10s %10s %12s %12s\n", "server", "keys", "memory", "of the keys", "of the ring");
  for (const auto& row : rows) {
    const double part = all == 0 ? 0 : row["keys"].get<double>() / static_cast<double>(all);
    std::printf("%-28s %10llu %10s %10.1f %% %10.1f %%\n", row["server"].get<std::string>().c_str(),
                row["keys"].get<unsigned long long>(), row["memory"].get<std::string>().c_str(), 100 * part,
                100 * row["share"].get<double>());
  }
  if (!state.is_moving()) return;
  std::size_t passed = 0;
  for (const Range& range : state.ranges()) passed += shards.server(range.from()).has_released(range) ? 1U : 0U;
  std::printf("Keys are moving%s: %zu of %zu ranges have passed; say resume if no run is at it.\n",
              state.is_undo() ? " back" : "", passed, state.ranges().size());
}

/// A key as a word of one line.
inline std::string shown(const std::string& key) {
  std::string text;
  for (const char c : key) {
    const bool is_special = c == '\n' || c == '\r' || c == '\t' || c == '\\';
    if (is_special) text += '\\';
    text += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
  }
  return text;
}

/// Reads all keys of all servers. @returns whether each is on its owner, and on no other server; and, with `same_as`,
/// as in the list that an earlier call wrote to `list`: key, type, number of elements, digest, expiry.
inline bool verify(Shards& shards, const std::string& list, const std::string& same_as) {
  shards.agree();
  const RingState state = shards.state();
  const bool needs_digests = !list.empty() || !same_as.empty();
  std::map<std::string, std::string> found;
  std::size_t keys = 0;
  std::size_t faults = 0;
  const auto complain = [&](const std::string& what) {
    if (++faults <= 10) std::cout << what << '\n';
  };
  Progress bar("verifying");
  std::size_t servers_done = 0;
  for (const std::string& name : state.servers()) {
    Server& server = shards.server(name);
    std::string cursor;
    std::map<std::string, bool> seen;  // a scan may give a key twice
    do {
      std::vector<std::string> part = server.scan_keys(cursor, 1000);
      part.erase(std::remove_if(part.begin(), part.end(),
                                [&](const std::string& key) { return !seen.try_emplace(key, true).second; }),
                 part.end());
      const std::vector<std::string> digests = needs_digests ? server.digests(part) : std::vector<std::string>();
      for (std::size_t i = 0; i < part.size(); ++i) {
        const std::uint64_t token = state.ring().token(part[i]);
        const Range* const range = state.ranges().find(token);
        const std::string owner = range == nullptr ? *state.ring().owner_of_token(token) : shards.owner(part[i]);
        // While a key moves, its next owner may have it already, and its last owner still.
        const bool may_be_here = owner == name || (range != nullptr && (range->from() == name || range->to() == name));
        if (!may_be_here) complain(shown(part[i]) + " is on " + name + " and belongs to " + owner);
        if (owner != name) continue;
        ++keys;
        if (needs_digests) found[shown(part[i])] = digests[i];
      }
      bar.show((static_cast<double>(servers_done)) / static_cast<double>(state.servers().size()),
               std::to_string(keys) + " keys");
    } while (!cursor.empty());
    ++servers_done;
  }
  if (!list.empty()) {
    std::ofstream out(list);
    for (const auto& [key, digest] : found) out << key << '\t' << digest << '\n';
    out.flush();
    if (!out) throw Trouble(list + " cannot be written");
  }
  if (!same_as.empty()) {
    std::ifstream in(same_as);
    if (!in) throw Trouble(same_as + " cannot be read");
    std::map<std::string, std::string> expected;
    for (std::string line; std::getline(in, line);) {
      const std::size_t tab = line.rfind('\t');
      if (tab == std::string::npos) throw Trouble(same_as + " is no list that verify --list wrote");
      expected[line.substr(0, tab)] = line.substr(tab + 1);
    }
    for (const auto& [key, digest] : expected) {
      const auto it = found.find(key);
      if (it == found.end()) complain(key + " is lost");
      if (it != found.end() && it->second != digest) complain(key + " was " + digest + " and is " + it->second);
    }
    for (const auto& [key, digest] : found) {
      if (expected.count(key) == 0) complain(key + " was not there");
    }
  }
  std::cout << keys << " keys on " << state.servers().size() << " servers; "
            << (faults == 0 ? "each is on its owner, and only there." : std::to_string(faults) + " faults.") << '\n';
  if (state.is_moving())
    std::cout << "Keys are moving: those of " << state.ranges().size() << " ranges may be on two.\n";
  return faults == 0;
}

}  // namespace shards
