// SPDX-License-Identifier: MIT
/// @file RingAdapter: a HashRing, of any placement, as a Ring. What its nodes are is left to the class below it.
#pragma once

#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../ring.hpp"

namespace ring_tool {

/// What the library says, without the name of the class that says it.
[[nodiscard]] inline std::string without_class(std::string_view message) {
  if (message.starts_with("perturb::")) message.remove_prefix(message.find(": ") + 2);
  return std::string(message);
}

template <class Token>
[[nodiscard]] std::string token_text(Token token) {
  if constexpr (std::same_as<Token, perturb::Token128>) {
    return token_text(token.high) + token_text(token.low).substr(2);
  } else {
    std::string text = "0x";
    for (int shift = std::numeric_limits<Token>::digits - 4; shift >= 0; shift -= 4)
      text += "0123456789abcdef"[token >> shift & 15];
    return text;
  }
}

/// A token, or the difference of two, as a part of the ring.
template <class Token>
[[nodiscard]] double turn_of(Token token) {
  if constexpr (std::same_as<Token, perturb::Token128>) {
    return turn_of(token.high) + turn_of(token.low) / 0x1p64;
  } else {
    return static_cast<double>(token) / (static_cast<double>(std::numeric_limits<Token>::max()) + 1.0);
  }
}

template <class HashRingType>
class RingAdapter : public Ring {
 public:
  using Node = typename HashRingType::node_type;
  using Token = typename HashRingType::token_type;

  [[nodiscard]] const RingSpec& spec() const final { return spec_; }

  void find_owners(std::span<const std::string_view> keys, std::span<std::uint32_t> out) const final {
    std::array<const Node*, kBatch> owners;
    for (std::size_t done = 0; done < keys.size(); done += kBatch) {
      const auto batch = keys.subspan(done, std::min(kBatch, keys.size() - done));
      hash_ring().find_owner_batch(batch, std::span(owners).first(batch.size()));
      for (std::size_t i = 0; i < batch.size(); ++i) {
        out[done + i] = batch[i].empty() && !owns_empty_key() ? kNoServer : server_of(owners[i]);
      }
    }
  }

  [[nodiscard]] std::vector<std::uint32_t> replicas(std::string_view key, std::size_t limit) const final {
    const bool has_zones =
        std::any_of(spec_.servers.begin(), spec_.servers.end(), [](const ServerSpec& s) { return !s.zone.empty(); });
    if (!has_zones) return servers_of(hash_ring().preference_list(key, limit));
    const auto zone_of = [this](const Node& node) { return std::string_view(spec_.servers[server_of(&node)].zone); };
    return servers_of(hash_ring().preference_list(key, limit, zone_of));
  }
  [[nodiscard]] std::vector<std::uint32_t> failover(std::string_view key, std::size_t limit) const final {
    return servers_of(hash_ring().failover_list(key, limit));
  }

  [[nodiscard]] KeyPlace place(std::string_view key) const final {
    KeyPlace place;
    const Token token = hash_ring().token(key);
    place.token = token_text(token);
    const auto arcs = hash_ring().arcs();
    if (arcs.empty()) return place;
    auto arc = std::partition_point(arcs.begin(), arcs.end(), [&](const auto& end) { return end.upto < token; });
    if (arc == arcs.end()) arc = arcs.begin();
    const Token after = (arc == arcs.begin() ? arcs.end() : arc)[-1].upto;
    place.after = token_text(after);
    place.upto = token_text((*arc).upto);
    place.share = arcs.size() == 1 ? 1.0 : turn_of(static_cast<Token>((*arc).upto - after));
    place.owner = key.empty() && !owns_empty_key() ? kNoServer : server_of(&(*arc).node);
    place.point = token_text(point_of(token));
    place.rule = kRule;
    return place;
  }

  [[nodiscard]] RingBalance balance() const override {
    RingBalance result;
    const perturb::Balance balance = hash_ring().balance();
    result.peak = balance.peak;
    result.least = balance.min;
    result.deviation = balance.deviation;
    result.warnings = balance.warnings;
    result.servers.resize(spec_.servers.size());
    const std::vector<double> shares = hash_ring().shares();
    double weights = 0;
    for (const ServerSpec& server : spec_.servers) weights += is_up(server) ? server.weight : 0;
    for (std::size_t i = 0; i < shares.size(); ++i) result.servers[server_of_node_[i]].share = shares[i];
    for (std::size_t i = 0; i < spec_.servers.size(); ++i) {
      if (is_up(spec_.servers[i])) result.servers[i].wanted = spec_.servers[i].weight / weights;
    }
    for (const auto point : hash_ring().points()) ++result.servers[server_of(&point.node)].points;
    return result;
  }

  [[nodiscard]] std::vector<RingArc> arcs() const final {
    std::vector<RingArc> result;
    const auto arcs = hash_ring().arcs();
    for (const auto end : arcs) result.push_back({turn_of(end.upto), server_of(&end.node)});
    if (!result.empty()) result.push_back({1.0, result.front().server});
    return result;
  }
  [[nodiscard]] std::size_t point_count() const final { return hash_ring().points().size(); }

  [[nodiscard]] Plan plan(const Ring& after, std::size_t replicas) const final {
    const auto* const other = dynamic_cast<const RingAdapter*>(&after);
    if (other == nullptr || after.spec().profile != spec_.profile) {
      throw InputError(after.spec().option_place("profile"),
                       "a plan needs two rings of one profile, and these are of " + spec_.profile + " and " +
                           after.spec().profile + "; `convert` compares the owners of keys instead");
    }
    try {
      return plan_of(perturb::diff(hash_ring(), other->hash_ring(), replicas), *other);
    } catch (const std::invalid_argument&) {
      throw InputError(after.spec().place,
                       "a plan needs two rings that hash keys alike, and these have other options; `convert` compares "
                       "the owners of keys instead");
    }
  }

 protected:
  explicit RingAdapter(const RingSpec& spec) : spec_(spec) {}

  [[nodiscard]] virtual const HashRingType& hash_ring() const = 0;
  /// The label of the server that a node is.
  [[nodiscard]] virtual std::string label_of(const Node& node) const = 0;
  [[nodiscard]] virtual bool owns_empty_key() const { return true; }

  /// Call it when the ring has its nodes.
  void number_nodes() {
    std::unordered_map<std::string, std::uint32_t> numbers;
    for (std::size_t i = 0; i < spec_.servers.size(); ++i)
      numbers.emplace(spec_.servers[i].label(), static_cast<std::uint32_t>(i));
    server_of_node_.clear();
    for (const Node& node : hash_ring().nodes()) server_of_node_.push_back(numbers.at(label_of(node)));
  }
  [[nodiscard]] static bool is_up(const ServerSpec& server) { return server.state == perturb::NodeState::up; }

 private:
  static constexpr std::size_t kBatch = 256;
  static constexpr perturb::BoundRule kBound = HashRingType::placement_type::kBound;
  static constexpr const char* kRule = kBound == perturb::BoundRule::at_or_after
                                           ? "the first point at or after the token"
                                       : kBound == perturb::BoundRule::after ? "the first point after the token"
                                                                             : "the nearest point";

  [[nodiscard]] std::uint32_t server_of(const Node* node) const {
    return node == nullptr ? kNoServer : server_of_node_[static_cast<std::size_t>(node - hash_ring().nodes().data())];
  }
  template <class List>
  [[nodiscard]] std::vector<std::uint32_t> servers_of(const List& list) const {
    std::vector<std::uint32_t> result;
    for (const Node* const node : list) result.push_back(server_of(node));
    return result;
  }

  // Pre: there are points.
  [[nodiscard]] Token point_of(Token token) const {
    const auto points = hash_ring().points();
    auto next = std::partition_point(points.begin(), points.end(), [&](const auto& point) {
      return kBound == perturb::BoundRule::after ? point.token <= token : point.token < token;
    });
    const Token previous = (next == points.begin() ? points.end() : next)[-1].token;
    if (next == points.end()) next = points.begin();
    const Token following = (*next).token;
    if constexpr (kBound == perturb::BoundRule::nearest) {
      if (static_cast<Token>(token - previous) <= static_cast<Token>(following - token)) return previous;
    }
    return following;
  }

  [[nodiscard]] std::unordered_map<std::string, std::string> labels_by_identity() const {
    std::unordered_map<std::string, std::string> labels;
    for (const Node& node : hash_ring().nodes())
      labels.emplace(std::string(perturb::NodeTraits<Node>::id(node)), label_of(node));
    return labels;
  }
  template <class MigrationPlan>
  [[nodiscard]] Plan plan_of(const MigrationPlan& moves, const RingAdapter& after) const {
    Plan plan;
    plan.fraction = moves.fraction();
    const auto old_labels = labels_by_identity();
    const auto new_labels = after.labels_by_identity();
    for (const auto& move : moves) {
      plan.moves.push_back({move.rank, token_text(move.arc.after), token_text(move.arc.upto), move.fraction(),
                            move.has_from ? old_labels.at(move.from) : std::string(),
                            move.has_to ? new_labels.at(move.to) : std::string()});
    }
    return plan;
  }

  RingSpec spec_;
  std::vector<std::uint32_t> server_of_node_;
};

}  // namespace ring_tool
