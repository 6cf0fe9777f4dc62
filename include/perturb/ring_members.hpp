// SPDX-License-Identifier: MIT
/// @file What a ring's members are given as: the state of a node, a node with weight and state, and a change to be made
/// together with others.
#pragma once

#include <perturb/config.hpp>
#include <perturb/node_traits.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

/// Whether a node owns keys. A node that is not up owns none: its keys go exactly where its removal would send them. It
/// stays a member with its weight and its place in the order of adding, and gets exactly its keys back when it is up
/// (with a placement that places points among those that are there, as many keys, but others; see BalancedTokens).
enum class NodeState : std::uint8_t {
  up,        ///< owns its part of the ring
  draining,  ///< owns nothing, and can still be read: a source to copy its former keys from
  down,      ///< owns nothing, and cannot be read
};

/// A node with its weight and its state. Converts from a node, and from a pair of a node and its weight, so that lists
/// of both can be written: {"a", "b"} and {{"a", 2}, {"b", 0.5}}.
template <class Node>
struct RingMember {
  Node node;
  double weight = 1.0;
  std::optional<NodeState> state = {};  ///< nothing: a node that is new is up, another keeps its state

  template <class Other>
    requires(std::convertible_to<Other &&, Node> && !std::same_as<std::remove_cvref_t<Other>, RingMember>)
  RingMember(Other&& other)  // NOLINT(google-explicit-constructor)
      : node(static_cast<Node>(std::forward<Other>(other))) {}
  /// A node in braces, unless it is a string, for which {"a", 2} would mean two bytes of "a".
  RingMember(Node other)  // NOLINT(google-explicit-constructor)
    requires(!std::convertible_to<const Node&, std::string_view>)
      : node(std::move(other)) {}
  template <class Other, class Weight>
    requires(std::convertible_to<Other &&, Node> && std::is_arithmetic_v<Weight>)
  RingMember(Other&& other, Weight its_weight, std::optional<NodeState> its_state = {})
      : node(static_cast<Node>(std::forward<Other>(other))),
        weight(static_cast<double>(its_weight)),
        state(its_state) {}
  template <class Other, class Weight>
    requires(std::convertible_to<const Other&, Node> && std::is_arithmetic_v<Weight>)
  RingMember(const std::pair<Other, Weight>& pair)  // NOLINT(google-explicit-constructor)
      : node(static_cast<Node>(pair.first)), weight(static_cast<double>(pair.second)) {}
};

/// One of several changes that HashRing::apply makes at once. Each has the effect of the member of HashRing with the
/// same name.
template <class Node>
class RingChange {
 public:
  using identity_type = detail::ring::IdentityOf<Node>;

  [[nodiscard]] static RingChange add_node(Node node, double weight = 1.0) {
    RingChange change(Kind::add);
    change.node_.emplace(std::move(node));
    change.weight_ = weight;
    return change;
  }
  [[nodiscard]] static RingChange remove_node(identity_type id) { return RingChange(Kind::remove, id); }
  [[nodiscard]] static RingChange set_weight(identity_type id, double weight) {
    RingChange change(Kind::set_weight, id);
    change.weight_ = weight;
    return change;
  }
  [[nodiscard]] static RingChange set_state(identity_type id, NodeState state) {
    RingChange change(Kind::set_state, id);
    change.state_ = state;
    return change;
  }
  [[nodiscard]] static RingChange replace_node(Node node) {
    RingChange change(Kind::replace);
    change.node_.emplace(std::move(node));
    return change;
  }

  /// For the ring: makes the change by a member of `edit`. @returns whether it had an effect.
  /// Pre: this object outlives `edit`.
  template <class Edit>
  bool make(Edit& edit) const {
    switch (kind_) {
      case Kind::add:
        return edit.add(*node_, weight_);  // NOLINT(bugprone-unchecked-optional-access): made with a node
      case Kind::remove:
        return edit.remove(id_);
      case Kind::set_weight:
        return edit.set_weight(id_, weight_);
      case Kind::set_state:
        return edit.set_state(id_, state_);
      case Kind::replace:
      default:
        break;
    }
    return edit.replace(*node_);  // NOLINT(bugprone-unchecked-optional-access): made with a node
  }

 private:
  enum class Kind : std::uint8_t { add, remove, set_weight, set_state, replace };

  explicit RingChange(Kind kind) : kind_(kind) {}
  RingChange(Kind kind, identity_type id) : kind_(kind), id_(id) {}

  Kind kind_;
  NodeState state_ = NodeState::up;
  double weight_ = 1.0;
  detail::ring::OwnedIdentity<Node> id_{};  // of changes that name a node
  std::optional<Node> node_;                // of changes that bring one
};

}  // namespace perturb::inline PERTURB_ABI
