// SPDX-License-Identifier: MIT
/// @file NodeTraits: what makes a node of a ring the same node, its identity.
#pragma once

#include <perturb/config.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI {

namespace detail::ring {

// An integer whose value fits the eight bytes of an identity. Not bool: two nodes at most would be a mistake.
template <class T>
concept IdentityInteger = (std::integral<T> || std::is_enum_v<T>) && sizeof(T) <= 8 && !std::same_as<T, bool>;

template <class Node>
concept HasId = requires(const Node& node) { node.id(); };

}  // namespace detail::ring

/// The identity of a node: a string or an integer of up to 64 bits.
///
/// Strings and integers are their own identities. Other types have a member `id()`; for a type that cannot have one,
/// specialise this template with a static function `id(const Node&)`.
///
/// An identity is not an address: a machine that is replaced under the same identity takes over the same keys.
template <class Node>
struct NodeTraits {
  static_assert(!std::is_pointer_v<Node>,
                "perturb: a pointer cannot be the node of a ring, since its address says nothing in another process; "
                "use std::string or an integer as the node");
  static_assert(detail::ring::HasId<Node> || detail::ring::IdentityInteger<Node> ||
                    std::convertible_to<const Node&, std::string_view>,
                "perturb: this node type has no identity; give it a member id() that returns a string or an integer, "
                "or specialise perturb::NodeTraits<Node> with a static function id(const Node&)");

  static constexpr decltype(auto) id(const Node& node) {
    if constexpr (detail::ring::HasId<Node>) {
      return node.id();
    } else {
      return (node);
    }
  }
};

namespace detail::ring {

template <class Node>
consteval auto identity_type() {
  using Id = std::remove_cvref_t<decltype(NodeTraits<Node>::id(std::declval<const Node&>()))>;
  static_assert(IdentityInteger<Id> || std::convertible_to<const Id&, std::string_view>,
                "perturb: the identity of a node must be a string or an integer of up to 64 bits, not an address");
  if constexpr (IdentityInteger<Id>) {
    return std::type_identity<Id>();
  } else {
    return std::type_identity<std::string_view>();
  }
}

/// How an identity is passed: an integer by value, a string as a std::string_view.
template <class Node>
using IdentityOf = typename decltype(identity_type<Node>())::type;

/// An identity that is kept: an integer, or a string of its own.
template <class Node>
using OwnedIdentity =
    std::conditional_t<std::same_as<IdentityOf<Node>, std::string_view>, std::string, IdentityOf<Node>>;

}  // namespace detail::ring
}  // namespace perturb::inline PERTURB_ABI
