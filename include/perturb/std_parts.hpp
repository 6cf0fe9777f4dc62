// SPDX-License-Identifier: MIT
/// @file The parts of <memory> and <iterator> that containers need: allocators and their traits, addressof,
/// construct_at, uninitialized_construct_using_allocator; iterator traits, tags and concepts, next, ranges::begin.
///
/// With libstdc++ the two headers, for their smart pointers and stream iterators, would be a fifth of what a table
/// costs to compile. The headers below declare the same parts there for their own use; elsewhere the two are included.
#pragma once

#include <perturb/config.hpp>

#include <version>

#if defined(__GLIBCXX__)
#include <scoped_allocator>
#include <string>
#else
#include <iterator>
#include <memory>
#endif
