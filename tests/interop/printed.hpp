// SPDX-License-Identifier: MIT
// Values, and the text that std::ostream, {fmt} and std::format make of them.
#pragma once

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/profiles/server.hpp>
#include <perturb/ring_members.hpp>
#include <perturb/ring_types.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace printed {

/// Calls `check(value, text)` for each.
template <class Check>
void each(Check check) {
  using perturb::HashSet;
  using perturb::HashTable;
  using perturb::OrderedHashSet;
  using perturb::OrderedHashTable;
  using perturb::RingMember;

  check(HashTable<int, double>(), "{}");
  check(OrderedHashTable<std::string, double>{{"b", 0.5}, {"a", 2}}, R"({"b": 0.5, "a": 2})");
  check(HashSet<std::string>{"tab\t line\n quote\" back\\ it's"}, R"({"tab\t line\n quote\" back\\ it's"})");
  check(OrderedHashSet<char>{'x', '\''}, R"({'x', '\''})");
  HashTable<std::uint8_t, std::vector<bool>> bits;
  bits[65] = {true, false};
  check(bits, "{65: [true, false]}");
  HashTable<int, HashTable<int, double>> nested;
  nested[1];
  check(nested, "{1: {}}");
  HashSet<std::pair<int, std::string>> pairs;
  pairs.emplace(1, "x");
  check(pairs, R"({(1, "x")})");

  check(perturb::HashValue(0xFEED), "0x000000000000feed");
  check(perturb::Token128{1, 2}, "0x00000000000000010000000000000002");
  check(perturb::NodeState::up, "up");
  check(perturb::NodeState::draining, "draining");
  check(perturb::NodeState::down, "down");
  check(perturb::Arc<std::uint32_t>{1, 0xFF}, "(0x00000001, 0x000000ff]");
  check(RingMember<std::string>("beta", 2.5), R"("beta": 2.5)");
  check(RingMember<std::string>("beta", 2, perturb::NodeState::down), R"("beta": 2 down)");
  const std::string node = "alpha";
  check(perturb::RingPoint<std::string, std::uint64_t>{16, node}, R"(0x0000000000000010: "alpha")");
  check(perturb::ArcEnd<std::string, perturb::Token128>{{0, 16}, node},
        R"(0x00000000000000000000000000000010: "alpha")");
  check(perturb::profiles::Server{.host = "cache", .port = 11211}, "cache:11211");
  check(perturb::profiles::Server{.host = "/run/cache.sock"}, "/run/cache.sock");
}

}  // namespace printed
