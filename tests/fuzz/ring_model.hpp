// SPDX-License-Identifier: MIT
/// @file A ring by its definition: a list of members, all points placed and sorted again at each change, owners found
/// by a scan. What fuzz targets compare rings with.
#pragma once

#include "fuzz/input.hpp"
#include "ring/test_placements.hpp"

#include <perturb/hash_ring.hpp>
#include <perturb/placement.hpp>
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fuzz {

using perturb::NodeState;

struct Member {
  std::string name;
  double weight;
  NodeState state;

  friend bool operator==(const Member&, const Member&) = default;
};

/// Members in the order in which the ring numbers them.
class Members {
 public:
  explicit Members(bool by_name) : by_name_(by_name) {}

  bool add(const std::string& name, double weight, NodeState state = NodeState::up) {
    if (find(name) != nullptr) return false;
    const auto at =
        by_name_ ? std::find_if(list_.begin(), list_.end(), [&](const Member& member) { return name < member.name; })
                 : list_.end();
    list_.insert(at, Member{name, weight, state});
    return true;
  }
  bool remove(const std::string& name) {
    return std::erase_if(list_, [&](const Member& member) { return member.name == name; }) != 0;
  }
  bool set_weight(const std::string& name, double weight) {
    Member* const member = find(name);
    if (member != nullptr) member->weight = weight;
    return member != nullptr;
  }
  bool set_state(const std::string& name, NodeState state) {
    Member* const member = find(name);
    if (member != nullptr) member->state = state;
    return member != nullptr;
  }

  Member* find(const std::string& name) {
    const auto it = std::find_if(list_.begin(), list_.end(), [&](const Member& member) { return member.name == name; });
    return it == list_.end() ? nullptr : &*it;
  }
  const std::vector<Member>& list() const { return list_; }
  bool any_up() const {
    return std::any_of(list_.begin(), list_.end(), [](const Member& member) { return member.state == NodeState::up; });
  }
  friend bool operator==(const Members& a, const Members& b) { return a.list_ == b.list_; }

 private:
  bool by_name_;
  std::vector<Member> list_;
};

/// The points of the members that are up, in ring order: of each its token and the number of its member.
template <class Ring>
auto points_by_definition(const Members& members, const typename Ring::placement_type& placement) {
  using Placement = typename Ring::placement_type;
  using Token = typename Ring::token_type;
  std::vector<std::string> nodes;
  std::vector<double> weights;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < members.list().size(); ++i) {
    const Member& member = members.list()[i];
    if (member.state != NodeState::up) continue;
    nodes.push_back(member.name);
    weights.push_back(member.weight);
    numbers.push_back(i);
  }
  std::vector<std::pair<Token, std::size_t>> points;
  if constexpr (requires { placement.place_all(std::span<const std::string>(), weights, [](std::size_t, Token) {}); }) {
    if (!nodes.empty()) {
      placement.place_all(std::span<const std::string>(nodes), std::span<const double>(weights),
                          [&](std::size_t node, Token token) { points.emplace_back(token, numbers[node]); });
    }
  } else if constexpr (requires { placement.point_ranges(std::span<const std::string>(), weights); }) {
    if (!nodes.empty()) {
      const auto ranges = placement.point_ranges(std::span<const std::string>(nodes), weights);
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        placement.place_range(nodes[i], ranges[i], [&](Token token) { points.emplace_back(token, numbers[i]); });
      }
    }
  } else {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      placement.place(nodes[i], weights[i], [&](Token token) { points.emplace_back(token, numbers[i]); });
    }
  }
  // Members are in the order of the tie rule.
  std::sort(points.begin(), points.end());
  const auto same_token = [](const auto& a, const auto& b) { return a.first == b.first; };
  if constexpr (Placement::kTies == perturb::TieRule::keep_first) {
    points.erase(std::unique(points.begin(), points.end(), same_token), points.end());
  } else if constexpr (Placement::kTies == perturb::TieRule::keep_last) {
    std::reverse(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end(), same_token), points.end());
    std::reverse(points.begin(), points.end());
  }
  return points;
}

}  // namespace fuzz
