// SPDX-License-Identifier: MIT
/// @file Reading a node's identity: comparing nodes by it, the bytes of it that placements hash, and its text.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/key_traits.hpp>
#include <perturb/node_traits.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// The value of an identity by which it is ordered, hashed and printed: of an integer the same on every platform.
template <class Id>
[[nodiscard]] constexpr auto identity_value(Id identity) noexcept {
  if constexpr (std::is_enum_v<Id>) {
    return detail::hashing::integer_value(static_cast<std::underlying_type_t<Id>>(identity));
  } else if constexpr (std::is_integral_v<Id>) {
    return detail::hashing::integer_value(identity);
  } else {
    return identity;
  }
}

/// Whether the identity `a` comes before `b`: by value, strings byte by byte.
template <class Id>
[[nodiscard]] constexpr bool is_identity_before(Id a, Id b) noexcept {
  return ring::identity_value(a) < ring::identity_value(b);
}

/// An identity that outlives its node: a string as a std::string.
template <class Node>
using OwnedIdentityOf =
    std::conditional_t<std::same_as<IdentityOf<Node>, std::string_view>, std::string, IdentityOf<Node>>;

/// Whether the node `a` comes before the identity `b`: by value, strings byte by byte.
template <class Node>
[[nodiscard]] constexpr bool is_before(const Node& a, IdentityOf<Node> b) {
  return ring::is_identity_before<IdentityOf<Node>>(static_cast<IdentityOf<Node>>(NodeTraits<Node>::id(a)), b);
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
  return ring::with_identity(node, [](auto identity) { return OwnedIdentityOf<Node>(identity); });
}

/// The bytes of a node's identity: those of a string, an integer's value as eight little-endian bytes.
template <class Node>
[[nodiscard]] std::string identity_bytes(const Node& node) {
  return ring::with_identity(node, [](auto identity) {
    if constexpr (std::same_as<decltype(identity), std::string_view>) {
      return std::string(identity);
    } else {
      std::string bytes;
      for (const std::byte byte :
           detail::hashing::little_endian_bytes(static_cast<std::uint64_t>(ring::identity_value(identity)))) {
        bytes.push_back(static_cast<char>(byte));
      }
      return bytes;
    }
  });
}

/// A node's identity as text for people: a string unchanged, an integer in decimal.
template <class Node>
[[nodiscard]] std::string identity_text(const Node& node) {
  return ring::with_identity(node, [](auto identity) {
    using Id = decltype(identity);
    if constexpr (std::same_as<Id, std::string_view>) {
      return std::string(identity);
    } else {
      return std::to_string(+ring::identity_value(identity));
    }
  });
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
