// SPDX-License-Identifier: MIT
/// @file What a ring can be built from: a range of nodes, of pairs of a node and its weight, or of RingMembers.
#pragma once

#include <perturb/config.hpp>
#include <perturb/node_traits.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring_members.hpp>

#include <concepts>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

template <class Range>
using ElementOf = decltype(*std::begin(std::declval<Range&>()));

template <class Element, class Node>
concept WeightedNode = requires(Element&& element) {
  { element.first } -> std::convertible_to<Node>;
  { element.second } -> std::convertible_to<double>;
};

template <class Range, class Node>
concept NodeRange = requires(Range& range) { std::begin(range) != std::end(range); } &&
                    !std::convertible_to<const std::remove_cvref_t<Range>&, Node> &&
                    (std::convertible_to<ElementOf<Range>, Node> || WeightedNode<ElementOf<Range>, Node> ||
                     std::same_as<std::remove_cvref_t<ElementOf<Range>>, RingMember<Node>>);

/// A range of the identities of nodes: of identity_type, or of nodes.
template <class Range, class Node>
concept IdentityRange = requires(Range& range) { std::begin(range) != std::end(range); } &&
                        (std::convertible_to<ElementOf<Range>, IdentityOf<Node>> ||
                         std::same_as<std::remove_cvref_t<ElementOf<Range>>, Node>);

template <class Node, class Element>
[[nodiscard]] IdentityOf<Node> identity_in(const Element& element) {
  if constexpr (std::same_as<Element, Node>) {
    return static_cast<IdentityOf<Node>>(NodeTraits<Node>::id(element));
  } else {
    return element;
  }
}

/// The elements of a NodeRange as members.
template <class Node, class Range>
[[nodiscard]] std::vector<RingMember<Node>> listed_members(Range& range) {
  std::vector<RingMember<Node>> members;
  for (auto&& element : range) {
    using Element = std::remove_cvref_t<decltype(element)>;
    if constexpr (std::same_as<Element, RingMember<Node>>) {
      members.push_back(element);
    } else if constexpr (std::convertible_to<decltype(element), Node>) {
      members.emplace_back(static_cast<Node>(element), 1.0);
    } else {
      members.emplace_back(static_cast<Node>(element.first), static_cast<double>(element.second));
    }
  }
  return members;
}

/// The type of node that a ring deduces from an element of a range: C strings become std::string.
template <class Element>
struct DeducedNode {
  using type =
      std::conditional_t<std::is_convertible_v<Element, const char*>, std::string, std::remove_cvref_t<Element>>;
};
template <class First, class Weight>
  requires std::is_arithmetic_v<Weight>
struct DeducedNode<std::pair<First, Weight>> : DeducedNode<std::remove_const_t<First>> {};
template <class Node>
struct DeducedNode<RingMember<Node>> {
  using type = Node;
};
template <class Element>
using NodeOf = typename DeducedNode<std::remove_cvref_t<Element>>::type;
template <class Range>
using NodeIn = NodeOf<ElementOf<Range>>;
template <class Range>
concept DeducibleRange = requires(std::remove_reference_t<Range>& range) { std::begin(range) != std::end(range); } &&
                         !std::convertible_to<Range, const char*>;

}  // namespace perturb::inline PERTURB_ABI::detail::ring
