// SPDX-License-Identifier: MIT
// Changes of HashRing, with placements of every kind, bound rule and tie rule; some changes run out of memory. The ring
// is compared with its definition (ring_model.hpp), and plans and snapshots with the rings that they are made of.
#include "fuzz/input.hpp"
#include "fuzz/ring_model.hpp"
#include "support/replaced_new.hpp"

#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/virtual_nodes.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

void kit::before_allocation() { fuzz::Failures::point(); }

namespace {

using fuzz::expect;
using fuzz::Input;
using fuzz::Members;
using perturb::NodeState;

template <class Placement>
class RingMachine {
  using Ring = perturb::HashRing<std::string, kit::Fnv32, Placement>;
  using Token = typename Ring::token_type;
  using Change = perturb::RingChange<std::string>;
  static constexpr bool kRemembers = requires { &Placement::template place_among<std::string, void (*)(int, Token)>; };

 public:
  explicit RingMachine(Input& input, Placement placement = Placement())
      : input_(input), ring_(kit::Fnv32(), placement), members_(Placement::kTies == perturb::TieRule::identity) {}

  void run() {
    for (unsigned steps = 0; input_.is_left() && steps < 20; ++steps) {
      const Ring before = ring_;
      change();
      expect_members();
      expect_owners();
      if (input_.byte() % 4 == 0) expect_plan(before);
      if (input_.byte() % 8 == 0) expect_snapshot();
      if (input_.byte() % 8 == 0) expect_inspection();
    }
  }

 private:
  std::string name() { return "node-" + std::to_string(input_.below(12)); }
  std::string key() { return std::to_string(input_.ConsumeIntegral<std::uint16_t>()); }
  double weight() {
    constexpr double kWeights[] = {1.0, 1.0, 2.0, 0.5, 3.25, 0.01};
    return kWeights[input_.below(std::size(kWeights))];
  }
  NodeState state() { return static_cast<NodeState>(input_.below(3)); }

  // Makes a change of the ring, and the same of the members if it came through. Both say what they did.
  template <class OfRing, class OfMembers>
  void make(OfRing of_ring, OfMembers of_members) {
    const Ring before = ring_;
    std::optional<std::size_t> made;
    if (!fuzz::attempt(input_, [&] { made = of_ring(ring_); })) {
      expect(ring_ == before, "a change that fails changes nothing");
      return;
    }
    const std::size_t wanted = of_members(members_);
    expect(made == wanted, "a change says what it did");
  }

  void change() {
    switch (input_.below(10)) {
      case 0:
      case 1: {
        const std::string n = name();
        const double w = weight();
        return make([&](Ring& r) { return r.add_node(n, w); }, [&](Members& m) { return m.add(n, w); });
      }
      case 2: {
        const std::string n = name();
        return make([&](Ring& r) { return r.remove_node(n); }, [&](Members& m) { return m.remove(n); });
      }
      case 3: {
        const std::string n = name();
        const double w = weight();
        return make([&](Ring& r) { return r.set_weight(n, w); }, [&](Members& m) { return m.set_weight(n, w); });
      }
      case 4: {
        const std::string n = name();
        const NodeState s = state();
        return make([&](Ring& r) { return r.set_state(n, s); }, [&](Members& m) { return m.set_state(n, s); });
      }
      case 5:
        return add_nodes();
      case 6:
        return assign();
      case 7:
        return apply();
      case 8: {
        std::vector<std::string> names;
        for (std::size_t count = input_.below<std::size_t>(6); count > 0; --count) names.push_back(name());
        return make([&](Ring& r) { return r.remove_nodes(names); },
                    [&](Members& m) {
                      std::size_t removed = 0;
                      for (const auto& n : names) removed += m.remove(n) ? 1 : 0;
                      return removed;
                    });
      }
      default: {
        const std::string n = name();
        return make([&](Ring& r) { return r.replace_node(n); }, [&](Members& m) { return m.find(n) != nullptr; });
      }
    }
  }
  std::vector<perturb::RingMember<std::string>> some_members() {
    std::vector<perturb::RingMember<std::string>> list;
    for (std::size_t count = input_.below<std::size_t>(8); count > 0; --count) {
      list.emplace_back(name(), weight(), input_.flag() ? std::optional(state()) : std::nullopt);
    }
    return list;
  }
  void add_nodes() {
    const auto list = some_members();
    make([&](Ring& r) { return r.add_nodes(list); },
         [&](Members& m) {
           std::size_t added = 0;
           for (const auto& one : list) added += m.add(one.node, one.weight, one.state.value_or(NodeState::up)) ? 1 : 0;
           return added;
         });
  }
  void assign() {
    const auto list = some_members();
    make([&](Ring& r) { return r.assign(list); },
         [&](Members& m) {
           bool each_once = true;
           Members next(Placement::kTies == perturb::TieRule::identity);
           for (std::size_t i = 0; i < list.size(); ++i) {
             const auto first = std::find_if(list.begin(), list.end(), [&](auto& o) { return o.node == list[i].node; });
             if (first != list.begin() + static_cast<std::ptrdiff_t>(i)) {
               each_once = false;
             } else {
               const fuzz::Member* const known = m.find(list[i].node);
               next.add(list[i].node, list[i].weight,
                        list[i].state.value_or(known == nullptr ? NodeState::up : known->state));
             }
           }
           m = next;
           return each_once;
         });
  }
  void apply() {
    std::vector<Change> changes;
    Members next = members_;
    std::size_t made = 0;
    for (std::size_t count = input_.below<std::size_t>(8); count > 0; --count) {
      const std::string n = name();
      switch (input_.below(4)) {
        case 0: {
          const double w = weight();
          changes.push_back(Change::add_node(n, w));
          made += next.add(n, w) ? 1 : 0;
          break;
        }
        case 1:
          changes.push_back(Change::remove_node(n));
          made += next.remove(n) ? 1 : 0;
          break;
        case 2: {
          const double w = weight();
          changes.push_back(Change::set_weight(n, w));
          made += next.set_weight(n, w) ? 1 : 0;
          break;
        }
        default: {
          const NodeState s = state();
          changes.push_back(Change::set_state(n, s));
          made += next.set_state(n, s) ? 1 : 0;
        }
      }
    }
    make([&](Ring& r) { return r.apply(changes); },
         [&](Members& m) {
           m = next;
           return made;
         });
  }

  void expect_members() {
    expect(ring_.size() == members_.list().size(), "the ring has as many nodes as members were added");
    for (std::size_t i = 0; i < ring_.size(); ++i) {
      const fuzz::Member& member = members_.list()[i];
      expect(ring_.nodes()[i] == member.name, "the nodes are in order");
      expect(ring_.weight(member.name) == member.weight, "a node has its weight");
      expect(ring_.state(member.name) == member.state, "a node has its state");
    }
    points_.clear();
    if constexpr (kRemembers) {
      for (const auto point : ring_.points()) {
        points_.emplace_back(point.token, static_cast<std::size_t>(&point.node - ring_.nodes().data()));
        expect(ring_.state(point.node) == NodeState::up, "only nodes that are up have points");
      }
      expect(std::is_sorted(points_.begin(), points_.end()), "the points are sorted");
    } else {
      points_ = fuzz::points_by_definition<Ring>(members_, ring_.placement());
      expect(ring_.points().size() == points_.size(), "there are as many points as the definition says");
      for (std::size_t i = 0; i < points_.size(); ++i) {
        expect(ring_.points()[i].token == points_[i].first, "a point stands where the definition puts it");
        expect(&ring_.points()[i].node - ring_.nodes().data() == static_cast<std::ptrdiff_t>(points_[i].second),
               "a point is that of its node");
      }
    }
  }

  void count_nodes_with_points() {
    std::vector<char> has_points(ring_.size());
    for (const auto& [token, node] : points_) has_points[node] = 1;
    with_points_ = static_cast<std::size_t>(std::count(has_points.begin(), has_points.end(), 1));
  }

  const std::string* owner_by_definition(Token token) const {
    if (points_.empty()) return nullptr;
    return ring_.nodes().data() + kit::owner_by_scan(points_, token, Placement::kBound);
  }

  void expect_owners() {
    count_nodes_with_points();
    std::vector<std::string> keys;
    for (int i = 0; i < 6; ++i) keys.push_back(key());
    std::vector<const std::string*> owners(keys.size());
    ring_.find_owner_batch(keys, owners);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const std::string* const owner = owner_by_definition(ring_.token(keys[i]));
      expect(ring_.find_owner(keys[i]) == owner, "the owner is that of the definition");
      expect(owners[i] == owner, "a batch gives the same owner");
      expect_lists(keys[i], owner);
    }
    // Points, and their neighbours, are where owners change.
    for (const auto& [token, node] : points_) {
      if (input_.byte() % 64 != 1) continue;
      for (const Token near : {token, token - Token(one()), token + Token(one())}) {
        expect(ring_.owner_of_token(near) == owner_by_definition(near),
               "the owner of a token is that of the definition");
      }
    }
  }
  static Token one() {
    if constexpr (std::same_as<Token, perturb::Token128>) {
      return {0, 1};
    } else {
      return 1;
    }
  }
  void expect_lists(const std::string& k, const std::string* owner) {
    const std::size_t limit = input_.below<std::size_t>(14);
    const auto list = ring_.preference_list(k, limit);
    expect(list.size() <= std::min(limit, with_points_), "a list is not longer than asked for");
    if (Placement::kBound != perturb::BoundRule::nearest) {
      expect(list.size() == std::min(limit, with_points_), "a list is as long as asked for");
    }
    if (!list.empty()) expect(list[0] == owner, "the owner is first in the list");
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) expect(list[i] != list[j], "a node is in a list once");
    }
    const auto zones = ring_.preference_list(k, limit, [](const std::string& node) { return node.back() % 3; });
    expect(zones.size() == list.size(), "zones change the order, not the number");
    if (!zones.empty()) expect(zones[0] == owner, "the owner is first whatever its zone");
    if (input_.byte() < 16) expect_failover(k);
  }
  void expect_failover(const std::string& k) {
    const auto list = ring_.failover_list(k, 3);
    Ring rest = ring_;
    for (const std::string* node : list) {
      const std::string* const owner = rest.find_owner(k);
      expect(owner != nullptr && *owner == *node, "the failover list says who takes over");
      if constexpr (kRemembers) break;
      rest.remove_node(*node);
    }
  }

  void expect_plan(const Ring& before) {
    const std::size_t replicas = 1 + input_.below<std::size_t>(3);
    using Plan = decltype(diff(before, ring_, replicas));
    std::optional<Plan> plan;
    if (!fuzz::attempt(input_, [&] { plan = diff(before, ring_, replicas); })) return;
    for (int i = 0; i < 8; ++i) {
      const std::string k = key();
      const Token token = ring_.token(k);
      const auto old_list = before.preference_list(k, replicas);
      const auto new_list = ring_.preference_list(k, replicas);
      for (std::uint32_t rank = 0; rank < plan->replicas(); ++rank) {
        const std::string* const from = rank < old_list.size() ? old_list[rank] : nullptr;
        const std::string* const to = rank < new_list.size() ? new_list[rank] : nullptr;
        const auto move = plan->find(token, rank);
        const bool is_same = (from == nullptr) == (to == nullptr) && (from == nullptr || *from == *to);
        expect((move == plan->end()) == is_same, "a plan moves what changes its node and nothing else");
        if (is_same) continue;
        expect(move->has_from == (from != nullptr) && (from == nullptr || move->from == *from), "a move is from there");
        expect(move->has_to == (to != nullptr) && (to == nullptr || move->to == *to), "a move is to there");
      }
    }
    const double fraction = plan->fraction();
    expect(fraction >= 0 && fraction <= 1, "a fraction is one");
    expect(plan->transfers().fraction() <= fraction + 1e-9, "no more is copied than moves");
    std::vector<std::byte> image;
    if (!fuzz::attempt(input_, [&] { image = plan->serialize(); })) return;
    fuzz::attempt(input_, [&] { expect(Plan::deserialize(image) == *plan, "a plan comes back from its bytes"); });
    static_cast<void>(plan->table());
  }

  void expect_snapshot() {
    std::vector<std::byte> image;
    if (!fuzz::attempt(input_, [&] { image = ring_.serialize(); })) return;
    std::optional<Ring> again;
    if (!fuzz::attempt(input_, [&] { again = Ring::deserialize(image, kit::Fnv32(), ring_.placement()); })) return;
    expect(*again == ring_ && again->fingerprint() == ring_.fingerprint(), "a ring comes back from its bytes");
    expect(again->serialize() == image, "equal rings have equal bytes");
  }

  void expect_inspection() {
    double sum = 0;
    for (const double share : ring_.shares()) sum += share;
    expect(points_.empty() ? sum == 0 : std::abs(sum - 1) < 1e-9, "the shares are the whole");
    const auto arcs = ring_.arcs();
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      if (i > 0 && arcs[i].upto == arcs[i - 1].upto) continue;  // an empty arc
      expect(ring_.owner_of_token(arcs[i].upto) == &arcs[i].node, "the node of an arc owns its last token");
    }
    static_cast<void>(ring_.balance());
    if (!points_.empty()) static_cast<void>(ring_.explain(key()));
    const auto no_load = [](const std::string&) { return std::size_t{0}; };
    const std::string k = key();
    if (!points_.empty()) {
      const std::string* const picked = ring_.pick_bounded(k, no_load, 1.25);
      expect(picked == nullptr || ring_.contains(*picked), "pick_bounded gives a node of the ring");
    }
  }

  Input& input_;
  Ring ring_;
  Members members_;
  std::vector<std::pair<Token, std::size_t>> points_;
  std::size_t with_points_ = 0;
};

template <class Placement>
void run(Input& input, Placement placement = Placement()) {
  RingMachine<Placement>(input, placement).run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint32_t mask = input.flag() ? 0xFFFFFFFF : 0x1F;  // tokens that differ, or that are often equal
  switch (input.below(5)) {
    case 0:
      run<perturb::VirtualNodes<6>>(input);
      break;
    case 1:
      run<kit::Narrow<perturb::BoundRule::nearest, perturb::TieRule::insertion>>(input, {mask});
      break;
    case 2:
      run<kit::WholeDigest>(input);
      break;
    case 3:
      run<kit::CountedWeights>(input, {mask});
      break;
    default:
      run<perturb::BalancedTokens<8>>(input);
  }
  return 0;
}
