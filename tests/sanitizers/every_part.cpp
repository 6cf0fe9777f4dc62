// SPDX-License-Identifier: MIT
/// @file A program that uses every part of the library, for sanitizers that want all code to be compiled for them, the
/// standard library's too: no streams, no GoogleTest. It compares what it gets, so that a value that
/// was never written decides a branch. Its argument is a file that it may write.
#include <perturb/perturb.hpp>
#include <perturb/profiles.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

void expect(bool is_true) {
  if (!is_true) std::abort();
}

std::string key_of(std::uint64_t i) {
  std::string key = "a key that is longer than what strings keep inside ";
  if (i % 2 == 0) key.clear();
  for (; i != 0; i /= 10) key.push_back(static_cast<char>('0' + i % 10));
  return key;
}
std::string text(std::uint64_t i) { return key_of(i); }
std::uint64_t number(std::uint64_t i) { return i * 0x9E3779B97F4A7C15u; }

template <class Table, class MakeKey>
void use_table(MakeKey make_key) {
  Table table;
  std::uint64_t sum = 0;
  for (const std::uint64_t count : {std::uint64_t{5}, std::uint64_t{40}, std::uint64_t{3000}}) {
    for (std::uint64_t i = 0; i < count; ++i) table.try_emplace(make_key(i), i);
    for (std::uint64_t i = 0; i < count; i += 3) expect(table.erase(make_key(i)) == 1);
    for (std::uint64_t i = 0; i < count; ++i) expect(table.contains(make_key(i)) == (i % 3 != 0));
    for (const auto& [key, value] : table) sum += value;
    Table copy = table;
    expect(copy == table);
    copy.reserve(2 * copy.size());
    copy.rehash(0);
    for (auto it = copy.begin(); it != copy.end();) it = copy.erase(it);
    expect(copy.empty() && copy.begin() == copy.end());
    Table moved = std::move(table);
    table = moved;
    swap(moved, copy);
    copy.clear();
  }
  expect(sum != 0 && table.stats().size == table.size());
  std::vector<typename Table::key_type> keys;
  for (std::uint64_t i = 0; i < 100; ++i) keys.push_back(make_key(i));
  std::vector<std::uint64_t*> found(keys.size());
  table.find_batch(std::span<const typename Table::key_type>(keys), std::span<std::uint64_t*>(found));
  for (std::size_t i = 0; i < keys.size(); ++i) expect((found[i] == nullptr) == (i % 3 == 0));
  while (!table.empty()) table.erase(table.begin());
}

/// What is about the order.
void use_order() {
  perturb::OrderedHashTable<std::string, std::uint64_t> table;
  for (std::uint64_t i = 0; i < 200; ++i) table.try_emplace(text(i), i);
  for (std::uint64_t i = 0; i < 200; i += 3) table.erase(text(i));
  expect(table.move_to_end(text(1)) && table.move_to_end(text(199), false));
  expect(table.front().second == 199 && table.back().second == 1 && table.nth(1)->second == 2);
  table.sort([](const auto& a, const auto& b) { return a.second < b.second; });
  expect(table.pop_front()->second == 1 && table.pop_back()->second == 199);
  table.shrink_to_fit();
  const auto entries = table.entries();
  std::uint64_t before = 0;
  for (const auto& [key, value] : entries) {
    expect(before < value && table.at(key) == value);
    before = value;
  }
  perturb::OrderedHashSet<std::uint64_t> set;
  for (std::uint64_t i = 0; i < 40; ++i) set.insert(number(i));
  expect(*set.begin() == number(0) && set.contains(number(39)));
}

/// Written, and read again by the next.
void use_journal(const std::string& path) {
  std::remove(path.c_str());
  const std::vector<std::byte> record(20, std::byte{7});
  for (std::size_t runs = 1; runs <= 3; ++runs) {
    perturb::FileJournal journal(path);
    journal.append(record);
    expect(journal.records().size() == runs && journal.records().back() == record);
  }
  std::remove(path.c_str());
}

template <class Ring>
void use_ring(Ring ring) {
  for (std::uint64_t i = 1; i < 12; ++i) ring.add_node(text(i), i % 4 == 0 ? 2.5 : 1.0);
  const Ring before = ring;
  ring.remove_node(text(3));
  ring.set_weight(text(4), 0.5);
  ring.set_state(text(5), perturb::NodeState::down);
  std::size_t moved = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto list = ring.preference_list(text(i), 3);
    expect(list.size() == 3 && *list[0] == ring.owner(text(i)));
    if (ring.owner(text(i)) != before.owner(text(i))) ++moved;
  }
  expect(moved > 0);
  const Ring read = Ring::deserialize(ring.serialize());
  expect(read.fingerprint() == ring.fingerprint());
  using Plan = decltype(perturb::diff(before, ring, 2));
  const Plan plan = perturb::diff(before, ring, 2);
  expect(Plan::deserialize(plan.serialize()).serialize() == plan.serialize());
}

void use_the_rest() {
  perturb::HashSet<std::string> set;
  for (std::uint64_t i = 0; i < 500; ++i) set.insert(text(i));
  expect(perturb::erase_if(set, [](const std::string& word) { return word.size() % 2 == 0; }) > 0);
  perturb::HashSet<double> doubles = {0.5, -0.0, 1e300};
  expect(doubles.contains(0.0) && !doubles.contains(2));

  perturb::ShardedTable<std::string, std::uint64_t, std::string> sharded;
  for (std::uint64_t i = 1; i < 5; ++i) sharded.add_node(text(i));
  for (std::uint64_t i = 0; i < 500; ++i) sharded.set(text(i), i);
  expect(sharded.add_node("late").moved > 0 && sharded.remove_node(text(2)).moved > 0 && sharded.size() == 500);

  perturb::HashRing<std::string> ring = {"a", "b", "c"};
  perturb::SharedRing<perturb::HashRing<std::string>> shared(ring);
  shared.store({"a", "b"});
  perturb::BoundedAssigner<std::string> assigner(ring);
  for (std::uint64_t i = 0; i < 100; ++i) expect(!assigner.assign(text(i)).empty());

  perturb::profiles::KetamaRing ketama;
  perturb::profiles::MaglevRing maglev{perturb::profiles::MaglevOptions{}};
  for (const char* host : {"10.0.0.1", "10.0.0.2"}) {
    ketama.add_server({.host = host, .port = 11211});
    maglev.add_server({.host = host, .port = 11211});
  }
  expect(ketama.ring().find_owner("key") != nullptr && maglev.ring().find_owner("key") != nullptr);
}

}  // namespace

int main(int count, char** arguments) {
  use_table<perturb::HashTable<std::uint64_t, std::uint64_t>>(number);
  use_table<perturb::HashTable<std::string, std::uint64_t>>(text);
  use_table<perturb::HashTable<std::uint64_t, std::uint64_t, perturb::IdentityHash>>(number);
  use_table<perturb::OrderedHashTable<std::string, std::uint64_t>>(text);
  use_order();
  expect(count == 2);
  use_journal(arguments[1]);
  use_ring(perturb::HashRing<std::string>());
  use_ring(perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<64>>());
  use_the_rest();
}
