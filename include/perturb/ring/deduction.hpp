// SPDX-License-Identifier: MIT
/// @file Which ring is meant by HashRing{"a", "b"} and HashRing(range): its node is the element of the list or range,
/// or the first of a pair; C strings become std::string.
#pragma once

#include <perturb/config.hpp>
#include <perturb/fwd.hpp>
#include <perturb/ring/node_range.hpp>

#include <initializer_list>
#include <type_traits>

namespace perturb::inline PERTURB_ABI {

template <class Range, class Hash = XxHash<>, class Placement = VirtualNodes<>>
  requires detail::ring::DeducibleRange<Range>
HashRing(Range&&, Hash = Hash(), Placement = Placement())
    -> HashRing<detail::ring::NodeIn<std::remove_reference_t<Range>>, Hash, Placement>;
template <class Element, class Hash = XxHash<>, class Placement = VirtualNodes<>>
HashRing(std::initializer_list<Element>, Hash = Hash(), Placement = Placement())
    -> HashRing<detail::ring::NodeOf<Element>, Hash, Placement>;

}  // namespace perturb::inline PERTURB_ABI
