// SPDX-License-Identifier: MIT
// Entries and changes of nodes of ShardedTable. Some run out of memory, and some callbacks, copies and hashes throw: no
// entry may be lost or doubled, and each must be counted on the node that owns its key.
#include "fuzz/input.hpp"
#include "ring/test_placements.hpp"
#include "support/replaced_new.hpp"

#include <perturb/sharded_table.hpp>
#include <perturb/virtual_nodes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

void kit::before_allocation() { fuzz::Failures::point(); }

namespace {

using fuzz::expect;
using fuzz::Input;
using perturb::NodeState;

/// A value that only copies, and fails when told to.
struct Copied {
  std::string text;

  explicit Copied(std::string its_text) : text(std::move(its_text)) {}
  Copied(const Copied& other) : text((fuzz::Failures::point(), other.text)) {}
  Copied& operator=(const Copied&) = default;
};

/// Fails when told to.
struct FailingHash {
  std::uint32_t operator()(std::string_view key) const {
    fuzz::Failures::point();
    return kit::Fnv32()(key);
  }
};

template <class T, class Placement>
class ShardedMachine {
  using Table = perturb::ShardedTable<std::string, T, std::string, FailingHash, Placement>;
  using Ring = typename Table::ring_type;
  using Reference = std::map<std::string, std::string>;

 public:
  explicit ShardedMachine(Input& input) : input_(input) {}

  void run() {
    for (unsigned steps = 0; input_.is_left() && steps < 150; ++steps) {
      step();
      expect(table_.size() == reference_.size(), "the sizes are equal");
      if (input_.byte() % 16 == 0) expect_whole();
    }
    expect_whole();
  }

 private:
  std::string node() { return "node-" + std::to_string(input_.below(8)); }
  std::string key(unsigned n) { return (n % 2 == 0 ? "" : "a key too long for a small string ") + std::to_string(n); }
  std::string key() { return key(input_.below(900u)); }
  T value() { return T("a value too long for a small string " + std::to_string(input_.byte())); }
  static const std::string& text(const T& value) {
    if constexpr (std::is_same_v<T, Copied>) {
      return value.text;
    } else {
      return value;
    }
  }

  void expect_whole() {
    std::map<std::string, std::size_t> on_node;
    std::size_t visited = 0;
    for (const auto& [k, v] : table_) {
      ++visited;
      const auto known = reference_.find(k);
      expect(known != reference_.end() && known->second == text(v), "an entry is that of the reference");
      const auto* const found = table_.get(k);
      expect(found == &v, "an entry is found by its key");
      ++on_node[table_.owner(k)];
    }
    expect(visited == reference_.size(), "each entry is visited once");
    for (const auto& n : table_.ring().nodes()) {
      expect(table_.node_size(n) == on_node[n], "a node counts its entries");
      std::size_t count = 0;
      table_.for_each_on(n, [&](const std::string& k, const T&) {
        expect(table_.owner(k) == n, "an entry on a node is owned by it");
        ++count;
      });
      expect(count == on_node[n], "each entry on a node is visited");
    }
  }

  void step() {
    switch (input_.below(12)) {
      case 0:
      case 1:
        return set();
      case 2:
      case 3:
        return set_many();
      case 4: {
        const std::string k = key();
        std::optional<bool> erased;
        fuzz::attempt(input_, [&] { erased = table_.erase(k); });
        if (erased) expect(*erased == (reference_.erase(k) == 1), "erase() knows whether there was an entry");
        return;
      }
      case 5:
        return erase_many();
      case 6: {
        const std::string k = key();
        std::optional<T> popped;
        if (!fuzz::attempt(input_, [&] {
              if (auto taken = table_.pop(k)) popped.emplace(*taken);
            })) {
          return resynchronize(k);
        }
        const auto known = reference_.find(k);
        expect(popped.has_value() == (known != reference_.end()), "pop() knows whether there was an entry");
        if (popped) {
          expect(text(*popped) == known->second, "pop() gives the value");
          reference_.erase(known);
        }
        return;
      }
      case 7: {
        const std::size_t count = input_.below<std::size_t>(5000);
        fuzz::attempt(input_, [&] { table_.reserve(count); });
        return;
      }
      case 8:
        return copy();
      default:
        return change_nodes();
    }
  }
  // A copy of what pop() gives may have failed after the entry had left: of that key, the table is right.
  void resynchronize(const std::string& k) {
    if (!table_.contains(k)) reference_.erase(k);
  }

  void set() {
    const std::string k = key();
    const T v = value();
    const bool was_there = reference_.contains(k);
    try {
      std::optional<bool> is_new;
      const bool assigns = input_.flag();
      fuzz::attempt(input_, [&] { is_new = assigns ? table_.set(k, v) : table_.try_emplace(k, v).second; });
      if (!is_new) {
        expect(table_.contains(k) == was_there, "an insertion that fails inserts nothing");
        return;
      }
      expect(*is_new != was_there, "set() knows whether an entry is new");
      if (*is_new || assigns) reference_[k] = text(v);
    } catch (const perturb::EmptyRing&) {
      fuzz::Failures::arm(0);
      expect(table_.ring().points().empty(), "only a ring without points refuses entries");
    }
  }
  void set_many() {
    if (table_.ring().points().empty()) return;
    const unsigned first = input_.below(900u);
    const unsigned count = input_.below(300u);
    for (unsigned n = first; n < first + count; ++n) {
      if (table_.try_emplace(key(n), T("many")).second) reference_[key(n)] = "many";
    }
  }
  void erase_many() {
    const unsigned first = input_.below(900u);
    const unsigned count = input_.below(600u);
    for (unsigned n = first; n < first + count; ++n) {
      expect(table_.erase(key(n)) == (reference_.erase(key(n)) == 1), "erase() knows whether there was an entry");
    }
  }
  void copy() {
    std::optional<Table> made;
    if (!fuzz::attempt(input_, [&] { made.emplace(std::as_const(table_)); })) return;
    expect(made->size() == table_.size(), "a copy has as many entries");
    table_ = std::move(*made);
  }

  void change_nodes() {
    Ring before = table_.ring();
    std::vector<perturb::RingMember<std::string>> list;
    for (std::size_t count = input_.below<std::size_t>(5); count > 0; --count) list.emplace_back(node(), 1.0);
    const std::string n = node();
    constexpr double kWeights[] = {1.0, 2.0, 0.25};
    const double weight = kWeights[input_.below(3)];
    const std::uint8_t how = input_.below<std::uint8_t>(6);
    const NodeState state = static_cast<NodeState>(input_.below(3));
    std::optional<perturb::MoveReport> report;
    std::size_t reported = 0;
    bool is_refused = false;
    fuzz::attempt(input_, [&] {
      try {
        if (how == 0) report = table_.add_node(n, weight);
        if (how == 1) report = table_.remove_node(n);
        if (how == 2) report = table_.set_weight(n, weight);
        if (how == 3) report = table_.set_state(n, state);
        if (how == 4) report = table_.add_nodes(list);
        if (how == 5) {
          report = table_.rebalance_to(
              list, [&](const std::string& k, T& v, const std::string& from, const std::string& to) {
                fuzz::Failures::point();
                ++reported;
                expect(before.contains(from) && from != to, "an entry moves from a node to another");
                expect(reference_.at(k) == text(v), "the entry that moves is that of the reference");
              });
        }
      } catch (const std::logic_error&) {
        is_refused = true;
      }
    });
    if (!report) {
      expect(table_.ring().points().size() == before.points().size() && table_.ring() == before,
             "a change that fails changes no node");
      if (is_refused) expect(!reference_.empty(), "only entries keep a node");
      return expect_whole();
    }
    if (how == 5) expect(reported == report->moved, "each entry that moves is reported once");
    std::size_t moved = 0;
    for (const auto& [k, v] : reference_) moved += before.owner(k) != table_.owner(k) ? 1 : 0;
    expect(moved == report->moved, "the report counts the entries that move");
  }

  Input& input_;
  Table table_;
  Reference reference_;
};

template <class T, class Placement>
void run(Input& input) {
  ShardedMachine<T, Placement>(input).run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  switch (input.below(3)) {
    case 0:
      run<std::string, perturb::VirtualNodes<6>>(input);
      break;
    case 1:
      run<Copied, kit::Narrow<perturb::BoundRule::nearest, perturb::TieRule::keep_last>>(input);
      break;
    default:
      run<Copied, kit::RelativeWeightsOf<3>>(input);
  }
  return 0;
}
