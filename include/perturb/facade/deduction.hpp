// SPDX-License-Identifier: MIT
/// @file What the tables' deduction guides make of their arguments.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

template <class A>
concept AllocatorLike = requires(A& allocator, std::size_t n) {
  typename A::value_type;
  allocator.allocate(n);
};
/// A hasher or an equality, where deduction guides have to tell them from an allocator (or from a number).
template <class F>
concept NotAllocator = !AllocatorLike<F> && !std::integral<F>;

// The parts of what an iterator gives.
template <class It>
using ValueOf = typename std::iterator_traits<It>::value_type;
template <class It>
using FirstOf = std::remove_const_t<typename ValueOf<It>::first_type>;
template <class It>
using SecondOf = typename ValueOf<It>::second_type;
template <class It>
using ElementOf = std::pair<const FirstOf<It>, SecondOf<It>>;

// The same of what a range gives.
template <class Range>
using RangeValue = std::remove_cvref_t<decltype(*std::begin(std::declval<Range&>()))>;
template <class Range>
using RangeFirst = std::remove_const_t<typename RangeValue<Range>::first_type>;
template <class Range>
using RangeSecond = typename RangeValue<Range>::second_type;
template <class Range>
using RangeElement = std::pair<const RangeFirst<Range>, RangeSecond<Range>>;

}  // namespace perturb::inline PERTURB_ABI::detail::facade
