// SPDX-License-Identifier: MIT
/// @file Reading a node's identity: comparing nodes by it, the bytes of it that placements hash, and its text.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/node_traits.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ring {

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

/// An identity that outlives its node: a string as a std::string.
template <class Node>
using OwnedIdentityOf =
    std::conditional_t<std::same_as<IdentityOf<Node>, std::string_view>, std::string, IdentityOf<Node>>;

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

/// A copy of the node's identity.
template <class Node>
[[nodiscard]] OwnedIdentityOf<Node> owned_identity(const Node& node) {
  return with_identity(node, [](auto identity) { return OwnedIdentityOf<Node>(identity); });
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

/// A node's identity as text for people: a string unchanged, an integer in decimal.
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

}  // namespace perturb::inline PERTURB_ABI::detail::ring
