// SPDX-License-Identifier: MIT
/// @file What makes a node the same node: its identity, and the bytes of it that placements hash.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash_state.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace perturb::inline PERTURB_ABI {

namespace detail::ring {

// An integer whose value fits the eight bytes of an identity. bool is none: a ring of two nodes is a mistake.
template <class T>
concept IdentityInteger = (std::integral<T> || std::is_enum_v<T>) && sizeof(T) <= 8 && !std::same_as<T, bool>;

template <class Node>
concept HasId = requires(const Node& node) { node.id(); };

}  // namespace detail::ring

/// The identity of a node. Strings and integers are their own, other types give it by a member `id()`; for a type that
/// has none, specialise this template with such a function. An identity is a string or an integer of up to 64 bits.
/// It is not an address: replacing a machine under the same identity moves nothing.
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

/// How an identity is passed around: an integer as it is, a string as a view.
template <class Node>
using IdentityOf = typename decltype(identity_type<Node>())::type;

/// Whether the node `a` comes before the identity `b`: by value, strings byte by byte.
template <class Node>
[[nodiscard]] constexpr bool is_before(const Node& a, IdentityOf<Node> b) {
  return static_cast<IdentityOf<Node>>(NodeTraits<Node>::id(a)) < b;
}

/// Whether the node `a` has the identity `b`.
template <class Node>
[[nodiscard]] constexpr bool is_named(const Node& a, IdentityOf<Node> b) {
  return static_cast<IdentityOf<Node>>(NodeTraits<Node>::id(a)) == b;
}

/// Calls f(identity) with the identity of `node`, which may be a view that lives no longer than the call.
template <class Node, class Function>
constexpr decltype(auto) with_identity(const Node& node, Function&& f) {
  return f(static_cast<IdentityOf<Node>>(NodeTraits<Node>::id(node)));
}

/// The bytes of a node's identity: those of a string, an integer's value as eight little-endian bytes.
template <class Node>
[[nodiscard]] std::string identity_bytes(const Node& node) {
  return with_identity(node, [](auto identity) {
    if constexpr (std::same_as<decltype(identity), std::string_view>) {
      return std::string(identity);
    } else {
      std::string bytes;
      for (const std::byte byte : detail::hashing::little_endian_bytes(static_cast<std::uint64_t>(identity))) {
        bytes.push_back(static_cast<char>(byte));
      }
      return bytes;
    }
  });
}

/// A node's identity for people: a string as it is, an integer in decimal.
template <class Node>
[[nodiscard]] std::string identity_text(const Node& node) {
  return with_identity(node, [](auto identity) {
    using Id = decltype(identity);
    if constexpr (std::same_as<Id, std::string_view>) {
      return std::string(identity);
    } else if constexpr (std::is_enum_v<Id>) {
      return std::to_string(+static_cast<std::underlying_type_t<Id>>(identity));
    } else {
      return std::to_string(+identity);
    }
  });
}

}  // namespace detail::ring
}  // namespace perturb::inline PERTURB_ABI
