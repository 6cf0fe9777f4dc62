// SPDX-License-Identifier: MIT
/// @file perturb's own rings: VirtualNodes and BalancedTokens, whose number of points is known only when the tool runs.
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/virtual_nodes.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../text_table.hpp"
#include "makers.hpp"
#include "profile_options.hpp"
#include "ring_adapter.hpp"

namespace ring_tool {

namespace {

/// VirtualNodes<points>.
struct OwnVirtualNodes {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::VirtualNodes<1>::kBound;
  static constexpr perturb::TieRule kTies = perturb::VirtualNodes<1>::kTies;

  std::uint32_t points = 256;

  [[nodiscard]] std::uint64_t point_count(double weight) const {
    return perturb::VirtualNodes<1>().point_count(weight * points);
  }
  template <class Node, class AddPoint>
  void place(const Node& node, double weight, AddPoint&& add_point) const {
    perturb::VirtualNodes<1>().place(node, weight * points, std::forward<AddPoint>(add_point));
  }
  friend bool operator==(const OwnVirtualNodes&, const OwnVirtualNodes&) = default;
};

/// BalancedTokens<points>.
struct OwnBalancedTokens {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BalancedTokens<1>::kBound;
  static constexpr perturb::TieRule kTies = perturb::BalancedTokens<1>::kTies;

  std::uint32_t points = 256;

  [[nodiscard]] std::uint64_t point_count(double weight) const {
    return perturb::BalancedTokens<1>().point_count(weight * points);
  }
  template <class Node, class AddPoint>
  void place_among(std::span<const std::uint64_t> tokens, std::span<const std::uint32_t> owners,
                   std::span<const Node> nodes, std::span<const double> weights, std::span<const std::uint32_t> joining,
                   AddPoint&& add_point) const {
    const std::vector<double> scaled = multiplied(weights);
    perturb::BalancedTokens<1>().place_among(tokens, owners, nodes, std::span<const double>(scaled), joining,
                                             std::forward<AddPoint>(add_point));
  }
  template <class Node, class TakePoint>
  void give_up(std::span<const std::uint64_t> tokens, std::span<const std::uint32_t> owners,
               std::span<const Node> nodes, std::span<const double> weights, std::span<const std::uint32_t> reweighed,
               TakePoint&& take_point) const {
    const std::vector<double> scaled = multiplied(weights);
    perturb::BalancedTokens<1>().give_up(tokens, owners, nodes, std::span<const double>(scaled), reweighed,
                                         std::forward<TakePoint>(take_point));
  }
  friend bool operator==(const OwnBalancedTokens&, const OwnBalancedTokens&) = default;

 private:
  [[nodiscard]] std::vector<double> multiplied(std::span<const double> weights) const {
    std::vector<double> result;
    result.reserve(weights.size());
    for (const double weight : weights) result.push_back(weight * points);
    return result;
  }
};

using Member = perturb::RingMember<std::string>;

[[nodiscard]] std::vector<Member> members_of(const RingSpec& spec) {
  std::vector<Member> members;
  for (const ServerSpec& server : spec.servers) members.emplace_back(server.label(), server.weight, server.state);
  return members;
}

template <class Placement>
class OwnAdapter final : public RingAdapter<perturb::HashRing<std::string, perturb::XxHash<>, Placement>> {
  using HashRing = perturb::HashRing<std::string, perturb::XxHash<>, Placement>;
  using Base = RingAdapter<HashRing>;

 public:
  /// Throws: InputError for weights that make too many points.
  OwnAdapter(const RingSpec& spec, HashRing before) : Base(spec), ring_(std::move(before)) {
    try {
      ring_.assign(members_of(spec));
    } catch (const std::invalid_argument& error) {
      throw InputError(spec.place, without_class(error.what()));
    }
    Base::number_nodes();
  }

  [[nodiscard]] std::unique_ptr<Ring> changed_to(const RingSpec& spec) const override {
    // Where the points of BalancedTokens stand depends on the ring before.
    const bool has_history = std::same_as<Placement, OwnBalancedTokens>;
    if (has_history && spec.profile == Base::spec().profile && spec.options == Base::spec().options) {
      check_labels(spec);
      return std::make_unique<OwnAdapter>(spec, ring_);
    }
    return make_ring(spec);
  }

 private:
  [[nodiscard]] const HashRing& hash_ring() const override { return ring_; }
  [[nodiscard]] std::string label_of(const std::string& node) const override { return node; }

  HashRing ring_;
};

template <class Placement>
[[nodiscard]] std::unique_ptr<Ring> make_own(const RingSpec& spec, std::uint32_t points, std::uint64_t seed) {
  using HashRing = perturb::HashRing<std::string, perturb::XxHash<>, Placement>;
  return std::make_unique<OwnAdapter<Placement>>(spec, HashRing(perturb::XxHash<>(seed), Placement{points}));
}

}  // namespace

std::unique_ptr<Ring> make_perturb(const RingSpec& spec) {
  constexpr double kMostPoints = 1 << 24;  // of one server; the library's limit
  enum class Kind : std::uint8_t { virtual_nodes, balanced_tokens };
  ProfileOptions options(spec);
  const auto kind =
      options.choice<Kind>("placement", {"virtual-nodes", "balanced-tokens"}).value_or(Kind::virtual_nodes);
  const auto points = static_cast<std::uint32_t>(options.whole("points", 256, 1 << 20));
  const std::uint64_t seed = options.whole("seed", 0, 0xFFFFFFFFFFFFFFFF);
  options.expect_no_others();
  if (points == 0) options.refuse("points", "must be at least 1");
  for (const ServerSpec& server : spec.servers) {
    if (server.weight * points > kMostPoints) {
      throw InputError(server.place, "the weight " + weight_text(server.weight) + " of " + server.label() +
                                         " makes more than 16777216 points, at " + std::to_string(points) +
                                         " for the weight 1");
    }
  }
  return kind == Kind::virtual_nodes ? make_own<OwnVirtualNodes>(spec, points, seed)
                                     : make_own<OwnBalancedTokens>(spec, points, seed);
}

}  // namespace ring_tool
